use crate::{Compose, Pipeline, SizeHint, Step, Transducer};

/// Emits each item as it comes, and `items` at the end of the run.
///
/// The end is that of the input or one that a stage before this one made; when it was something
/// after this one that had enough, none of `items` are emitted. An `items` without end is fine as long as
/// something downstream ends the run.
///
/// Keeps nothing; `items` is cloned once a run. [`Iterator::chain`].
///
/// ```
/// use transducer::{TransduceIterator, compose, following_with, taking};
///
/// let two_and_a_dot = compose((taking(2), following_with(['.'])));
/// assert_eq!("abc".chars().transduce(two_and_a_dot).collect::<String>(), "ab.");
/// ```
#[doc(alias("chain", "append"))]
pub fn following_with<I: IntoIterator<IntoIter: Clone>>(items: I) -> FollowingWith<I::IntoIter> {
    FollowingWith { items: items.into_iter() }
}

/// The transducer that [`following_with`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FollowingWith<I> {
    items: I,
}

impl<I: Iterator + Clone> Transducer<I::Item> for FollowingWith<I> {
    type Out = I::Item;
    type State = ();

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: I::Item, emit: &mut impl FnMut(I::Item) -> Step) -> Step {
        emit(item)
    }

    #[inline]
    fn complete(&self, _: (), emit: &mut impl FnMut(I::Item) -> Step) {
        let _ = self.items.clone().try_for_each(emit);
    }

    fn size_hint(&self, _: &(), (least, most): SizeHint) -> SizeHint {
        let own = self.items.size_hint();
        (least.saturating_add(own.0), most.zip(own.1).and_then(|(most, own)| most.checked_add(own)))
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item, and `items` at the end of the run: see [`following_with`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
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
