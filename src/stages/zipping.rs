use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Held, Outline, Reduced, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits `(item, other)` for each item and the next of `items`.
///
/// `items` may be endless.
///
/// - **Memory**: a clone of the iterator over `items`, and one of its items, which is read ahead.
/// - **Ends**: with the last of `items`. If there are none, no input is read.
/// - **Like**: [`Iterator::zip`], which reads one more item from the source and loses it.
///
/// ```
/// use transducer::prelude::*;
///
/// let mut source = "abc".chars();
/// assert_eq!(source.by_ref().transduce(zipping(1..=2)).collect::<Vec<_>>(), [('a', 1), ('b', 2)]);
/// assert_eq!(source.next(), Some('c'));
/// ```
pub fn zipping<I: IntoIterator<IntoIter: Clone>>(items: I) -> Zipping<I::IntoIter> {
    Zipping { items: items.into_iter() }
}

/// The transducer of [`zipping`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Zipping<I> {
    items: I,
}

/// The state of [`Zipping`]: the item for the next pair, and those after it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ZippingState<T, I> {
    next: Held<T>,
    rest: I,
}

impl<In, I: Iterator + Clone> Transducer<In> for Zipping<I> {
    type Out = (In, I::Item);
    type State = ZippingState<I::Item, I>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Self::State {
        let mut rest = self.items.clone();
        ZippingState { next: Held(rest.next()), rest }
    }

    #[inline(always)]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<Self::Out>) -> Step {
        let Some(other) = state.next.0.take() else { return ControlFlow::Break(Reduced) };
        out.emit((item, other))?;
        state.next.0 = state.rest.next();
        if state.next.0.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(Reduced) }
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        if state.next.0.is_none() {
            return (0, Some(0));
        }
        let rest = state.rest.size_hint();
        let others = (rest.0.saturating_add(1), rest.1.and_then(|rest| rest.checked_add(1)));
        (least.min(others.0), most.into_iter().chain(others.1).min())
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        state.next.0.is_none()
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("zipping");
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `(item, other)` for each item and the next of `items`. See [`zipping`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let pairs = "ab".chars().transduce(pipeline::<char>().zip(1..));
    /// assert_eq!(pairs.collect::<Vec<_>>(), [('a', 1), ('b', 2)]);
    /// ```
    pub fn zip<I: IntoIterator<IntoIter: Clone>>(self, items: I) -> Pipeline<In, Compose<X, Zipping<I::IntoIter>>> {
        self.then(zipping(items))
    }
}
