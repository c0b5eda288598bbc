use core::ops::ControlFlow;

use crate::{Compose, Pipeline, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits each item for which `predicate` does not hold, as it comes.
///
/// Keeps nothing. [`Iterator::filter`], negated; Clojure's `remove`.
///
/// ```
/// use transducer::{TransduceIterator, removing};
///
/// let words = ["a", "", "b"].into_iter().transduce(removing(|word: &&str| word.is_empty()));
/// assert_eq!(words.collect::<Vec<_>>(), ["a", "b"]);
/// ```
#[doc(alias = "reject")]
pub fn removing<In, P: Fn(&In) -> bool>(predicate: P) -> Removing<P> {
    Removing { predicate }
}

/// The transducer that [`removing`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Removing<P> {
    predicate: P,
}

impl<In, P: Fn(&In) -> bool> Transducer<In> for Removing<P> {
    type Out = In;
    type State = ();

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if (self.predicate)(&item) { ControlFlow::Continue(()) } else { emit(item) }
    }

    fn size_hint(&self, _: &(), (_, most): SizeHint) -> SizeHint {
        (0, most)
    }
}

debug_closures!(Removing<P> {; predicate});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item for which `predicate` does not hold: see [`removing`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let odd = (1..=4).transduce(pipeline::<u32>().remove(|x| x % 2 == 0));
    /// assert_eq!(odd.collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn remove<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, Removing<P>>> {
        self.then(removing(predicate))
    }
}
