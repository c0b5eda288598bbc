use core::{hash::Hash, ops::ControlFlow};

use indexmap::IndexSet;

use super::key::{Itself, Key, KeyOf};
use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits each item that is not equal to any earlier item.
///
/// - **Memory**: a clone of each item emitted. If equal items always follow each other, [`deduping`](crate::deduping)
///   keeps only one.
/// - **Like**: itertools `unique`; `distinct` of Clojure, Java and RxJS.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([1, 2, 1, 3, 2].into_iter().transduce(distinct()).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "unique")]
pub fn distinct() -> Distinct {
    Distinct { key: Itself }
}

/// Emits each item whose key no earlier item had.
///
/// - **Memory**: the key of each item emitted.
/// - **Like**: itertools `unique_by`.
///
/// ```
/// use transducer::prelude::*;
///
/// let by_initial = distinct_by_key(|word: &&str| word.chars().next());
/// assert_eq!(["ant", "bee", "ape"].into_iter().transduce(by_initial).collect::<Vec<_>>(), ["ant", "bee"]);
/// ```
#[doc(alias = "unique_by")]
pub fn distinct_by_key<In, K: Eq + Hash, F: Fn(&In) -> K>(key: F) -> DistinctByKey<F> {
    Distinct { key: KeyOf { key } }
}

/// The transducer of [`distinct`] and [`distinct_by_key`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Distinct<K = Itself> {
    key: K,
}

/// The transducer of [`distinct_by_key`].
pub type DistinctByKey<F> = Distinct<KeyOf<F>>;

impl<In, K: Key<In, Key: Eq + Hash>> Transducer<In> for Distinct<K> {
    type Out = In;
    // The keys of all items that came.
    type State = IndexSet<K::Key>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        IndexSet::new()
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

    fn describe(&self, outline: &mut Outline) {
        outline.stage("distinct").variant(K::SUFFIX);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item that is not equal to any earlier item. See [`distinct`].
    ///
    /// ```
    /// use transducer::prelude::*;
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

    /// Emits each item whose key no earlier item had. See [`distinct_by_key`].
    ///
    /// ```
    /// use transducer::prelude::*;
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
