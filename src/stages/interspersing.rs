use core::{mem, ops::ControlFlow};

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits each item, with a clone of `separator` between every two of them.
///
/// A separator comes together with the item after it, so there is none at the end.
///
/// - **Memory**: one flag; one item in drivers that pause between outputs (lazy, stream, sink).
/// - **Like**: itertools `intersperse`; Clojure's `interpose`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(["a", "b", "c"].into_iter().transduce(interspersing("-")).collect::<String>(), "a-b-c");
/// ```
#[doc(alias = "interpose")]
pub fn interspersing<T: Clone>(separator: T) -> Interspersing<T> {
    Interspersing { separator }
}

/// The transducer of [`interspersing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Interspersing<T> {
    separator: T,
}

/// The state of [`Interspersing`]: how far it has come.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
pub enum InterspersingState<T> {
    /// No item has come yet.
    First,
    /// The next item comes after a separator.
    Further,
    /// The separator has been emitted, this item has not.
    #[cfg_attr(feature = "serde", serde(skip))]
    Held(T),
}

impl<In: Clone> Transducer<In> for Interspersing<In> {
    type Out = In;
    type State = InterspersingState<In>;

    const SHAPE: Shape = Shape::MANY;

    #[inline]
    fn initial(&self) -> InterspersingState<In> {
        InterspersingState::First
    }

    #[inline]
    fn step(&self, state: &mut InterspersingState<In>, item: In, out: &mut impl Emit<In>) -> Step {
        if let InterspersingState::First = state {
            once_a_run();
            *state = InterspersingState::Further;
            return out.emit(item);
        }
        out.emit(self.separator.clone())?;
        if out.is_full() {
            *state = InterspersingState::Held(item);
            return ControlFlow::Continue(());
        }
        out.emit(item)
    }

    #[inline]
    fn resume(&self, state: &mut InterspersingState<In>, out: &mut impl Emit<In>) -> Step {
        if !matches!(state, InterspersingState::Held(_)) {
            return ControlFlow::Continue(());
        }
        match mem::replace(state, InterspersingState::Further) {
            InterspersingState::Held(item) => out.emit(item),
            _ => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, state: &InterspersingState<In>) -> bool {
        matches!(state, InterspersingState::First)
    }

    fn size_hint(&self, state: &InterspersingState<In>, (least, most): SizeHint) -> SizeHint {
        // A separator before each item, except before the very first.
        let first = usize::from(matches!(state, InterspersingState::First));
        let held = usize::from(matches!(state, InterspersingState::Held(_)));
        let both = |items: usize| items.checked_mul(2)?.saturating_sub(first).checked_add(held);
        (both(least).unwrap_or(usize::MAX), most.and_then(both))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("interspersing");
    }
}

/// Tells the optimizer what is rare.
#[cold]
fn once_a_run() {}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits each item, with a clone of `separator` between every two of them. See [`interspersing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [1, 2, 3].into_iter().transduce(pipeline::<u32>().intersperse(0));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 0, 2, 0, 3]);
    /// ```
    pub fn intersperse(self, separator: X::Out) -> Pipeline<In, Compose<X, Interspersing<X::Out>>> {
        self.then(interspersing(separator))
    }
}
