use core::ops::ControlFlow;

use crate::kernel::{Held, InvalidState, Outline, Reducer, Step, debug::debug_closures};

/// Gives what `f` makes of all items, starting from a clone of `initial`.
///
/// `f` takes the accumulator by value, as std's `fold` does. For a large accumulator, or one that is not `Clone`, use
/// [`folding_mut`](crate::folding_mut).
///
/// - **Memory**: one accumulator.
/// - **Like**: `Iterator::fold`; Python `functools.reduce`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(taking(4), folding(1, |product, x: u32| product * x), 1..), 24);
/// ```
#[doc(alias("completing", "accumulate", "inject"))]
pub fn folding<In, A: Clone, F: Fn(A, In) -> A>(initial: A, f: F) -> Folding<A, F> {
    Folding { initial, f }
}

/// The reducer of [`folding`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Folding<A, F> {
    initial: A,
    f: F,
}

/// The accumulator of [`Folding`].
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FoldingAcc<A> {
    // `None` while `f` has it, and after `f` has panicked.
    folded: Held<A>,
}

impl<In, A: Clone, F: Fn(A, In) -> A> Reducer<In> for Folding<A, F> {
    type Acc = FoldingAcc<A>;
    type Output = A;

    #[inline]
    fn initial(&self) -> FoldingAcc<A> {
        FoldingAcc { folded: Held(Some(self.initial.clone())) }
    }

    #[inline]
    fn step(&self, acc: &mut FoldingAcc<A>, item: In) -> Step {
        acc.folded.0 = acc.folded.0.take().map(|folded| (self.f)(folded, item));
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: FoldingAcc<A>) -> A {
        acc.folded.0.expect("the closure of `folding` has not panicked in this run")
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("folding");
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        InvalidState::unless(acc.folded.0.is_some(), "folding", "nothing is folded")
    }
}

debug_closures!(Folding<A, F> { initial: A; f });
