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
    let taken = &input[..trace.inputs()];
    for (taken_before, item) in taken.iter().enumerate() {
        go_on(&run, &taken[taken_before..], trace)?;
        run.step(item.clone())?;
        while run.out.is_full() {
            go_on(&run, &taken[taken_before + 1..], trace)?;
            run.resume()?;
        }
    }
    go_on(&run, &[], trace)
}

fn go_on<In, X>(run: &ByHand<'_, In, X, true>, rest: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, State: Clone, Out: Clone + PartialEq + fmt::Debug>,
{
    let mut resumed = run.fork();
    resumed.drain()?;
    resumed.feed(rest, |_| {})?;
    resumed.complete()?;
    let what =
        format!("outputs when resumed after {} outputs, {} inputs before the end", run.out.items.len(), rest.len());
    expect(Law::ResumesFromClone, Driver::Stepped, &what, &resumed.out.items, &trace.outputs)
}
