use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    kernel::{Change, Compose, Emit, Outline, Reduced, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the items of the first `span`, counted from the first item.
///
/// An item that comes exactly `span` after the first is not taken; it is the first that
/// [`skipping_for`](crate::skipping_for) lets pass.
///
/// - **Ends**: when the span is over, also if no further item comes. `taking_for` of a span of 0 reads no input at all.
/// - **Like**: `takeWithin` of Pekko, `interruptAfter` of fs2, which count from the start.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let first = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, taking_for(seconds(5)));
/// assert_eq!([3, 4, 7, 8, 9].into_iter().transduce(first).collect::<Vec<_>>(), [3, 4, 7]);
/// ```
#[doc(alias("takeWithin", "take_until_timeout", "interruptAfter"))]
pub fn taking_for(span: Duration) -> TakingFor {
    TakingFor { span }
}

/// The transducer of [`taking_for`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct TakingFor {
    span: Duration,
}

impl<In> Transducer<In> for TakingFor {
    type Out = In;
    // When the span is over, once an item has come.
    type State = Option<Time>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    #[inline]
    fn initial(&self) -> Option<Time> {
        None
    }

    #[inline(always)]
    fn step(&self, state: &mut Option<Time>, item: In, out: &mut impl Emit<In>) -> Step {
        state.get_or_insert_with(|| due::after(out.now(), self.span));
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

    fn is_reduced(&self, _: &Option<Time>) -> bool {
        self.span.is_zero()
    }

    fn is_idle(&self, state: &Option<Time>) -> bool {
        state.is_none()
    }

    fn size_hint(&self, _: &Option<Time>, input: SizeHint) -> SizeHint {
        if self.span.is_zero() { hint::NOTHING } else { hint::up_to(input) }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("taking_for").setting("span", self.span.as_nanos(), Change::Free);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the items of the first `span`, counted from the first item. See [`taking_for`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let first = pipeline::<u64>().take_for(Duration::from_secs(5));
    /// let first = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, first);
    /// assert_eq!([3, 7, 8].into_iter().transduce(first).collect::<Vec<_>>(), [3, 7]);
    /// ```
    pub fn take_for(self, span: Duration) -> Pipeline<In, Compose<X, TakingFor>> {
        self.then(taking_for(span))
    }
}
