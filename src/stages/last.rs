use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Held, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits the last item, at the end of the run.
///
/// Empty input yields nothing.
///
/// - **Memory**: one item.
/// - **Like**: [`Iterator::last`], as a stage.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!((1..).transduce(compose((taking(3), last()))).collect::<Vec<_>>(), [3]);
/// ```
pub fn last() -> Last {
    Last
}

/// The transducer of [`last()`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Last;

impl<In> Transducer<In> for Last {
    type Out = In;
    type State = Held<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Held<In> {
        Held(None)
    }

    #[inline]
    fn step(&self, last: &mut Held<In>, item: In, _: &mut impl Emit<In>) -> Step {
        last.0 = Some(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, last: &mut Held<In>, out: &mut impl Emit<In>) -> Step {
        last.0.take().map_or(ControlFlow::Continue(()), |last| out.emit(last))
    }

    fn is_idle(&self, last: &Held<In>) -> bool {
        last.0.is_none()
    }

    fn size_hint(&self, last: &Held<In>, (least, most): SizeHint) -> SizeHint {
        let kept = usize::from(last.0.is_some());
        (least.min(1).max(kept), Some(most.map_or(1, |most| most.min(1).max(kept))))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("last");
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the last item, at the end of the run. See [`last()`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let last = (1..=3).transduce(pipeline::<u32>().last());
    /// assert_eq!(last.collect::<Vec<_>>(), [3]);
    /// ```
    pub fn last(self) -> Pipeline<In, Compose<X, Last>> {
        self.then(last())
    }
}
