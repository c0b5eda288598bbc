use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reduced, Reducer, Step};

use super::PartAcc;

/// Feeds the first of each pair to `firsts` and the second to `seconds`, and gives both outputs.
///
/// Nothing is cloned. A reducer that has ended is not stepped again, and the other goes on.
///
/// - **Memory**: what the two reducers keep.
/// - **Ends**: when both reducers have ended.
/// - **Like**: `Iterator::unzip`, into any two reducers.
///
/// ```
/// use transducer::prelude::*;
///
/// let (names, total) = transduce(taking(2), unzipping(appending(), summing::<u32>()), [("a", 1), ("b", 2), ("c", 3)]);
/// assert_eq!((names, total), (vec!["a", "b"], 3));
/// ```
#[doc(alias("unzip", "multiunzip"))]
pub fn unzipping<A, B>(firsts: A, seconds: B) -> Unzipping<A, B> {
    Unzipping { firsts, seconds }
}

/// The reducer of [`unzipping`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Unzipping<A, B> {
    firsts: A,
    seconds: B,
}

impl<T, U, A: Reducer<T>, B: Reducer<U>> Reducer<(T, U)> for Unzipping<A, B> {
    type Acc = (PartAcc<A::Acc>, PartAcc<B::Acc>);
    type Output = (A::Output, B::Output);

    fn initial(&self) -> Self::Acc {
        (PartAcc(Guarded::of(&self.firsts)), PartAcc(Guarded::of(&self.seconds)))
    }

    #[inline]
    fn step(&self, (firsts, seconds): &mut Self::Acc, (first, second): (T, U)) -> Step {
        let first = firsts.0.feed(|acc| self.firsts.step(acc, first));
        let second = seconds.0.feed(|acc| self.seconds.step(acc, second));
        if first.is_break() && second.is_break() { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn complete(&self, (firsts, seconds): Self::Acc) -> Self::Output {
        (self.firsts.complete(firsts.0.state), self.seconds.complete(seconds.0.state))
    }

    fn is_reduced(&self, (firsts, seconds): &Self::Acc) -> bool {
        !firsts.wants_input() && !seconds.wants_input()
    }

    fn describe(&self, outline: &mut Outline) {
        let described = outline.stage("unzipping").inside(|outline| self.firsts.describe(outline));
        described.inside(|outline| self.seconds.describe(outline));
    }

    fn validate(&self, (firsts, seconds): &mut Self::Acc) -> Result<(), InvalidState> {
        firsts.0.validate(&self.firsts)?;
        seconds.0.validate(&self.seconds)
    }
}

impl<T, U, A: Combine<T>, B: Combine<U>> Combine<(T, U)> for Unzipping<A, B> {
    const ENDING: Ending = A::ENDING.and(B::ENDING);

    fn initial_of_piece(&self, number: u64) -> Self::Acc {
        (PartAcc(Guarded::of_piece(&self.firsts, number)), PartAcc(Guarded::of_piece(&self.seconds, number)))
    }

    #[inline]
    fn combine(&self, (firsts, seconds): &mut Self::Acc, later: Self::Acc) -> Step {
        let _ = firsts.0.combine(&self.firsts, later.0.0);
        let _ = seconds.0.combine(&self.seconds, later.1.0);
        if firsts.wants_input() || seconds.wants_input() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(Reduced)
        }
    }
}
