use core::{
    hash::{BuildHasher, Hash},
    mem,
    ops::ControlFlow,
};

use indexmap::IndexSet;

use super::{
    key::{Itself, Key, KeyOf},
    recency::Recency,
};
use crate::{
    hash::FastHash,
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits each item that is not equal to any earlier item.
///
/// - **Memory**: a clone of each item emitted. If equal items always follow each other, [`deduping`](crate::deduping)
///   keeps only one. [`Distinct::remembering`] bounds the number of items.
/// - **Like**: itertools `unique`; `distinct` of Clojure, Java and RxJS.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([1, 2, 1, 3, 2].into_iter().transduce(distinct()).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "unique")]
pub fn distinct() -> Distinct {
    Distinct { key: Itself, hasher: FastHash::default(), most: usize::MAX }
}

/// Emits each item whose key no earlier item had.
///
/// - **Memory**: the key of each item emitted. [`Distinct::remembering`] bounds their number.
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
    Distinct { key: KeyOf { key }, hasher: FastHash::default(), most: usize::MAX }
}

/// The transducer of [`distinct`] and [`distinct_by_key`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Distinct<K = Itself, H = FastHash> {
    key: K,
    hasher: H,
    /// How many keys are remembered.
    most: usize,
}

/// The transducer of [`distinct_by_key`].
pub type DistinctByKey<F, H = FastHash> = Distinct<KeyOf<F>, H>;

impl<K, H> Distinct<K, H> {
    /// Sets how keys are hashed: by [`FastHash`], unless this says otherwise.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let once = distinct().with_hasher(RandomState::new());
    /// assert_eq!([1, 2, 1].into_iter().transduce(once).collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> Distinct<K, G> {
        Distinct { key: self.key, hasher, most: self.most }
    }

    /// Remembers only the `count` keys that came last. An item whose key is among them is not emitted; one whose key has
    /// been forgotten is emitted again.
    ///
    /// - **Memory**: `count` keys.
    /// - **Panics**: if `count` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let lately = distinct().remembering(2);
    /// assert_eq!([1, 2, 1, 3, 1, 2].into_iter().transduce(lately).collect::<Vec<_>>(), [1, 2, 3, 2]);
    /// ```
    #[track_caller]
    pub fn remembering(self, count: usize) -> Self {
        assert!(count > 0, "`count` must be at least 1");
        Self { most: count, ..self }
    }
}

/// The state of [`Distinct`]: the keys that came.
#[derive(Clone, Debug)]
pub struct DistinctState<K, H = FastHash> {
    seen: IndexSet<K, H>,
    /// In which order they came last, if only some are remembered.
    recent: Recency,
}

impl<In, K: Key<In, Key: Eq + Hash>, H: BuildHasher + Clone> Transducer<In> for Distinct<K, H> {
    type Out = In;
    type State = DistinctState<K::Key, H>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        DistinctState { seen: IndexSet::with_hasher(self.hasher.clone()), recent: Recency::new() }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<In>) -> Step {
        let (place, is_new) = self.key.insert(&item, &mut state.seen);
        if self.most < usize::MAX {
            state.recent.touch(place);
            state.forget_all_but(self.most);
        }
        if is_new { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.seen.is_empty()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        (if state.seen.is_empty() { least.min(1) } else { 0 }, most)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("distinct").variant(K::SUFFIX).setting("remembering", self.most, Change::Free);
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        // Whatever hash the run was begun with, it goes on with this recipe's.
        let seen = mem::replace(&mut state.seen, IndexSet::with_hasher(self.hasher.clone()));
        state.seen.extend(seen);
        if self.most == usize::MAX {
            state.recent = Recency::new();
        } else {
            state.recent.know(state.seen.len());
            state.forget_all_but(self.most);
        }
        Ok(())
    }
}

impl<K, H> DistinctState<K, H> {
    /// Forgets the keys that came least recently, while there are more than `most`.
    #[inline]
    fn forget_all_but(&mut self, most: usize) {
        while self.seen.len() > most {
            let Some(place) = self.recent.oldest() else { break };
            self.seen.swap_remove_index(place);
            self.recent.swap_remove(place);
        }
    }
}

/// The keys are written in the order in which they came last, if only some are remembered, else in that of their first
/// appearance.
#[cfg(feature = "serde")]
mod serialized {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::*;

    impl<K: Serialize, H> Serialize for DistinctState<K, H> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let recent: alloc::vec::Vec<usize> = self.recent.order().collect();
            let places = if recent.len() == self.seen.len() { recent } else { (0..self.seen.len()).collect() };
            let keys = places.iter().filter_map(|place| self.seen.get_index(*place));
            serializer.collect_seq(keys.collect::<alloc::vec::Vec<_>>())
        }
    }

    impl<'de, K, H> Deserialize<'de> for DistinctState<K, H>
    where
        K: Deserialize<'de> + Eq + Hash,
        H: BuildHasher + Default,
    {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Self { seen: IndexSet::deserialize(deserializer)?, recent: Recency::new() })
        }
    }
}

debug_closures!(Distinct<K, H> { key: K, most: usize; hasher });

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

impl<In, X, K, H> Pipeline<In, Compose<X, Distinct<K, H>>> {
    /// Sets how the stage just added hashes keys. See [`Distinct::with_hasher`].
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let once = pipeline::<u32>().distinct().with_hasher(RandomState::new());
    /// assert_eq!([1, 2, 1].into_iter().transduce(once).collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> Pipeline<In, Compose<X, Distinct<K, G>>> {
        self.exchange(|distinct| distinct.with_hasher(hasher))
    }

    /// Has the stage just added remember only the `count` keys that came last. See [`Distinct::remembering`].
    ///
    /// - **Panics**: if `count` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let lately = pipeline::<u32>().distinct().remembering(1);
    /// assert_eq!([1, 1, 2, 1].into_iter().transduce(lately).collect::<Vec<_>>(), [1, 2, 1]);
    /// ```
    #[track_caller]
    pub fn remembering(self, count: usize) -> Self {
        self.set(|distinct| distinct.remembering(count))
    }
}
