use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Held, Outline, Shape, SizeHint, Step, Time, Transducer},
    pipeline::Pipeline,
};

/// Emits the latest item at each multiple of `period`, if one has come since the last.
///
/// The moments are multiples of `period` from the origin of time, and not from the start of the run: a run that is
/// resumed or replayed has the same ones. An item that comes at such a moment belongs to the next. At the end of the
/// run the latest item is emitted at once.
///
/// - **Memory**: one item.
/// - **Panics**: if `period` is 0. Use [`try_sampling_every`] for a period that comes from data.
/// - **Like**: `sampleTime` of RxJS, `sample` of Kotlin's flows and of Reactor. RxJS and Kotlin lose the last item.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let sampled = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, sampling_every(seconds(10)));
/// assert_eq!([3, 8, 12, 50, 60].into_iter().transduce(sampled).collect::<Vec<_>>(), [8, 12, 50, 60]);
/// ```
#[doc(alias("sample", "sampleTime"))]
#[track_caller]
pub fn sampling_every(period: Duration) -> SamplingEvery {
    InvalidArgument::or_panic(try_sampling_every(period))
}

/// Like [`sampling_every`], for a period that comes from data.
///
/// - **Errors**: if `period` is 0.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// assert_eq!(try_sampling_every(Duration::ZERO).unwrap_err().to_string(), "`period` must be more than 0");
/// ```
pub fn try_sampling_every(period: Duration) -> Result<SamplingEvery, InvalidArgument> {
    InvalidArgument::unless_no_time("period", period).map(|period| SamplingEvery { period })
}

/// The transducer of [`sampling_every`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SamplingEvery {
    period: Duration,
}

/// The state of [`SamplingEvery`]: the latest item, and when it is due.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SamplingEveryState<In> {
    held: Held<In>,
    due: Time,
}

impl<In> Transducer<In> for SamplingEvery {
    type Out = In;
    type State = SamplingEveryState<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) -> SamplingEveryState<In> {
        SamplingEveryState { held: Held(None), due: Time::END }
    }

    #[inline]
    fn step(&self, state: &mut SamplingEveryState<In>, item: In, out: &mut impl Emit<In>) -> Step {
        if state.held.0.replace(item).is_none() {
            state.due = next_multiple(out.now(), self.period);
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, state: &mut SamplingEveryState<In>, out: &mut impl Emit<In>) -> Step {
        state.held.0.take().map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }

    #[inline]
    fn deadline(&self, state: &SamplingEveryState<In>) -> Option<Time> {
        state.held.0.as_ref().and_then(|_| due::deadline(state.due))
    }

    #[inline]
    fn advance(&self, state: &mut SamplingEveryState<In>, out: &mut impl Emit<In>) -> Step {
        self.complete(state, out)
    }

    fn is_idle(&self, state: &SamplingEveryState<In>) -> bool {
        state.held.0.is_none()
    }

    fn size_hint(&self, state: &SamplingEveryState<In>, (least, most): SizeHint) -> SizeHint {
        let held = usize::from(state.held.0.is_some());
        (least.min(1).max(held), most.and_then(|most| most.checked_add(held)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("sampling_every").setting("period", self.period.as_nanos(), Change::Free);
    }
}

/// The first multiple of `period` after `now`.
fn next_multiple(now: Time, period: Duration) -> Time {
    // No `Duration` has as many nanoseconds as an `i128` can hold.
    let past = now.as_nanos().rem_euclid(period.as_nanos() as i128);
    due::after(now, crate::kernel::duration(period.as_nanos() as i128 - past))
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the latest item at each multiple of `period`. See [`sampling_every`].
    ///
    /// - **Panics**: if `period` is 0.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let sampled = pipeline::<u64>().sample_every(Duration::from_secs(10));
    /// let sampled = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, sampled);
    /// assert_eq!([3, 8, 12].into_iter().transduce(sampled).collect::<Vec<_>>(), [8, 12]);
    /// ```
    #[track_caller]
    pub fn sample_every(self, period: Duration) -> Pipeline<In, Compose<X, SamplingEvery>> {
        self.then(sampling_every(period))
    }
}
