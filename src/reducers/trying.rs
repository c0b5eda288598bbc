use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Guarded, Held, InvalidState, Outline, Reduced, Reducer, Step};

/// Feeds `reducer` the value of each `Ok`, and gives its output as `Ok`, or the first `Err`.
///
/// If `reducer` ends the run first, an error that would have come later is not seen.
///
/// - **Memory**: what `reducer` keeps, and one error.
/// - **Ends**: at the first `Err`, or when `reducer` does.
/// - **Like**: `Iterator::try_fold`, and `collect` into a `Result`.
///
/// ```
/// use std::num::ParseIntError;
/// use transducer::prelude::*;
///
/// let total = |words: [&'static str; 2]| -> Result<i32, ParseIntError> {
///     transduce(mapping(|word: &str| word.parse::<i32>()), trying(summing()), words)
/// };
/// assert_eq!(total(["1", "2"]), Ok(3));
/// assert!(total(["1", "two"]).is_err());
/// ```
#[doc(alias("try_fold", "try_collect", "process_results"))]
pub fn trying<R>(reducer: R) -> Trying<R> {
    Trying { reducer }
}

/// The reducer of [`trying`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Trying<R> {
    reducer: R,
}

/// The accumulator of [`Trying`]: the accumulator of its reducer, and the error, if there was one.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TryingAcc<A, E> {
    acc: Guarded<A>,
    error: Held<E>,
}

impl<T, E, R: Reducer<T>> Reducer<Result<T, E>> for Trying<R> {
    type Acc = TryingAcc<R::Acc, E>;
    type Output = Result<R::Output, E>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        TryingAcc { acc: Guarded::of(&self.reducer), error: Held(None) }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: Result<T, E>) -> Step {
        match item {
            Ok(item) => acc.acc.feed(|acc| self.reducer.step(acc, item)),
            Err(error) => {
                acc.error.0 = Some(error);
                ControlFlow::Break(Reduced)
            }
        }
    }

    #[inline]
    fn complete(&self, acc: Self::Acc) -> Self::Output {
        match acc.error.0 {
            None => Ok(self.reducer.complete(acc.acc.state)),
            Some(error) => Err(error),
        }
    }

    fn is_reduced(&self, acc: &Self::Acc) -> bool {
        acc.acc.reduced || acc.error.0.is_some()
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("trying").inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        acc.acc.validate(&self.reducer)
    }
}

impl<T, E, R: Combine<T>> Combine<Result<T, E>> for Trying<R> {
    // The error that is given is the first.
    const ENDING: Ending = Ending::Later;

    #[inline]
    fn initial_of_piece(&self, number: u64) -> Self::Acc {
        TryingAcc { acc: Guarded::of_piece(&self.reducer, number), error: Held(None) }
    }

    #[inline]
    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        // If what came before the error has ended the run, the error was not seen.
        acc.acc.combine(&self.reducer, later.acc)?;
        acc.error = later.error;
        if acc.error.0.is_some() { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }
}
