use alloc::vec::Vec;
use core::{cmp::Ordering, ops::ControlFlow};

use super::kept::Kept;
use crate::{
    kernel::{Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer},
    order::{By, ByRank, Natural, Order},
    pipeline::Pipeline,
};

/// Emits all items at the end of the run, in ascending order.
///
/// Equal items keep their order.
///
/// - **Memory**: all items; up to twice as much while they are sorted.
/// - **Like**: itertools `sorted`, slices' `sort`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([3, 1, 2].into_iter().transduce(sorting()).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "sorted")]
pub fn sorting() -> Sorting {
    Sorting { order: Natural }
}

/// Emits all items at the end of the run, in the order of `compare`.
///
/// Items that `compare` calls equal keep their order.
///
/// - **Memory**: all items; up to twice as much while they are sorted.
/// - **Like**: itertools `sorted_by`, slices' `sort_by`.
///
/// ```
/// use transducer::prelude::*;
///
/// let falling = sorting_by(|a: &f64, b: &f64| b.total_cmp(a));
/// assert_eq!([0.5, 2.0, 1.0].into_iter().transduce(falling).collect::<Vec<_>>(), [2.0, 1.0, 0.5]);
/// ```
#[doc(alias = "sorted_by")]
pub fn sorting_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> SortingBy<F> {
    Sorting { order: By { compare } }
}

/// Emits all items at the end of the run, in ascending order of their keys.
///
/// Items with equal keys keep their order. `key` is called for every comparison.
///
/// - **Memory**: all items; up to twice as much while they are sorted.
/// - **Like**: itertools `sorted_by_key`, slices' `sort_by_key`.
///
/// ```
/// use transducer::prelude::*;
///
/// let shortest_first = sorting_by_key(|word: &&str| word.len());
/// assert_eq!(["to", "a", "it"].into_iter().transduce(shortest_first).collect::<Vec<_>>(), ["a", "to", "it"]);
/// ```
#[doc(alias = "sorted_by_key")]
pub fn sorting_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> SortingByKey<F> {
    Sorting { order: ByRank { key } }
}

/// The transducer of [`sorting`], [`sorting_by`] and [`sorting_by_key`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Sorting<O = Natural> {
    order: O,
}

/// The transducer of [`sorting_by`].
pub type SortingBy<F> = Sorting<By<F>>;

/// The transducer of [`sorting_by_key`].
pub type SortingByKey<F> = Sorting<ByRank<F>>;

impl<O> Sorting<O> {
    // Apart from `complete`, or there would be a closure, and with it a sort, for each `out`.
    fn sort<In>(&self, items: &mut [In])
    where
        O: Order<In>,
    {
        items.sort_by(|a, b| self.order.compare(a, b));
    }
}

impl<In, O: Order<In>> Transducer<In> for Sorting<O> {
    type Out = In;
    // Once the run has ended, the next item is the last.
    type State = Kept<Vec<In>>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Kept<Vec<In>> {
        Kept::new(Vec::new())
    }

    #[inline]
    fn step(&self, kept: &mut Kept<Vec<In>>, item: In, _: &mut impl Emit<In>) -> Step {
        kept.items.push(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn resume(&self, kept: &mut Kept<Vec<In>>, out: &mut impl Emit<In>) -> Step {
        kept.resume(out)
    }

    #[inline]
    fn complete(&self, kept: &mut Kept<Vec<In>>, out: &mut impl Emit<In>) -> Step {
        self.sort(&mut kept.items);
        kept.items.reverse();
        kept.complete(out)
    }

    fn is_idle(&self, kept: &Kept<Vec<In>>) -> bool {
        kept.is_idle()
    }

    fn size_hint(&self, kept: &Kept<Vec<In>>, input: SizeHint) -> SizeHint {
        kept.size_hint(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("sorting").variant(O::SUFFIX);
    }

    fn validate(&self, kept: &mut Self::State) -> Result<(), InvalidState> {
        kept.validate("sorting")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits all items at the end of the run, in ascending order. See [`sorting`].
    ///
    /// ```
    /// use transducer::prelude::*;
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

    /// Emits all items at the end of the run, in the order of `compare`. See [`sorting_by`].
    ///
    /// ```
    /// use transducer::prelude::*;
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

    /// Emits all items at the end of the run, in ascending order of their keys. See [`sorting_by_key`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sorted = ["ccc", "a", "bb"].into_iter().transduce(pipeline::<&str>().sorted_by_key(|word| word.len()));
    /// assert_eq!(sorted.collect::<Vec<_>>(), ["a", "bb", "ccc"]);
    /// ```
    pub fn sorted_by_key<K: Ord, F: Fn(&X::Out) -> K>(self, key: F) -> Pipeline<In, Compose<X, SortingByKey<F>>> {
        self.then(sorting_by_key(key))
    }
}
