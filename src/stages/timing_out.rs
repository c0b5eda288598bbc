use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Reduced, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item, and ends the run once `silence` has passed without one.
///
/// The silence is counted from each item, the first included: a run in which no item has come has no end. An item that
/// comes exactly at the end of the silence is too late. The run ends as by [`taking`](crate::taking): what the stages
/// behind have left is emitted. To go on instead, and emit a value, use
/// [`ticking`](crate::ticking) with [`once_a_gap`](crate::stages::Ticking::once_a_gap).
///
/// - **Ends**: when the silence has lasted.
/// - **Panics**: if `silence` is 0. Use [`try_timing_out`] for a silence that comes from data.
/// - **Like**: `timeout` of RxJS, Kotlin's flows and Reactor, which end with an error.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let alive = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, timing_out(seconds(5)));
/// assert_eq!([1, 4, 8, 13, 14].into_iter().transduce(alive).collect::<Vec<_>>(), [1, 4, 8]);
/// ```
#[doc(alias("timeout", "idle_timeout"))]
#[track_caller]
pub fn timing_out(silence: Duration) -> TimingOut {
    InvalidArgument::or_panic(try_timing_out(silence))
}

/// Like [`timing_out`], for a silence that comes from data.
///
/// - **Errors**: if `silence` is 0.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// assert_eq!(try_timing_out(Duration::ZERO).unwrap_err().to_string(), "`silence` must be more than 0");
/// ```
pub fn try_timing_out(silence: Duration) -> Result<TimingOut, InvalidArgument> {
    InvalidArgument::unless_no_time("silence", silence).map(|silence| TimingOut { silence })
}

/// The transducer of [`timing_out`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct TimingOut {
    silence: Duration,
}

impl<In> Transducer<In> for TimingOut {
    type Out = In;
    // When the silence has lasted, once an item has come.
    type State = Option<Time>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    #[inline]
    fn initial(&self) -> Option<Time> {
        None
    }

    #[inline(always)]
    fn step(&self, state: &mut Option<Time>, item: In, out: &mut impl Emit<In>) -> Step {
        *state = Some(due::after(out.now(), self.silence));
        out.emit(item)
    }

    #[inline]
    fn deadline(&self, state: &Option<Time>) -> Option<Time> {
        state.and_then(due::deadline)
    }

    #[inline]
    fn advance(&self, state: &mut Option<Time>, _: &mut impl Emit<In>) -> Step {
        *state = Some(Time::END);
        ControlFlow::Break(Reduced)
    }

    fn is_idle(&self, state: &Option<Time>) -> bool {
        state.is_none()
    }

    fn size_hint(&self, _: &Option<Time>, input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("timing_out").setting("silence", self.silence.as_nanos(), Change::Free);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item, and ends the run once `silence` has passed without one. See [`timing_out`].
    ///
    /// - **Panics**: if `silence` is 0.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let alive = pipeline::<u64>().time_out(Duration::from_secs(5));
    /// let alive = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, alive);
    /// assert_eq!([1, 4, 14, 15].into_iter().transduce(alive).collect::<Vec<_>>(), [1, 4]);
    /// ```
    #[track_caller]
    pub fn time_out(self, silence: Duration) -> Pipeline<In, Compose<X, TimingOut>> {
        self.then(timing_out(silence))
    }
}
