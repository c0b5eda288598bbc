//! The one place from which a stage's methods are called, by whoever holds the stage: a composition, a run, a wrapper.
//!
//! A stage isn't asked for what its shape rules out. The functions are chosen in a const, so that the compiler doesn't even
//! look at the others: with `if`, a pipeline of 64 stages takes twice as long to compile.

use core::ops::ControlFlow;

use super::{Emit, Step, Transducer};

/// Steps the stage.
#[inline(always)]
pub(crate) fn step<In, X: Transducer<In>>(xf: &X, state: &mut X::State, item: In, out: &mut impl Emit<X::Out>) -> Step {
    xf.step(state, item, out)
}

/// Steps the stage with what the one before it emits. A function of its own: the compiler counts how often each function
/// recurs, and a pipeline of 64 stages would reach its limit with one.
#[inline(always)]
pub(crate) fn step_next<In, X: Transducer<In>>(
    xf: &X,
    state: &mut X::State,
    item: In,
    out: &mut impl Emit<X::Out>,
) -> Step {
    xf.step(state, item, out)
}

/// Resumes the stage.
#[inline(always)]
pub(crate) fn resume<In, X: Transducer<In>, E: Emit<X::Out>>(xf: &X, state: &mut X::State, out: &mut E) -> Step {
    let resume = const {
        let resume: fn(&X, &mut X::State, &mut E) -> Step =
            if X::SHAPE.resumes() { X::resume } else { nothing::<X, X::State, E> };
        resume
    };
    resume(xf, state, out)
}

/// Completes the stage.
#[inline(always)]
pub(crate) fn complete<In, X: Transducer<In>, E: Emit<X::Out>>(xf: &X, state: &mut X::State, out: &mut E) -> Step {
    let complete = const {
        let complete: fn(&X, &mut X::State, &mut E) -> Step =
            if X::SHAPE.flushes() { X::complete } else { nothing::<X, X::State, E> };
        complete
    };
    complete(xf, state, out)
}

/// Advances the stage, if it is due.
#[inline(always)]
pub(crate) fn advance<In, X: Transducer<In>, E: Emit<X::Out>>(xf: &X, state: &mut X::State, out: &mut E) -> Step {
    let advance = const {
        let advance: fn(&X, &mut X::State, &mut E) -> Step =
            if X::SHAPE.is_timed() { advance_if_due::<In, X, E> } else { nothing::<X, X::State, E> };
        advance
    };
    advance(xf, state, out)
}

fn advance_if_due<In, X: Transducer<In>, E: Emit<X::Out>>(xf: &X, state: &mut X::State, out: &mut E) -> Step {
    if xf.deadline(state).is_some_and(|deadline| deadline <= out.now()) {
        xf.advance(state, out)
    } else {
        ControlFlow::Continue(())
    }
}

/// Hands each item of `source` to `step`, until that answers `Break`.
///
/// A source is driven from inside, as `fold` does, so that chained and nested ones take no more time than their parts. One
/// of two words, such as a slice's or a range, has no parts; there a loop is as fast, and is inlined where std's
/// `try_for_each` isn't, for want of link-time optimization.
#[inline(always)]
pub(crate) fn each<I: Iterator, F: FnMut(I::Item) -> Step>(source: I, step: F) -> Step {
    each_by::<I, F, 2>(source, step)
}

/// The same for a piece of a source, as rayon cuts it. A range comes with a closure there, in three words; the three words
/// that are slow in a loop, std's `RangeInclusive`, don't come from rayon.
#[cfg(feature = "rayon")]
#[inline(always)]
pub(crate) fn each_of_a_piece<I: Iterator, F: FnMut(I::Item) -> Step>(source: I, step: F) -> Step {
    each_by::<I, F, 3>(source, step)
}

#[inline(always)]
fn each_by<I: Iterator, F: FnMut(I::Item) -> Step, const WORDS: usize>(source: I, step: F) -> Step {
    let each = const {
        let (size, word) = (size_of::<I>(), size_of::<usize>());
        let each: fn(I, F) -> Step = if 2 * word <= size && size <= WORDS * word { in_a_loop } else { from_inside };
        each
    };
    each(source, step)
}

#[inline(always)]
fn in_a_loop<I: Iterator>(source: I, mut step: impl FnMut(I::Item) -> Step) -> Step {
    for item in source {
        step(item)?;
    }
    ControlFlow::Continue(())
}

#[inline(always)]
fn from_inside<I: Iterator>(mut source: I, step: impl FnMut(I::Item) -> Step) -> Step {
    source.try_for_each(step)
}

#[inline(always)]
fn nothing<X, S, E>(_: &X, _: &mut S, _: &mut E) -> Step {
    ControlFlow::Continue(())
}
