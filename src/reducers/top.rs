use alloc::{collections::BinaryHeap, vec::Vec};
use core::{
    cmp::{Ordering, Reverse},
    ops::ControlFlow,
};

use crate::kernel::{Change, Combine, Ending, InvalidState, Outline, Reducer, Step};

/// Gives a `Vec` of the `count` greatest items, the greatest first.
///
/// Of equal items the earlier comes first. A shorter input gives all its items. To get the least items, wrap each item
/// in [`Reverse`].
///
/// An item that is among the greatest so far costs a number of comparisons that grows with the logarithm of `count`;
/// any other item costs one.
///
/// - **Memory**: up to `count` items.
/// - **Ends**: `top(0)` takes no input; nothing else ends it.
/// - **Like**: itertools `k_largest`, but stable; Python `heapq.nlargest`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), top(2), ["the", "longest", "words", "of", "all"]), [7, 5]);
/// ```
#[doc(alias("k_largest", "largest", "nlargest"))]
pub fn top(count: usize) -> Top {
    Top { count }
}

/// The reducer of [`top`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Top {
    count: usize,
}

/// The accumulator of [`Top`]: the greatest items so far.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "T: serde::Serialize + Ord", deserialize = "T: serde::Deserialize<'de> + Ord"))
)]
pub struct TopAcc<T> {
    // The one to give way is on top of the heap.
    kept: BinaryHeap<Reverse<Ranked<T>>>,
    seen: u64,
}

/// An item and how many came before it. The greater of two equal items is the earlier.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Ranked<T> {
    item: T,
    before: u64,
}

impl<T: Ord> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.item.cmp(&other.item).then_with(|| other.before.cmp(&self.before))
    }
}

impl<T: Ord> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ord> Eq for Ranked<T> {}

impl<T: Ord> TopAcc<T> {
    /// Keeps an item if it is among the `count` greatest.
    #[cold]
    fn keep(&mut self, newcomer: Ranked<T>, count: usize) {
        if self.kept.len() < count {
            self.kept.push(Reverse(newcomer));
        } else if let Some(mut least) = self.kept.peek_mut() {
            if newcomer > least.0 {
                *least = Reverse(newcomer);
            }
        }
    }
}

impl<In: Ord> Reducer<In> for Top {
    type Acc = TopAcc<In>;
    type Output = Vec<In>;

    fn initial(&self) -> TopAcc<In> {
        TopAcc { kept: BinaryHeap::new(), seen: 0 }
    }

    #[inline]
    fn step(&self, acc: &mut TopAcc<In>, item: In) -> Step {
        let before = acc.seen;
        acc.seen += 1;
        // Most items are not among the greatest, and cost no more than this. Of equal ones the earlier is kept.
        let is_below = acc.kept.peek().is_some_and(|least| item <= least.0.item);
        if !is_below || acc.kept.len() < self.count {
            acc.keep(Ranked { item, before }, self.count);
        }
        ControlFlow::Continue(())
    }

    fn complete(&self, acc: TopAcc<In>) -> Vec<In> {
        acc.kept.into_sorted_vec().into_iter().map(|Reverse(ranked)| ranked.item).collect()
    }

    fn is_reduced(&self, _: &TopAcc<In>) -> bool {
        self.count == 0
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("top").setting("count", self.count, Change::Smaller);
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        while acc.kept.len() > self.count {
            acc.kept.pop();
        }
        InvalidState::unless_reachable("top", acc.seen)
    }
}

impl<In: Ord> Combine<In> for Top {
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut TopAcc<In>, later: TopAcc<In>) -> Step {
        let before = acc.seen;
        for Reverse(Ranked { item, before: in_its_piece }) in later.kept {
            acc.keep(Ranked { item, before: before.saturating_add(in_its_piece) }, self.count);
        }
        acc.seen = acc.seen.saturating_add(later.seen);
        ControlFlow::Continue(())
    }
}
