use core::ops::ControlFlow;

use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits the first item and every `step`th item after it.
///
/// - **Memory**: one counter.
/// - **Panics**: if `step` is 0. Use [`try_stepping_by`] for a step that comes from data.
/// - **Like**: [`Iterator::step_by`]; Clojure's `take-nth`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!((0..=7).transduce(stepping_by(3)).collect::<Vec<_>>(), [0, 3, 6]);
/// ```
#[doc(alias("take_nth", "take-nth", "decimate"))]
#[track_caller]
pub fn stepping_by(step: usize) -> SteppingBy {
    InvalidArgument::or_panic(try_stepping_by(step))
}

/// Like [`stepping_by`], for a step that comes from data.
///
/// - **Errors**: if `step` is 0.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_stepping_by(0).unwrap_err().to_string(), "`step` must be at least 1");
/// ```
pub fn try_stepping_by(step: usize) -> Result<SteppingBy, InvalidArgument> {
    InvalidArgument::unless_zero("step", step).map(|step| SteppingBy { step })
}

/// The transducer of [`stepping_by`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SteppingBy {
    step: usize,
}

impl<In> Transducer<In> for SteppingBy {
    type Out = In;
    type State = usize;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> usize {
        0
    }

    #[inline(always)]
    fn step(&self, remaining: &mut usize, item: In, out: &mut impl Emit<In>) -> Step {
        if *remaining == 0 {
            *remaining = self.step - 1;
            return out.emit(item);
        }
        *remaining -= 1;
        ControlFlow::Continue(())
    }

    fn is_idle(&self, remaining: &usize) -> bool {
        *remaining == 0
    }

    fn size_hint(&self, remaining: &usize, (least, most): SizeHint) -> SizeHint {
        let steps = |items: usize| items.saturating_sub(*remaining).div_ceil(self.step);
        (steps(least), most.map(steps))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("stepping_by").setting("step", self.step, Change::Free);
    }

    fn validate(&self, remaining: &mut Self::State) -> Result<(), InvalidState> {
        *remaining = (*remaining).min(self.step - 1);
        Ok(())
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item and every `step`th item after it. See [`stepping_by`].
    ///
    /// - **Panics**: if `step` is 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let thirds = (0..8).transduce(pipeline::<u32>().step_by(3));
    /// assert_eq!(thirds.collect::<Vec<_>>(), [0, 3, 6]);
    /// ```
    #[track_caller]
    pub fn step_by(self, step: usize) -> Pipeline<In, Compose<X, SteppingBy>> {
        self.then(stepping_by(step))
    }
}
