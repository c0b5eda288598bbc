use core::ops::ControlFlow;

use crate::kernel::{Reduced, Reducer, Step, debug::debug_closures};

/// Whether `predicate` holds for an item; ends the run at the first one. Of nothing `false`. [`Iterator::any`].
///
/// ```
/// use transducer::{any_of, mapping, transduce};
///
/// assert!(transduce(mapping(|x: u32| x * x), any_of(|x| x == 49), 0..));
/// ```
pub fn any_of<In, F: Fn(In) -> bool>(predicate: F) -> AnyOf<F> {
    Quantifier { predicate }
}

/// Whether `predicate` holds for every item; ends the run at the first for which it doesn't. Of nothing
/// `true`. [`Iterator::all`].
///
/// ```
/// use transducer::{all_of, mapping, transduce};
///
/// assert!(!transduce(mapping(|x: u32| x * x), all_of(|x| x < 49), 0..));
/// ```
pub fn all_of<In, F: Fn(In) -> bool>(predicate: F) -> AllOf<F> {
    Quantifier { predicate }
}

/// The reducer that [`any_of`] and [`all_of`] make: looks for an item of which its predicate says `SOUGHT`.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Quantifier<F, const SOUGHT: bool> {
    predicate: F,
}

/// The reducer that [`any_of`] makes.
pub type AnyOf<F> = Quantifier<F, true>;

/// The reducer that [`all_of`] makes.
pub type AllOf<F> = Quantifier<F, false>;

impl<In, F: Fn(In) -> bool, const SOUGHT: bool> Reducer<In> for Quantifier<F, SOUGHT> {
    type Acc = bool;
    type Output = bool;

    #[inline]
    fn initial(&self) -> bool {
        !SOUGHT
    }

    #[inline]
    fn step(&self, acc: &mut bool, item: In) -> Step {
        if (self.predicate)(item) == SOUGHT {
            *acc = SOUGHT;
            return ControlFlow::Break(Reduced);
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: bool) -> bool {
        acc
    }
}

debug_closures!(Quantifier<F; const SOUGHT: bool> {; predicate });
