//! Panics poison one run only.

use alloc::boxed::Box;
use core::{cell::Cell, fmt};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::{Broken, Driver, Law, by_hand::Trace, expect, run::drive};
use crate::{
    drivers::root::{reactive_transduce, transduce},
    kernel::Transducer,
    reducers::root::sending,
    sources::root::iterable_source,
};

/// A downstream that panics, at each output; then the same recipe again.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    let law = Law::PanicsPoisonOneRun;
    for bad in 0..trace.outputs.len() {
        for &driver in law.drivers() {
            let seen = Cell::new(0);
            let sink = |_: X::Out| {
                let count = seen.replace(seen.get() + 1);
                // Unlike `panic!`, this prints nothing.
                if count == bad {
                    resume_unwind(Box::new(()))
                }
            };
            let source = input.iter().cloned();
            let panicked = catch_unwind(AssertUnwindSafe(|| match driver {
                Driver::Push => iterable_source(source, reactive_transduce(xf, sink)),
                #[cfg(feature = "async")]
                Driver::Stream => {
                    let xf = crate::kernel::compose((xf, crate::stages::root::mapping(sink)));
                    super::asynchronous::through_a_stream(source, xf, usize::MAX);
                }
                #[cfg(feature = "async")]
                Driver::Sink => {
                    let xf = crate::kernel::compose((xf, crate::stages::root::mapping(sink)));
                    super::asynchronous::into_a_sink(source, xf, usize::MAX);
                }
                _ => transduce(xf, sending(|| sink), source),
            }));
            expect(law, driver, "whether the panic came through", &panicked.is_err(), &true)?;
            expect(law, driver, "outputs sent by the time of the panic", &seen.get(), &(bad + 1))?;
            let again = drive(driver, xf, input, usize::MAX);
            expect(law, driver, "outputs of a run after the panic", &again.outputs, &trace.outputs)?;
        }
    }
    Ok(())
}
