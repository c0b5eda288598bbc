//! Early termination: [`Reduced`], [`Step`], and the guard that holds everyone to it.

use core::ops::ControlFlow;

/// The early-termination signal: whoever answers `ControlFlow::Break(Reduced)` wants no more items.
///
/// It carries nothing. What has been computed so far stays where it was, in the accumulator or in
/// the state, and is handed over by `complete` as in a run that was not cut short.
///
/// The name is Clojure's, where `(reduced x)` wraps the final value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reduced;

/// The answer to one item: `Continue(())` to be given more, `Break(Reduced)` to be given none.
///
/// Being a [`ControlFlow`], it passes upstream with `?`.
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{Reduced, Step};
///
/// fn emit_twice(item: u32, emit: &mut impl FnMut(u32) -> Step) -> Step {
///     emit(item)?; // returns at once when downstream has had enough
///     emit(item)
/// }
///
/// let mut seen = vec![];
/// let step = emit_twice(7, &mut |item| {
///     seen.push(item);
///     ControlFlow::Break(Reduced)
/// });
/// assert_eq!(step, ControlFlow::Break(Reduced));
/// assert_eq!(seen, [7]);
/// ```
pub type Step = ControlFlow<Reduced>;

/// Something that is stepped, and a note of whether it has had enough.
///
/// This is the one place where "nothing after `Break`" is kept: [`Compose`](crate::Compose), the
/// drivers and the stages that run a pipeline of their own reach what is downstream only through
/// [`feed`](Self::feed), or by its two halves, [`is_reduced`](Self::is_reduced) and [`note`](Self::note).
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Guarded<S> {
    pub(crate) state: S,
    reduced: bool,
}

impl<S> Guarded<S> {
    /// Guards `state`. `reduced` says that it wants nothing at all.
    pub(crate) fn new(state: S, reduced: bool) -> Self {
        Self { state, reduced }
    }

    /// Steps the state, unless it has had enough.
    #[inline]
    pub(crate) fn feed(&mut self, step: impl FnOnce(&mut S) -> Step) -> Step {
        if self.reduced { ControlFlow::Break(Reduced) } else { self.feed_first(step) }
    }

    /// Steps the state, which is known to want more: its caller would not be here if it had answered `Break`.
    #[inline]
    pub(crate) fn feed_first(&mut self, step: impl FnOnce(&mut S) -> Step) -> Step {
        let flow = step(&mut self.state);
        self.note(flow)
    }

    /// Takes note of what the state has answered, and passes it on.
    #[inline(always)]
    pub(crate) fn note(&mut self, flow: Step) -> Step {
        // Written on this path only: a store an item costs up to half of the speed of a simple loop.
        if let ControlFlow::Break(_) = flow {
            self.reduced = true;
        }
        flow
    }

    #[inline(always)]
    pub(crate) fn is_reduced(&self) -> bool {
        self.reduced
    }
}
