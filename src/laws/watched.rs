//! A transducer like the inner one, but one that sees how it is driven.

use core::cell::Cell;

use crate::kernel::{Emit, Step, Transducer, call, forward::forward};

pub(super) struct Watched<'a, X> {
    xf: &'a X,
    pub(super) completions: Cell<usize>,
    /// Steps after `Break`: against rule 5 of the protocol.
    pub(super) steps_after_break: Cell<usize>,
    /// Calls without room, and steps before all was made: against rules 1 and 4 of the protocol.
    pub(super) out_of_turn: Cell<usize>,
}

/// The state of [`Watched`].
pub(super) struct WatchedState<S> {
    state: S,
    ended: bool,
    /// Whether something may be left to be made.
    pending: bool,
}

impl<'a, X> Watched<'a, X> {
    pub(super) fn new(xf: &'a X) -> Self {
        Self { xf, completions: Cell::new(0), steps_after_break: Cell::new(0), out_of_turn: Cell::new(0) }
    }

    /// Notes how a call comes and how it goes.
    fn watch<T, S, E: Emit<T>>(
        &self,
        resumes: bool,
        watched: &mut WatchedState<S>,
        out: &mut E,
        call: impl FnOnce(&mut S, &mut E) -> Step,
    ) -> Step {
        if out.is_full() {
            count(&self.out_of_turn);
        }
        let flow = call(&mut watched.state, out);
        watched.ended |= flow.is_break();
        watched.pending = resumes && out.is_full();
        flow
    }
}

fn count(cell: &Cell<usize>) {
    cell.set(cell.get() + 1);
}

impl<In, X: Transducer<In>> Transducer<In> for Watched<'_, X> {
    type Out = X::Out;
    type State = WatchedState<X::State>;

    forward! { In => X: |this| this.xf,
        // Or completions wouldn't be seen of a stage that has none.
        shape X::SHAPE.flushing(),
        state |watched| watched.state,
        initial {
            fn initial(&self) -> Self::State {
                WatchedState { state: self.xf.initial(), ended: false, pending: false }
            }
        },
        step {
            fn step(&self, watched: &mut Self::State, item: In, out: &mut impl Emit<X::Out>) -> Step {
                if watched.ended {
                    count(&self.steps_after_break);
                }
                if watched.pending {
                    count(&self.out_of_turn);
                }
                // After a step, there is nothing to wait for where it emits one item at most.
                let many = !X::SHAPE.emits_at_most_one();
                self.watch(many, watched, out, |state, out| call::step(self.xf, state, item, out))
            }
        },
        resume {
            fn resume(&self, watched: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
                self.watch(true, watched, out, |state, out| call::resume(self.xf, state, out))
            }
        },
        complete {
            fn complete(&self, watched: &mut Self::State, out: &mut impl Emit<X::Out>) -> Step {
                count(&self.completions);
                self.watch(true, watched, out, |state, out| call::complete(self.xf, state, out))
            }
        }
    }
}
