use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reduced, Reducer, Step};

use super::{PartAcc, routing::while_any};

/// Feeds the value of each `Ok` to `oks` and each error to `errors`, and gives both outputs.
///
/// Nothing is cloned. A reducer that has ended is not stepped again: later items on its side are dropped. For more than two
/// ways, use [`routing`](crate::routing).
///
/// - **Memory**: what the two reducers keep.
/// - **Ends**: when both reducers have ended.
/// - **Like**: itertools `partition_result`, into any two reducers.
///
/// ```
/// use transducer::prelude::*;
///
/// let numbers = mapping(|word: &'static str| word.parse::<u32>().map_err(|_| word));
/// let (sum, refused) = transduce(numbers, partitioning(summing::<u32>(), appending()), ["1", "two", "3"]);
/// assert_eq!((sum, refused), (4, vec!["two"]));
/// ```
#[doc(alias("partition_result", "partition_map", "split"))]
pub fn partitioning<A, B>(oks: A, errors: B) -> Partitioning<A, B> {
    Partitioning { oks, errors }
}

/// The reducer of [`partitioning`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Partitioning<A, B> {
    oks: A,
    errors: B,
}

impl<T, E, A: Reducer<T>, B: Reducer<E>> Reducer<Result<T, E>> for Partitioning<A, B> {
    type Acc = (PartAcc<A::Acc>, PartAcc<B::Acc>);
    type Output = (A::Output, B::Output);

    fn initial(&self) -> Self::Acc {
        (PartAcc(Guarded::of(&self.oks)), PartAcc(Guarded::of(&self.errors)))
    }

    #[inline]
    fn step(&self, (oks, errors): &mut Self::Acc, item: Result<T, E>) -> Step {
        match item {
            Ok(item) => while_any(oks.0.feed(|acc| self.oks.step(acc, item)), || errors.wants_input()),
            Err(error) => while_any(errors.0.feed(|acc| self.errors.step(acc, error)), || oks.wants_input()),
        }
    }

    fn complete(&self, (oks, errors): Self::Acc) -> Self::Output {
        (self.oks.complete(oks.0.state), self.errors.complete(errors.0.state))
    }

    fn is_reduced(&self, (oks, errors): &Self::Acc) -> bool {
        !oks.wants_input() && !errors.wants_input()
    }

    fn describe(&self, outline: &mut Outline) {
        let described = outline.stage("partitioning").inside(|outline| self.oks.describe(outline));
        described.inside(|outline| self.errors.describe(outline));
    }

    fn validate(&self, (oks, errors): &mut Self::Acc) -> Result<(), InvalidState> {
        oks.0.validate(&self.oks)?;
        errors.0.validate(&self.errors)
    }
}

impl<T, E, A: Combine<T>, B: Combine<E>> Combine<Result<T, E>> for Partitioning<A, B> {
    const ENDING: Ending = A::ENDING.and(B::ENDING);

    fn initial_of_piece(&self, number: u64) -> Self::Acc {
        (PartAcc(Guarded::of_piece(&self.oks, number)), PartAcc(Guarded::of_piece(&self.errors, number)))
    }

    #[inline]
    fn combine(&self, (oks, errors): &mut Self::Acc, later: Self::Acc) -> Step {
        let _ = oks.0.combine(&self.oks, later.0.0);
        let _ = errors.0.combine(&self.errors, later.1.0);
        if oks.wants_input() || errors.wants_input() { ControlFlow::Continue(()) } else { ControlFlow::Break(Reduced) }
    }
}
