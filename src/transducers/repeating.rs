use core::{
    cell::Cell,
    iter::{RepeatN, repeat_n},
    ops::ControlFlow,
};

use crate::{Compose, Expansion, Pipeline, SizeHint, Step, Transducer};

/// Emits each item `count` times in a row, as it comes.
///
/// Clones it for all but the last. Keeps nothing but, in a lazy run, the latest item. [`Iterator::flat_map`] with
/// [`repeat_n`](core::iter::repeat_n); the stage is that of Robert Smallshire's `transducer` for Python.
///
/// ```
/// use transducer::{TransduceIterator, repeating};
///
/// assert_eq!([1, 2].into_iter().transduce(repeating(3)).collect::<Vec<_>>(), [1, 1, 1, 2, 2, 2]);
/// ```
pub fn repeating(count: usize) -> Repeating {
    Repeating { count }
}

/// The transducer that [`repeating`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Repeating {
    count: usize,
}

impl<In: Clone> Transducer<In> for Repeating {
    type Out = In;
    type State = Expansion<RepeatN<In>>;

    const SUSPENDS: bool = true;

    #[inline]
    fn initial(&self) -> Self::State {
        Expansion::new()
    }

    #[inline]
    fn step(&self, _: &mut Self::State, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        for _ in 1..self.count {
            emit(item.clone())?;
        }
        if self.count == 0 { ControlFlow::Continue(()) } else { emit(item) }
    }

    #[inline]
    fn step_until(
        &self,
        state: &mut Self::State,
        item: In,
        emit: &mut impl FnMut(In) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        state.step_until(repeat_n(item, self.count), emit, full)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, emit: &mut impl FnMut(In) -> Step, full: &Cell<bool>) -> Step {
        state.resume(emit, full)
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        let left = state.size_hint().0;
        let most = most.and_then(|most| most.checked_mul(self.count)?.checked_add(left));
        (least.saturating_mul(self.count).saturating_add(left), most)
    }
}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits each item `count` times in a row: see [`repeating`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().repeat(2));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 1, 2, 2]);
    /// ```
    pub fn repeat(self, count: usize) -> Pipeline<In, Compose<X, Repeating>> {
        self.then(repeating(count))
    }
}
