use core::{
    hash::{BuildHasher, Hash},
    mem,
    ops::ControlFlow,
};

use indexmap::map::Entry;

use crate::{
    hash::FastHash,
    kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reducer, Step, debug::debug_closures},
};

/// The map of [`grouping`] and [`frequencies`](crate::frequencies): keys with a value each, in the order in which they
/// first appeared.
pub type IndexMap<K, V, H = FastHash> = indexmap::IndexMap<K, V, H>;

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
    Grouping { key, reducer, hasher: FastHash::default() }
}

/// The reducer of [`grouping`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Grouping<F, R, H = FastHash> {
    key: F,
    reducer: R,
    hasher: H,
}

impl<F, R, H> Grouping<F, R, H> {
    /// Sets how keys are hashed: by [`FastHash`], unless this says otherwise. The map has the same hash.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let sums = grouping(|x: &u32| x % 2, summing::<u32>()).with_hasher(RandomState::new());
    /// assert_eq!(transduce(taking(3), sums, 1..)[&1], 4);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> Grouping<F, R, G> {
        Grouping { key: self.key, reducer: self.reducer, hasher }
    }
}

/// The accumulator of [`Grouping`]: an accumulator for each key, in first-seen order.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "K: serde::Serialize + Eq + Hash, A: serde::Serialize",
        deserialize = "K: serde::Deserialize<'de> + Eq + Hash, A: serde::Deserialize<'de>, H: BuildHasher + Default"
    ))
)]
pub struct GroupingAcc<K, A, H = FastHash> {
    // As a sequence, so that keys of any type go into any format, in their order.
    #[cfg_attr(feature = "serde", serde(with = "indexmap::map::serde_seq"))]
    pub(super) groups: IndexMap<K, Guarded<A>, H>,
}

impl<K: Eq + Hash, A, H: BuildHasher> GroupingAcc<K, A, H> {
    /// Adds the groups of the piece of the input that comes right after.
    pub(super) fn combine<In>(&mut self, reducer: &impl Combine<In, Acc = A>, later: Self) {
        if self.groups.is_empty() {
            *self = later;
            return;
        }
        for (key, group) in later.groups {
            match self.groups.entry(key) {
                Entry::Occupied(mut earlier) => {
                    let _ = earlier.get_mut().combine(reducer, group);
                }
                Entry::Vacant(new) => {
                    new.insert(group);
                }
            }
        }
    }
}

impl<In, K, F, R, H> Reducer<In> for Grouping<F, R, H>
where
    K: Eq + Hash,
    F: Fn(&In) -> K,
    R: Reducer<In>,
    H: BuildHasher + Clone,
{
    type Acc = GroupingAcc<K, R::Acc, H>;
    type Output = IndexMap<K, R::Output, H>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        GroupingAcc { groups: IndexMap::with_hasher(self.hasher.clone()) }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        let group = acc.groups.entry((self.key)(&item)).or_insert_with(|| Guarded::of(&self.reducer));
        // The end of one group is no end for the others.
        let _ = group.feed(|acc| self.reducer.step(acc, item));
        ControlFlow::Continue(())
    }

    fn complete(&self, acc: Self::Acc) -> Self::Output {
        let mut outputs = IndexMap::with_capacity_and_hasher(acc.groups.len(), self.hasher.clone());
        outputs.extend(acc.groups.into_iter().map(|(key, group)| (key, self.reducer.complete(group.state))));
        outputs
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("grouping").inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        let groups = mem::replace(&mut acc.groups, IndexMap::with_hasher(self.hasher.clone()));
        acc.groups.extend(groups);
        acc.groups.values_mut().try_for_each(|group| group.validate(&self.reducer))
    }
}

impl<In, K, F, R, H> Combine<In> for Grouping<F, R, H>
where
    K: Eq + Hash,
    F: Fn(&In) -> K,
    R: Combine<In>,
    H: BuildHasher + Clone,
{
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        acc.combine(&self.reducer, later);
        ControlFlow::Continue(())
    }
}

debug_closures!(Grouping<F, R, H> { reducer: R; key, hasher });
