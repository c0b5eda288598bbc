use crate::{
    kernel::{Compose, Emit, InvalidState, Outline, Reducer, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits, after each item, the output of `reducer` over all items so far.
///
/// - **Memory**: what the reducer keeps. It is cloned for each output, so this is for reducers that keep little.
/// - **Ends**: when the reducer does, with its last output.
/// - **Like**: [`Iterator::scan`], with a reducer; polars' `cum_sum` and the like, C++ `inclusive_scan`.
///
/// ```
/// use transducer::prelude::*;
///
/// let best_so_far = [3, 1, 4, 1, 5].into_iter().transduce(running(maximum()));
/// assert_eq!(best_so_far.flatten().collect::<Vec<_>>(), [3, 3, 4, 4, 5]);
/// ```
#[doc(alias("cumulative", "cumsum", "cum_sum", "inclusive_scan", "reductions", "expanding"))]
pub fn running<R>(reducer: R) -> Running<R> {
    Running { reducer }
}

/// The transducer of [`running`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Running<R> {
    reducer: R,
}

impl<In, R: Reducer<In, Acc: Clone>> Transducer<In> for Running<R> {
    type Out = R::Output;
    type State = R::Acc;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> R::Acc {
        self.reducer.initial()
    }

    #[inline(always)]
    fn step(&self, acc: &mut R::Acc, item: In, out: &mut impl Emit<R::Output>) -> Step {
        let flow = self.reducer.step(acc, item);
        out.emit(self.reducer.complete(acc.clone()))?;
        flow
    }

    fn is_reduced(&self, acc: &R::Acc) -> bool {
        self.reducer.is_reduced(acc)
    }

    fn size_hint(&self, _: &R::Acc, input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("running").inside(|outline| self.reducer.describe(outline));
    }

    fn validate(&self, acc: &mut R::Acc) -> Result<(), InvalidState> {
        self.reducer.validate(acc)
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits, after each item, the output of `reducer` over all items so far. See [`running`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let totals = pipeline::<u32>().running(summing::<u32>());
    /// assert_eq!((1..=4).transduce(totals).collect::<Vec<_>>(), [1, 3, 6, 10]);
    /// ```
    pub fn running<R: Reducer<X::Out, Acc: Clone>>(self, reducer: R) -> Pipeline<In, Compose<X, Running<R>>> {
        self.then(running(reducer))
    }
}
