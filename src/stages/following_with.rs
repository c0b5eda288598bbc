use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Shape, SizeHint, Step, Transducer, hint},
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

/// The state of [`FollowingWith`]: what is left of its own items, once the run has ended.
///
/// It is serialized as nothing, because a run can only be suspended before its end.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
pub struct FollowingWithState<I> {
    #[cfg_attr(feature = "serde", serde(skip, default = "not_yet"))]
    rest: Option<I>,
}

#[cfg(feature = "serde")]
fn not_yet<I>() -> Option<I> {
    None
}

impl<I: Iterator + Clone> Transducer<I::Item> for FollowingWith<I> {
    type Out = I::Item;
    type State = FollowingWithState<I>;

    const SHAPE: Shape = Shape::ONE.flushing();

    #[inline]
    fn initial(&self) -> FollowingWithState<I> {
        FollowingWithState { rest: None }
    }

    #[inline]
    fn step(&self, _: &mut FollowingWithState<I>, item: I::Item, out: &mut impl Emit<I::Item>) -> Step {
        out.emit(item)
    }

    #[inline]
    fn resume(&self, state: &mut FollowingWithState<I>, out: &mut impl Emit<I::Item>) -> Step {
        match &mut state.rest {
            Some(rest) => out.emit_from(rest).map_continue(|_| ()),
            None => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn complete(&self, state: &mut FollowingWithState<I>, out: &mut impl Emit<I::Item>) -> Step {
        out.emit_from(state.rest.insert(self.items.clone())).map_continue(|_| ())
    }

    fn size_hint(&self, state: &FollowingWithState<I>, input: SizeHint) -> SizeHint {
        hint::add(input, state.rest.as_ref().unwrap_or(&self.items).size_hint())
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
