//! No over-pull: no more input is taken than the next output needs, and none after the end.

use alloc::format;

use super::{Broken, Law, by_hand::Trace, expect, run::Runs};

pub(super) fn check<Out>(runs: &Runs<Out>, trace: &Trace<Out>) -> Result<(), Broken> {
    let law = Law::NoOverPull;
    for (driver, run) in &runs.unwatched {
        expect(law, *driver, "inputs taken", &run.pulled, &trace.inputs())?;
    }
    for (driver, [run, _]) in &runs.whole {
        expect(law, *driver, "inputs taken when watched", &run.pulled, &trace.inputs())?;
    }
    for (wanted, driver, run) in &runs.asked {
        expect(law, *driver, &format!("inputs taken for {wanted} outputs"), &run.pulled, &trace.inputs_for(*wanted))?;
    }
    for (wanted, driver, run) in &runs.before_taking {
        expect(law, *driver, &format!("inputs taken for taking({wanted})"), &run.pulled, &trace.inputs_for(*wanted))?;
    }
    Ok(())
}
