//! `size_hint` never lies, and where it says that it is tight, it is.

use alloc::format;
use core::cell::Cell;

use super::{Broken, Driver, Law, by_hand::Trace, run::Source};
use crate::{
    drivers::root::TransduceIterator,
    kernel::{SizeHint, Transducer},
};

/// The size hint before each output, for sources that claim more or less.
pub(super) fn check<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In>,
{
    let law = Law::HonestSizeHint;
    let claims: [fn(usize) -> SizeHint; 4] =
        [|n| (n, Some(n)), |_| (0, None), |n| (n / 2, Some(n + 3)), |n| (0, Some(n))];
    for claim in claims {
        before_each_output(xf, input, trace, claim, |left, _, (least, most)| {
            if least <= left && most.is_none_or(|most| most >= left) { Ok(()) } else { Err((law, "")) }
        })?;
    }
    // An absurd claim must not overflow, nor be taken at its word when memory is reserved.
    let absurd: [fn(usize) -> SizeHint; 2] = [|_| (0, Some(usize::MAX)), |_| (usize::MAX, None)];
    for claim in absurd {
        let source = Source { items: input.iter().cloned(), pulled: &Cell::new(0), claim };
        let (least, most) = source.transduce(xf).size_hint();
        if most.is_some_and(|most| most < least) {
            let what = format!("for a source of up to usize::MAX items it said {least}, {most:?}");
            return Err(Broken { law, driver: Driver::Lazy, what });
        }
    }
    Ok(())
}

/// Of a source whose size is known, the size hint is exact.
pub(super) fn check_tight<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In>,
{
    before_each_output(
        xf,
        input,
        trace,
        |n| (n, Some(n)),
        |left, _, hint| {
            if hint == (left, Some(left)) { Ok(()) } else { Err((Law::TightSizeHint, ", and is to be exact")) }
        },
    )
}

/// Of a source whose size is known, the size hint has an upper bound, which is no higher than the number of inputs
/// left where each makes one output at most.
pub(super) fn check_bounded<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In>,
{
    let one_each = X::SHAPE.emits_at_most_one() && !X::SHAPE.flushes();
    before_each_output(
        xf,
        input,
        trace,
        |n| (n, Some(n)),
        |_, inputs, (_, most)| match most {
            None => Err((Law::TightSizeHint, ", and is to have an upper bound")),
            Some(most) if one_each && most > inputs => {
                Err((Law::TightSizeHint, ", and no more can come than there are inputs left"))
            }
            Some(_) => Ok(()),
        },
    )
}

/// Looks at the size hint before each output, and at the end: given how many outputs are left, and how many inputs.
fn before_each_output<In, X>(
    xf: &X,
    input: &[In],
    trace: &Trace<X::Out>,
    claim: fn(usize) -> SizeHint,
    check: impl Fn(usize, usize, SizeHint) -> Result<(), (Law, &'static str)>,
) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In>,
{
    let pulled = Cell::new(0);
    let mut items = Source { items: input.iter().cloned(), pulled: &pulled, claim }.transduce(xf);
    for given in 0..=trace.outputs.len() {
        let (least, most) = items.size_hint();
        let left = trace.outputs.len() - given;
        check(left, input.len() - pulled.get(), (least, most)).map_err(|(law, wish)| {
            let what =
                format!("after {given} outputs there were {left} left, but size_hint said {least}, {most:?}{wish}");
            Broken { law, driver: Driver::Lazy, what }
        })?;
        items.next();
    }
    Ok(())
}
