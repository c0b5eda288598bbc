use core::ops::ControlFlow;

use crate::{Compose, Pipeline, Reduced, SizeHint, Step, Transducer};

/// Emits the first item, as it comes, and ends the run. Of nothing it emits nothing.
///
/// Keeps nothing. [`Iterator::next`], as a stage.
///
/// ```
/// use transducer::{TransduceIterator, compose, filtering, first};
///
/// let first_even = compose((filtering(|x: &i32| x % 2 == 0), first()));
/// assert_eq!([3, 4, 6].into_iter().transduce(first_even).collect::<Vec<_>>(), [4]);
/// ```
pub fn first() -> First {
    First
}

/// The transducer that [`first()`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct First;

impl<In> Transducer<In> for First {
    type Out = In;
    type State = ();

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        let _ = emit(item);
        ControlFlow::Break(Reduced)
    }

    fn size_hint(&self, _: &(), (least, most): SizeHint) -> SizeHint {
        (least.min(1), Some(most.map_or(1, |most| most.min(1))))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item and ends the run: see [`first()`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let first = (1..).transduce(pipeline::<u32>().first());
    /// assert_eq!(first.collect::<Vec<_>>(), [1]);
    /// ```
    pub fn first(self) -> Pipeline<In, Compose<X, First>> {
        self.then(first())
    }
}
