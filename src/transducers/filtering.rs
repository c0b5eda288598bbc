use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits each item for which `predicate` holds, as it comes.
///
/// Keeps nothing. [`Iterator::filter`].
///
/// ```
/// use transducer::{TransduceIterator, filtering};
///
/// let even = (1..=6).transduce(filtering(|x: &i32| x % 2 == 0));
/// assert_eq!(even.collect::<Vec<_>>(), [2, 4, 6]);
/// ```
pub fn filtering<In, P: Fn(&In) -> bool>(predicate: P) -> Filtering<P> {
    Filtering { predicate }
}

/// The transducer that [`filtering`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Filtering<P> {
    predicate: P,
}

impl<In, P: Fn(&In) -> bool> Transducer<In> for Filtering<P> {
    type Out = In;
    type State = ();

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if (self.predicate)(&item) { emit(item) } else { ControlFlow::Continue(()) }
    }

    fn size_hint(&self, _: &(), (_, most): SizeHint) -> SizeHint {
        (0, most)
    }
}

debug_closures!(Filtering<P> {; predicate});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item for which `predicate` holds: see [`filtering`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let even = (1..=4).transduce(pipeline::<u32>().filter(|x| x % 2 == 0));
    /// assert_eq!(even.collect::<Vec<_>>(), [2, 4]);
    /// ```
    pub fn filter<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, Filtering<P>>> {
        self.then(filtering(predicate))
    }
}
