use alloc::collections::VecDeque;
use core::{iter, ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item `delay` after it has come.
///
/// Items keep their order. At the end of the run those that are left are emitted at once. A delay of 0 passes items on.
///
/// - **Memory**: the items of the last `delay`. If that can be too many, put [`throttling`](crate::throttling) or
///   [`sampling_every`](crate::sampling_every) before it.
/// - **Like**: `delay` of RxJS and of Pekko.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let stamped = pipeline::<u64>().delay(seconds(5)).stamp();
/// let delayed = stamped.map(|(now, at)| (now.as_nanos() / 1_000_000_000, at));
/// let delayed = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, delayed);
/// assert_eq!([1, 2, 20].into_iter().transduce(delayed).collect::<Vec<_>>(), [(6, 1), (7, 2), (20, 20)]);
/// ```
#[doc(alias = "delay")]
pub fn delaying(delay: Duration) -> Delaying {
    Delaying { delay }
}

/// The transducer of [`delaying`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Delaying {
    delay: Duration,
}

/// The state of [`Delaying`]: the items that are held back, each with the moment at which it is due.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DelayingState<In> {
    held: VecDeque<(Time, In)>,
    /// Whether the run has ended. Before, nothing is to be resumed.
    ended: bool,
}

impl<In> DelayingState<In> {
    fn emit_until(&mut self, now: Time, out: &mut impl Emit<In>) -> Step {
        let held = &mut self.held;
        let mut due = iter::from_fn(|| {
            held.front().filter(|(due, _)| *due <= now)?;
            held.pop_front().map(|(_, item)| item)
        });
        out.emit_from(&mut due).map_continue(|_| ())
    }
}

impl<In> Transducer<In> for Delaying {
    type Out = In;
    type State = DelayingState<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) -> DelayingState<In> {
        DelayingState { held: VecDeque::new(), ended: false }
    }

    #[inline]
    fn step(&self, state: &mut DelayingState<In>, item: In, out: &mut impl Emit<In>) -> Step {
        if self.delay.is_zero() && state.held.is_empty() {
            return out.emit(item);
        }
        let due = due::after(out.now(), self.delay);
        // In a run that went on with a shorter delay, none overtakes those before.
        let due = state.held.back().map_or(due, |(last, _)| due.max(*last));
        state.held.push_back((due, item));
        ControlFlow::Continue(())
    }

    #[inline]
    fn resume(&self, state: &mut DelayingState<In>, out: &mut impl Emit<In>) -> Step {
        if state.ended { state.emit_until(Time::END, out) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, state: &mut DelayingState<In>, out: &mut impl Emit<In>) -> Step {
        state.ended = true;
        self.resume(state, out)
    }

    #[inline]
    fn deadline(&self, state: &DelayingState<In>) -> Option<Time> {
        state.held.front().and_then(|(due, _)| due::deadline(*due))
    }

    #[inline]
    fn advance(&self, state: &mut DelayingState<In>, out: &mut impl Emit<In>) -> Step {
        let now = out.now();
        state.emit_until(now, out)
    }

    fn is_idle(&self, state: &DelayingState<In>) -> bool {
        state.held.is_empty() && !state.ended
    }

    fn size_hint(&self, state: &DelayingState<In>, input: SizeHint) -> SizeHint {
        hint::add(hint::exactly(state.held.len()), input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("delaying").setting("delay", self.delay.as_nanos(), Change::Free);
    }

    fn validate(&self, state: &mut DelayingState<In>) -> Result<(), InvalidState> {
        InvalidState::unless(!state.ended, "delaying", "it has been completed, and takes no more items")?;
        let sorted = state.held.iter().zip(state.held.iter().skip(1)).all(|(item, next)| item.0 <= next.0);
        InvalidState::unless(sorted, "delaying", "its items are not in the order in which they are due")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item `delay` after it has come. See [`delaying`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let delayed = pipeline::<u64>().delay(Duration::from_secs(5)).take_for(Duration::from_secs(4));
    /// let delayed = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, delayed);
    /// assert_eq!([1, 2, 20].into_iter().transduce(delayed).collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn delay(self, delay: Duration) -> Pipeline<In, Compose<X, Delaying>> {
        self.then(delaying(delay))
    }
}
