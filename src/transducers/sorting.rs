use alloc::vec::Vec;
use core::{cmp::Ordering, ops::ControlFlow};

use crate::{Compose, Pipeline, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits all items, at the end of the run, the least first; equal ones in the order they came.
///
/// Keeps all items. itertools' `sorted`; slices' `sort`.
///
/// ```
/// use transducer::{TransduceIterator, sorting};
///
/// assert_eq!([3, 1, 2].into_iter().transduce(sorting()).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "sorted")]
pub fn sorting() -> Sorting {
    Sorting
}

/// Emits all items, at the end of the run, in the order of `compare`; those it calls equal in the order
/// they came.
///
/// Keeps all items. itertools' `sorted_by`; slices' `sort_by`.
///
/// ```
/// use transducer::{TransduceIterator, sorting_by};
///
/// let falling = sorting_by(|a: &f64, b: &f64| b.total_cmp(a));
/// assert_eq!([0.5, 2.0, 1.0].into_iter().transduce(falling).collect::<Vec<_>>(), [2.0, 1.0, 0.5]);
/// ```
#[doc(alias = "sorted_by")]
pub fn sorting_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> SortingBy<F> {
    SortingBy { compare }
}

/// Emits all items, at the end of the run, those with the least `key` first; those with equal keys in
/// the order they came.
///
/// Keeps all items. itertools' `sorted_by_key`; slices' `sort_by_key`.
///
/// ```
/// use transducer::{TransduceIterator, sorting_by_key};
///
/// let shortest_first = sorting_by_key(|word: &&str| word.len());
/// assert_eq!(["to", "a", "it"].into_iter().transduce(shortest_first).collect::<Vec<_>>(), ["a", "to", "it"]);
/// ```
#[doc(alias = "sorted_by_key")]
pub fn sorting_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> SortingByKey<F> {
    SortingByKey { key }
}

/// The transducer that [`sorting`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Sorting;

/// The transducer that [`sorting_by`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SortingBy<F> {
    compare: F,
}

/// The transducer that [`sorting_by_key`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SortingByKey<F> {
    key: F,
}

/// The state of [`Sorting`], [`SortingBy`] and [`SortingByKey`]: all items so far, as they came.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SortingState<T> {
    items: Vec<T>,
}

impl<In: Ord> Transducer<In> for Sorting {
    type Out = In;
    type State = SortingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> SortingState<In> {
        SortingState::new()
    }

    #[inline]
    fn step(&self, state: &mut SortingState<In>, item: In, _: &mut impl FnMut(In) -> Step) -> Step {
        state.push(item)
    }

    #[inline]
    fn complete(&self, state: SortingState<In>, emit: &mut impl FnMut(In) -> Step) {
        state.finish(|items| items.sort(), emit);
    }

    fn size_hint(&self, state: &SortingState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<In, F: Fn(&In, &In) -> Ordering> Transducer<In> for SortingBy<F> {
    type Out = In;
    type State = SortingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> SortingState<In> {
        SortingState::new()
    }

    #[inline]
    fn step(&self, state: &mut SortingState<In>, item: In, _: &mut impl FnMut(In) -> Step) -> Step {
        state.push(item)
    }

    #[inline]
    fn complete(&self, state: SortingState<In>, emit: &mut impl FnMut(In) -> Step) {
        state.finish(|items| items.sort_by(&self.compare), emit);
    }

    fn size_hint(&self, state: &SortingState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<In, K: Ord, F: Fn(&In) -> K> Transducer<In> for SortingByKey<F> {
    type Out = In;
    type State = SortingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> SortingState<In> {
        SortingState::new()
    }

    #[inline]
    fn step(&self, state: &mut SortingState<In>, item: In, _: &mut impl FnMut(In) -> Step) -> Step {
        state.push(item)
    }

    #[inline]
    fn complete(&self, state: SortingState<In>, emit: &mut impl FnMut(In) -> Step) {
        state.finish(|items| items.sort_by_key(&self.key), emit);
    }

    fn size_hint(&self, state: &SortingState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(input)
    }
}

impl<T> SortingState<T> {
    fn new() -> Self {
        Self { items: Vec::new() }
    }

    #[inline]
    fn push(&mut self, item: T) -> Step {
        self.items.push(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn finish(mut self, sort: impl FnOnce(&mut [T]), emit: &mut impl FnMut(T) -> Step) {
        sort(&mut self.items);
        let _ = self.items.into_iter().try_for_each(emit);
    }

    fn size_hint(&self, (least, most): SizeHint) -> SizeHint {
        let kept = self.items.len();
        (least.saturating_add(kept), most.and_then(|most| most.checked_add(kept)))
    }
}

debug_closures!(SortingBy<F> {; compare});
debug_closures!(SortingByKey<F> {; key});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits all items, at the end of the run, the least first: see [`sorting`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let sorted = [3, 1, 2].into_iter().transduce(pipeline::<u32>().sorted());
    /// assert_eq!(sorted.collect::<Vec<_>>(), [1, 2, 3]);
    /// ```
    pub fn sorted(self) -> Pipeline<In, Compose<X, Sorting>>
    where
        X::Out: Ord,
    {
        self.then(sorting())
    }

    /// Emits all items, at the end of the run, in the order of `compare`: see [`sorting_by`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let sorted = [0.5, 1.5, -1.0].into_iter().transduce(pipeline::<f64>().sorted_by(f64::total_cmp));
    /// assert_eq!(sorted.collect::<Vec<_>>(), [-1.0, 0.5, 1.5]);
    /// ```
    pub fn sorted_by<F>(self, compare: F) -> Pipeline<In, Compose<X, SortingBy<F>>>
    where
        F: Fn(&X::Out, &X::Out) -> Ordering,
    {
        self.then(sorting_by(compare))
    }

    /// Emits all items, at the end of the run, those with the least `key` first: see [`sorting_by_key`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let sorted = ["ccc", "a", "bb"].into_iter().transduce(pipeline::<&str>().sorted_by_key(|word| word.len()));
    /// assert_eq!(sorted.collect::<Vec<_>>(), ["a", "bb", "ccc"]);
    /// ```
    pub fn sorted_by_key<K: Ord, F: Fn(&X::Out) -> K>(self, key: F) -> Pipeline<In, Compose<X, SortingByKey<F>>> {
        self.then(sorting_by_key(key))
    }
}
