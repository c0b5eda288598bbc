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
    drivers::root::TransduceIterator,
    kernel::{Transducer, compose, root::boxed_local},
    pipeline::Identity,
    stages::root::{by_key, fan_out, filter_mapping, flat_mapping, on_ok, on_some, taking},
};

/// Wraps the stage as it is; and with items made without end of each output in turn, inside the wrapper.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    let agree = |wrapper: &str, outputs: &[Option<X::Out>], expected: &[X::Out]| {
        let expected: Vec<_> = expected.iter().cloned().map(Some).collect();
        expect(Law::WrappersAgree, Driver::Lazy, &format!("outputs inside {wrapper}"), outputs, expected.as_slice())
    };
    let composed = compose((Identity, xf, Identity));
    agree("`compose`", &outputs(composed, input.iter().cloned(), usize::MAX, Some), &trace.outputs)?;
    in_wrappers(xf, input, &mut |wrapper, outputs| agree(wrapper, &outputs(usize::MAX), &trace.outputs))?;
    for endless in 0..trace.outputs.len() {
        let (made, count) = (Cell::new(0), Cell::new(0));
        let expanded = compose((xf, flat_mapping(|item| expand(&made, &count, endless, item))));
        let (before, rest) = trace.outputs.split_at(endless);
        let expected: Vec<_> = before.iter().chain(iter::repeat_n(&rest[0], ASKED)).cloned().collect();
        in_wrappers(&expanded, input, &mut |wrapper, outputs| {
            made.set(0);
            count.set(0);
            agree(wrapper, &outputs(expected.len()), &expected)?;
            bounded(Driver::Lazy, made.get(), expected.len(), &format!("items made of one output inside {wrapper}"))
        })?;
    }
    Ok(())
}

/// What a wrapped stage gives when it is asked for so many outputs; `None` for what isn't the stage's own.
type Outputs<'a, Out> = &'a dyn Fn(usize) -> Vec<Option<Out>>;

/// What is to hold inside the wrapper of this name.
type Holds<'a, Out> = &'a mut dyn FnMut(&str, Outputs<'_, Out>) -> Result<(), Broken>;

/// Checks `holds` for `xf` in each wrapper that does more than to call it.
fn in_wrappers<In, X>(xf: &X, input: &[In], holds: Holds<'_, X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone>,
{
    let items = || input.iter().cloned();
    let nothing = || compose((taking(0), filter_mapping(|_: In| None)));
    holds("`on_some`", &|wanted| outputs(on_some(xf), items().map(Some), wanted, |out| out))?;
    holds("`on_ok`", &|wanted| outputs(on_ok(xf), items().map(Ok::<_, ()>), wanted, Result::ok))?;
    holds("`fan_out`, first", &|wanted| outputs(fan_out((xf, nothing())), items(), wanted, Some))?;
    holds("`fan_out`, last", &|wanted| outputs(fan_out((nothing(), xf)), items(), wanted, Some))?;
    // A run of `xf` begins with the first item of its key, and is not there without.
    if !input.is_empty() {
        let by_unit = || by_key(|_: &In| (), xf);
        holds("`by_key`", &|wanted| outputs(by_unit(), items(), wanted, |((), out)| Some(out)))?;
    }
    Ok(())
}

fn outputs<T, Y: Transducer<T>, Out>(
    xf: Y,
    source: impl Iterator<Item = T>,
    wanted: usize,
    own: fn(Y::Out) -> Option<Out>,
) -> Vec<Option<Out>> {
    source.transduce(boxed_local(xf)).take(wanted).map(own).collect()
}
