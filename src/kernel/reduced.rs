//! Early termination: [`Reduced`], [`Step`], and the guard that holds everyone to it.

use core::ops::ControlFlow;

/// The early-termination signal: return `ControlFlow::Break(Reduced)` to be given no more items.
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
/// use transducer::{Emit, Reduced, Step, unbounded};
///
/// fn emit_twice(item: u32, out: &mut impl Emit<u32>) -> Step {
///     out.emit(item)?; // returns at once when downstream has had enough
///     out.emit(item)
/// }
///
/// let mut seen = vec![];
/// let step = emit_twice(7, &mut unbounded(|item| {
///     seen.push(item);
///     ControlFlow::Break(Reduced)
/// }));
/// assert_eq!(step, ControlFlow::Break(Reduced));
/// assert_eq!(seen, [7]);
/// ```
pub type Step = ControlFlow<Reduced>;

/// Something that is stepped, and a note of whether it has had enough.
///
/// This is how "nothing after `Break`" is kept: compositions, drivers and the stages that run a pipeline of
/// their own reach what is downstream only through it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Guarded<S> {
    pub(crate) state: S,
    pub(crate) reduced: bool,
}

impl<S> Guarded<S> {
    /// Guards `state`. `reduced` says that it wants nothing at all.
    #[inline]
    pub(crate) fn new(state: S, reduced: bool) -> Self {
        Self { state, reduced }
    }

    /// Steps the state, unless it has had enough.
    #[inline(always)]
    pub(crate) fn feed(&mut self, step: impl FnOnce(&mut S) -> Step) -> Step {
        if self.reduced {
            return ControlFlow::Break(Reduced);
        }
        let flow = step(&mut self.state);
        // Written on this path only: a store an item costs up to half of the speed of a simple loop.
        if flow.is_break() {
            self.reduced = true;
        }
        flow
    }
}
