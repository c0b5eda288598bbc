use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Drops the first `count` items and emits the rest, as they come.
///
/// Keeps a count. [`Iterator::skip`]; Clojure's `drop`.
///
/// ```
/// use transducer::{TransduceIterator, skipping};
///
/// assert_eq!((1..=5).transduce(skipping(3)).collect::<Vec<_>>(), [4, 5]);
/// ```
#[doc(alias = "drop")]
pub fn skipping(count: usize) -> Skipping {
    Skipping { count }
}

/// The transducer that [`skipping`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Skipping {
    count: usize,
}

/// The state of [`Skipping`]: how many items are still to be dropped.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SkippingState {
    remaining: usize,
}

impl<In> Transducer<In> for Skipping {
    type Out = In;
    type State = SkippingState;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> SkippingState {
        SkippingState { remaining: self.count }
    }

    #[inline]
    fn step(&self, state: &mut SkippingState, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if state.remaining == 0 {
            return emit(item);
        }
        state.remaining -= 1;
        ControlFlow::Continue(())
    }

    fn size_hint(&self, state: &SkippingState, (least, most): SizeHint) -> SizeHint {
        let remaining = state.remaining;
        (least.saturating_sub(remaining), most.map(|most| most.saturating_sub(remaining)))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Drops the first `count` items: see [`skipping`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let rest = (1..=4).transduce(pipeline::<u32>().skip(2));
    /// assert_eq!(rest.collect::<Vec<_>>(), [3, 4]);
    /// ```
    pub fn skip(self, count: usize) -> Pipeline<In, Compose<X, Skipping>> {
        self.then(skipping(count))
    }
}
