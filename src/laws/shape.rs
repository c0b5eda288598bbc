//! `SHAPE` never lies.

use alloc::format;

use super::{Broken, Driver, Law, by_hand::Trace};
use crate::kernel::Transducer;

/// What the run shows of the shape, and of that of the recipe itself, which says no less.
pub(super) fn check<In, X: Transducer<In>>(xf: &X, trace: &Trace<X::Out>) -> Result<(), Broken> {
    let broken = |what| Err(Broken { law: Law::HonestShape, driver: Driver::Stepped, what });
    let said = X::SHAPE;
    let shape = xf.shape();
    if said.emits_one() && !shape.emits_one()
        || said.emits_at_most_one() && !shape.emits_at_most_one()
        || !said.flushes() && shape.flushes()
        || said.is_timed() != shape.is_timed()
    {
        return broken(format!("`shape()` is {shape:?}, which promises less than `SHAPE`, {said:?}"));
    }
    let steps = || trace.after.windows(2).map(|outputs| outputs[1] - outputs[0]);
    let flushed = trace.outputs.len() - trace.after[trace.inputs()];
    let lie = if shape.emits_one() && steps().any(|made| made != 1) {
        "steps that emit exactly one item"
    } else if shape.emits_one() && trace.ended.is_some() {
        "steps that leave the run open"
    } else if shape.emits_at_most_one() && steps().any(|made| made > 1) {
        "steps that emit at most one item"
    } else if !shape.flushes() && flushed > 0 {
        "a `complete` that emits nothing"
    } else {
        return Ok(());
    };
    let ended = if trace.ended.is_some() { "; the run ended itself" } else { "" };
    broken(format!(
        "rule 3 of the protocol: the shape promises {lie}, but there were {:?} outputs after each number of inputs, and \
         {flushed} more at the end{ended}",
        trace.after
    ))
}

/// Whether the state has a deadline, where the shape says that there are none.
pub(super) fn check_deadline<In, X: Transducer<In>>(xf: &X, state: &X::State) -> Result<(), Broken> {
    let Some(deadline) = xf.deadline(state).filter(|_| !X::SHAPE.is_timed()) else { return Ok(()) };
    let what = format!("rule 3 of the protocol: the shape promises no deadlines, but there is one at {deadline:?}");
    Err(Broken { law: Law::HonestShape, driver: Driver::Stepped, what })
}
