use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits `items` first, and then each item as it comes.
///
/// A stage acts when an item comes or the run ends, so `items` are emitted with the first item, ahead
/// of it, or at the end of a run that had none: [`Iterator::chain`] would not have taken that item
/// yet. An `items` without end is fine as long as something downstream ends the run.
///
/// Keeps whether it has begun; `items` is cloned once a run. `items.chain(..)`; thi.ng's `prefixed`.
///
/// ```
/// use transducer::{TransduceIterator, prepending};
///
/// assert_eq!([3, 4].into_iter().transduce(prepending([1, 2])).collect::<Vec<_>>(), [1, 2, 3, 4]);
/// assert_eq!([0; 0].into_iter().transduce(prepending([1, 2])).collect::<Vec<_>>(), [1, 2]);
/// ```
#[doc(alias("start_with", "chain"))]
pub fn prepending<I: IntoIterator<IntoIter: Clone>>(items: I) -> Prepending<I::IntoIter> {
    Prepending { items: items.into_iter() }
}

/// The transducer that [`prepending`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Prepending<I> {
    items: I,
}

/// The state of [`Prepending`]: whether its own items have been emitted.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PrependingState {
    begun: bool,
}

impl<I: Iterator + Clone> Transducer<I::Item> for Prepending<I> {
    type Out = I::Item;
    type State = PrependingState;

    #[inline]
    fn initial(&self) -> PrependingState {
        PrependingState { begun: false }
    }

    #[inline]
    fn step(&self, state: &mut PrependingState, item: I::Item, emit: &mut impl FnMut(I::Item) -> Step) -> Step {
        if !state.begun {
            state.begun = true;
            self.items.clone().try_for_each(&mut *emit)?;
        }
        emit(item)
    }

    #[inline]
    fn complete(&self, state: PrependingState, emit: &mut impl FnMut(I::Item) -> Step) {
        if !state.begun {
            let _ = self.items.clone().try_for_each(emit);
        }
    }

    fn size_hint(&self, state: &PrependingState, (least, most): SizeHint) -> SizeHint {
        if state.begun {
            return (least, most);
        }
        let own = self.items.size_hint();
        (own.0.saturating_add(least), own.1.zip(most).and_then(|(own, most)| own.checked_add(most)))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `items` first, and then each item: see [`prepending`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
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
