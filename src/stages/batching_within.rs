use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    error::InvalidArgument,
    kernel::{
        Change, Compose, Emit, Guarded, Held, InvalidState, Outline, Reducer, Shape, SizeHint, Step, Time, Transducer,
    },
    pipeline::Pipeline,
    reducers::{Appending, root::appending},
};

/// Collects items into batches and emits each batch as a `Vec` once it has `size` items, or once `wait` has passed since
/// its first item.
///
/// No batch is empty, also after a silence and at the end. The rest is emitted at the end of the run at once. With a
/// wait of 0 each item is a batch. [`folding`](BatchingWithin::folding) folds the items of a batch and keeps none.
///
/// - **Memory**: up to `size` items.
/// - **Panics**: if `size` is 0. Use [`try_batching_within`] for a size that comes from data.
/// - **Like**: `chunks_timeout` of `tokio_stream`, `bufferTimeout` of Reactor, `groupedWithin` of Pekko.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let batches = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, batching_within(3, seconds(10)));
/// let batches: Vec<_> = [1, 2, 3, 4, 13, 14, 15].into_iter().transduce(batches).collect();
/// assert_eq!(batches, [vec![1, 2, 3], vec![4, 13], vec![14, 15]]);
/// ```
#[doc(alias("chunks_timeout", "groupedWithin", "groupWithin", "bufferTime", "bufferTimeout", "ready_chunks"))]
#[track_caller]
pub fn batching_within(size: usize, wait: Duration) -> BatchingWithin {
    InvalidArgument::or_panic(try_batching_within(size, wait))
}

/// Like [`batching_within`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// assert_eq!(try_batching_within(0, Duration::MAX).unwrap_err().to_string(), "`size` must be at least 1");
/// ```
pub fn try_batching_within(size: usize, wait: Duration) -> Result<BatchingWithin, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| BatchingWithin { size, wait, reducer: appending() })
}

/// The transducer of [`batching_within`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct BatchingWithin<R = Appending> {
    size: usize,
    wait: Duration,
    reducer: R,
}

impl BatchingWithin {
    /// Emits what `reducer` makes of the items of a batch, of which none is kept.
    ///
    /// A reducer that ends early gets no more items of the batch, which is emitted when it would be otherwise.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seconds = Duration::from_secs;
    /// let sums = batching_within(3, seconds(10)).folding(summing::<u64>());
    /// let sums = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, sums);
    /// assert_eq!([1, 2, 3, 4, 13, 14].into_iter().transduce(sums).collect::<Vec<_>>(), [6, 17, 14]);
    /// ```
    pub fn folding<R>(self, reducer: R) -> BatchingWithin<R> {
        let Self { size, wait, .. } = self;
        BatchingWithin { size, wait, reducer }
    }
}

/// The state of [`BatchingWithin`]: the batch that is open.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchingWithinState<A> {
    open: Held<Batch<A>>,
}

#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Batch<A> {
    folded: Guarded<A>,
    /// How many items it has.
    count: usize,
    due: Time,
}

impl<In, R: Reducer<In>> Transducer<In> for BatchingWithin<R> {
    type Out = R::Output;
    type State = BatchingWithinState<R::Acc>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) -> Self::State {
        BatchingWithinState { open: Held(None) }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<R::Output>) -> Step {
        let batch = state.open.0.get_or_insert_with(|| Batch {
            folded: Guarded::of(&self.reducer),
            count: 0,
            due: due::after(out.now(), self.wait),
        });
        let _ = batch.folded.feed(|acc| self.reducer.step(acc, item));
        batch.count += 1;
        if batch.count >= self.size || self.wait.is_zero() {
            self.complete(state, out)
        } else {
            ControlFlow::Continue(())
        }
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<R::Output>) -> Step {
        match state.open.0.take() {
            Some(batch) => out.emit(self.reducer.complete(batch.folded.state)),
            None => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.open.0.as_ref().and_then(|batch| due::deadline(batch.due))
    }

    #[inline]
    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<R::Output>) -> Step {
        self.complete(state, out)
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.open.0.is_none()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        let open = state.open.0.as_ref().map_or(0, |batch| batch.count);
        // Of a run that went on with a smaller size, the batch may be larger than that.
        let least = match least.checked_add(open) {
            Some(items) if open < self.size => items.div_ceil(self.size),
            _ => 1,
        };
        (least, most.and_then(|most| most.checked_add(usize::from(open > 0))))
    }

    fn describe(&self, outline: &mut Outline) {
        outline
            .stage("batching_within")
            .setting("size", self.size, Change::Free)
            .setting("wait", self.wait.as_nanos(), Change::Free)
            .inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        let Some(batch) = &mut state.open.0 else { return Ok(()) };
        InvalidState::unless(batch.count > 0, "batching_within", "it has a batch without items")?;
        InvalidState::unless_reachable("batching_within", batch.count)?;
        batch.folded.validate(&self.reducer)
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items into batches of `size`, or of what comes within `wait` of the first. See [`batching_within`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let batches = pipeline::<u64>().chunks_within(2, Duration::from_secs(10));
    /// let batches = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, batches);
    /// assert_eq!([1, 2, 3, 20].into_iter().transduce(batches).collect::<Vec<_>>(), [vec![1, 2], vec![3], vec![20]]);
    /// ```
    #[track_caller]
    pub fn chunks_within(self, size: usize, wait: Duration) -> Pipeline<In, Compose<X, BatchingWithin>> {
        self.then(batching_within(size, wait))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, Compose<X, BatchingWithin>> {
    /// Folds the batches of the stage just added. See [`BatchingWithin::folding`].
    pub fn folding<R: Reducer<X::Out>>(self, reducer: R) -> Pipeline<In, Compose<X, BatchingWithin<R>>> {
        self.exchange(|stage| stage.folding(reducer))
    }
}
