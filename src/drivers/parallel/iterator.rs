use core::fmt;

use rayon::iter::{
    ParallelIterator,
    plumbing::{Consumer, Folder, UnindexedConsumer},
};

use crate::{
    drivers::{eager::only_output, lazy::lazy_transduce},
    kernel::{Slot, Splittable, Transducer, call},
};

/// The [`transduce`](Self::transduce) method of rayon's parallel iterators (feature `rayon`).
pub trait TransduceParallelIterator: ParallelIterator {
    /// Gives a parallel iterator over the outputs of `xf` for the items of this one, in the same order.
    ///
    /// Each thread runs `xf` over pieces of its own, so only stages that treat each item by itself compile: see
    /// [`Splittable`]. For others, see [`par_transduce_in_order`](crate::par_transduce_in_order) and
    /// [`par_by_key`](crate::par_by_key).
    ///
    /// It is no `IndexedParallelIterator`, but where each item makes one output, `collect` is as fast as that of one.
    ///
    /// - **Like**: rayon's own adaptors, such as `map` and `filter`.
    ///
    /// ```
    /// use rayon::prelude::*;
    /// use transducer::prelude::*;
    ///
    /// let odd_squares = compose((filtering(|x: &u64| x % 2 == 1), mapping(|x: u64| x * x)));
    /// let squares: Vec<u64> = (0..1_000u64).into_par_iter().transduce(&odd_squares).collect();
    /// assert_eq!(squares, (0..1_000).transduce(&odd_squares).collect::<Vec<_>>());
    /// ```
    fn transduce<X>(self, xf: X) -> ParallelTransduce<X, Self>
    where
        X: Transducer<Self::Item> + Splittable,
    {
        const { X::SHAPE.assert_untimed() };
        ParallelTransduce { xf, source: self }
    }
}

impl<I: ParallelIterator> TransduceParallelIterator for I {}

/// The parallel iterator of [`TransduceParallelIterator::transduce`].
#[derive(Clone)]
#[must_use = "parallel iterators are lazy and do nothing unless consumed"]
pub struct ParallelTransduce<X, I> {
    xf: X,
    source: I,
}

// Not `X: Splittable` again: the method says so, and twice is two errors for one mistake.
impl<X, I> ParallelIterator for ParallelTransduce<X, I>
where
    I: ParallelIterator,
    X: Transducer<I::Item, Out: Send> + Sync + Send,
{
    type Item = X::Out;

    fn drive_unindexed<C: UnindexedConsumer<X::Out>>(self, consumer: C) -> C::Result {
        self.source.drive_unindexed(Transduced { xf: &self.xf, base: consumer })
    }

    /// Where each item makes one, rayon's `collect` writes each to its place.
    fn opt_len(&self) -> Option<usize> {
        if X::SHAPE.emits_one() && !X::SHAPE.flushes() { self.source.opt_len() } else { None }
    }
}

impl<X: fmt::Debug, I: fmt::Debug> fmt::Debug for ParallelTransduce<X, I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ParallelTransduce").field("xf", &self.xf).field("source", &self.source).finish()
    }
}

/// What takes the items of a piece, or its outputs.
struct Transduced<'a, X, B> {
    xf: &'a X,
    base: B,
}

impl<'a, In, X, C> Consumer<In> for Transduced<'a, X, C>
where
    X: Transducer<In> + Sync,
    C: UnindexedConsumer<X::Out>,
{
    type Folder = Transduced<'a, X, C::Folder>;
    type Reducer = C::Reducer;
    type Result = C::Result;

    fn split_at(self, index: usize) -> (Self, Self, C::Reducer) {
        let Self { xf, base } = self;
        let (left, right, reducer) = base.split_at(index);
        (Self { xf, base: left }, Self { xf, base: right }, reducer)
    }

    fn into_folder(self) -> Self::Folder {
        Transduced { xf: self.xf, base: self.base.into_folder() }
    }

    fn full(&self) -> bool {
        self.base.full()
    }
}

impl<In, X, C> UnindexedConsumer<In> for Transduced<'_, X, C>
where
    X: Transducer<In> + Sync,
    C: UnindexedConsumer<X::Out>,
{
    fn split_off_left(&self) -> Self {
        Self { xf: self.xf, base: self.base.split_off_left() }
    }

    fn to_reducer(&self) -> C::Reducer {
        self.base.to_reducer()
    }
}

// A stage that may be split keeps nothing between items, so each call is a run of its own, and no state is kept.
impl<In, X, F> Folder<In> for Transduced<'_, X, F>
where
    X: Transducer<In>,
    F: Folder<X::Out>,
{
    type Result = F::Result;

    fn consume(self, item: In) -> Self {
        self.consume_iter(Some(item))
    }

    #[inline]
    fn consume_iter<I: IntoIterator<Item = In>>(self, items: I) -> Self {
        let Self { xf, base } = self;
        let items = items.into_iter();
        // Adaptors of std where the shape allows, because its `fold` and `try_fold` go through them.
        let base = if X::SHAPE.flushes() || !X::SHAPE.emits_at_most_one() {
            base.consume_iter(lazy_transduce(xf, items))
        } else {
            let mut state = xf.initial();
            if X::SHAPE.emits_one() {
                base.consume_iter(items.map(|item| only_output(xf, &mut state, item)))
            } else {
                base.consume_iter(items.filter_map(|item| {
                    let mut slot = Slot::new();
                    let _ = call::step(xf, &mut state, item, &mut slot);
                    slot.item
                }))
            }
        };
        Self { xf, base }
    }

    fn complete(self) -> F::Result {
        self.base.complete()
    }

    fn full(&self) -> bool {
        self.base.full()
    }
}
