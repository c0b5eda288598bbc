//! Early termination: [`Reduced`], [`Step`], and the guard that keeps everything to it.

use core::ops::ControlFlow;

use super::{Combine, InvalidState, Reducer};

/// The early-termination signal: return `ControlFlow::Break(Reduced)` to get no more items.
///
/// It carries nothing. What a run has computed stays in the accumulator or the state, and `complete` hands it over as
/// in a run that was not cut short.
///
/// It is an `Error`, so that `?` can end a function that returns a `Result`.
///
/// - **Like**: Clojure `reduced`, which wraps the final value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, thiserror::Error)]
#[error("no more items are wanted")]
pub struct Reduced;

/// What a step returns: `Continue(())` to get more items, `Break(Reduced)` to end the run.
///
/// It is a [`ControlFlow`], so `?` passes an end upstream.
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{Emit, Step, prelude::*, unbounded};
///
/// fn emit_twice(item: u32, out: &mut impl Emit<u32>) -> Step {
///     out.emit(item)?; // returns at once when downstream wants no more
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

/// Something that is stepped, and a note of whether it has ended.
///
/// This is how "nothing after `Break`" is kept: compositions, drivers and the stages that run a pipeline of
/// their own reach what is downstream only through it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Guarded<S> {
    pub(crate) state: S,
    pub(crate) reduced: bool,
}

impl<A> Guarded<A> {
    /// The accumulator that `reducer` begins with.
    pub(crate) fn of<In>(reducer: &impl Reducer<In, Acc = A>) -> Self {
        let acc = reducer.initial();
        let reduced = reducer.is_reduced(&acc);
        Self { state: acc, reduced }
    }

    /// The accumulator that `reducer` begins a piece of the input with.
    #[inline]
    pub(crate) fn of_piece<In>(reducer: &impl Combine<In, Acc = A>, number: u64) -> Self {
        let acc = reducer.initial_of_piece(number);
        let reduced = reducer.is_reduced(&acc);
        Self { state: acc, reduced }
    }

    /// Adds what `reducer` has made of the next piece of the input, unless this has ended.
    #[inline]
    pub(crate) fn combine<In>(&mut self, reducer: &impl Combine<In, Acc = A>, later: Self) -> Step {
        self.feed(|acc| reducer.combine(acc, later.state))
    }

    /// Checks an accumulator of `reducer` that comes from outside.
    pub(crate) fn validate<In>(&mut self, reducer: &impl Reducer<In, Acc = A>) -> Result<(), InvalidState> {
        reducer.validate(&mut self.state)?;
        self.reduced |= reducer.is_reduced(&self.state);
        Ok(())
    }
}

impl<S> Guarded<S> {
    /// Guards `state`. `reduced` says that it wants nothing at all.
    #[inline]
    pub(crate) fn new(state: S, reduced: bool) -> Self {
        Self { state, reduced }
    }

    /// Steps the state, unless it has ended.
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
