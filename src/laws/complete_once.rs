//! `complete` runs exactly once a run.

use super::{Broken, Driver, Law, expect, run::Runs};

pub(super) fn check<Out>(runs: &Runs<Out>) -> Result<(), Broken> {
    let once = |driver, completions: usize| {
        expect(Law::CompleteOnce, driver, "rule 6 of the protocol: completions", &completions, &1)
    };
    for (driver, run) in runs.to_the_end() {
        once(driver, run.completions)?;
    }
    // A run that is asked for no more is dropped, which may be before its end; not so where nobody asks.
    for (_, driver, run) in &runs.asked {
        if matches!(driver, Driver::Eager | Driver::Push) || run.completions > 1 {
            once(*driver, run.completions)?;
        }
    }
    Ok(())
}
