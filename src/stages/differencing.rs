use core::ops::{ControlFlow, Sub};

use crate::{
    kernel::{Compose, Emit, Held, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the change from each item to the next: the later one minus the earlier.
///
/// Input of fewer than two items yields nothing. For a rate over time, or a relative change, use
/// [`pairing`](crate::pairing) and `mapping`.
///
/// - **Memory**: a clone of one item.
/// - **Panics**: if the subtraction does, as on an overflow.
/// - **Like**: numpy's `diff`; pandas' and polars' `diff`, without the first.
///
/// ```
/// use transducer::prelude::*;
///
/// let changes = [1, 4, 9, 7].into_iter().transduce(differencing());
/// assert_eq!(changes.collect::<Vec<_>>(), [3, 5, -2]);
/// ```
#[doc(alias("diff", "delta", "rate_of_change", "adjacent_difference"))]
pub fn differencing() -> Differencing {
    Differencing
}

/// The transducer of [`differencing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Differencing;

impl<In: Clone + Sub> Transducer<In> for Differencing {
    type Out = In::Output;
    type State = Held<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Held<In> {
        Held(None)
    }

    #[inline(always)]
    fn step(&self, before: &mut Held<In>, item: In, out: &mut impl Emit<In::Output>) -> Step {
        match before.0.replace(item.clone()) {
            Some(before) => out.emit(item - before),
            None => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, before: &Held<In>) -> bool {
        before.0.is_none()
    }

    fn size_hint(&self, before: &Held<In>, input: SizeHint) -> SizeHint {
        hint::skip(input, usize::from(before.0.is_none()))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("differencing");
    }
}

impl<In, X: Transducer<In, Out: Clone + Sub>> Pipeline<In, X> {
    /// Emits the change from each item to the next. See [`differencing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let changes = [1, 4, 9].into_iter().transduce(pipeline::<i32>().diff());
    /// assert_eq!(changes.collect::<Vec<_>>(), [3, 5]);
    /// ```
    pub fn diff(self) -> Pipeline<In, Compose<X, Differencing>> {
        self.then(differencing())
    }
}
