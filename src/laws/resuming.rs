//! A cloned state resumes: it goes on where the original would have.

use alloc::format;
use core::fmt;

use super::{
    Broken, Driver, Law,
    by_hand::{ByHand, Trace},
    expect,
};
use crate::kernel::{Emit, Transducer};

/// After each call, has a clone go on to the end; also where something is left to be made.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, State: Clone, Out: Clone + PartialEq + fmt::Debug>,
{
    let mut run = ByHand::<In, X, true>::new(xf, &[1], usize::MAX);
    let mut rest = &input[..trace.inputs()];
    loop {
        go_on(&run, rest, trace)?;
        if run.out.is_full() {
            run.resume()?;
        } else if let Some((item, further)) = rest.split_first() {
            rest = further;
            run.step(item.clone())?;
        } else if !run.completed {
            run.complete()?;
        } else {
            return Ok(());
        }
    }
}

/// Has a clone of the run go on to the end.
fn go_on<In, X>(run: &ByHand<'_, In, X, true>, rest: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, State: Clone, Out: Clone + PartialEq + fmt::Debug>,
{
    let mut resumed = run.fork();
    resumed.drain()?;
    if !run.completed {
        resumed.feed(rest, |_| {})?;
        resumed.finish()?;
    }
    let what =
        format!("outputs when resumed after {} outputs, {} inputs before the end", run.out.items.len(), rest.len());
    expect(Law::ResumesFromClone, Driver::Stepped, &what, &resumed.out.items, &trace.outputs)
}
