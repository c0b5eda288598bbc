use core::ops::ControlFlow;

use crate::{Compose, Pipeline, Reduced, SizeHint, Step, Transducer};

/// Emits the item at `position`, counted from 0, as it comes, and ends the run. Of an input with no
/// such position it emits nothing.
///
/// Keeps a count. [`Iterator::nth`], as a stage.
///
/// ```
/// use transducer::{TransduceIterator, element_at};
///
/// assert_eq!(('a'..).transduce(element_at(2)).collect::<Vec<_>>(), ['c']);
/// ```
#[doc(alias = "nth")]
pub fn element_at(position: usize) -> ElementAt {
    ElementAt { position }
}

/// The transducer that [`element_at`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ElementAt {
    position: usize,
}

/// The state of [`ElementAt`]: how many items are to be dropped before the one to emit.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ElementAtState {
    remaining: usize,
}

impl<In> Transducer<In> for ElementAt {
    type Out = In;
    type State = ElementAtState;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> ElementAtState {
        ElementAtState { remaining: self.position }
    }

    #[inline]
    fn step(&self, state: &mut ElementAtState, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if state.remaining > 0 {
            state.remaining -= 1;
            return ControlFlow::Continue(());
        }
        let _ = emit(item);
        ControlFlow::Break(Reduced)
    }

    fn size_hint(&self, state: &ElementAtState, (least, most): SizeHint) -> SizeHint {
        let reached = |items: usize| usize::from(items > state.remaining);
        (reached(least), Some(most.map_or(1, reached)))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the item at `position` and ends the run: see [`element_at`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let third = (10..).transduce(pipeline::<u32>().nth(2));
    /// assert_eq!(third.collect::<Vec<_>>(), [12]);
    /// ```
    pub fn nth(self, position: usize) -> Pipeline<In, Compose<X, ElementAt>> {
        self.then(element_at(position))
    }
}
