use core::ops::ControlFlow;

use crate::kernel::{Reduced, Reducer, Step, debug::debug_closures};

/// Whether `predicate` holds for an item; ends the run at the first one. Of nothing `false`. [`Iterator::any`].
///
/// ```
/// use transducer::{any, mapping, transduce};
///
/// assert!(transduce(mapping(|x: u32| x * x), any(|x| x == 49), 0..));
/// ```
pub fn any<In, F: Fn(In) -> bool>(predicate: F) -> Any<F> {
    Any { predicate }
}

/// The reducer that [`any`] makes.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Any<F> {
    predicate: F,
}

impl<In, F: Fn(In) -> bool> Reducer<In> for Any<F> {
    type Acc = bool;
    type Output = bool;

    #[inline]
    fn initial(&self) -> bool {
        false
    }

    #[inline]
    fn step(&self, acc: &mut bool, item: In) -> Step {
        if (self.predicate)(item) {
            *acc = true;
            return ControlFlow::Break(Reduced);
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: bool) -> bool {
        acc
    }
}

debug_closures!(Any<F> {; predicate });
