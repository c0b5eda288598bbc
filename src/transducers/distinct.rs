use core::{hash::Hash, ops::ControlFlow};
use std::collections::HashSet;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits each item that no earlier one was equal to, as it comes.
///
/// Keeps a clone of each item that it has emitted, so its memory grows with their number; where equal
/// items come in a row, [`deduping`](crate::deduping) keeps only one. itertools' `unique`; Clojure's `distinct`.
///
/// ```
/// use transducer::{TransduceIterator, distinct};
///
/// assert_eq!([1, 2, 1, 3, 2].into_iter().transduce(distinct()).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "unique")]
pub fn distinct() -> Distinct {
    Distinct
}

/// Emits each item whose key no earlier one had, as it comes.
///
/// Keeps the key of each item that it has emitted. itertools' `unique_by`.
///
/// ```
/// use transducer::{TransduceIterator, distinct_by_key};
///
/// let by_initial = distinct_by_key(|word: &&str| word.chars().next());
/// assert_eq!(["ant", "bee", "ape"].into_iter().transduce(by_initial).collect::<Vec<_>>(), ["ant", "bee"]);
/// ```
#[doc(alias = "unique_by")]
pub fn distinct_by_key<In, K: Eq + Hash, F: Fn(&In) -> K>(key: F) -> DistinctByKey<F> {
    DistinctByKey { key }
}

/// The transducer that [`distinct`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Distinct;

/// The transducer that [`distinct_by_key`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct DistinctByKey<F> {
    key: F,
}

/// The state of [`Distinct`] and [`DistinctByKey`]: the items, or keys, that have been.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(bound(deserialize = "K: serde::Deserialize<'de> + Eq + Hash")))]
pub struct DistinctState<K> {
    seen: HashSet<K>,
}

impl<In: Eq + Hash + Clone> Transducer<In> for Distinct {
    type Out = In;
    type State = DistinctState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> DistinctState<In> {
        DistinctState { seen: HashSet::new() }
    }

    #[inline]
    fn step(&self, state: &mut DistinctState<In>, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        // Looked up first, so that only what is emitted is cloned.
        if state.seen.contains(&item) {
            return ControlFlow::Continue(());
        }
        state.seen.insert(item.clone());
        emit(item)
    }

    fn size_hint(&self, state: &DistinctState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<In, K: Eq + Hash, F: Fn(&In) -> K> Transducer<In> for DistinctByKey<F> {
    type Out = In;
    type State = DistinctState<K>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> DistinctState<K> {
        DistinctState { seen: HashSet::new() }
    }

    #[inline]
    fn step(&self, state: &mut DistinctState<K>, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if state.seen.insert((self.key)(&item)) { emit(item) } else { ControlFlow::Continue(()) }
    }

    fn size_hint(&self, state: &DistinctState<K>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<K> DistinctState<K> {
    /// The very first item is emitted, any other may be dropped.
    fn size_hint(&self, (least, most): SizeHint) -> SizeHint {
        (if self.seen.is_empty() { least.min(1) } else { 0 }, most)
    }
}

debug_closures!(DistinctByKey<F> {; key});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item that no earlier one was equal to: see [`distinct`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let once = [1, 2, 1].into_iter().transduce(pipeline::<u32>().unique());
    /// assert_eq!(once.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn unique(self) -> Pipeline<In, Compose<X, Distinct>>
    where
        X::Out: Eq + Hash + Clone,
    {
        self.then(distinct())
    }

    /// Emits each item whose key no earlier one had: see [`distinct_by_key`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let once = [1, 3, 2].into_iter().transduce(pipeline::<u32>().unique_by(|x| x % 2));
    /// assert_eq!(once.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn unique_by<K: Eq + Hash, F: Fn(&X::Out) -> K>(self, key: F) -> Pipeline<In, Compose<X, DistinctByKey<F>>> {
        self.then(distinct_by_key(key))
    }
}
