use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Outline, Reduced, Reducer, Step, debug::debug_closures};

/// Tells whether `predicate` holds for any item.
///
/// Empty input gives `false`.
///
/// - **Ends**: at the first item for which it holds.
/// - **Like**: `Iterator::any`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert!(transduce(mapping(|x: u32| x * x), any_of(|x| x == 49), 0..));
/// ```
#[doc(alias("some", "contains", "exists"))]
pub fn any_of<In, F: Fn(In) -> bool>(predicate: F) -> AnyOf<F> {
    Quantifier { predicate }
}

/// Tells whether `predicate` holds for every item.
///
/// Empty input gives `true`.
///
/// - **Ends**: at the first item for which it does not hold.
/// - **Like**: `Iterator::all`; Clojure `every?`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert!(!transduce(mapping(|x: u32| x * x), all_of(|x| x < 49), 0..));
/// ```
#[doc(alias = "every")]
pub fn all_of<In, F: Fn(In) -> bool>(predicate: F) -> AllOf<F> {
    Quantifier { predicate }
}

/// The reducer of [`any_of`] and [`all_of`]: looks for an item for which the predicate returns `SOUGHT`.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Quantifier<F, const SOUGHT: bool> {
    predicate: F,
}

/// The reducer of [`any_of`].
pub type AnyOf<F> = Quantifier<F, true>;

/// The reducer of [`all_of`].
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

    fn is_reduced(&self, acc: &bool) -> bool {
        *acc == SOUGHT
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage(if SOUGHT { "any_of" } else { "all_of" });
    }
}

impl<In, F: Fn(In) -> bool, const SOUGHT: bool> Combine<In> for Quantifier<F, SOUGHT> {
    const ENDING: Ending = Ending::All;

    #[inline]
    fn combine(&self, acc: &mut bool, later: bool) -> Step {
        if later == SOUGHT {
            *acc = SOUGHT;
            return ControlFlow::Break(Reduced);
        }
        ControlFlow::Continue(())
    }
}

debug_closures!(Quantifier<F; const SOUGHT: bool> {; predicate });
