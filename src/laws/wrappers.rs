//! Wrappers agree: inside another stage that passes all on, a stage does what it does alone, and makes no more at a time.

use alloc::{format, vec::Vec};
use core::{cell::Cell, fmt, iter};

use super::{
    Broken, Driver, Law,
    by_hand::Trace,
    expect,
    no_over_make::{ASKED, bounded, expand},
};
use crate::{
    drivers::{TransduceIterator, transduce},
    kernel::{Transducer, compose},
    pipeline::Identity,
    reducers::appending,
    stages::{by_key, fan_out, filter_mapping, flat_mapping, on_ok, on_some, taking},
};

/// Wraps the stage as it is; and with items made without end of each output in turn, inside the wrapper.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    let agree = |wrapper: &str, driver, outputs: &[Option<X::Out>], expected: &[X::Out]| {
        let expected: Vec<_> = expected.iter().cloned().map(Some).collect();
        expect(Law::WrappersAgree, driver, &format!("outputs inside {wrapper}"), outputs, expected.as_slice())
    };
    in_wrappers(xf, input, &mut |wrapper, run| {
        for driver in [Driver::Lazy, Driver::Eager] {
            agree(wrapper, driver, &run(driver, usize::MAX), &trace.outputs)?;
        }
        Ok(())
    })?;
    for endless in 0..trace.outputs.len() {
        let (made, count) = (Cell::new(0), Cell::new(0));
        let expanded = compose((xf, flat_mapping(|item| expand(&made, &count, endless, item))));
        let expected: Vec<_> =
            trace.outputs[..endless].iter().chain(iter::repeat_n(&trace.outputs[endless], ASKED)).cloned().collect();
        in_wrappers(&expanded, input, &mut |wrapper, run| {
            made.set(0);
            count.set(0);
            agree(wrapper, Driver::Lazy, &run(Driver::Lazy, expected.len()), &expected)?;
            bounded(Driver::Lazy, made.get(), expected.len(), &format!("items made of one output inside {wrapper}"))
        })?;
    }
    Ok(())
}

/// A run under a driver for so many outputs, each `None` if it isn't what the stage alone makes.
type RunFor<'a, Out> = &'a dyn Fn(Driver, usize) -> Vec<Option<Out>>;

/// What is to hold inside the wrapper of this name.
type Holds<'a, Out> = &'a mut dyn FnMut(&str, RunFor<'_, Out>) -> Result<(), Broken>;

/// Checks `holds` for `xf` in each wrapper.
fn in_wrappers<In, X>(xf: &X, input: &[In], holds: Holds<'_, X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone>,
{
    let items = || input.iter().cloned();
    let nothing = || compose((taking(0), filter_mapping(|_: In| None)));
    holds("`&`", &|driver, wanted| run(driver, &xf, items(), wanted, Some))?;
    holds("`compose`", &|driver, wanted| run(driver, compose((Identity, xf, Identity)), items(), wanted, Some))?;
    holds("`on_some`", &|driver, wanted| run(driver, on_some(xf), items().map(Some), wanted, |out| out))?;
    holds("`on_ok`", &|driver, wanted| run(driver, on_ok(xf), items().map(Ok::<_, ()>), wanted, Result::ok))?;
    holds("`fan_out` before another", &|driver, wanted| run(driver, fan_out((xf, nothing())), items(), wanted, Some))?;
    holds("`fan_out` behind another", &|driver, wanted| run(driver, fan_out((nothing(), xf)), items(), wanted, Some))?;
    // A run of `xf` begins with the first item of its key, and is not there without.
    if !input.is_empty() {
        let unkeyed = |((), out)| Some(out);
        holds("`by_key`", &|driver, wanted| run(driver, by_key(|_: &In| (), xf), items(), wanted, unkeyed))?;
    }
    Ok(())
}

fn run<T, Y, Out>(
    driver: Driver,
    xf: Y,
    source: impl Iterator<Item = T>,
    wanted: usize,
    unwrapped: fn(Y::Out) -> Option<Out>,
) -> Vec<Option<Out>>
where
    Y: Transducer<T>,
{
    let outputs = match driver {
        Driver::Eager => transduce(xf, appending(), source),
        _ => {
            let mut items = source.transduce(xf);
            iter::from_fn(|| items.next()).take(wanted).collect::<Vec<_>>()
        }
    };
    outputs.into_iter().map(unwrapped).collect()
}
