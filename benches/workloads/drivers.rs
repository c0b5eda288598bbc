//! What contenders have in common: a loop whose body is one step of a reducer.

use transducer::*;

/// The `for` loop that a user would write.
#[inline(always)]
pub fn by_for<T, R: Reducer<T>>(outputs: impl Iterator<Item = T>, reducer: R) -> R::Output {
    let mut acc = reducer.initial();
    for output in outputs {
        if reducer.step(&mut acc, output).is_break() {
            break;
        }
    }
    reducer.complete(acc)
}

/// Sends each item of `source` as an event, to a sink whose body is one step of `reducer`.
#[inline(always)]
pub fn pushed<X, R, I>(xf: X, reducer: R, source: I) -> R::Output
where
    I: Iterator,
    X: Transducer<I::Item>,
    R: Reducer<X::Out>,
{
    let mut acc = reducer.initial();
    iterable_source(source, reactive_transduce(xf, |out| reducer.step(&mut acc, out)));
    reducer.complete(acc)
}
