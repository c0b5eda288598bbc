//! The lazy driver: an iterator of outputs that takes inputs as it needs them.

use core::{fmt, iter::FusedIterator};

use super::eager::only_output;
use crate::kernel::{OneToOne, Run, SizeHint, Transducer};

/// Gives an iterator that takes items from `source` as it is asked for outputs of `xf`.
///
/// Each output comes as soon as the inputs that it needs have been taken, and no more are taken. Where a stage makes
/// many outputs of one item, or many at the end, they are made one by one, as the iterator is asked for them. The
/// iterator is fused.
///
/// A timed transducer does not compile here, because an iterator has no clock: put it into
/// [`by_event_time`](crate::by_event_time), or use [`timed_transduce`](crate::timed_transduce).
///
/// - **Memory**: what `xf` keeps.
/// - **Ends**: with the source, or as soon as `xf` ends the run; the source is not read any further.
/// - **Dropped**: half-way, the run is abandoned: nothing is completed, and nothing more is taken from the source.
/// - **Like**: std's adaptors, such as `Iterator::map`; Clojure `eduction`.
///
/// ```
/// use transducer::prelude::*;
///
/// let mut read = 0;
/// let lines = ["a b", "c d", "e f"].into_iter().inspect(|_| read += 1);
/// let words = compose((flat_mapping(|line: &'static str| line.split(' ')), taking(3)));
/// assert_eq!(lazy_transduce(words, lines).collect::<Vec<_>>(), ["a", "b", "c"]);
/// assert_eq!(read, 2);
/// ```
#[doc(alias("eduction", "sequence"))]
#[inline]
pub fn lazy_transduce<X, I>(xf: X, source: I) -> LazyTransduce<X, I::IntoIter>
where
    I: IntoIterator,
    X: Transducer<I::Item>,
{
    const { X::SHAPE.assert_untimed() };
    LazyTransduce { run: Run::new(xf), source: source.into_iter() }
}

/// The [`transduce`](Self::transduce) method of iterators.
pub trait TransduceIterator: Iterator {
    /// Gives an iterator over the outputs of `xf` for the items of this one. See [`lazy_transduce`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let mut batches = (1..=3).transduce(batching(2));
    /// assert_eq!(batches.size_hint(), (2, Some(2)));
    /// assert_eq!(batches.next(), Some(vec![1, 2]));
    /// assert_eq!(batches.next(), Some(vec![3]));
    /// assert_eq!(batches.next(), None);
    /// ```
    #[inline]
    fn transduce<X: Transducer<Self::Item>>(self, xf: X) -> LazyTransduce<X, Self>
    where
        Self: Sized,
    {
        lazy_transduce(xf, self)
    }
}

impl<I: Iterator> TransduceIterator for I {}

/// The iterator of [`lazy_transduce`].
///
/// Its `size_hint` is as exact as those of `xf` and the source. It is an [`ExactSizeIterator`] where `xf` is
/// [`OneToOne`] and the source is one.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct LazyTransduce<X: Transducer<I::Item>, I: Iterator> {
    run: Run<I::Item, X>,
    source: I,
}

impl<X: Transducer<I::Item>, I: Iterator> Iterator for LazyTransduce<X, I> {
    type Item = X::Out;

    #[inline]
    fn next(&mut self) -> Option<X::Out> {
        self.run.next_from(&mut self.source)
    }

    fn size_hint(&self) -> SizeHint {
        self.run.size_hint(self.source.size_hint())
    }

    #[inline]
    fn fold<B, F: FnMut(B, X::Out) -> B>(self, init: B, f: F) -> B {
        self.run.fold_from(self.source, init, f)
    }

    fn collect<C: FromIterator<X::Out>>(self) -> C {
        // An iterator whose length std can trust, where the source's is.
        if X::SHAPE.emits_one() && !X::SHAPE.flushes() {
            let (xf, state) = self.run.into_parts();
            let outputs = |mut state| self.source.map(move |item| only_output(&xf, &mut state, item)).collect();
            return state.map_or_else(|| C::from_iter(None), outputs);
        }
        C::from_iter(self)
    }
}

impl<X: Transducer<I::Item>, I: Iterator> FusedIterator for LazyTransduce<X, I> {}

impl<X, I> ExactSizeIterator for LazyTransduce<X, I>
where
    X: Transducer<I::Item> + OneToOne,
    I: ExactSizeIterator,
{
}

impl<X, I> Clone for LazyTransduce<X, I>
where
    X: Transducer<I::Item, State: Clone> + Clone,
    I: Iterator + Clone,
{
    fn clone(&self) -> Self {
        Self { run: self.run.clone(), source: self.source.clone() }
    }
}

impl<X, I> fmt::Debug for LazyTransduce<X, I>
where
    X: Transducer<I::Item> + fmt::Debug,
    I: Iterator + fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, source } = self;
        out.debug_struct("LazyTransduce").field("xf", run.transducer()).field("source", source).finish_non_exhaustive()
    }
}
