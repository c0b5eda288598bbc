use alloc::vec::Vec;
use core::{mem, ops::ControlFlow};

use crate::{Compose, InvalidArgument, Pipeline, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits a `Vec` of each `size` items, when the last of them has come; what is left at the end of the
/// run, fewer than `size`, as the last one.
///
/// Keeps up to `size` items; allocates once an output. itertools' `chunks`, slices' `chunks`;
/// Clojure's `partition-all`.
///
/// # Panics
/// If `size` is 0; [`try_batching`] gives an error instead.
///
/// ```
/// use transducer::{TransduceIterator, batching};
///
/// let batches = (1..=5).transduce(batching(2));
/// assert_eq!(batches.collect::<Vec<_>>(), [vec![1, 2], vec![3, 4], vec![5]]);
/// ```
#[doc(alias("chunks", "partition_all", "partition-all"))]
#[track_caller]
pub fn batching(size: usize) -> Batching {
    InvalidArgument::or_panic(try_batching(size))
}

/// Like [`batching`], for a size that comes from data.
///
/// # Errors
/// If `size` is 0.
///
/// ```
/// use transducer::try_batching;
///
/// let size = "0".parse()?;
/// assert_eq!(try_batching(size).unwrap_err().to_string(), "`size` must be at least 1");
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
pub fn try_batching(size: usize) -> Result<Batching, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| Batching { size })
}

/// Emits what `f` makes of each `size` items, when the last of them has come; what is left at the end
/// of the run, fewer than `size`, comes last.
///
/// `f` borrows the items as a slice, so that nothing is allocated an output. Keeps up to `size` items.
///
/// # Panics
/// If `size` is 0; [`try_batching_with`] gives an error instead.
///
/// ```
/// use transducer::{TransduceIterator, batching_with};
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
/// # Errors
/// If `size` is 0.
///
/// ```
/// use transducer::try_batching_with;
///
/// assert!(try_batching_with(0, |batch: &[u8]| batch.len()).is_err());
/// ```
pub fn try_batching_with<In, Out, F: Fn(&[In]) -> Out>(size: usize, f: F) -> Result<BatchingWith<F>, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| BatchingWith { size, f })
}

/// The transducer that [`batching`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Batching {
    size: usize,
}

/// The transducer that [`batching_with`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct BatchingWith<F> {
    size: usize,
    f: F,
}

/// The state of [`Batching`] and [`BatchingWith`]: the items of the batch that is being filled.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchingState<T> {
    batch: Vec<T>,
}

impl<In> Transducer<In> for Batching {
    type Out = Vec<In>;
    type State = BatchingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> BatchingState<In> {
        BatchingState { batch: Vec::new() }
    }

    #[inline]
    fn step(&self, state: &mut BatchingState<In>, item: In, emit: &mut impl FnMut(Vec<In>) -> Step) -> Step {
        state.push(item, self.size);
        if state.batch.len() == self.size { emit(mem::take(&mut state.batch)) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, state: BatchingState<In>, emit: &mut impl FnMut(Vec<In>) -> Step) {
        if !state.batch.is_empty() {
            let _ = emit(state.batch);
        }
    }

    fn size_hint(&self, state: &BatchingState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(self.size, input)
    }
}

impl<In, Out, F: Fn(&[In]) -> Out> Transducer<In> for BatchingWith<F> {
    type Out = Out;
    type State = BatchingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> BatchingState<In> {
        BatchingState { batch: Vec::new() }
    }

    #[inline]
    fn step(&self, state: &mut BatchingState<In>, item: In, emit: &mut impl FnMut(Out) -> Step) -> Step {
        state.push(item, self.size);
        if state.batch.len() < self.size {
            return ControlFlow::Continue(());
        }
        let out = (self.f)(&state.batch);
        state.batch.clear();
        emit(out)
    }

    #[inline]
    fn complete(&self, state: BatchingState<In>, emit: &mut impl FnMut(Out) -> Step) {
        if !state.batch.is_empty() {
            let _ = emit((self.f)(&state.batch));
        }
    }

    fn size_hint(&self, state: &BatchingState<In>, input: SizeHint) -> SizeHint {
        state.size_hint(self.size, input)
    }
}

impl<T> BatchingState<T> {
    #[inline]
    fn push(&mut self, item: T, size: usize) {
        // Room is made here, and not by `push`, which would check for it a second time.
        if self.batch.len() == self.batch.capacity() {
            self.make_room(size);
        }
        self.batch.push(item);
    }

    #[cold]
    fn make_room(&mut self, size: usize) {
        if self.batch.is_empty() {
            // Enough for most batches at once; a larger one grows, since a size is no promise of items.
            self.batch = Vec::with_capacity(size.min(1024));
        } else {
            self.batch.reserve(1);
        }
    }

    fn size_hint(&self, size: usize, (least, most): SizeHint) -> SizeHint {
        let batches = |items: usize| items.checked_add(self.batch.len()).map(|items| items.div_ceil(size));
        (batches(least).unwrap_or(usize::MAX / size), most.and_then(batches))
    }
}

debug_closures!(BatchingWith<F> { size: usize; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits a `Vec` of each `size` items: see [`batching`].
    ///
    /// # Panics
    /// If `size` is 0.
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let batches = (1..=3).transduce(pipeline::<u32>().chunks(2));
    /// assert_eq!(batches.collect::<Vec<_>>(), [vec![1, 2], vec![3]]);
    /// ```
    #[track_caller]
    pub fn chunks(self, size: usize) -> Pipeline<In, Compose<X, Batching>> {
        self.then(batching(size))
    }

    /// Emits what `f` makes of each `size` items: see [`batching_with`].
    ///
    /// # Panics
    /// If `size` is 0.
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
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
