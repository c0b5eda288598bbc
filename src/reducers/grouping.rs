use core::{hash::Hash, ops::ControlFlow};

pub use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reducer, Step, debug::debug_closures};

/// Gives a map from each key to the output of `reducer` over the items of that key, in first-seen order.
///
/// If the reducer ends for one key, later items of that key are ignored and the other keys go on. To run a pipeline in
/// front of the reducer, write `grouping(key, xf.apply(reducer))`. To see outputs before the input ends, use
/// [`by_key`](crate::by_key).
///
/// - **Memory**: every key, and what `reducer` keeps for it.
/// - **Ends**: never by itself, because a new key may always come.
/// - **Like**: itertools `into_grouping_map_by`, but ordered; Java `groupingBy`.
///
/// ```
/// use transducer::prelude::*;
///
/// let by_initial = grouping(|word: &&str| word.chars().next(), appending());
/// let groups = transduce(removing(|word: &&str| word.is_empty()), by_initial, ["bee", "ant", "", "bat"]);
/// assert_eq!(groups.into_iter().collect::<Vec<_>>(), [(Some('b'), vec!["bee", "bat"]), (Some('a'), vec!["ant"])]);
/// ```
#[doc(alias("group_by", "into_group_map", "into_grouping_map_by", "grouping_by"))]
pub fn grouping<In, K, F, R>(key: F, reducer: R) -> Grouping<F, R>
where
    K: Eq + Hash,
    F: Fn(&In) -> K,
    R: Reducer<In>,
{
    Grouping { key, reducer }
}

/// The reducer of [`grouping`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Grouping<F, R> {
    key: F,
    reducer: R,
}

/// The accumulator of [`Grouping`]: an accumulator for each key, in first-seen order.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "K: serde::Serialize + Eq + Hash, A: serde::Serialize",
        deserialize = "K: serde::Deserialize<'de> + Eq + Hash, A: serde::Deserialize<'de>"
    ))
)]
pub struct GroupingAcc<K, A> {
    // As a sequence, so that keys of any type go into any format, in their order.
    #[cfg_attr(feature = "serde", serde(with = "indexmap::map::serde_seq"))]
    groups: IndexMap<K, Guarded<A>>,
}

impl<In, K, F, R> Reducer<In> for Grouping<F, R>
where
    K: Eq + Hash,
    F: Fn(&In) -> K,
    R: Reducer<In>,
{
    type Acc = GroupingAcc<K, R::Acc>;
    type Output = IndexMap<K, R::Output>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        GroupingAcc { groups: IndexMap::new() }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        let group = acc.groups.entry((self.key)(&item)).or_insert_with(|| Guarded::of(&self.reducer));
        // The end of one group is no end for the others.
        let _ = group.feed(|acc| self.reducer.step(acc, item));
        ControlFlow::Continue(())
    }

    fn complete(&self, acc: Self::Acc) -> Self::Output {
        acc.groups.into_iter().map(|(key, group)| (key, self.reducer.complete(group.state))).collect()
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("grouping").inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        acc.groups.values_mut().try_for_each(|group| group.validate(&self.reducer))
    }
}

impl<In, K, F, R> Combine<In> for Grouping<F, R>
where
    K: Eq + Hash,
    F: Fn(&In) -> K,
    R: Combine<In>,
{
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        if acc.groups.is_empty() {
            *acc = later;
            return ControlFlow::Continue(());
        }
        for (key, group) in later.groups {
            match acc.groups.entry(key) {
                Entry::Occupied(mut earlier) => {
                    let _ = earlier.get_mut().combine(&self.reducer, group);
                }
                Entry::Vacant(new) => {
                    new.insert(group);
                }
            }
        }
        ControlFlow::Continue(())
    }
}

debug_closures!(Grouping<F, R> { reducer: R; key });
