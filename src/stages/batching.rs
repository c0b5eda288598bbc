use core::ops::ControlFlow;

use super::make::{Collected, Lent, Make, Whole};
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Collects items into batches of `size` and emits each batch as a `Vec` once it is full.
///
/// The last batch may be shorter. Empty input yields nothing. Use [`Batching::collect_into`] for another collection than
/// `Vec`.
///
/// - **Memory**: up to `size` items; one allocation a batch, and a few more if a batch has more than 1024 items.
/// - **Panics**: if `size` is 0. Use [`try_batching`] for a size that comes from data.
/// - **Like**: itertools `chunks`, slices' `chunks`; Clojure's `partition-all`, Python's `itertools.batched`.
///
/// ```
/// use transducer::prelude::*;
///
/// let batches = (1..=5).transduce(batching(2));
/// assert_eq!(batches.collect::<Vec<_>>(), [vec![1, 2], vec![3, 4], vec![5]]);
/// ```
#[doc(alias("chunks", "partition_all", "partition-all", "batched", "bufferCount", "windowFixed", "chunked"))]
#[track_caller]
pub fn batching(size: usize) -> Batching {
    InvalidArgument::or_panic(try_batching(size))
}

/// Like [`batching`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// let size = "0".parse()?;
/// assert_eq!(try_batching(size).unwrap_err().to_string(), "`size` must be at least 1");
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
pub fn try_batching(size: usize) -> Result<Batching, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| Batching { size, make: Whole })
}

/// Collects items into batches of `size` and emits `f(&batch)` once a batch is full.
///
/// `f` borrows the batch as a slice. The last batch may be shorter. Empty input yields nothing.
///
/// - **Memory**: up to `size` items, in one buffer that is used again for each batch; no allocation an output.
/// - **Panics**: if `size` is 0. Use [`try_batching_with`] for a size that comes from data.
/// - **Like**: slices' `chunks`, with `map`.
///
/// ```
/// use transducer::prelude::*;
///
/// let sums = (1..=5).transduce(batching_with(2, |batch: &[i32]| batch.iter().sum::<i32>()));
/// assert_eq!(sums.collect::<Vec<_>>(), [3, 7, 5]);
/// ```
#[track_caller]
pub fn batching_with<In, Out, F: Fn(&[In]) -> Out>(size: usize, f: F) -> BatchingWith<F> {
    InvalidArgument::or_panic(try_batching_with(size, f))
}

/// Like [`batching_with`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// assert!(try_batching_with(0, |batch: &[u8]| batch.len()).is_err());
/// ```
pub fn try_batching_with<In, Out, F: Fn(&[In]) -> Out>(size: usize, f: F) -> Result<BatchingWith<F>, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| Batching { size, make: Lent { f } })
}

/// The transducer of [`batching`] and [`batching_with`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Batching<M = Whole> {
    size: usize,
    make: M,
}

/// The transducer of [`batching_with`].
pub type BatchingWith<F> = Batching<Lent<F>>;

impl Batching {
    /// Collects each batch in a `C` instead of a `Vec`, such as a `SmallVec`, which has room for some items without a heap.
    ///
    /// A batch is full once it has `size` items, so that a set has so many different ones.
    ///
    /// - **Memory**: up to `size` items; what `C` allocates.
    /// - **Panics**: when `C` does, for want of room. (A `SmallVec` goes to the heap.)
    ///
    /// ```
    /// use smallvec::SmallVec;
    /// use std::collections::BTreeSet;
    /// use transducer::prelude::*;
    ///
    /// let pairs = (1..=3).transduce(batching(2).collect_into::<SmallVec<[_; 2]>>());
    /// assert_eq!(pairs.map(|pair| pair.into_vec()).collect::<Vec<_>>(), [vec![1, 2], vec![3]]);
    ///
    /// let sets = [1, 1, 2, 2].into_iter().transduce(batching(2).collect_into::<BTreeSet<i32>>());
    /// assert_eq!(sets.collect::<Vec<_>>(), [BTreeSet::from([1, 2]), BTreeSet::from([2])]);
    /// ```
    pub fn collect_into<C>(self) -> Batching<Collected<C>> {
        Batching { size: self.size, make: Collected::new() }
    }
}

impl<M> Batching<M> {
    pub(super) const fn of(size: usize, make: M) -> Self {
        Self { size, make }
    }
}

impl<In, M: Make<In>> Transducer<In> for Batching<M> {
    type Out = M::Out;
    type State = M::Batch;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> M::Batch {
        M::Batch::default()
    }

    #[inline(always)]
    fn step(&self, batch: &mut M::Batch, item: In, out: &mut impl Emit<M::Out>) -> Step {
        self.make.push(batch, item, self.size);
        if self.make.len(batch) >= self.size { out.emit(self.make.take(batch)) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, batch: &mut M::Batch, out: &mut impl Emit<M::Out>) -> Step {
        if self.make.len(batch) == 0 { ControlFlow::Continue(()) } else { out.emit(self.make.take(batch)) }
    }

    fn is_idle(&self, batch: &M::Batch) -> bool {
        self.make.len(batch) == 0
    }

    fn size_hint(&self, batch: &M::Batch, (least, most): SizeHint) -> SizeHint {
        let len = self.make.len(batch);
        let batches = |items: usize| {
            if len >= self.size {
                // Of a run that went on with a smaller size: with the next item, or at the end, all of it is one batch.
                items.saturating_sub(1).div_ceil(self.size).checked_add(1)
            } else {
                items.checked_add(len).map(|items| items.div_ceil(self.size))
            }
        };
        let most = most.and_then(batches);
        if M::IS_EXACT {
            (batches(least).unwrap_or(usize::MAX / self.size), most)
        } else {
            (least.min(1).max(len.min(1)), most)
        }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("batching").variant(M::SUFFIX).setting("size", self.size, Change::Free);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items into batches of `size` and emits each batch as a `Vec`. See [`batching`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let batches = (1..=3).transduce(pipeline::<u32>().chunks(2));
    /// assert_eq!(batches.collect::<Vec<_>>(), [vec![1, 2], vec![3]]);
    /// ```
    #[track_caller]
    pub fn chunks(self, size: usize) -> Pipeline<In, Compose<X, Batching>> {
        self.then(batching(size))
    }

    /// Collects items into batches of `size` and emits `f(&batch)` for each. See [`batching_with`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().chunks_with(2, |batch: &[u32]| batch.iter().sum::<u32>());
    /// assert_eq!((1..=3).transduce(sums).collect::<Vec<_>>(), [3, 3]);
    /// ```
    #[track_caller]
    pub fn chunks_with<Out, F>(self, size: usize, f: F) -> Pipeline<In, Compose<X, BatchingWith<F>>>
    where
        F: Fn(&[X::Out]) -> Out,
    {
        self.then(batching_with(size, f))
    }
}

impl<In, X> Pipeline<In, Compose<X, Batching>> {
    /// Has the stage just added collect each batch in a `C` instead of a `Vec`. See [`Batching::collect_into`].
    ///
    /// ```
    /// use smallvec::SmallVec;
    /// use transducer::prelude::*;
    ///
    /// let lengths = pipeline::<u32>().chunks(2).collect_into::<SmallVec<[_; 2]>>().map(|pair| pair.len());
    /// assert_eq!((1..=3).transduce(lengths).collect::<Vec<_>>(), [2, 1]);
    /// ```
    pub fn collect_into<C>(self) -> Pipeline<In, Compose<X, Batching<Collected<C>>>> {
        self.exchange(Batching::collect_into)
    }
}
