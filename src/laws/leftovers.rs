//! Leftovers are flushed, also where an upstream stage ends the run.

use alloc::format;
use core::fmt;

use super::{Broken, Law, by_hand::Trace, expect, run::Runs};
use crate::kernel::Transducer;

pub(super) fn check<In, X>(xf: &X, input: &[In], runs: &Runs<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    for (count, driver, run) in &runs.behind_taking {
        let whole = Trace::of(xf, &input[..*count])?;
        let what = format!("outputs after an upstream taking({count})");
        expect(Law::LeftoversFlushed, *driver, &what, &run.outputs, &whole.outputs)?;
    }
    Ok(())
}
