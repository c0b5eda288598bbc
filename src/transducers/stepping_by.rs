use core::ops::ControlFlow;

use crate::{Compose, InvalidArgument, Pipeline, SizeHint, Step, Transducer};

/// Emits the first item and each `step`th one from there, as they come.
///
/// Keeps a count. [`Iterator::step_by`]; Clojure's `take-nth`.
///
/// # Panics
/// If `step` is 0; [`try_stepping_by`] gives an error instead.
///
/// ```
/// use transducer::{TransduceIterator, stepping_by};
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
/// # Errors
/// If `step` is 0.
///
/// ```
/// use transducer::try_stepping_by;
///
/// assert_eq!(try_stepping_by(0).unwrap_err().to_string(), "`step` must be at least 1");
/// ```
pub fn try_stepping_by(step: usize) -> Result<SteppingBy, InvalidArgument> {
    InvalidArgument::unless_zero("step", step).map(|step| SteppingBy { step })
}

/// The transducer that [`stepping_by`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SteppingBy {
    step: usize,
}

/// The state of [`SteppingBy`]: how many items are to be dropped before the next one.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SteppingByState {
    remaining: usize,
}

impl<In> Transducer<In> for SteppingBy {
    type Out = In;
    type State = SteppingByState;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> SteppingByState {
        SteppingByState { remaining: 0 }
    }

    #[inline]
    fn step(&self, state: &mut SteppingByState, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if state.remaining == 0 {
            state.remaining = self.step - 1;
            return emit(item);
        }
        state.remaining -= 1;
        ControlFlow::Continue(())
    }

    fn size_hint(&self, state: &SteppingByState, (least, most): SizeHint) -> SizeHint {
        let steps = |items: usize| items.saturating_sub(state.remaining).div_ceil(self.step);
        (steps(least), most.map(steps))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item and each `step`th one from there: see [`stepping_by`].
    ///
    /// # Panics
    /// If `step` is 0.
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let thirds = (0..8).transduce(pipeline::<u32>().step_by(3));
    /// assert_eq!(thirds.collect::<Vec<_>>(), [0, 3, 6]);
    /// ```
    #[track_caller]
    pub fn step_by(self, step: usize) -> Pipeline<In, Compose<X, SteppingBy>> {
        self.then(stepping_by(step))
    }
}
