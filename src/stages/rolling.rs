use alloc::collections::VecDeque;
use core::{ops::ControlFlow, time::Duration};

use super::two_stacks::TwoStacks;
use crate::{
    error::InvalidArgument,
    kernel::{Change, Combine, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the output of `reducer` over the latest `size` items each time an item comes, from the `size`th item on.
///
/// Input of fewer than `size` items yields nothing. An item takes some three combinations of accumulators, whatever the
/// size is; now and then one item takes `size` of them. The combination need not commute, and nothing is subtracted: a
/// rolling maximum is as fast as a rolling sum.
///
/// - **Memory**: up to 2 × `size` accumulators, of an item or more each. Some are cloned for each output, so this is for
///   reducers that keep little.
/// - **Panics**: if `size` is 0. Use [`try_rolling`] for a size that comes from data.
/// - **Like**: slices' `windows`, each folded; pandas' and polars' `rolling`. To see the items themselves, use
///   [`windowing_with`](crate::windowing_with). The method is known as two stacks: Tangwongsan, Hirzel and Schneider, "In-Order
///   Sliding-Window Aggregation in Worst-Case Constant Time" (VLDB Journal 30, 2021), which has also one that takes no
///   longer for any item.
///
/// ```
/// use transducer::prelude::*;
///
/// let highest_of_three = [1, 3, 2, 0, 1].into_iter().transduce(rolling(3, maximum()));
/// assert_eq!(highest_of_three.flatten().collect::<Vec<_>>(), [3, 3, 2]);
/// ```
#[doc(alias("moving", "sliding", "rolling_mean", "moving_average", "sliding_window", "window_aggregate"))]
#[track_caller]
pub fn rolling<R>(size: usize, reducer: R) -> Rolling<R> {
    InvalidArgument::or_panic(try_rolling(size, reducer))
}

/// Like [`rolling`], for a size that comes from data.
///
/// - **Errors**: if `size` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_rolling(0, counting()).unwrap_err().to_string(), "`size` must be at least 1");
/// ```
pub fn try_rolling<R>(size: usize, reducer: R) -> Result<Rolling<R>, InvalidArgument> {
    InvalidArgument::unless_zero("size", size).map(|size| Rolling { size, reducer })
}

/// The transducer of [`rolling`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Rolling<R> {
    size: usize,
    reducer: R,
}

impl<In, R: Combine<In, Acc: Clone>> Transducer<In> for Rolling<R> {
    type Out = R::Output;
    type State = TwoStacks<R::Acc>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        TwoStacks::new(&self.reducer)
    }

    #[inline]
    fn step(&self, window: &mut Self::State, item: In, out: &mut impl Emit<R::Output>) -> Step {
        if window.len() == self.size {
            window.pop(&self.reducer);
        }
        window.push(&self.reducer, item);
        if window.len() == self.size { out.emit(window.output(&self.reducer)) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, window: &Self::State) -> bool {
        window.len() == 0
    }

    fn size_hint(&self, window: &Self::State, input: SizeHint) -> SizeHint {
        hint::skip(input, (self.size - 1).saturating_sub(window.len()))
    }

    fn describe(&self, outline: &mut Outline) {
        let described = outline.stage("rolling").setting("size", self.size, Change::Free);
        described.inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, window: &mut Self::State) -> Result<(), InvalidState> {
        window.validate(&self.reducer, "rolling")?;
        while window.len() > self.size {
            window.pop(&self.reducer);
        }
        Ok(())
    }
}

/// Emits, after each item, the output of `reducer` over the items of the last `duration`, this one included.
///
/// An item is in the window for less than `duration` after it has come. It is then forgotten; nothing is emitted at that
/// moment. As [`rolling`], it takes some three combinations an item. It is timed: a driver has to tell the time.
///
/// - **Memory**: for each item of the window, and now and then as many again, an accumulator and a moment. Some
///   accumulators are cloned for each output.
/// - **Panics**: if `duration` is zero. Use [`try_rolling_within`] for one that comes from data.
/// - **Like**: pandas' `rolling("5s")`, polars' `rolling` with a period; SQL `RANGE BETWEEN INTERVAL ... PRECEDING`.
///
/// ```
/// use std::time::Duration;
/// use transducer::{Time, kernel::Run, prelude::*};
///
/// let mut run = Run::new(rolling_within(Duration::from_secs(5), summing::<u32>()));
/// let mut sums = vec![];
/// for (second, item) in [(0, 1), (3, 10), (4, 100), (7, 1000)] {
///     let moment = Time::from_nanos(second * 1_000_000_000);
///     while run.advance(moment).is_some() {}
///     sums.extend(run.step(item));
/// }
/// assert_eq!(sums, [1, 11, 111, 1110]);
/// ```
#[doc(alias("moving", "sliding", "rolling", "hopping"))]
#[track_caller]
pub fn rolling_within<R>(duration: Duration, reducer: R) -> RollingWithin<R> {
    InvalidArgument::or_panic(try_rolling_within(duration, reducer))
}

/// Like [`rolling_within`], for a duration that comes from data.
///
/// - **Errors**: if `duration` is zero.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let error = try_rolling_within(Duration::ZERO, counting()).unwrap_err();
/// assert_eq!(error.to_string(), "`duration` must be longer than zero");
/// ```
pub fn try_rolling_within<R>(duration: Duration, reducer: R) -> Result<RollingWithin<R>, InvalidArgument> {
    if duration.is_zero() {
        return Err(InvalidArgument::new("duration", "longer than zero"));
    }
    Ok(RollingWithin { duration, reducer })
}

/// The transducer of [`rolling_within`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct RollingWithin<R> {
    duration: Duration,
    reducer: R,
}

/// The state of [`RollingWithin`]: the window, and when its items came.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RollingWithinState<A> {
    window: TwoStacks<A>,
    moments: VecDeque<Time>,
}

impl<R> RollingWithin<R> {
    /// When the first item leaves.
    fn end(&self, moments: &VecDeque<Time>) -> Option<Time> {
        moments.front()?.checked_add(self.duration)
    }
}

impl<In, R: Combine<In, Acc: Clone>> Transducer<In> for RollingWithin<R> {
    type Out = R::Output;
    type State = RollingWithinState<R::Acc>;

    const SHAPE: Shape = Shape::ONE.timed();

    #[inline]
    fn initial(&self) -> Self::State {
        RollingWithinState { window: TwoStacks::new(&self.reducer), moments: VecDeque::new() }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<R::Output>) -> Step {
        state.moments.push_back(out.now());
        state.window.push(&self.reducer, item);
        out.emit(state.window.output(&self.reducer))
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        self.end(&state.moments)
    }

    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<R::Output>) -> Step {
        while self.end(&state.moments).is_some_and(|end| end <= out.now()) {
            state.moments.pop_front();
            state.window.pop(&self.reducer);
        }
        ControlFlow::Continue(())
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.moments.is_empty()
    }

    fn size_hint(&self, _: &Self::State, input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        let described = outline.stage("rolling_within").setting("duration", self.duration.as_nanos(), Change::Smaller);
        described.inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.window.validate(&self.reducer, "rolling_within")?;
        let invalid = |holds, reason| InvalidState::unless(holds, "rolling_within", reason);
        invalid(state.window.len() == state.moments.len(), "it has more or fewer moments than items")?;
        invalid(state.moments.iter().is_sorted(), "time has gone backwards")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the output of `reducer` over the latest `size` items each time an item comes, from the `size`th item on. See
    /// [`rolling`].
    ///
    /// - **Panics**: if `size` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().rolling(2, summing::<u32>());
    /// assert_eq!((1..=4).transduce(sums).collect::<Vec<_>>(), [3, 5, 7]);
    /// ```
    #[track_caller]
    pub fn rolling<R>(self, size: usize, reducer: R) -> Pipeline<In, Compose<X, Rolling<R>>>
    where
        R: Combine<X::Out, Acc: Clone>,
    {
        self.then(rolling(size, reducer))
    }

    /// Emits, after each item, the output of `reducer` over the items of the last `duration`. See [`rolling_within`].
    ///
    /// - **Panics**: if `duration` is zero.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::{kernel::Run, prelude::*};
    ///
    /// let recent = pipeline::<u32>().filter(|x| *x > 0).rolling_within(Duration::from_secs(60), counting());
    /// let mut run = Run::new(recent);
    /// assert_eq!((run.step(3), run.step(0), run.step(5)), (Some(1), None, Some(2)));
    /// ```
    #[track_caller]
    pub fn rolling_within<R>(self, duration: Duration, reducer: R) -> Pipeline<In, Compose<X, RollingWithin<R>>>
    where
        R: Combine<X::Out, Acc: Clone>,
    {
        self.then(rolling_within(duration, reducer))
    }
}
