use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits the last item, at the end of the run. Of nothing it emits nothing.
///
/// Keeps one item. [`Iterator::last`], as a stage.
///
/// ```
/// use transducer::{TransduceIterator, compose, last, taking};
///
/// assert_eq!((1..).transduce(compose((taking(3), last()))).collect::<Vec<_>>(), [3]);
/// ```
pub fn last() -> Last {
    Last
}

/// The transducer that [`last()`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Last;

/// The state of [`Last`]: the last item so far.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LastState<T> {
    last: Option<T>,
}

impl<In> Transducer<In> for Last {
    type Out = In;
    type State = LastState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> LastState<In> {
        LastState { last: None }
    }

    #[inline]
    fn step(&self, state: &mut LastState<In>, item: In, _: &mut impl FnMut(In) -> Step) -> Step {
        state.last = Some(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, state: LastState<In>, emit: &mut impl FnMut(In) -> Step) {
        if let Some(last) = state.last {
            let _ = emit(last);
        }
    }

    fn size_hint(&self, state: &LastState<In>, (least, most): SizeHint) -> SizeHint {
        let kept = usize::from(state.last.is_some());
        (least.min(1).max(kept), Some(most.map_or(1, |most| most.min(1).max(kept))))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the last item, at the end of the run: see [`last()`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let last = (1..=3).transduce(pipeline::<u32>().last());
    /// assert_eq!(last.collect::<Vec<_>>(), [3]);
    /// ```
    pub fn last(self) -> Pipeline<In, Compose<X, Last>> {
        self.then(last())
    }
}
