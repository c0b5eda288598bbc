use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits `items`, and then each item unchanged.
///
/// `items` are emitted when the first item comes, ahead of it, or at the end of a run without items. `items` may be
/// endless, like those of [`flat_mapping`](crate::flat_mapping).
///
/// - **Memory**: one flag; until `items` have been emitted, a clone of the iterator over them, and the first item.
/// - **Like**: `items.into_iter().chain(source)`, which reads from the source only after `items`; RxJS's `startWith`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!([3, 4].into_iter().transduce(prepending([1, 2])).collect::<Vec<_>>(), [1, 2, 3, 4]);
/// assert_eq!([0; 0].into_iter().transduce(prepending([1, 2])).collect::<Vec<_>>(), [1, 2]);
/// ```
#[doc(alias("start_with", "chain", "startWith"))]
pub fn prepending<I: IntoIterator<IntoIter: Clone>>(items: I) -> Prepending<I::IntoIter> {
    Prepending { items: items.into_iter() }
}

/// The transducer of [`prepending`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Prepending<I> {
    items: I,
}

/// The state of [`Prepending`]: how far it has come.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
pub enum PrependingState<I: Iterator> {
    /// No item has come yet.
    Waiting,
    /// Its own items have been emitted.
    Through,
    // What is skipped comes last: a variant that isn't has the same number when it is written as when it is read.
    /// Its own items are being emitted, ahead of the first that came.
    #[cfg_attr(feature = "serde", serde(skip))]
    Begun {
        /// What is left of its own items.
        own: I,
        /// The first item that came; `None` if the run ended before.
        first: Option<I::Item>,
    },
}

impl<I: Iterator + Clone> Prepending<I> {
    /// Emits its own items, and then `first`.
    #[inline]
    fn begin(&self, state: &mut PrependingState<I>, first: Option<I::Item>, out: &mut impl Emit<I::Item>) -> Step {
        let mut own = self.items.clone();
        *state = PrependingState::Through;
        if !out.emit_from(&mut own)? {
            *state = PrependingState::Begun { own, first };
            return ControlFlow::Continue(());
        }
        first.map_or(ControlFlow::Continue(()), |first| out.emit(first))
    }
}

impl<I: Iterator + Clone> Transducer<I::Item> for Prepending<I> {
    type Out = I::Item;
    type State = PrependingState<I>;

    const SHAPE: Shape = Shape::ANY;

    #[inline]
    fn initial(&self) -> PrependingState<I> {
        PrependingState::Waiting
    }

    #[inline]
    fn step(&self, state: &mut PrependingState<I>, item: I::Item, out: &mut impl Emit<I::Item>) -> Step {
        match state {
            PrependingState::Waiting => self.begin(state, Some(item), out),
            _ => out.emit(item),
        }
    }

    #[inline]
    fn resume(&self, state: &mut PrependingState<I>, out: &mut impl Emit<I::Item>) -> Step {
        let PrependingState::Begun { own, first } = state else { return ControlFlow::Continue(()) };
        if !out.emit_from(own)? {
            return ControlFlow::Continue(());
        }
        let first = first.take();
        *state = PrependingState::Through;
        first.map_or(ControlFlow::Continue(()), |first| out.emit(first))
    }

    #[inline]
    fn complete(&self, state: &mut PrependingState<I>, out: &mut impl Emit<I::Item>) -> Step {
        match state {
            PrependingState::Waiting => self.begin(state, None, out),
            _ => ControlFlow::Continue(()),
        }
    }

    fn size_hint(&self, state: &PrependingState<I>, input: SizeHint) -> SizeHint {
        match state {
            PrependingState::Waiting => hint::add(self.items.size_hint(), input),
            PrependingState::Begun { own, first } => {
                hint::add(hint::add(own.size_hint(), hint::exactly(usize::from(first.is_some()))), input)
            }
            PrependingState::Through => input,
        }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("prepending");
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `items`, and then each item unchanged. See [`prepending`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().prepend([9]));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [9, 1, 2]);
    /// ```
    pub fn prepend<I>(self, items: I) -> Pipeline<In, Compose<X, Prepending<I::IntoIter>>>
    where
        I: IntoIterator<Item = X::Out, IntoIter: Clone>,
    {
        self.then(prepending(items))
    }
}
