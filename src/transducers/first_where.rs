use core::ops::ControlFlow;

use crate::{Compose, Pipeline, Reduced, SizeHint, Step, Transducer, debug::debug_closures};

/// Emits the first item for which `predicate` holds, as it comes, and ends the run. If there is none
/// it emits nothing.
///
/// Keeps nothing. [`Iterator::find`], as a stage.
///
/// ```
/// use transducer::{TransduceIterator, first_where};
///
/// let long = ["a", "bcd", "efgh"].into_iter().transduce(first_where(|word: &&str| word.len() > 2));
/// assert_eq!(long.collect::<Vec<_>>(), ["bcd"]);
/// ```
#[doc(alias = "find")]
pub fn first_where<In, P: Fn(&In) -> bool>(predicate: P) -> FirstWhere<P> {
    FirstWhere { predicate }
}

/// The transducer that [`first_where`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FirstWhere<P> {
    predicate: P,
}

impl<In, P: Fn(&In) -> bool> Transducer<In> for FirstWhere<P> {
    type Out = In;
    type State = ();

    const AT_MOST_ONE: bool = true;

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if !(self.predicate)(&item) {
            return ControlFlow::Continue(());
        }
        let _ = emit(item);
        ControlFlow::Break(Reduced)
    }

    fn size_hint(&self, _: &(), (_, most): SizeHint) -> SizeHint {
        (0, Some(most.map_or(1, |most| most.min(1))))
    }
}

debug_closures!(FirstWhere<P> {; predicate});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item for which `predicate` holds and ends the run: see [`first_where`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let found = (1..).transduce(pipeline::<u32>().find(|x| x % 5 == 0));
    /// assert_eq!(found.collect::<Vec<_>>(), [5]);
    /// ```
    pub fn find<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, FirstWhere<P>>> {
        self.then(first_where(predicate))
    }
}
