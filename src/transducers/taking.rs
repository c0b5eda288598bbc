use core::ops::ControlFlow;

use crate::{Compose, Pipeline, Reduced, SizeHint, Step, Transducer};

/// Emits the first `count` items, as they come, and ends the run with the last of them.
///
/// `taking(0)` takes no input at all. Keeps a count. [`Iterator::take`].
///
/// ```
/// use transducer::{TransduceIterator, taking};
///
/// let mut source = 1..=5;
/// assert_eq!(source.by_ref().transduce(taking(3)).collect::<Vec<_>>(), [1, 2, 3]);
/// assert_eq!(source, 4..=5);
/// ```
pub fn taking(count: usize) -> Taking {
    Taking { count }
}

/// The transducer that [`taking`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Taking {
    count: usize,
}

/// The state of [`Taking`]: how many items are still to be emitted.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TakingState {
    remaining: usize,
}

impl<In> Transducer<In> for Taking {
    type Out = In;
    type State = TakingState;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> TakingState {
        TakingState { remaining: self.count }
    }

    #[inline]
    fn step(&self, state: &mut TakingState, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        state.remaining -= 1;
        let flow = emit(item);
        if state.remaining == 0 { ControlFlow::Break(Reduced) } else { flow }
    }

    fn size_hint(&self, state: &TakingState, (least, most): SizeHint) -> SizeHint {
        let remaining = state.remaining;
        (least.min(remaining), Some(most.map_or(remaining, |most| most.min(remaining))))
    }

    fn is_reduced(&self, state: &TakingState) -> bool {
        state.remaining == 0
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first `count` items: see [`taking`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = (1..).transduce(pipeline::<u32>().take(2));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn take(self, count: usize) -> Pipeline<In, Compose<X, Taking>> {
        self.then(taking(count))
    }
}
