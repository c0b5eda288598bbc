use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits each item `count` times in a row, as it comes.
///
/// Clones it for all but the last. Keeps nothing. [`Iterator::flat_map`] with
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
    type State = ();

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        for _ in 1..self.count {
            emit(item.clone())?;
        }
        if self.count == 0 { ControlFlow::Continue(()) } else { emit(item) }
    }

    fn size_hint(&self, _: &(), (least, most): SizeHint) -> SizeHint {
        (least.saturating_mul(self.count), most.and_then(|most| most.checked_mul(self.count)))
    }
}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits each item `count` times in a row: see [`repeating`].
    pub fn repeat(self, count: usize) -> Pipeline<In, Compose<X, Repeating>> {
        self.then(repeating(count))
    }
}
