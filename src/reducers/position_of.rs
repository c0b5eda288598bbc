use core::ops::ControlFlow;

use crate::kernel::{Combine, InvalidState, Outline, Reduced, Reducer, Step, debug::debug_closures};

/// Gives the number of items before the first for which `predicate` holds, or `None` if it holds for none.
///
/// - **Ends**: at the first item for which it holds.
/// - **Like**: `Iterator::position`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(mapping(|x: u32| x * x), position_of(|x| x > 50), 0..), Some(8));
/// assert_eq!(transduce(taking(8), position_of(|x: u32| x > 50), 0..), None);
/// ```
#[doc(alias("position", "find_position", "index_of", "find_index"))]
pub fn position_of<In, F: Fn(In) -> bool>(predicate: F) -> PositionOf<F> {
    PositionOf { predicate }
}

/// The reducer of [`position_of`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct PositionOf<F> {
    predicate: F,
}

/// The accumulator of [`PositionOf`]: how many items did not match, and whether one has.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PositionOfAcc {
    before: usize,
    found: bool,
}

impl<In, F: Fn(In) -> bool> Reducer<In> for PositionOf<F> {
    type Acc = PositionOfAcc;
    type Output = Option<usize>;

    #[inline]
    fn initial(&self) -> PositionOfAcc {
        PositionOfAcc { before: 0, found: false }
    }

    #[inline]
    fn step(&self, acc: &mut PositionOfAcc, item: In) -> Step {
        if (self.predicate)(item) {
            acc.found = true;
            return ControlFlow::Break(Reduced);
        }
        acc.before += 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: PositionOfAcc) -> Option<usize> {
        acc.found.then_some(acc.before)
    }

    fn is_reduced(&self, acc: &PositionOfAcc) -> bool {
        acc.found
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("position_of");
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        InvalidState::unless_reachable("position_of", acc.before)
    }
}

impl<In, F: Fn(In) -> bool> Combine<In> for PositionOf<F> {
    #[inline]
    fn combine(&self, acc: &mut PositionOfAcc, later: PositionOfAcc) -> Step {
        acc.before = acc.before.saturating_add(later.before);
        acc.found = later.found;
        if acc.found { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }
}

debug_closures!(PositionOf<F> {; predicate});
