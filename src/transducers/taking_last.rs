use alloc::collections::VecDeque;
use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits the last `count` items, at the end of the run; all of them, if there are fewer.
///
/// `taking_last(0)` takes no input at all. Keeps up to `count` items. itertools' `tail`; Clojure's
/// `take-last`.
///
/// ```
/// use transducer::{TransduceIterator, taking_last};
///
/// assert_eq!((1..=5).transduce(taking_last(2)).collect::<Vec<_>>(), [4, 5]);
/// ```
#[doc(alias = "tail")]
pub fn taking_last(count: usize) -> TakingLast {
    TakingLast { count }
}

/// The transducer that [`taking_last`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct TakingLast {
    count: usize,
}

/// The state of [`TakingLast`]: the last items so far.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TakingLastState<T> {
    items: VecDeque<T>,
}

impl<In> Transducer<In> for TakingLast {
    type Out = In;
    type State = TakingLastState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> TakingLastState<In> {
        TakingLastState { items: VecDeque::new() }
    }

    #[inline]
    fn step(&self, state: &mut TakingLastState<In>, item: In, _: &mut impl FnMut(In) -> Step) -> Step {
        if state.items.len() == self.count {
            state.items.pop_front();
        }
        state.items.push_back(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, state: TakingLastState<In>, emit: &mut impl FnMut(In) -> Step) {
        let _ = state.items.into_iter().try_for_each(emit);
    }

    fn size_hint(&self, state: &TakingLastState<In>, (least, most): SizeHint) -> SizeHint {
        let last = |items: usize| items.saturating_add(state.items.len()).min(self.count);
        (last(least), Some(most.map_or(self.count, last)))
    }

    fn is_reduced(&self, _: &TakingLastState<In>) -> bool {
        self.count == 0
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the last `count` items, at the end of the run: see [`taking_last`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let tail = (1..=4).transduce(pipeline::<u32>().tail(2));
    /// assert_eq!(tail.collect::<Vec<_>>(), [3, 4]);
    /// ```
    pub fn tail(self, count: usize) -> Pipeline<In, Compose<X, TakingLast>> {
        self.then(taking_last(count))
    }
}
