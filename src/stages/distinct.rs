use core::{hash::Hash, ops::ControlFlow};
use std::collections::HashSet;

use super::key::{Itself, Key, KeyOf};
use crate::{
    kernel::{Compose, Emit, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

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
    Distinct { key: Itself }
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
    Distinct { key: KeyOf { key } }
}

/// The transducer that [`distinct`] and [`distinct_by_key`] make.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Distinct<K = Itself> {
    key: K,
}

/// The transducer that [`distinct_by_key`] makes.
pub type DistinctByKey<F> = Distinct<KeyOf<F>>;

impl<In, K: Key<In, Key: Eq + Hash>> Transducer<In> for Distinct<K> {
    type Out = In;
    // The keys of all items that came.
    type State = HashSet<K::Key>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        HashSet::new()
    }

    #[inline]
    fn step(&self, seen: &mut Self::State, item: In, out: &mut impl Emit<In>) -> Step {
        if self.key.insert(&item, seen) { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, seen: &Self::State) -> bool {
        seen.is_empty()
    }

    fn size_hint(&self, seen: &Self::State, (least, most): SizeHint) -> SizeHint {
        (if seen.is_empty() { least.min(1) } else { 0 }, most)
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item that no earlier one was equal to: see [`distinct`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let once = [1, 2, 1].into_iter().transduce(pipeline::<u32>().distinct());
    /// assert_eq!(once.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn distinct(self) -> Pipeline<In, Compose<X, Distinct>>
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
    /// let once = [1, 3, 2].into_iter().transduce(pipeline::<u32>().distinct_by_key(|x| x % 2));
    /// assert_eq!(once.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn distinct_by_key<K: Eq + Hash, F: Fn(&X::Out) -> K>(
        self,
        key: F,
    ) -> Pipeline<In, Compose<X, DistinctByKey<F>>> {
        self.then(distinct_by_key(key))
    }
}
