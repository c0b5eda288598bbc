//! Runs are independent: one recipe, run twice or twice at once, gives the same.

use core::fmt;

use super::{
    Broken, Driver, Law,
    by_hand::{ByHand, Trace},
    expect,
    run::Runs,
};
use crate::kernel::Transducer;

/// Two runs of one recipe, stepped in turn.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    let mut runs = [(); 2].map(|()| ByHand::<In, X, false>::new(xf, &[usize::MAX], usize::MAX));
    for item in input {
        for run in &mut runs {
            run.feed(core::slice::from_ref(item), |_| {})?;
        }
    }
    for mut run in runs {
        run.finish()?;
        let what = "outputs of two runs at once";
        expect(Law::RunsIndependent, Driver::Stepped, what, &run.out.items, &trace.outputs)?;
    }
    Ok(())
}

/// A second run under each driver.
pub(super) fn check_drivers<Out: PartialEq + fmt::Debug>(runs: &Runs<Out>, trace: &Trace<Out>) -> Result<(), Broken> {
    for (driver, [_, again]) in &runs.whole {
        expect(Law::RunsIndependent, *driver, "outputs of a second run", &again.outputs, &trace.outputs)?;
    }
    Ok(())
}
