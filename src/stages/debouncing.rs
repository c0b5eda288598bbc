use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    kernel::{Change, Compose, Emit, Held, Outline, Shape, SizeHint, Step, Time, Transducer},
    pipeline::Pipeline,
};

/// Emits an item once `wait` has passed without another one.
///
/// An item that another one overtakes is dropped. While items keep coming, nothing is emitted; see
/// [`Debouncing::at_most`]. The last item is emitted at the end of the run, without a wait. With a wait of 0 each item
/// is emitted at once.
///
/// - **Memory**: one item.
/// - **Like**: `debounceTime` of RxJS, `debounce` of Kotlin's flows and of lodash.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let typed = [("t", 0), ("ti", 1), ("tim", 2), ("time", 9)].map(|(text, at)| (text, seconds(at)));
/// let settled = by_event_time(|typed: &(&str, Duration)| typed.1, Duration::ZERO, debouncing(seconds(3)));
/// assert_eq!(typed.into_iter().transduce(settled).map(|(text, _)| text).collect::<Vec<_>>(), ["tim", "time"]);
/// ```
#[doc(alias("debounce", "debounceTime", "settle"))]
pub fn debouncing(wait: Duration) -> Debouncing {
    Debouncing { wait, at_most: Duration::MAX }
}

/// The transducer of [`debouncing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Debouncing {
    wait: Duration,
    at_most: Duration,
}

impl Debouncing {
    /// Emits the latest item also once `max_wait` has passed since the first item that was held back, so that items
    /// that keep coming don't hold the output back for ever.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seconds = Duration::from_secs;
    /// let settled = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, debouncing(seconds(2)).at_most(seconds(4)));
    /// assert_eq!((0..10).transduce(settled).collect::<Vec<_>>(), [3, 7, 9]);
    /// ```
    #[doc(alias("maxWait"))]
    pub fn at_most(self, max_wait: Duration) -> Self {
        Self { at_most: max_wait, ..self }
    }
}

/// The state of [`Debouncing`]: the item that is held back.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DebouncingState<In> {
    held: Held<In>,
    due: Time,
    /// When the item is due whatever comes.
    at_most: Time,
}

impl<In> DebouncingState<In> {
    fn take(&mut self, out: &mut impl Emit<In>) -> Step {
        self.held.0.take().map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }
}

impl<In> Transducer<In> for Debouncing {
    type Out = In;
    type State = DebouncingState<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) -> DebouncingState<In> {
        DebouncingState { held: Held(None), due: Time::END, at_most: Time::END }
    }

    #[inline]
    fn step(&self, state: &mut DebouncingState<In>, item: In, out: &mut impl Emit<In>) -> Step {
        let now = out.now();
        let first = state.held.0.replace(item).is_none();
        if first {
            state.at_most = due::after(now, self.at_most);
        }
        state.due = due::after(now, self.wait).min(state.at_most);
        if state.due <= now { state.take(out) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, state: &mut DebouncingState<In>, out: &mut impl Emit<In>) -> Step {
        state.take(out)
    }

    #[inline]
    fn deadline(&self, state: &DebouncingState<In>) -> Option<Time> {
        state.held.0.as_ref().and_then(|_| due::deadline(state.due))
    }

    #[inline]
    fn advance(&self, state: &mut DebouncingState<In>, out: &mut impl Emit<In>) -> Step {
        state.take(out)
    }

    fn is_idle(&self, state: &DebouncingState<In>) -> bool {
        state.held.0.is_none()
    }

    fn size_hint(&self, state: &DebouncingState<In>, (least, most): SizeHint) -> SizeHint {
        let held = usize::from(state.held.0.is_some());
        (least.min(1).max(held), most.and_then(|most| most.checked_add(held)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("debouncing").setting("wait", self.wait.as_nanos(), Change::Free).setting(
            "at_most",
            self.at_most.as_nanos(),
            Change::Free,
        );
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits an item once `wait` has passed without another one. See [`debouncing`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let settled = pipeline::<u64>().debounce(Duration::from_secs(2));
    /// let settled = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, settled);
    /// assert_eq!([1, 2, 7].into_iter().transduce(settled).collect::<Vec<_>>(), [2, 7]);
    /// ```
    pub fn debounce(self, wait: Duration) -> Pipeline<In, Compose<X, Debouncing>> {
        self.then(debouncing(wait))
    }
}

impl<In, X> Pipeline<In, Compose<X, Debouncing>> {
    /// Limits how long the stage just added holds the output back. See [`Debouncing::at_most`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seconds = Duration::from_secs;
    /// let settled = pipeline::<u64>().debounce(seconds(2)).at_most(seconds(4));
    /// let settled = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, settled);
    /// assert_eq!((0..10).transduce(settled).collect::<Vec<_>>(), [3, 7, 9]);
    /// ```
    pub fn at_most(self, max_wait: Duration) -> Self {
        self.set(|stage| stage.at_most(max_wait))
    }
}
