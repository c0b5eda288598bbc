//! Drivers agree: same transducer, same input, same outputs.

use core::fmt;

use super::{Broken, Driver, Law, by_hand::Trace, expect, run::Runs};

pub(super) fn check<Out: PartialEq + fmt::Debug>(runs: &Runs<Out>, trace: &Trace<Out>) -> Result<(), Broken> {
    let law = Law::DriversAgree;
    for (driver, run) in &runs.unwatched {
        expect(law, *driver, "outputs", &run.outputs, &trace.outputs)?;
    }
    for (driver, [run, _]) in &runs.whole {
        expect(law, *driver, "outputs when watched", &run.outputs, &trace.outputs)?;
    }
    Ok(())
}

/// The outputs are also those of something else that does the same.
pub(super) fn check_equivalent<Out>(trace: &Trace<Out>, expected: &[Out]) -> Result<(), Broken>
where
    Out: PartialEq + fmt::Debug,
{
    let what = "outputs and those of the equivalent";
    expect(Law::DriversAgree, Driver::Stepped, what, trace.outputs.as_slice(), expected)
}
