use alloc::borrow::ToOwned;
use core::{
    hash::{BuildHasher, Hash},
    mem,
    ops::ControlFlow,
};

use super::grouping::{GroupingAcc, IndexMap};
use crate::{
    hash::FastHash,
    kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reducer, Step, debug::debug_closures},
};

/// Gives a map from each key to the output of `reducer` over the items of that key, where keys are borrowed from the
/// items.
///
/// It is [`grouping`](crate::grouping) for keys that are part of the item and costly to clone, such as a `String`. A key
/// is cloned when it is first seen, and only then: `&str` becomes `String`, `&[T]` becomes `Vec<T>`, and another `&K`
/// becomes `K`.
///
/// - **Memory**: every key, and what `reducer` keeps for it.
/// - **Ends**: never by itself, because a new key may always come.
/// - **Like**: itertools `into_grouping_map_by`, but ordered, and without a clone for each item.
///
/// ```
/// use transducer::prelude::*;
///
/// struct Sale {
///     customer: String,
///     cents: u64,
/// }
///
/// let sales = [("ann", 5), ("bob", 3), ("ann", 2)].map(|(name, cents)| Sale { customer: name.into(), cents });
/// let cents = mapping(|sale: Sale| sale.cents).apply(summing::<u64>());
/// let totals = transduce(pipeline(), grouping_by_ref(|sale: &Sale| sale.customer.as_str(), cents), sales);
/// assert_eq!(totals["ann"], 7);
/// assert_eq!(totals.keys().collect::<Vec<_>>(), ["ann", "bob"]);
/// ```
#[doc(alias("group_by", "into_group_map", "into_grouping_map_by", "grouping_by"))]
pub fn grouping_by_ref<In, K, F, R>(key: F, reducer: R) -> GroupingByRef<F, R>
where
    K: ?Sized + Eq + Hash + ToOwned<Owned: Eq + Hash>,
    F: Fn(&In) -> &K,
    R: Reducer<In>,
{
    GroupingByRef { key, reducer, hasher: FastHash::default() }
}

/// The reducer of [`grouping_by_ref`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct GroupingByRef<F, R, H = FastHash> {
    key: F,
    reducer: R,
    hasher: H,
}

impl<F, R, H> GroupingByRef<F, R, H> {
    /// Sets how keys are hashed: by [`FastHash`], unless this says otherwise. The map has the same hash.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let lengths = grouping_by_ref(|word: &String| &word[..1], counting()).with_hasher(RandomState::new());
    /// let words = ["ant".to_owned(), "bee".to_owned(), "ape".to_owned()];
    /// assert_eq!(transduce(pipeline(), lengths, words)["a"], 2);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> GroupingByRef<F, R, G> {
        GroupingByRef { key: self.key, reducer: self.reducer, hasher }
    }
}

impl<In, K, F, R, H> Reducer<In> for GroupingByRef<F, R, H>
where
    K: ?Sized + Eq + Hash + ToOwned<Owned: Eq + Hash>,
    F: Fn(&In) -> &K,
    R: Reducer<In>,
    H: BuildHasher + Clone,
{
    type Acc = GroupingAcc<K::Owned, R::Acc, H>;
    type Output = IndexMap<K::Owned, R::Output, H>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        GroupingAcc { groups: IndexMap::with_hasher(self.hasher.clone()) }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        let key = (self.key)(&item);
        let place = match acc.groups.get_index_of(key) {
            Some(place) => place,
            None => acc.groups.insert_full(key.to_owned(), Guarded::of(&self.reducer)).0,
        };
        // The end of one group is no end for the others.
        let _ = acc.groups[place].feed(|acc| self.reducer.step(acc, item));
        ControlFlow::Continue(())
    }

    fn complete(&self, acc: Self::Acc) -> Self::Output {
        let mut outputs = IndexMap::with_capacity_and_hasher(acc.groups.len(), self.hasher.clone());
        outputs.extend(acc.groups.into_iter().map(|(key, group)| (key, self.reducer.complete(group.state))));
        outputs
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("grouping_by_ref").inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        let groups = mem::replace(&mut acc.groups, IndexMap::with_hasher(self.hasher.clone()));
        acc.groups.extend(groups);
        acc.groups.values_mut().try_for_each(|group| group.validate(&self.reducer))
    }
}

impl<In, K, F, R, H> Combine<In> for GroupingByRef<F, R, H>
where
    K: ?Sized + Eq + Hash + ToOwned<Owned: Eq + Hash>,
    F: Fn(&In) -> &K,
    R: Combine<In>,
    H: BuildHasher + Clone,
{
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        acc.combine(&self.reducer, later);
        ControlFlow::Continue(())
    }
}

debug_closures!(GroupingByRef<F, R, H> { reducer: R; key, hasher });
