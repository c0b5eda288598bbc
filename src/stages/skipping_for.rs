use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the items after the first `span`, counted from the first item.
///
/// An item that comes exactly `span` after the first is emitted. A span of 0 skips nothing.
///
/// - **Like**: `dropWithin` of Pekko, which counts from the start.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let warm = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, skipping_for(seconds(5)));
/// assert_eq!([3, 4, 7, 8, 9].into_iter().transduce(warm).collect::<Vec<_>>(), [8, 9]);
/// ```
#[doc(alias("dropWithin", "warm_up"))]
pub fn skipping_for(span: Duration) -> SkippingFor {
    SkippingFor { span }
}

/// The transducer of [`skipping_for`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SkippingFor {
    span: Duration,
}

impl<In> Transducer<In> for SkippingFor {
    type Out = In;
    // When the span is over, once an item has come.
    type State = Option<Time>;

    // Nothing is ever due, but it asks for the time.
    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    #[inline]
    fn initial(&self) -> Option<Time> {
        None
    }

    #[inline(always)]
    fn step(&self, state: &mut Option<Time>, item: In, out: &mut impl Emit<In>) -> Step {
        let now = out.now();
        let over = *state.get_or_insert_with(|| due::after(now, self.span));
        if over <= now { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, state: &Option<Time>) -> bool {
        state.is_none()
    }

    fn size_hint(&self, _: &Option<Time>, input: SizeHint) -> SizeHint {
        if self.span.is_zero() { input } else { hint::up_to(input) }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("skipping_for").setting("span", self.span.as_nanos(), Change::Free);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the items after the first `span`, counted from the first item. See [`skipping_for`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let warm = pipeline::<u64>().skip_for(Duration::from_secs(5));
    /// let warm = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, warm);
    /// assert_eq!([3, 7, 8].into_iter().transduce(warm).collect::<Vec<_>>(), [8]);
    /// ```
    pub fn skip_for(self, span: Duration) -> Pipeline<In, Compose<X, SkippingFor>> {
        self.then(skipping_for(span))
    }
}
