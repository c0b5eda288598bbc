use alloc::collections::VecDeque;
use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Time, Transducer},
    pipeline::Pipeline,
};

/// Emits for each item how many items a second came in the last `window`, it included.
///
/// An item that came exactly `window` ago is not counted any more. To see the items too, send them to a branch of
/// [`fan_out`](crate::fan_out).
///
/// - **Memory**: the moments of the items in the window.
/// - **Panics**: if `window` is 0. Use [`try_rate`] for a window that comes from data.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let rates = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, rate(seconds(4)));
/// assert_eq!([0, 1, 2, 4, 30].into_iter().transduce(rates).collect::<Vec<_>>(), [0.25, 0.5, 0.75, 0.75, 0.25]);
/// ```
#[doc(alias("throughput", "frequency"))]
#[track_caller]
pub fn rate(window: Duration) -> Rate {
    InvalidArgument::or_panic(try_rate(window))
}

/// Like [`rate`], for a window that comes from data.
///
/// - **Errors**: if `window` is 0.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// assert_eq!(try_rate(Duration::ZERO).unwrap_err().to_string(), "`window` must be more than 0");
/// ```
pub fn try_rate(window: Duration) -> Result<Rate, InvalidArgument> {
    InvalidArgument::unless_no_time("window", window).map(|window| Rate { window })
}

/// The transducer of [`rate`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Rate {
    window: Duration,
}

impl<In> Transducer<In> for Rate {
    type Out = f64;
    // When the items in the window leave it.
    type State = VecDeque<Time>;

    const SHAPE: Shape = Shape::ONE.timed();

    #[inline]
    fn initial(&self) -> VecDeque<Time> {
        VecDeque::new()
    }

    #[inline]
    fn step(&self, leave: &mut VecDeque<Time>, _: In, out: &mut impl Emit<f64>) -> Step {
        let now = out.now();
        while leave.front().is_some_and(|first| *first <= now) {
            leave.pop_front();
        }
        leave.push_back(due::after(now, self.window));
        out.emit(leave.len() as f64 / self.window.as_secs_f64())
    }

    #[inline]
    fn deadline(&self, leave: &VecDeque<Time>) -> Option<Time> {
        // One for the last: nobody sees the others leave.
        leave.back().and_then(|last| due::deadline(*last))
    }

    #[inline]
    fn advance(&self, leave: &mut VecDeque<Time>, _: &mut impl Emit<f64>) -> Step {
        leave.clear();
        ControlFlow::Continue(())
    }

    fn is_idle(&self, leave: &VecDeque<Time>) -> bool {
        leave.is_empty()
    }

    fn size_hint(&self, _: &VecDeque<Time>, input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("rate").setting("window", self.window.as_nanos(), Change::Free);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits for each item how many items a second came in the last `window`. See [`rate`].
    ///
    /// - **Panics**: if `window` is 0.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let rates = pipeline::<u64>().rate(Duration::from_secs(2));
    /// let rates = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, rates);
    /// assert_eq!([0, 1].into_iter().transduce(rates).collect::<Vec<_>>(), [0.5, 1.0]);
    /// ```
    #[track_caller]
    pub fn rate(self, window: Duration) -> Pipeline<In, Compose<X, Rate>> {
        self.then(rate(window))
    }
}
