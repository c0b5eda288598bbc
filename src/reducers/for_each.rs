use core::ops::ControlFlow;

use crate::kernel::{Reducer, Step, debug::debug_closures};

/// Calls `f` with each item. [`Iterator::for_each`].
///
/// ```
/// use std::cell::Cell;
/// use transducer::{for_each, taking, transduce};
///
/// let sum = Cell::new(0);
/// transduce(taking(3), for_each(|x: u32| sum.set(sum.get() + x)), 1..);
/// assert_eq!(sum.get(), 6);
/// ```
pub fn for_each<In, F: Fn(In)>(f: F) -> ForEach<F> {
    ForEach { f }
}

/// The reducer that [`for_each`] makes.
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
}

debug_closures!(ForEach<F> {; f });
