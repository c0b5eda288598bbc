use core::ops::ControlFlow;

use crate::kernel::{Reduced, Reducer, Step, debug::debug_closures};

/// Whether `predicate` holds for every item; ends the run at the first for which it doesn't. Of nothing
/// `true`. [`Iterator::all`].
///
/// ```
/// use transducer::{all, mapping, transduce};
///
/// assert!(!transduce(mapping(|x: u32| x * x), all(|x| x < 49), 0..));
/// ```
pub fn all<In, F: Fn(In) -> bool>(predicate: F) -> All<F> {
    All { predicate }
}

/// The reducer that [`all`] makes.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct All<F> {
    predicate: F,
}

impl<In, F: Fn(In) -> bool> Reducer<In> for All<F> {
    type Acc = bool;
    type Output = bool;

    #[inline]
    fn initial(&self) -> bool {
        true
    }

    #[inline]
    fn step(&self, acc: &mut bool, item: In) -> Step {
        if (self.predicate)(item) {
            return ControlFlow::Continue(());
        }
        *acc = false;
        ControlFlow::Break(Reduced)
    }

    #[inline]
    fn complete(&self, acc: bool) -> bool {
        acc
    }
}

debug_closures!(All<F> {; predicate });
