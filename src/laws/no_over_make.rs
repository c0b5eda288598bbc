//! No over-make: a stage makes no more than is asked for, inside whatever wrappers.

use alloc::{format, vec, vec::Vec};
use core::{cell::Cell, iter};

use super::{Broken, Driver, Law, by_hand::Trace, run::drive};
use crate::{
    kernel::{Transducer, compose, root::boxed_local},
    stages::root::flat_mapping,
};

/// How many items more than are asked for may be made.
const SLACK: usize = 2;
/// How many items of one are as good as endless: nobody gets that far.
pub(super) const ENDLESS: usize = 8;
/// How many outputs of these are asked for.
pub(super) const ASKED: usize = 3;

/// Has items made without end of each output in turn, and copies made of each input.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone>,
{
    let made = Cell::new(0);
    for endless in 0..trace.outputs.len() {
        let wanted = endless + ASKED;
        for &driver in Driver::STOPPABLE {
            let count = Cell::new(0);
            let expanded = boxed_local(compose((xf, flat_mapping(|item| expand(&made, &count, endless, item)))));
            made.set(0);
            drive(driver, &expanded, input, wanted);
            bounded(driver, made.get(), wanted, "items made of one output")?;
        }
    }
    let repeated: Vec<In> = input.iter().flat_map(|item| vec![item.clone(); COPIES]).collect();
    let repeated = Trace::of(xf, &repeated)?;
    for wanted in 1..=repeated.outputs.len() {
        for &driver in Driver::STOPPABLE {
            let copied = boxed_local(compose((flat_mapping(|item: In| counted(&made, COPIES, item)), xf)));
            made.set(0);
            drive(driver, &copied, input, wanted);
            bounded(driver, made.get(), repeated.inputs_for(wanted), "copies made of the inputs")?;
        }
    }
    Ok(())
}

/// How many copies are made of each input.
const COPIES: usize = 3;

pub(super) fn bounded(driver: Driver, made: usize, needed: usize, what: &str) -> Result<(), Broken> {
    if made <= needed + SLACK {
        return Ok(());
    }
    Err(Broken { law: Law::NoOverMake, driver, what: format!("{what}: {made}, where {needed} were enough") })
}

/// Copies of `item`, counted as they are made.
fn counted<T: Clone>(made: &Cell<usize>, copies: usize, item: T) -> impl Iterator<Item = T> {
    iter::repeat_n(item, copies).inspect(|_| made.set(made.get() + 1))
}

/// The item itself, but of the item that is number `endless` in the run, as many as there is need for.
pub(super) fn expand<T: Clone>(
    made: &Cell<usize>,
    count: &Cell<usize>,
    endless: usize,
    item: T,
) -> impl Iterator<Item = T> {
    let copies = if count.replace(count.get() + 1) == endless { ENDLESS } else { 1 };
    counted(made, copies, item)
}
