use core::cell::Cell;

use crate::{Compose, Expansion, Pipeline, Step, Transducer};

/// Emits each item of each item, as it comes.
///
/// Keeps nothing but, in a lazy run, what is left of the latest item. [`Iterator::flatten`]; Clojure's `cat`.
///
/// ```
/// use transducer::{TransduceIterator, flattening};
///
/// let numbers = [vec![1, 2], vec![], vec![3]].into_iter().transduce(flattening());
/// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias = "cat")]
pub fn flattening() -> Flattening {
    Flattening
}

/// The transducer that [`flattening`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Flattening;

impl<In: IntoIterator> Transducer<In> for Flattening {
    type Out = In::Item;
    type State = Expansion<In::IntoIter>;

    const SUSPENDS: bool = true;

    #[inline]
    fn initial(&self) -> Self::State {
        Expansion::new()
    }

    #[inline]
    fn step(&self, _: &mut Self::State, item: In, emit: &mut impl FnMut(In::Item) -> Step) -> Step {
        item.into_iter().try_for_each(emit)
    }

    #[inline]
    fn step_until(
        &self,
        state: &mut Self::State,
        item: In,
        emit: &mut impl FnMut(In::Item) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        state.step_until(item.into_iter(), emit, full)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, emit: &mut impl FnMut(In::Item) -> Step, full: &Cell<bool>) -> Step {
        state.resume(emit, full)
    }
}

impl<In, X: Transducer<In, Out: IntoIterator>> Pipeline<In, X> {
    /// Emits each item of each item: see [`flattening`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = [vec![1, 2], vec![3]].into_iter().transduce(pipeline::<Vec<u32>>().flatten());
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
    /// ```
    pub fn flatten(self) -> Pipeline<In, Compose<X, Flattening>> {
        self.then(flattening())
    }
}
