use core::{ops::ControlFlow, time::Duration};

use super::due;
use crate::{
    kernel::{Change, Compose, Emit, Held, Outline, Shape, SizeHint, Step, Time, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits an item and then none for `silence`, so that outputs are at least that far apart.
///
/// Items that come in the silence are dropped. With [`trailing`](Throttling::trailing) the last of them is emitted at
/// its end, which opens another silence. The silence is over for an item that comes exactly at its end. A silence of 0
/// lets every item pass.
///
/// Other libraries call it throttling, too, to slow a source down so that no item is lost. Here that is the driver's
/// affair: it takes no item while downstream is full.
///
/// - **Memory**: nothing, or one item.
/// - **Like**: `throttleTime` of RxJS, `sampleFirst` of Reactor.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = Duration::from_secs;
/// let throttled = |stage| by_event_time(|at: &u64| seconds(*at), Duration::ZERO, stage);
/// let run = |stage| [0, 1, 2, 5, 6, 12].into_iter().transduce(throttled(stage)).collect::<Vec<_>>();
/// assert_eq!(run(throttling(seconds(4))), [0, 5, 12]);
/// assert_eq!(run(throttling(seconds(4)).trailing()), [0, 2, 6, 12]);
/// assert_eq!(run(throttling(seconds(4)).only_trailing()), [2, 6, 12]);
/// ```
#[doc(alias("throttle", "throttleTime", "rate_limit", "audit", "auditTime", "sampleFirst"))]
pub fn throttling(silence: Duration) -> Throttling {
    Throttling { silence, leading: true, trailing: false }
}

/// The transducer of [`throttling`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Throttling {
    silence: Duration,
    leading: bool,
    trailing: bool,
}

impl Throttling {
    /// Emits also the last item that came in a silence, when it ends. That begins the next silence.
    ///
    /// At the end of the run that item is emitted at once.
    pub fn trailing(self) -> Self {
        Self { trailing: true, ..self }
    }

    /// Emits only at the ends of silences: an item that comes when there is none opens one, and is emitted at its end,
    /// unless another takes its place.
    pub fn only_trailing(self) -> Self {
        Self { leading: false, trailing: true, ..self }
    }
}

/// The state of [`Throttling`]: the silence, and the item that is emitted at its end.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ThrottlingState<In> {
    /// When the silence ends, if there is one.
    until: Option<Time>,
    held: Held<In>,
}

impl<In> Transducer<In> for Throttling {
    type Out = In;
    type State = ThrottlingState<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) -> ThrottlingState<In> {
        ThrottlingState { until: None, held: Held(None) }
    }

    #[inline]
    fn step(&self, state: &mut ThrottlingState<In>, item: In, out: &mut impl Emit<In>) -> Step {
        if self.silence.is_zero() {
            return out.emit(item);
        }
        let opens = state.until.is_none();
        if opens {
            state.until = Some(due::after(out.now(), self.silence));
        }
        if opens && self.leading {
            return out.emit(item);
        }
        if self.trailing {
            state.held.0 = Some(item);
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, state: &mut ThrottlingState<In>, out: &mut impl Emit<In>) -> Step {
        state.held.0.take().map_or(ControlFlow::Continue(()), |item| out.emit(item))
    }

    #[inline]
    fn deadline(&self, state: &ThrottlingState<In>) -> Option<Time> {
        state.until.and_then(due::deadline)
    }

    #[inline]
    fn advance(&self, state: &mut ThrottlingState<In>, out: &mut impl Emit<In>) -> Step {
        match state.held.0.take() {
            Some(item) => {
                // Without a silence, as in a run that went on with another recipe, there is no next one.
                state.until = (!self.silence.is_zero()).then(|| due::after(out.now(), self.silence));
                out.emit(item)
            }
            None => {
                state.until = None;
                ControlFlow::Continue(())
            }
        }
    }

    fn is_idle(&self, state: &ThrottlingState<In>) -> bool {
        state.until.is_none() && state.held.0.is_none()
    }

    fn size_hint(&self, state: &ThrottlingState<In>, (_, most): SizeHint) -> SizeHint {
        let held = usize::from(state.held.0.is_some());
        hint::add((0, most), hint::exactly(held))
    }

    fn describe(&self, outline: &mut Outline) {
        let Self { silence, leading, trailing } = self;
        let suffix = match (leading, trailing) {
            (true, false) => "",
            (true, true) => "_trailing",
            _ => "_only_trailing",
        };
        outline.stage("throttling").variant(suffix).setting("silence", silence.as_nanos(), Change::Free);
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits an item and then none for `silence`. See [`throttling`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let throttled = pipeline::<u64>().throttle(Duration::from_secs(4));
    /// let throttled = by_event_time(|at: &u64| Duration::from_secs(*at), Duration::ZERO, throttled);
    /// assert_eq!([1, 2, 5].into_iter().transduce(throttled).collect::<Vec<_>>(), [1, 5]);
    /// ```
    pub fn throttle(self, silence: Duration) -> Pipeline<In, Compose<X, Throttling>> {
        self.then(throttling(silence))
    }
}

impl<In, X> Pipeline<In, Compose<X, Throttling>> {
    /// Emits also the last item that came in a silence. See [`Throttling::trailing`].
    pub fn trailing(self) -> Self {
        self.set(Throttling::trailing)
    }

    /// Emits only at the ends of silences. See [`Throttling::only_trailing`].
    pub fn only_trailing(self) -> Self {
        self.set(Throttling::only_trailing)
    }
}
