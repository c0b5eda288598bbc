use core::ops::ControlFlow;

use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, InvalidState, Outline, RunState, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Runs a separate copy of `xf` for each batch of `size` items, and emits its outputs.
///
/// Outputs come as soon as they are made. What is left over of a batch is emitted with its last item, or at the end of the
/// input; the last batch may be shorter. If `xf` ends early, as with [`taking`](crate::taking), the other items of that
/// batch are ignored. Empty input yields nothing.
///
/// - **Memory**: the state of one run.
/// - **Ends**: never by itself, because another batch may always come.
/// - **Panics**: if `size` is 0. Use [`try_by_batch`] for a size that comes from data.
/// - **Like**: itertools `chunks`, with a pipeline for each in place of a `Vec`; Clojure's `partition-all`, with a
///   transducer.
///
/// ```
/// use transducer::prelude::*;
///
/// let sums = (1..=7).transduce(by_batch(3, reducing(summing::<i32>())));
/// assert_eq!(sums.collect::<Vec<_>>(), [6, 15, 7]);
///
/// let seconds = (1..=7).transduce(by_batch(3, element_at(1)));
/// assert_eq!(seconds.collect::<Vec<_>>(), [2, 5]);
/// ```
#[doc(alias("chunks", "partition_all", "partition-all", "window"))]
#[track_caller]
pub fn by_batch<X>(size: usize, xf: X) -> ByBatch<X> {
    InvalidArgument::or_panic(try_by_batch(size, xf))
}

/// Like [`by_batch`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_by_batch(0, last()).unwrap_err().to_string(), "`size` must be at least 1");
/// ```
pub fn try_by_batch<X>(size: usize, xf: X) -> Result<ByBatch<X>, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| ByBatch { size, xf })
}

/// The transducer of [`by_batch`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ByBatch<X> {
    size: usize,
    xf: X,
}

/// The state of [`ByBatch`]: the run of the batch that has begun, and how many items it has had.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ByBatchState<S> {
    current: Option<Batch<S>>,
}

#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Batch<S> {
    run: RunState<S>,
    taken: usize,
}

impl<X> ByBatch<X> {
    /// Completes the batch if it has all its items and nothing else is left to make.
    #[inline]
    fn settle<In, E>(&self, state: &mut ByBatchState<X::State>, out: &mut E) -> Step
    where
        X: Transducer<In>,
        E: Emit<X::Out>,
    {
        let Some(batch) = state.current.as_mut().filter(|batch| batch.taken >= self.size) else {
            return ControlFlow::Continue(());
        };
        if X::SHAPE.resumes() && out.is_full() {
            return ControlFlow::Continue(());
        }
        if X::SHAPE.flushes() {
            batch.run.complete(&self.xf, out)?;
            if out.is_full() {
                return ControlFlow::Continue(());
            }
        }
        state.current = None;
        ControlFlow::Continue(())
    }
}

impl<In, X: Transducer<In>> Transducer<In> for ByBatch<X> {
    type Out = X::Out;
    type State = ByBatchState<X::State>;

    // The last item of a batch also completes it.
    const SHAPE: Shape =
        if X::SHAPE.flushes() { X::SHAPE.then(Shape::MANY) } else { X::SHAPE.then(Shape::AT_MOST_ONE) };

    #[inline]
    fn initial(&self) -> Self::State {
        ByBatchState { current: None }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<X::Out>) -> Step {
        let batch = state.current.get_or_insert_with(|| Batch { run: RunState::new(&self.xf), taken: 0 });
        batch.taken += 1;
        batch.run.step(&self.xf, item, out)?;
        self.settle(state, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        let Some(batch) = &mut state.current else { return ControlFlow::Continue(()) };
        batch.run.resume(&self.xf, out)?;
        self.settle(state, out)
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        match &mut state.current {
            Some(batch) => batch.run.complete(&self.xf, out),
            None => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.current.as_ref().and_then(|batch| batch.run.deadline(&self.xf))
    }

    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        match &mut state.current {
            Some(batch) => batch.run.advance(&self.xf, out),
            None => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.current.is_none()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        let current = |input: SizeHint| {
            state.current.as_ref().map_or((0, hint::NOTHING), |batch| {
                let missing = self.size.saturating_sub(batch.taken);
                (missing, batch.run.size_hint(&self.xf, hint::take(input, missing)))
            })
        };
        let new = |input: SizeHint| RunState::new(&self.xf).size_hint(&self.xf, input);
        let times = |count: usize, (least, most): SizeHint| {
            (least.saturating_mul(count), most.and_then(|most| most.checked_mul(count)))
        };
        if most == Some(least) {
            let (missing, current) = current((least, most));
            let further = least.saturating_sub(missing);
            let last = further % self.size;
            let last = if last == 0 { hint::NOTHING } else { new(hint::exactly(last)) };
            return hint::add(hint::add(current, times(further / self.size, new(hint::exactly(self.size)))), last);
        }
        let Some(most) = most else { return (0, None) };
        let batches = times(most.div_ceil(self.size), new((0, Some(self.size))));
        hint::up_to(hint::add(current((0, Some(most))).1, batches))
    }

    fn describe(&self, outline: &mut Outline) {
        let by_batch = outline.stage("by_batch").setting("size", self.size, Change::Free);
        by_batch.inside(|outline| self.xf.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        let Some(batch) = &mut state.current else { return Ok(()) };
        // A batch that has had more already ends with the next item.
        batch.taken = batch.taken.min(self.size - 1);
        batch.run.validate(&self.xf)
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Runs a separate copy of `xf` for each batch of `size` items, and emits its outputs. See [`by_batch`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = (1..=5).transduce(pipeline::<u32>().by_batch(2, reducing(summing::<u32>())));
    /// assert_eq!(sums.collect::<Vec<_>>(), [3, 7, 5]);
    /// ```
    #[track_caller]
    pub fn by_batch<Y: Transducer<X::Out>>(self, size: usize, xf: Y) -> Pipeline<In, Compose<X, ByBatch<Y>>> {
        self.then(by_batch(size, xf))
    }
}
