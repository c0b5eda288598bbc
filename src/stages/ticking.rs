use core::time::Duration;

use super::due;
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Time, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits each item, and `beat()` whenever `idle` has passed without an item or a beat.
///
/// Counting begins at the first item. Beats that were missed, since nobody told the time, are all made up for: after a
/// year at one a second, that is 31 million. Use [`once_a_gap`](Ticking::once_a_gap) for one beat a silence.
///
/// - **Panics**: if `idle` is 0. Use [`try_ticking`] for a length that comes from data.
/// - **Like**: `keepAlive` of Pekko and of fs2; with `once_a_gap`, `timeout` of `tokio_stream`.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let beating = |stage| by_event_time(|at: &u64| seconds(*at), Duration::ZERO, stage);
/// let beats = ticking(seconds(3), || 0);
/// assert_eq!([1, 2, 9].into_iter().transduce(beating(beats)).collect::<Vec<_>>(), [1, 2, 0, 0, 9]);
/// ```
#[doc(alias("heartbeat", "keepAlive", "keep_alive"))]
#[track_caller]
pub fn ticking<Out, F: Fn() -> Out>(idle: Duration, beat: F) -> Ticking<F> {
    InvalidArgument::or_panic(try_ticking(idle, beat))
}

/// Like [`ticking`], for a length of time that comes from data.
///
/// - **Errors**: if `idle` is 0.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// assert_eq!(try_ticking(Duration::ZERO, || 1).unwrap_err().to_string(), "`idle` must be more than 0");
/// ```
pub fn try_ticking<Out, F: Fn() -> Out>(idle: Duration, beat: F) -> Result<Ticking<F>, InvalidArgument> {
    InvalidArgument::unless_no_time("idle", idle).map(|idle| Ticking { idle, beat, repeats: true })
}

/// The transducer of [`ticking`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Ticking<F> {
    idle: Duration,
    repeats: bool,
    beat: F,
}

impl<F> Ticking<F> {
    /// Emits one beat in each silence, however long it lasts: the twin of [`timing_out`](crate::timing_out) that goes
    /// on.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seconds = Duration::from_secs;
    /// let silences = compose((mapping(Ok), ticking(seconds(3), || Err("silent")).once_a_gap()));
    /// let silences = by_event_time(|at: &u64| seconds(*at), Duration::ZERO, silences);
    /// assert_eq!([1, 2, 99].into_iter().transduce(silences).collect::<Vec<_>>(), [Ok(1), Ok(2), Err("silent"), Ok(99)]);
    /// ```
    pub fn once_a_gap(self) -> Self {
        Self { repeats: false, ..self }
    }
}

impl<Out, F: Fn() -> Out> Transducer<Out> for Ticking<F> {
    type Out = Out;
    // When the next beat is due, if one is.
    type State = Option<Time>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.timed();

    #[inline]
    fn initial(&self) -> Option<Time> {
        None
    }

    #[inline(always)]
    fn step(&self, state: &mut Option<Time>, item: Out, out: &mut impl Emit<Out>) -> Step {
        *state = Some(due::after(out.now(), self.idle));
        out.emit(item)
    }

    #[inline]
    fn deadline(&self, state: &Option<Time>) -> Option<Time> {
        state.and_then(due::deadline)
    }

    #[inline]
    fn advance(&self, state: &mut Option<Time>, out: &mut impl Emit<Out>) -> Step {
        *state = self.repeats.then(|| due::after(out.now(), self.idle));
        out.emit((self.beat)())
    }

    fn is_idle(&self, state: &Option<Time>) -> bool {
        state.is_none()
    }

    fn size_hint(&self, _: &Option<Time>, (least, _): SizeHint) -> SizeHint {
        (least, None)
    }

    fn describe(&self, outline: &mut Outline) {
        let suffix = if self.repeats { "" } else { "_once_a_gap" };
        outline.stage("ticking").variant(suffix).setting("idle", self.idle.as_nanos(), Change::Free);
    }
}

debug_closures!(Ticking<F> { idle: Duration, repeats: bool; beat});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item, and `beat()` whenever `idle` has passed without an item or a beat. See [`ticking`].
    ///
    /// - **Panics**: if `idle` is 0.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let beats = pipeline::<u64>().tick(Duration::from_secs(3), || 0);
    /// let beats = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, beats);
    /// assert_eq!([1, 5].into_iter().transduce(beats).collect::<Vec<_>>(), [1, 0, 5]);
    /// ```
    #[track_caller]
    pub fn tick<F: Fn() -> X::Out>(self, idle: Duration, beat: F) -> Pipeline<In, Compose<X, Ticking<F>>> {
        self.then(ticking(idle, beat))
    }
}

impl<In, X, F> Pipeline<In, Compose<X, Ticking<F>>> {
    /// Emits one beat in each silence. See [`Ticking::once_a_gap`].
    pub fn once_a_gap(self) -> Self {
        self.set(Ticking::once_a_gap)
    }
}
