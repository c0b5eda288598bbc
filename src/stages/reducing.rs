use core::{mem, ops::ControlFlow};

use crate::{
    kernel::{Compose, Emit, InvalidState, Outline, Reduced, Reducer, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the output of `reducer` over all items, at the end of the run.
///
/// Empty input yields the reducer's output for no items. Inside [`by_key`](crate::by_key) it folds each group, all in
/// one pass.
///
/// - **Memory**: what the reducer keeps.
/// - **Ends**: when the reducer does. A reducer that wants no items reads none.
/// - **Like**: [`Iterator::fold`], as a stage; `reduce` of Clojure's xforms.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!((1..=5).transduce(reducing(summing::<i32>())).collect::<Vec<_>>(), [15]);
/// assert_eq!([0; 0].into_iter().transduce(reducing(summing::<i32>())).collect::<Vec<_>>(), [0]);
/// ```
#[doc(alias = "fold")]
pub fn reducing<R>(reducer: R) -> Reducing<R> {
    Reducing { reducer }
}

/// The transducer of [`reducing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Reducing<R> {
    reducer: R,
}

/// The state of [`Reducing`]: the accumulator, until the output has been emitted.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ReducingState<A> {
    /// The accumulator of the reducer.
    Folding(A),
    /// The output has been emitted.
    Emitted,
}

impl<In, R: Reducer<In>> Transducer<In> for Reducing<R> {
    type Out = R::Output;
    type State = ReducingState<R::Acc>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Self::State {
        ReducingState::Folding(self.reducer.initial())
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, _: &mut impl Emit<R::Output>) -> Step {
        match state {
            ReducingState::Folding(acc) => self.reducer.step(acc, item),
            ReducingState::Emitted => ControlFlow::Break(Reduced),
        }
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<R::Output>) -> Step {
        match mem::replace(state, ReducingState::Emitted) {
            ReducingState::Folding(acc) => out.emit(self.reducer.complete(acc)),
            ReducingState::Emitted => ControlFlow::Continue(()),
        }
    }

    fn size_hint(&self, state: &Self::State, _: SizeHint) -> SizeHint {
        hint::exactly(usize::from(matches!(state, ReducingState::Folding(_))))
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        match state {
            ReducingState::Folding(acc) => self.reducer.is_reduced(acc),
            ReducingState::Emitted => true,
        }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("reducing").inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        match state {
            ReducingState::Folding(acc) => self.reducer.validate(acc),
            ReducingState::Emitted => Ok(()),
        }
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the output of `reducer` over all items, at the end of the run. See [`reducing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sum = (1..=3).transduce(pipeline::<u32>().reduce_with(summing::<u32>()));
    /// assert_eq!(sum.collect::<Vec<_>>(), [6]);
    /// ```
    pub fn reduce_with<R: Reducer<X::Out>>(self, reducer: R) -> Pipeline<In, Compose<X, Reducing<R>>> {
        self.then(reducing(reducer))
    }
}
