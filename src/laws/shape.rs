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
    let steps = || trace.after.windows(2).map(|outputs| outputs[1] - outputs[0]).enumerate();
    let flushed = trace.outputs.len() - trace.after[trace.inputs()];
    let (promise, seen) = if let Some((step, made)) = steps().find(|(_, made)| shape.emits_one() && *made != 1) {
        ("each step emits exactly one item", format!("step {} emitted {made}", step + 1))
    } else if let Some(ended) = trace.ended.filter(|_| shape.emits_one()) {
        ("no step ends the run", format!("it ended after {ended} steps"))
    } else if let Some((step, made)) = steps().find(|(_, made)| shape.emits_at_most_one() && *made > 1) {
        ("each step emits at most one item", format!("step {} emitted {made}", step + 1))
    } else if !shape.flushes() && flushed > 0 {
        ("`complete` emits nothing", format!("it emitted {flushed} items"))
    } else {
        return Ok(());
    };
    broken(format!("rule 3 of the protocol: the shape promises that {promise}, but {seen}"))
}

/// Whether the state has a deadline, where the shape says that there are none.
pub(super) fn check_deadline<In, X: Transducer<In>>(xf: &X, state: &X::State) -> Result<(), Broken> {
    let Some(deadline) = xf.deadline(state).filter(|_| !X::SHAPE.is_timed()) else { return Ok(()) };
    let what = format!("rule 3 of the protocol: the shape promises no deadlines, but there is one at {deadline:?}");
    Err(Broken { law: Law::HonestShape, driver: Driver::Stepped, what })
}
