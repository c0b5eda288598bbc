//! A run by hand: the trait's methods called as the protocol says, and nothing else. All else is measured against it.

use alloc::{format, string::String, vec, vec::Vec};
use core::{iter::Cycle, ops::ControlFlow, slice};

use super::{Broken, Driver, Law, shape};
use crate::kernel::{Emit, Reduced, Sealed, Step, Time, Transducer, call};

/// What a whole run does, step by step.
pub(super) struct Trace<Out> {
    pub(super) outputs: Vec<Out>,
    /// How many outputs there were after each number of inputs.
    pub(super) after: Vec<usize>,
    /// How many inputs it took, where it ended by itself.
    pub(super) ended: Option<usize>,
}

impl<Out> Trace<Out> {
    /// Of a run that takes everything at once.
    pub(super) fn of<In, X>(xf: &X, input: &[In]) -> Result<Self, Broken>
    where
        In: Clone,
        X: Transducer<In, Out = Out>,
    {
        let mut run = ByHand::<In, X, false>::new(xf, &[usize::MAX], usize::MAX);
        let mut after = vec![0];
        run.feed(input, |run| after.push(run.out.items.len()))?;
        let ended = run.ended.then_some(after.len() - 1);
        run.finish()?;
        Ok(Self { outputs: run.out.items, after, ended })
    }

    /// The fewest inputs after which there are `count` outputs, or all that the run takes.
    pub(super) fn inputs_for(&self, count: usize) -> usize {
        self.after.iter().position(|&outputs| outputs >= count).unwrap_or(self.after.len() - 1)
    }

    /// All inputs that the run takes.
    pub(super) fn inputs(&self) -> usize {
        self.after.len() - 1
    }
}

/// A run by hand, with room in each call for as many items as `rooms` says in turn.
pub(super) struct ByHand<'a, In, X: Transducer<In>, const PAUSES: bool> {
    xf: &'a X,
    state: X::State,
    pub(super) out: Room<X::Out, PAUSES>,
    rooms: Cycle<slice::Iter<'static, usize>>,
    /// Whether it wants no more input.
    pub(super) ended: bool,
    pub(super) completed: bool,
}

impl<'a, In, X: Transducer<In>, const PAUSES: bool> ByHand<'a, In, X, PAUSES> {
    /// A run whose downstream has had enough after `wanted` items.
    pub(super) fn new(xf: &'a X, rooms: &'static [usize], wanted: usize) -> Self {
        let state = xf.initial();
        let ended = xf.is_reduced(&state);
        let out = Room { items: vec![], room: 0, wanted, refused: false, fault: None };
        Self { xf, state, out, rooms: rooms.iter().cycle(), ended, completed: false }
    }

    /// The same run, to be gone on with apart from this one.
    pub(super) fn fork(&self) -> Self
    where
        X: Transducer<In, State: Clone, Out: Clone>,
    {
        let Self { xf, state, out, rooms, ended, completed } = self;
        let (state, out, rooms) = (state.clone(), out.clone(), rooms.clone());
        Self { xf, state, out, rooms, ended: *ended, completed: *completed }
    }

    /// Steps all items, or as many as are wanted, and makes what is left after each.
    pub(super) fn feed(&mut self, items: &[In], mut then: impl FnMut(&Self)) -> Result<(), Broken>
    where
        In: Clone,
    {
        for item in items {
            if self.ended {
                break;
            }
            self.step(item.clone())?;
            self.drain()?;
            then(self);
        }
        Ok(())
    }

    pub(super) fn step(&mut self, item: In) -> Result<(), Broken> {
        self.call("step", |xf, state, out| call::step(xf, state, item, out))
    }

    /// Completes the run. Also where the shape says that nothing is left over, which is how that is seen.
    pub(super) fn complete(&mut self) -> Result<(), Broken> {
        self.ended = true;
        self.completed = true;
        self.call("complete", |xf, state, out| xf.complete(state, out))
    }

    /// Completes the run, and makes what is left.
    pub(super) fn finish(&mut self) -> Result<(), Broken> {
        self.complete()?;
        self.drain()
    }

    /// Makes what is left; then nothing may be.
    pub(super) fn drain(&mut self) -> Result<(), Broken> {
        while self.out.is_full() {
            self.resume()?;
        }
        // Whoever wants no more doesn't ask.
        if self.out.wanted == 0 {
            return Ok(());
        }
        let drained = self.out.items.len();
        self.resume()?;
        if self.out.items.len() == drained {
            return Ok(());
        }
        let what = "rule 1 of the protocol: a call returned, `out` was not full, and yet `resume` made another item";
        Err(Broken { law: Law::RoomForOne, driver: Driver::Stepped, what: what.into() })
    }

    pub(super) fn resume(&mut self) -> Result<(), Broken> {
        self.call("resume", |xf, state, out| call::resume(xf, state, out))
    }

    fn call(
        &mut self,
        method: &str,
        call: impl FnOnce(&X, &mut X::State, &mut Room<X::Out, PAUSES>) -> Step,
    ) -> Result<(), Broken> {
        let Self { xf, state, out, rooms, ended, completed } = self;
        out.room = *rooms.next().expect("rooms in turn");
        out.refused = false;
        let flow = call(xf, state, out);
        *ended |= flow.is_break();
        shape::check_deadline(xf, state)?;
        let broken = |law, what: String| Err(Broken { law, driver: Driver::Stepped, what });
        match out.fault {
            Some(Fault::WhileFull) => broken(
                Law::RoomForOne,
                format!(
                    "rule 1 of the protocol: `{method}` emitted an item while `out` was full. Ask `out.is_full()` before \
                     each further item, keep the rest in the state, and emit it in `resume`"
                ),
            ),
            // At the end, whoever drives the stage guards what is behind, which may have leftovers of its own to emit.
            Some(Fault::AfterBreak) if !*completed => broken(
                Law::NothingAfterReduced,
                format!("rule 2 of the protocol: `{method}` went on emitting after `out.emit` had answered `Break`"),
            ),
            None if out.refused && !*completed && flow.is_continue() => broken(
                Law::NothingAfterReduced,
                format!("rule 2 of the protocol: `{method}` didn't pass the `Break` on that `out.emit` had answered"),
            ),
            _ => Ok(()),
        }
    }
}

/// What a stage emits to when it is stepped by hand: takes so many items a call, and so many in all.
#[derive(Clone)]
pub(super) struct Room<T, const PAUSES: bool> {
    pub(super) items: Vec<T>,
    /// For how many more items there is room in this call.
    room: usize,
    /// How many more items are wanted.
    wanted: usize,
    /// Whether this call has been answered `Break`.
    refused: bool,
    fault: Option<Fault>,
}

/// What no stage may do.
#[derive(Clone, Copy)]
enum Fault {
    WhileFull,
    AfterBreak,
}

impl<T, const PAUSES: bool> Sealed for Room<T, PAUSES> {}

impl<T, const PAUSES: bool> Emit<T> for Room<T, PAUSES> {
    const PAUSES: bool = PAUSES;

    fn emit(&mut self, item: T) -> Step {
        if self.refused {
            self.fault.get_or_insert(Fault::AfterBreak);
            return ControlFlow::Break(Reduced);
        }
        if self.wanted > 0 {
            if self.is_full() {
                self.fault.get_or_insert(Fault::WhileFull);
            }
            self.items.push(item);
            self.room = self.room.saturating_sub(1);
            self.wanted -= 1;
        }
        self.refused = self.wanted == 0;
        if self.refused { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    // A closed door is never full.
    fn is_full(&self) -> bool {
        PAUSES && self.room == 0 && self.wanted > 0
    }

    fn now(&self) -> Time {
        Time::START
    }
}
