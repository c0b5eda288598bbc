use core::{ops::ControlFlow, time::Duration};

use super::time_window::{EventTime, Moment};
use crate::{
    kernel::{
        Change, Compose, Emit, InvalidState, Outline, RunState, Shape, SizeHint, Step, Time, Transducer,
        debug::debug_closures, hint,
    },
    pipeline::Pipeline,
};

/// Runs `xf` by the times that the items carry, under any driver: emits what `xf` emits at those moments.
///
/// `time` gives the time of an item: a [`Time`], or a `Duration` since any moment. Inside, the time is the *watermark*:
/// the latest time so far, less `lateness`. It never goes back. What is due comes first, then the item. The end of the
/// input brings no time: what is pending is emitted at once. No clock is read, so a log gives at full speed what it gave
/// live.
///
/// With a lateness, items come to `xf` in the order in which they arrived, when the watermark may be behind them.
/// [`sorting_by_time`](crate::sorting_by_time) as the first stage of `xf` puts them into the order of their times.
///
/// A stage of `xf` that waits sees nothing of the time outside. Put timed stages into `xf`, not behind it.
///
/// - **Memory**: what `xf` keeps.
/// - **Ends**: when `xf` does.
/// - **Like**: watermarks with bounded lateness, as in Apache Flink, Kafka Streams and Bytewax.
///
/// ```
/// use std::time::Duration;
/// use transducer::{Time, prelude::*};
///
/// let log = [(0, "ann"), (1, "bob"), (2, "ann"), (60, "bob"), (61, "cid")];
/// let last_seen = by_key(|line: &(i64, &str)| line.1, debouncing(Duration::from_secs(30)));
/// let quiet = by_event_time(|line: &(i64, &str)| Time::from_secs(line.0), Duration::ZERO, last_seen);
/// let quiet: Vec<_> = log.into_iter().transduce(quiet).map(|(name, (at, _))| (name, at)).collect();
/// assert_eq!(quiet, [("bob", 1), ("ann", 2), ("bob", 60), ("cid", 61)]);
/// ```
#[doc(alias("watermark", "event_time", "replay"))]
pub fn by_event_time<In, T, F, X>(time: F, lateness: Duration, xf: X) -> ByEventTime<F, X>
where
    T: Moment,
    F: Fn(&In) -> T,
    X: Transducer<In>,
{
    ByEventTime { time, lateness, xf }
}

/// The transducer of [`by_event_time`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ByEventTime<F, X> {
    time: F,
    lateness: Duration,
    xf: X,
}

/// The state of [`ByEventTime`]: the moment, and the run.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "S: serde::Serialize", deserialize = "S: serde::Deserialize<'de>"))
)]
pub struct ByEventTimeState<In, S> {
    now: Time,
    run: RunState<S>,
    waiting: Waiting<In>,
}

/// An item before which something is due, for which there has been no room.
#[derive(Clone, Debug)]
struct Waiting<In>(Option<In>);

impl<F, X> ByEventTime<F, X> {
    /// Goes through what is due before the item that waits, and then steps it. Nothing is left to be made of what was
    /// before, and there is room for an item.
    #[inline]
    fn go_on<In, T>(&self, state: &mut ByEventTimeState<In, X::State>, out: &mut impl Emit<X::Out>) -> Step
    where
        T: Moment,
        F: Fn(&In) -> T,
        X: Transducer<In>,
    {
        let ByEventTimeState { now, run, waiting } = state;
        while let Some(item) = waiting.0.take() {
            if !run.wants_input() {
                break;
            }
            let watermark = Time::from_nanos((self.time)(&item).ticks().saturating_sub(self.lateness.ticks()));
            let moment = watermark.max(*now);
            let Some(deadline) = run.deadline(&self.xf).filter(|deadline| *deadline <= moment) else {
                *now = moment;
                run.step(&self.xf, item, &mut out.at(moment))?;
                break;
            };
            waiting.0 = Some(item);
            *now = deadline.max(*now);
            run.advance(&self.xf, &mut out.at(*now))?;
            if out.is_full() {
                break;
            }
            assert!(
                run.deadline(&self.xf).is_none_or(|deadline| deadline > *now),
                "rule 3 of the protocol: after `advance`, the deadline is later than the moment, or none"
            );
        }
        run.answer()
    }
}

impl<In, T: Moment, F: Fn(&In) -> T, X: Transducer<In>> Transducer<In> for ByEventTime<F, X> {
    type Out = X::Out;
    type State = ByEventTimeState<In, X::State>;

    // Before an item is stepped, any number of deadlines may have come.
    const SHAPE: Shape =
        if X::SHAPE.is_timed() { X::SHAPE.then(Shape::MANY).untimed() } else { X::SHAPE.then(Shape::AT_MOST_ONE) };

    #[inline]
    fn initial(&self) -> Self::State {
        ByEventTimeState { now: Time::START, run: RunState::new(&self.xf), waiting: Waiting(None) }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<X::Out>) -> Step {
        state.waiting.0 = Some(item);
        self.go_on(state, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        state.run.resume(&self.xf, &mut out.at(state.now))?;
        if out.is_full() { ControlFlow::Continue(()) } else { self.go_on(state, out) }
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
        state.run.complete(&self.xf, &mut out.at(state.now))
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        !state.run.wants_input()
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.now == Time::START && state.waiting.0.is_none() && state.run.is_idle(&self.xf)
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        let waiting = usize::from(state.waiting.0.is_some());
        state.run.size_hint(&self.xf, hint::add(hint::exactly(waiting), input))
    }

    fn describe(&self, outline: &mut Outline) {
        outline
            .stage("by_event_time")
            .setting("lateness", self.lateness.as_nanos(), Change::Free)
            .inside(|outline| self.xf.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.run.validate(&self.xf)
    }
}

debug_closures!(ByEventTime<F, X> { lateness: Duration, xf: X; time});

/// A run is set aside when no item waits.
#[cfg(feature = "serde")]
mod serialized {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error};

    use super::Waiting;

    impl<In> Serialize for Waiting<In> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if self.0.is_some() {
                return Err(S::Error::custom("outputs are pending"));
            }
            serializer.serialize_unit()
        }
    }

    impl<'de, In> Deserialize<'de> for Waiting<In> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            <()>::deserialize(deserializer).map(|()| Self(None))
        }
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Runs `xf` by the times that the items carry. See [`by_event_time`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let settled = pipeline::<u64>().by_event_time(
    ///     |at| Duration::from_secs(*at),
    ///     Duration::ZERO,
    ///     debouncing(Duration::from_secs(2)),
    /// );
    /// assert_eq!([1, 2, 7].into_iter().transduce(settled).collect::<Vec<_>>(), [2, 7]);
    /// ```
    pub fn by_event_time<T, F, Y>(
        self,
        time: F,
        lateness: Duration,
        xf: Y,
    ) -> Pipeline<In, Compose<X, ByEventTime<F, Y>>>
    where
        T: Moment,
        F: Fn(&X::Out) -> T,
        Y: Transducer<X::Out>,
    {
        self.then(by_event_time(time, lateness, xf))
    }
}
