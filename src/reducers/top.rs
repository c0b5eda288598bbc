use alloc::vec::Vec;
use core::{cmp::Ordering, ops::ControlFlow};

use crate::{
    kernel::{Change, Combine, Ending, InvalidState, Outline, Reducer, Step},
    order::{By, ByRank, Natural, Order},
};

/// Gives a `Vec` of the `count` greatest items, the greatest first.
///
/// Of equal items the earlier comes first. A shorter input gives all its items. To get the least items, use [`top_by`]
/// with a comparison the other way round, or wrap each item in [`Reverse`](core::cmp::Reverse).
///
/// An item that is not among the greatest so far costs one comparison. The others are collected, and each time they are
/// twice `count` the lesser half is dropped, which is a few comparisons for each.
///
/// - **Memory**: up to 2 × `count` items.
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
    Top { count, order: Natural }
}

/// Gives a `Vec` of the `count` greatest items by `compare`, the greatest first.
///
/// Of equal items the earlier comes first. A shorter input gives all its items. It costs what [`top`] does.
///
/// - **Memory**: up to 2 × `count` items.
/// - **Ends**: `top_by(0, ..)` takes no input; nothing else ends it.
/// - **Like**: itertools `k_largest_by`, but stable.
///
/// ```
/// use transducer::prelude::*;
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(&halves, top_by(2, f64::total_cmp), [3, 1, 2]), [1.5, 1.0]);
/// assert_eq!(transduce(&halves, top_by(2, |a: &f64, b| b.total_cmp(a)), [3, 1, 2]), [0.5, 1.0]);
/// ```
#[doc(alias("k_largest_by", "k_smallest_by"))]
pub fn top_by<In, F: Fn(&In, &In) -> Ordering>(count: usize, compare: F) -> Top<By<F>> {
    Top { count, order: By { compare } }
}

/// Gives a `Vec` of the `count` items with the greatest keys, the greatest first.
///
/// Calls `key` once for each item. Of items with the same key the earlier comes first. A shorter input gives all its
/// items. It costs what [`top`] does.
///
/// - **Memory**: up to 2 × `count` items and their keys.
/// - **Ends**: `top_by_key(0, ..)` takes no input; nothing else ends it.
/// - **Like**: itertools `k_largest_by_key`, but stable; Python `heapq.nlargest` with `key`.
///
/// ```
/// use transducer::prelude::*;
///
/// let longest = top_by_key(2, |word: &&str| word.len());
/// assert_eq!(transduce(taking(4), longest, ["the", "longest", "of", "these", "incomprehensible"]), ["longest", "these"]);
/// ```
#[doc(alias("k_largest_by_key", "k_smallest_by_key"))]
pub fn top_by_key<In, K: Ord, F: Fn(&In) -> K>(count: usize, key: F) -> Top<ByRank<F>> {
    Top { count, order: ByRank { key } }
}

/// The reducer of [`top`] and its variants.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Top<O = Natural> {
    count: usize,
    order: O,
}

/// The accumulator of [`Top`]: the greatest items so far, and some that were until others came.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TopAcc<T> {
    /// Each with the number of items before it. If these are `count` or more, the one at `count - 1` is the least of
    /// those before it, and no lesser item is among the greatest.
    kept: Vec<(u64, T)>,
    seen: u64,
}

impl<O> Top<O> {
    /// The greater first; of equal ones the earlier.
    fn compare<In>(&self, (place, a): &(u64, O::Ranked), (other, b): &(u64, O::Ranked)) -> Ordering
    where
        O: Order<In>,
    {
        self.order.compare_ranked(b, a).then(place.cmp(other))
    }

    /// Keeps an item that comes after all before, if it is among the greatest.
    #[inline(always)]
    fn keep<In>(&self, kept: &mut Vec<(u64, O::Ranked)>, place: u64, item: O::Ranked)
    where
        O: Order<In>,
    {
        // Of equal ones the earlier is kept.
        let least = kept.get(self.count.wrapping_sub(1));
        if least.is_none_or(|(_, least)| self.order.compare_ranked(&item, least).is_gt()) {
            kept.push((place, item));
            if kept.len() == self.count || kept.len() >= self.count.saturating_mul(2) {
                self.prune(kept);
            }
        }
    }

    /// Drops all but the greatest, and puts the least of them last.
    #[cold]
    fn prune<In>(&self, kept: &mut Vec<(u64, O::Ranked)>)
    where
        O: Order<In>,
    {
        if let Some(last) = self.count.checked_sub(1).filter(|last| *last < kept.len()) {
            kept.select_nth_unstable_by(last, |a, b| self.compare(a, b));
        }
        kept.truncate(self.count);
    }
}

impl<In, O: Order<In>> Reducer<In> for Top<O> {
    type Acc = TopAcc<O::Ranked>;
    type Output = Vec<In>;

    fn initial(&self) -> Self::Acc {
        TopAcc { kept: Vec::new(), seen: 0 }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        let place = acc.seen;
        acc.seen += 1;
        self.keep(&mut acc.kept, place, self.order.rank(item));
        ControlFlow::Continue(())
    }

    fn complete(&self, mut acc: Self::Acc) -> Vec<In> {
        self.prune(&mut acc.kept);
        acc.kept.sort_unstable_by(|a, b| self.compare(a, b));
        acc.kept.into_iter().map(|(_, item)| O::item(item)).collect()
    }

    fn is_reduced(&self, _: &Self::Acc) -> bool {
        self.count == 0
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("top").variant(O::SUFFIX).setting("count", self.count, Change::Smaller);
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        self.prune(&mut acc.kept);
        InvalidState::unless_reachable("top", acc.seen)
    }
}

impl<In, O: Order<In>> Combine<In> for Top<O> {
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut Self::Acc, mut later: Self::Acc) -> Step {
        let before = acc.seen;
        later.kept.sort_unstable_by_key(|(place, _)| *place);
        for (place, item) in later.kept {
            self.keep(&mut acc.kept, before.saturating_add(place), item);
        }
        acc.seen = acc.seen.saturating_add(later.seen);
        ControlFlow::Continue(())
    }
}
