use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item unchanged, and `items` at the end of the run.
///
/// The end is that of the input, or an early end by a stage before this one. If a stage after this one ends the run,
/// `items` are not emitted. `items` may be endless, like those of [`flat_mapping`](crate::flat_mapping).
///
/// - **Memory**: a clone of the iterator over `items`.
/// - **Like**: [`Iterator::chain`]; RxJS's `endWith`.
///
/// ```
/// use transducer::prelude::*;
///
/// let two_and_a_dot = compose((taking(2), following_with(['.'])));
/// assert_eq!("abc".chars().transduce(two_and_a_dot).collect::<String>(), "ab.");
/// ```
#[doc(alias("chain", "append", "concat", "endWith"))]
pub fn following_with<I: IntoIterator<IntoIter: Clone>>(items: I) -> FollowingWith<I::IntoIter> {
    FollowingWith { items: items.into_iter() }
}

/// The transducer of [`following_with`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FollowingWith<I> {
    items: I,
}

/// The state of [`FollowingWith`].
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
pub enum FollowingWithState<I> {
    /// The input has not ended.
    Waiting,
    /// The input has ended, and these are still to be emitted.
    #[cfg_attr(feature = "serde", serde(skip))]
    Following(I),
}

impl<I: Iterator + Clone> Transducer<I::Item> for FollowingWith<I> {
    type Out = I::Item;
    type State = FollowingWithState<I>;

    const SHAPE: Shape = Shape::ONE.flushing();

    #[inline]
    fn initial(&self) -> FollowingWithState<I> {
        FollowingWithState::Waiting
    }

    #[inline(always)]
    fn step(&self, _: &mut FollowingWithState<I>, item: I::Item, out: &mut impl Emit<I::Item>) -> Step {
        out.emit(item)
    }

    #[inline]
    fn resume(&self, state: &mut FollowingWithState<I>, out: &mut impl Emit<I::Item>) -> Step {
        match state {
            FollowingWithState::Following(rest) => out.emit_from(rest).map_continue(|_| ()),
            FollowingWithState::Waiting => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn complete(&self, state: &mut FollowingWithState<I>, out: &mut impl Emit<I::Item>) -> Step {
        *state = FollowingWithState::Following(self.items.clone());
        self.resume(state, out)
    }

    fn size_hint(&self, state: &FollowingWithState<I>, input: SizeHint) -> SizeHint {
        match state {
            FollowingWithState::Following(rest) => rest.size_hint(),
            FollowingWithState::Waiting => hint::add(input, self.items.size_hint()),
        }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("following_with");
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item unchanged, and `items` at the end of the run. See [`following_with`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().chain([9]));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 9]);
    /// ```
    pub fn chain<I>(self, items: I) -> Pipeline<In, Compose<X, FollowingWith<I::IntoIter>>>
    where
        I: IntoIterator<Item = X::Out, IntoIter: Clone>,
    {
        self.then(following_with(items))
    }
}
