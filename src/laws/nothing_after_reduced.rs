//! Nothing after Reduced: whoever has answered `Break` is not stepped again.

use alloc::format;
use core::fmt;

use super::{
    Broken, Driver, Law,
    by_hand::{ByHand, Trace},
    expect,
    run::Runs,
};
use crate::kernel::Transducer;

/// Has downstream say that it has had enough, at each output: the stage passes that on, and emits no more.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    for wanted in 1..=trace.outputs.len() {
        cut_short(ByHand::<In, X, false>::new(xf, &[usize::MAX], wanted), input, wanted, trace)?;
        cut_short(ByHand::<In, X, true>::new(xf, &[1], wanted), input, wanted, trace)?;
    }
    Ok(())
}

fn cut_short<In, X, const PAUSES: bool>(
    mut run: ByHand<'_, In, X, PAUSES>,
    input: &[In],
    wanted: usize,
    trace: &Trace<X::Out>,
) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    run.feed(input, |_| {})?;
    run.finish()?;
    let what = format!("outputs before a downstream that wants {wanted} had enough");
    expect(Law::NothingAfterReduced, Driver::Stepped, &what, run.out.items.as_slice(), &trace.outputs[..wanted])
}

/// Drivers and compositions see to it.
pub(super) fn check_drivers<Out: PartialEq + fmt::Debug>(runs: &Runs<Out>, trace: &Trace<Out>) -> Result<(), Broken> {
    let law = Law::NothingAfterReduced;
    for (driver, run) in runs.all() {
        expect(law, driver, "rule 5 of the protocol: steps after `Break`", &run.steps_after_break, &0)?;
    }
    for (wanted, driver, run) in runs.asked.iter().chain(&runs.before_taking) {
        let what = format!("outputs for a downstream that wants {wanted}");
        expect(law, *driver, &what, run.outputs.as_slice(), &trace.outputs[..*wanted])?;
    }
    Ok(())
}
