use alloc::collections::VecDeque;
use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits all items but the last `count`, each when `count` more have come.
///
/// Keeps up to `count` + 1 items. itertools' `dropping_back`, which needs a source that can be read
/// from its end; Clojure's `drop-last`.
///
/// ```
/// use transducer::{TransduceIterator, skipping_last};
///
/// assert_eq!((1..=5).transduce(skipping_last(2)).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias("drop_last", "dropping_back"))]
pub fn skipping_last(count: usize) -> SkippingLast {
    SkippingLast { count }
}

/// The transducer that [`skipping_last`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SkippingLast {
    count: usize,
}

/// The state of [`SkippingLast`]: the items that may turn out to be the last.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SkippingLastState<T> {
    items: VecDeque<T>,
}

impl<In> Transducer<In> for SkippingLast {
    type Out = In;
    type State = SkippingLastState<In>;

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) -> SkippingLastState<In> {
        SkippingLastState { items: VecDeque::new() }
    }

    #[inline]
    fn step(&self, state: &mut SkippingLastState<In>, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        state.items.push_back(item);
        if state.items.len() <= self.count {
            return ControlFlow::Continue(());
        }
        match state.items.pop_front() {
            Some(item) => emit(item),
            None => ControlFlow::Continue(()),
        }
    }

    fn size_hint(&self, state: &SkippingLastState<In>, (least, most): SizeHint) -> SizeHint {
        // What is kept is part of the input still to be emitted from, less those that never will be.
        let missing = self.count - state.items.len();
        (least.saturating_sub(missing), most.map(|most| most.saturating_sub(missing)))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits all items but the last `count`: see [`skipping_last`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let rest = (1..=4).transduce(pipeline::<u32>().skip_last(2));
    /// assert_eq!(rest.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn skip_last(self, count: usize) -> Pipeline<In, Compose<X, SkippingLast>> {
        self.then(skipping_last(count))
    }
}
