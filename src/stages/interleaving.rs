use core::ops::ControlFlow;

use super::ahead::Ahead;
use crate::{
    kernel::{Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item unchanged and the next of `items` after it, and what is left of `items` at the end of the run.
///
/// Once there are no more of `items`, the others pass alone. The end is that of the input, or an early end by a stage
/// before this one. If a stage after this one ends the run, what is left is not emitted. `items` may be endless, like
/// those of [`flat_mapping`](crate::flat_mapping).
///
/// - **Memory**: a clone of the iterator over `items`.
/// - **Like**: itertools `interleave`; Clojure's `interleave`, which ends with the shorter.
///
/// ```
/// use transducer::prelude::*;
///
/// let both = [1, 2, 3].into_iter().transduce(interleaving([10, 20]));
/// assert_eq!(both.collect::<Vec<_>>(), [1, 10, 2, 20, 3]);
/// ```
#[doc(alias("interleave", "roundrobin"))]
pub fn interleaving<I: IntoIterator<IntoIter: Clone>>(items: I) -> Interleaving<I::IntoIter> {
    Interleaving { items: items.into_iter() }
}

/// The transducer of [`interleaving`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Interleaving<I> {
    items: I,
}

/// The state of [`Interleaving`]: what is left of its own items.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct InterleavingState<T, I> {
    own: Ahead<T, I>,
    left: Left,
}

/// What is left to be done of a call, while downstream is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Left {
    Nothing,
    /// One of its own is to be emitted.
    One,
    /// All of its own are: the run has ended.
    All,
}

impl<I: Iterator + Clone> Transducer<I::Item> for Interleaving<I> {
    type Out = I::Item;
    type State = InterleavingState<I::Item, I>;

    const SHAPE: Shape = Shape::ANY;

    #[inline]
    fn initial(&self) -> Self::State {
        InterleavingState { own: Ahead::new(self.items.clone()), left: Left::Nothing }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: I::Item, out: &mut impl Emit<I::Item>) -> Step {
        out.emit(item)?;
        state.left = Left::One;
        if out.is_full() { ControlFlow::Continue(()) } else { self.resume(state, out) }
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<I::Item>) -> Step {
        match state.left {
            Left::Nothing => ControlFlow::Continue(()),
            Left::One => {
                state.left = Left::Nothing;
                state.own.next().map_or(ControlFlow::Continue(()), |item| out.emit(item))
            }
            Left::All => out.emit_from(&mut state.own).map_continue(|_| ()),
        }
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<I::Item>) -> Step {
        state.left = Left::All;
        self.resume(state, out)
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        hint::add(input, state.own.size_hint())
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("interleaving");
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        InvalidState::unless(state.left == Left::Nothing, "interleaving", "outputs are pending")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item unchanged and the next of `items` after it. See [`interleaving`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let both = [1, 2].into_iter().transduce(pipeline::<u32>().interleave([10, 20, 30]));
    /// assert_eq!(both.collect::<Vec<_>>(), [1, 10, 2, 20, 30]);
    /// ```
    pub fn interleave<I>(self, items: I) -> Pipeline<In, Compose<X, Interleaving<I::IntoIter>>>
    where
        I: IntoIterator<Item = X::Out, IntoIter: Clone>,
    {
        self.then(interleaving(items))
    }
}
