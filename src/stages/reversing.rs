use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::kept::Kept;
use crate::{
    kernel::{Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits all items at the end of the run, the last one first.
///
/// - **Memory**: all items.
/// - **Like**: [`Iterator::rev`], for a source that can be read only from its beginning.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([1, 2, 3].into_iter().transduce(reversing()).collect::<Vec<_>>(), [3, 2, 1]);
/// ```
#[doc(alias = "reverse")]
pub fn reversing() -> Reversing {
    Reversing
}

/// The transducer of [`reversing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Reversing;

impl<In> Transducer<In> for Reversing {
    type Out = In;
    type State = Kept<Vec<In>>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Kept<Vec<In>> {
        Kept::new(Vec::new())
    }

    #[inline]
    fn step(&self, kept: &mut Kept<Vec<In>>, item: In, _: &mut impl Emit<In>) -> Step {
        kept.items.push(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn resume(&self, kept: &mut Kept<Vec<In>>, out: &mut impl Emit<In>) -> Step {
        kept.resume(out)
    }

    #[inline]
    fn complete(&self, kept: &mut Kept<Vec<In>>, out: &mut impl Emit<In>) -> Step {
        kept.complete(out)
    }

    fn is_idle(&self, kept: &Kept<Vec<In>>) -> bool {
        kept.is_idle()
    }

    fn size_hint(&self, kept: &Kept<Vec<In>>, input: SizeHint) -> SizeHint {
        kept.size_hint(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("reversing");
    }

    fn validate(&self, kept: &mut Self::State) -> Result<(), InvalidState> {
        kept.validate("reversing")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits all items at the end of the run, the last one first. See [`reversing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = (1..=3).transduce(pipeline::<u32>().rev());
    /// assert_eq!(numbers.collect::<Vec<_>>(), [3, 2, 1]);
    /// ```
    pub fn rev(self) -> Pipeline<In, Compose<X, Reversing>> {
        self.then(reversing())
    }
}
