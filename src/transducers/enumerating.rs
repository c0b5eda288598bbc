use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits each item with its position, counted from 0, as it comes.
///
/// Keeps a count. [`Iterator::enumerate`]; Clojure's `map-indexed` with a pair.
///
/// # Panics
/// As std's does: in builds with overflow checks, after `usize::MAX` items.
///
/// ```
/// use transducer::{TransduceIterator, enumerating};
///
/// assert_eq!(['a', 'b'].into_iter().transduce(enumerating()).collect::<Vec<_>>(), [(0, 'a'), (1, 'b')]);
/// ```
#[doc(alias = "map_indexed")]
pub fn enumerating() -> Enumerating {
    Enumerating
}

/// The transducer that [`enumerating`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Enumerating;

/// The state of [`Enumerating`]: the position of the next item.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EnumeratingState {
    next: usize,
}

impl<In> Transducer<In> for Enumerating {
    type Out = (usize, In);
    type State = EnumeratingState;

    const ONE_TO_ONE: bool = true;

    #[inline]
    fn initial(&self) -> EnumeratingState {
        EnumeratingState { next: 0 }
    }

    #[inline]
    fn step(&self, state: &mut EnumeratingState, item: In, emit: &mut impl FnMut((usize, In)) -> Step) -> Step {
        let position = state.next;
        state.next += 1;
        emit((position, item))
    }

    fn size_hint(&self, _: &EnumeratingState, input: SizeHint) -> SizeHint {
        input
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item with its position: see [`enumerating`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbered = "ab".chars().transduce(pipeline::<char>().enumerate());
    /// assert_eq!(numbered.collect::<Vec<_>>(), [(0, 'a'), (1, 'b')]);
    /// ```
    pub fn enumerate(self) -> Pipeline<In, Compose<X, Enumerating>> {
        self.then(enumerating())
    }
}
