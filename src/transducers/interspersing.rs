use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits each item as it comes, with a clone of `separator` between two of them.
///
/// The separator is emitted with the item that comes after it, so there is none at the end. Keeps
/// whether it has begun. itertools' `intersperse`.
///
/// ```
/// use transducer::{TransduceIterator, interspersing};
///
/// assert_eq!(["a", "b", "c"].into_iter().transduce(interspersing("-")).collect::<String>(), "a-b-c");
/// ```
#[doc(alias = "interpose")]
pub fn interspersing<T: Clone>(separator: T) -> Interspersing<T> {
    Interspersing { separator }
}

/// The transducer that [`interspersing`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Interspersing<T> {
    separator: T,
}

/// The state of [`Interspersing`]: whether an item has been emitted yet.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct InterspersingState {
    begun: bool,
}

impl<In: Clone> Transducer<In> for Interspersing<In> {
    type Out = In;
    type State = InterspersingState;

    #[inline]
    fn initial(&self) -> InterspersingState {
        InterspersingState { begun: false }
    }

    #[inline]
    fn step(&self, state: &mut InterspersingState, item: In, emit: &mut impl FnMut(In) -> Step) -> Step {
        if state.begun {
            emit(self.separator.clone())?;
        }
        state.begun = true;
        emit(item)
    }

    fn size_hint(&self, state: &InterspersingState, (least, most): SizeHint) -> SizeHint {
        // A separator before each item, except before the very first.
        let both = |items: usize| items.checked_mul(2).map(|both| both.saturating_sub(usize::from(!state.begun)));
        (both(least).unwrap_or(usize::MAX), most.and_then(both))
    }
}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits each item with `separator` between two of them: see [`interspersing`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = [1, 2, 3].into_iter().transduce(pipeline::<u32>().intersperse(0));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 0, 2, 0, 3]);
    /// ```
    pub fn intersperse(self, separator: X::Out) -> Pipeline<In, Compose<X, Interspersing<X::Out>>> {
        self.then(interspersing(separator))
    }
}
