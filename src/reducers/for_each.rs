use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Outline, Reducer, Step, debug::debug_closures};

/// Calls `f` with each item.
///
/// - **Like**: `Iterator::for_each`, but `f` is `Fn`; Clojure `run!`.
///
/// ```
/// use std::cell::Cell;
/// use transducer::prelude::*;
///
/// let sum = Cell::new(0);
/// transduce(taking(3), for_each(|x: u32| sum.set(sum.get() + x)), 1..);
/// assert_eq!(sum.get(), 6);
/// ```
pub fn for_each<In, F: Fn(In)>(f: F) -> ForEach<F> {
    ForEach { f }
}

/// The reducer of [`for_each`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct ForEach<F> {
    f: F,
}

impl<In, F: Fn(In)> Reducer<In> for ForEach<F> {
    type Acc = ();
    type Output = ();

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In) -> Step {
        (self.f)(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, _: ()) {}

    fn describe(&self, outline: &mut Outline) {
        outline.stage("for_each");
    }
}

impl<In, F: Fn(In)> Combine<In> for ForEach<F> {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, _: &mut (), _: ()) -> Step {
        ControlFlow::Continue(())
    }
}

debug_closures!(ForEach<F> {; f });
