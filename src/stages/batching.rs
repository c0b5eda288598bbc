use alloc::vec::Vec;
use core::{mem, ops::ControlFlow};

use super::make::{Lent, Make, Whole};
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Collects items into batches of `size` and emits each batch as a `Vec` once it is full.
///
/// The last batch may be shorter. Empty input yields nothing.
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

impl<In, M: Make<In>> Transducer<In> for Batching<M> {
    type Out = M::Out;
    type State = Vec<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Vec<In> {
        Vec::new()
    }

    #[inline(always)]
    fn step(&self, batch: &mut Vec<In>, item: In, out: &mut impl Emit<M::Out>) -> Step {
        if batch.len() < batch.capacity() {
            batch.push(item);
        } else if batch.capacity() == 0 {
            *batch = begun(item, self.size);
        } else {
            *batch = grown(mem::take(batch), item);
        }
        if batch.len() >= self.size { out.emit(self.make.take(batch)) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, batch: &mut Vec<In>, out: &mut impl Emit<M::Out>) -> Step {
        if batch.is_empty() { ControlFlow::Continue(()) } else { out.emit(self.make.take(batch)) }
    }

    fn is_idle(&self, batch: &Vec<In>) -> bool {
        batch.is_empty()
    }

    fn size_hint(&self, batch: &Vec<In>, (least, most): SizeHint) -> SizeHint {
        if batch.len() >= self.size {
            // Of a run that went on with a smaller size: with the next item, or at the end, all of it is one batch.
            let batches = |items: usize| items.saturating_sub(1).div_ceil(self.size).checked_add(1);
            return (batches(least).unwrap_or(usize::MAX), most.and_then(batches));
        }
        let batches = |items: usize| items.checked_add(batch.len()).map(|items| items.div_ceil(self.size));
        (batches(least).unwrap_or(usize::MAX / self.size), most.and_then(batches))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("batching").variant(M::SUFFIX).setting("size", self.size, Change::Free);
    }
}

/// A batch of one item.
#[cold]
fn begun<T>(item: T, size: usize) -> Vec<T> {
    // Enough for most batches at once; a larger one grows, since a size is no promise of items.
    let mut batch = Vec::with_capacity(size.min(1024));
    batch.push(item);
    batch
}

/// The batch with another item, for which it had no room. By value: a batch that nobody points to can stay in
/// registers.
#[cold]
fn grown<T>(mut batch: Vec<T>, item: T) -> Vec<T> {
    batch.push(item);
    batch
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
