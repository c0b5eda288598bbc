use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits all items, at the end of the run, the last first.
///
/// Keeps all items. [`Iterator::rev`], for a source that need not be readable from its end.
///
/// ```
/// use transducer::{TransduceIterator, reversing};
///
/// assert_eq!([1, 2, 3].into_iter().transduce(reversing()).collect::<Vec<_>>(), [3, 2, 1]);
/// ```
pub fn reversing() -> Reversing {
    Reversing
}

/// The transducer that [`reversing`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Reversing;

/// The state of [`Reversing`]: all items so far, as they came.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReversingState<T> {
    items: Vec<T>,
}

impl<In> Transducer<In> for Reversing {
    type Out = In;
    type State = ReversingState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> ReversingState<In> {
        ReversingState { items: Vec::new() }
    }

    #[inline]
    fn step(&self, state: &mut ReversingState<In>, item: In, _: &mut impl FnMut(In) -> Step) -> Step {
        state.items.push(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, state: ReversingState<In>, emit: &mut impl FnMut(In) -> Step) {
        let _ = state.items.into_iter().rev().try_for_each(emit);
    }

    fn size_hint(&self, state: &ReversingState<In>, (least, most): SizeHint) -> SizeHint {
        let kept = state.items.len();
        (least.saturating_add(kept), most.and_then(|most| most.checked_add(kept)))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits all items, at the end of the run, the last first: see [`reversing`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = (1..=3).transduce(pipeline::<u32>().rev());
    /// assert_eq!(numbers.collect::<Vec<_>>(), [3, 2, 1]);
    /// ```
    pub fn rev(self) -> Pipeline<In, Compose<X, Reversing>> {
        self.then(reversing())
    }
}
