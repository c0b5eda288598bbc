use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits the first item of each run of equal ones, as it comes.
///
/// Keeps a clone of one item. itertools' `dedup`; Clojure's `dedupe`.
///
/// ```
/// use transducer::{TransduceIterator, deduping};
///
/// assert_eq!([1, 1, 2, 2, 1].into_iter().transduce(deduping()).collect::<Vec<_>>(), [1, 2, 1]);
/// ```
#[doc(alias = "dedupe")]
pub fn deduping() -> Deduping {
    Deduping
}

/// Emits the first item of each run of items with equal keys, as it comes.
///
/// Keeps one key. itertools' `dedup_by`, with a key.
///
/// ```
/// use transducer::{TransduceIterator, deduping_by_key};
///
/// let by_initial = deduping_by_key(|word: &&str| word.chars().next());
/// assert_eq!(["ant", "ape", "bee"].into_iter().transduce(by_initial).collect::<Vec<_>>(), ["ant", "bee"]);
/// ```
pub fn deduping_by_key<In, K: PartialEq, F: Fn(&In) -> K>(key: F) -> DedupingByKey<F> {
    DedupingByKey { key }
}

/// The transducer that [`deduping`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Deduping;

/// The transducer that [`deduping_by_key`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct DedupingByKey<F> {
    key: F,
}

/// The state of [`Deduping`] and [`DedupingByKey`]: the item, or key, of the current run.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DedupingState<K> {
    current: Option<K>,
}

impl<In: PartialEq + Clone> Transducer<In> for Deduping {
    type Out = In;
    type State = DedupingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> DedupingState<In> {
        DedupingState { current: None }
    }

    #[inline]
    fn step(&self, state: &mut DedupingState<In>, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if state.current.as_ref() == Some(&item) {
            return ControlFlow::Continue(());
        }
        state.current = Some(item.clone());
        emit(item)
    }

    fn size_hint(&self, state: &DedupingState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<In, K: PartialEq, F: Fn(&In) -> K> Transducer<In> for DedupingByKey<F> {
    type Out = In;
    type State = DedupingState<K>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> DedupingState<K> {
        DedupingState { current: None }
    }

    #[inline]
    fn step(&self, state: &mut DedupingState<K>, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        let key = Some((self.key)(&item));
        if state.current == key {
            return ControlFlow::Continue(());
        }
        state.current = key;
        emit(item)
    }

    fn size_hint(&self, state: &DedupingState<K>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<K> DedupingState<K> {
    /// The very first item is emitted, any other may be dropped.
    fn size_hint(&self, (least, most): SizeHint) -> SizeHint {
        (if self.current.is_none() { least.min(1) } else { 0 }, most)
    }
}

debug_closures!(DedupingByKey<F> {; key});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item of each run of equal ones: see [`deduping`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
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

    /// Emits the first item of each run of items with equal keys: see [`deduping_by_key`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let changes = [1, 3, 2, 1].into_iter().transduce(pipeline::<u32>().dedup_by_key(|x| x % 2));
    /// assert_eq!(changes.collect::<Vec<_>>(), [1, 2, 1]);
    /// ```
    pub fn dedup_by_key<K: PartialEq, F: Fn(&X::Out) -> K>(self, key: F) -> Pipeline<In, Compose<X, DedupingByKey<F>>> {
        self.then(deduping_by_key(key))
    }
}
