use core::ops::ControlFlow;

use super::key::{Itself, Key, KeyOf};
use crate::{
    kernel::{Compose, Emit, Held, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits each item that is not equal to the item before it.
///
/// - **Memory**: a clone of one item.
/// - **Like**: itertools `dedup`; Clojure's `dedupe`, RxJS's `distinctUntilChanged`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([1, 1, 2, 2, 1].into_iter().transduce(deduping()).collect::<Vec<_>>(), [1, 2, 1]);
/// ```
#[doc(alias("dedupe", "distinctUntilChanged"))]
pub fn deduping() -> Deduping {
    Deduping { key: Itself }
}

/// Emits each item whose key is not equal to the key of the item before it.
///
/// - **Memory**: one key.
/// - **Like**: `Vec::dedup_by_key`; itertools `dedup_by`, which compares two items.
///
/// ```
/// use transducer::prelude::*;
///
/// let by_initial = deduping_by_key(|word: &&str| word.chars().next());
/// assert_eq!(["ant", "ape", "bee"].into_iter().transduce(by_initial).collect::<Vec<_>>(), ["ant", "bee"]);
/// ```
#[doc(alias = "dedup_by")]
pub fn deduping_by_key<In, K: PartialEq, F: Fn(&In) -> K>(key: F) -> DedupingByKey<F> {
    Deduping { key: KeyOf { key } }
}

/// The transducer of [`deduping`] and [`deduping_by_key`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Deduping<K = Itself> {
    key: K,
}

/// The transducer of [`deduping_by_key`].
pub type DedupingByKey<F> = Deduping<KeyOf<F>>;

impl<In, K: Key<In, Key: PartialEq>> Transducer<In> for Deduping<K> {
    type Out = In;
    // The key of the item that came last.
    type State = Held<K::Key>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        Held(None)
    }

    #[inline(always)]
    fn step(&self, current: &mut Self::State, item: In, out: &mut impl Emit<In>) -> Step {
        if self.key.replace(&item, &mut current.0) { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, current: &Self::State) -> bool {
        current.0.is_none()
    }

    fn size_hint(&self, current: &Self::State, (least, most): SizeHint) -> SizeHint {
        (if current.0.is_none() { least.min(1) } else { 0 }, most)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("deduping").variant(K::SUFFIX);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item that is not equal to the item before it. See [`deduping`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let changes = [1, 1, 2, 1].into_iter().transduce(pipeline::<u32>().dedup());
    /// assert_eq!(changes.collect::<Vec<_>>(), [1, 2, 1]);
    /// ```
    pub fn dedup(self) -> Pipeline<In, Compose<X, Deduping>>
    where
        X::Out: PartialEq + Clone,
    {
        self.then(deduping())
    }

    /// Emits each item whose key is not equal to the key of the item before it. See [`deduping_by_key`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let changes = [1, 3, 2, 1].into_iter().transduce(pipeline::<u32>().dedup_by_key(|x| x % 2));
    /// assert_eq!(changes.collect::<Vec<_>>(), [1, 2, 1]);
    /// ```
    pub fn dedup_by_key<K: PartialEq, F: Fn(&X::Out) -> K>(self, key: F) -> Pipeline<In, Compose<X, DedupingByKey<F>>> {
        self.then(deduping_by_key(key))
    }
}
