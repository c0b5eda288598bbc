use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, InvalidState, Outline, Reducer, Step};

/// Counts the items.
///
/// - **Like**: `Iterator::count`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(filtering(|c: &char| c.is_uppercase()), counting(), "Rich Hickey".chars()), 2);
/// ```
#[doc(alias = "len")]
pub fn counting() -> Counting {
    Counting
}

/// The reducer of [`counting`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Counting;

impl<In> Reducer<In> for Counting {
    type Acc = usize;
    type Output = usize;

    #[inline]
    fn initial(&self) -> usize {
        0
    }

    #[inline]
    fn step(&self, acc: &mut usize, _: In) -> Step {
        *acc += 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: usize) -> usize {
        acc
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("counting");
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        InvalidState::unless_reachable("counting", *acc)
    }
}

impl<In> Combine<In> for Counting {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, acc: &mut usize, later: usize) -> Step {
        // A count from outside is checked by itself, not with others.
        *acc = acc.saturating_add(later);
        ControlFlow::Continue(())
    }
}
