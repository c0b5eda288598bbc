use core::{cmp::Ordering, ops::ControlFlow};

use super::ahead::Ahead;
use crate::{
    kernel::{Compose, Emit, Held, InvalidState, Outline, Shape, SizeHint, Step, Transducer, hint},
    order::{By, ByRank, Natural, Order},
    pipeline::Pipeline,
};

/// Emits the items and `items`, both of which are in ascending order, as one sequence in that order.
///
/// Those of `items` that are less than an item are emitted ahead of it, and those that are left at the end of the run. An
/// item comes before an equal one of `items`. If a stage after this one ends the run, what is left is not emitted.
/// `items` may be endless. Where either is out of order, so is the output.
///
/// - **Memory**: a clone of the iterator over `items`, and one of its items, which is read ahead. In drivers that pause
///   between outputs (lazy, stream, sink), also one item.
/// - **Like**: itertools `merge`.
///
/// ```
/// use transducer::prelude::*;
///
/// let merged = [1, 4, 6].into_iter().transduce(merging([2, 3, 9]));
/// assert_eq!(merged.collect::<Vec<_>>(), [1, 2, 3, 4, 6, 9]);
/// ```
#[doc(alias("merge", "merge_sorted"))]
pub fn merging<I: IntoIterator<IntoIter: Clone>>(items: I) -> Merging<I::IntoIter>
where
    I::Item: Ord,
{
    Merging { items: items.into_iter(), order: Natural }
}

/// Like [`merging`], in the order that `compare` says.
///
/// - **Like**: itertools `merge_by`, which asks whether the first comes first.
///
/// ```
/// use transducer::prelude::*;
///
/// let merged = [0.5, 2.5].into_iter().transduce(merging_by([1.0, 2.0], f64::total_cmp));
/// assert_eq!(merged.collect::<Vec<_>>(), [0.5, 1.0, 2.0, 2.5]);
/// ```
pub fn merging_by<I, F>(items: I, compare: F) -> MergingBy<I::IntoIter, F>
where
    I: IntoIterator<IntoIter: Clone>,
    F: Fn(&I::Item, &I::Item) -> Ordering,
{
    Merging { items: items.into_iter(), order: By { compare } }
}

/// Like [`merging`], in the order of the keys that `key` gives. Keys are computed for each comparison.
///
/// - **Like**: itertools `merge_by`, with keys.
///
/// ```
/// use transducer::prelude::*;
///
/// let merged = [(1, 'a'), (5, 'b')].into_iter().transduce(merging_by_key([(3, 'c')], |(time, _)| *time));
/// assert_eq!(merged.collect::<Vec<_>>(), [(1, 'a'), (3, 'c'), (5, 'b')]);
/// ```
pub fn merging_by_key<I, K, F>(items: I, key: F) -> MergingByKey<I::IntoIter, F>
where
    I: IntoIterator<IntoIter: Clone>,
    K: Ord,
    F: Fn(&I::Item) -> K,
{
    Merging { items: items.into_iter(), order: ByRank { key } }
}

/// The transducer of [`merging`], [`merging_by`] and [`merging_by_key`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Merging<I, O = Natural> {
    items: I,
    order: O,
}

/// The transducer of [`merging_by`].
pub type MergingBy<I, F> = Merging<I, By<F>>;

/// The transducer of [`merging_by_key`].
pub type MergingByKey<I, F> = Merging<I, ByRank<F>>;

/// The state of [`Merging`] and [`MergeJoining`](super::MergeJoining): what is left of its own items.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MergingState<In, T, I> {
    pub(super) own: Ahead<T, I>,
    /// An item that is behind some of its own, which are still to be emitted.
    pub(super) waiting: Held<In>,
    /// Whether the run has ended.
    pub(super) ended: bool,
}

impl<In, I: Iterator> MergingState<In, I::Item, I> {
    pub(super) fn new(items: I) -> Self {
        Self { own: Ahead::new(items), waiting: Held(None), ended: false }
    }

    /// Checks what comes from outside.
    pub(super) fn validate(&self, stage: &'static str) -> Result<(), InvalidState> {
        InvalidState::unless(!self.ended && self.waiting.0.is_none(), stage, "outputs are pending")
    }
}

impl<I: Iterator + Clone, O: Order<I::Item>> Transducer<I::Item> for Merging<I, O> {
    type Out = I::Item;
    type State = MergingState<I::Item, I::Item, I>;

    const SHAPE: Shape = Shape::ANY;

    #[inline]
    fn initial(&self) -> Self::State {
        MergingState::new(self.items.clone())
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: I::Item, out: &mut impl Emit<I::Item>) -> Step {
        while state.own.peek().is_some_and(|own| self.order.compare(own, &item) == Ordering::Less) {
            let Some(own) = state.own.next() else { break };
            out.emit(own)?;
            if out.is_full() {
                state.waiting.0 = Some(item);
                return ControlFlow::Continue(());
            }
        }
        out.emit(item)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<I::Item>) -> Step {
        match state.waiting.0.take() {
            Some(item) => self.step(state, item, out),
            None if state.ended => out.emit_from(&mut state.own).map_continue(|_| ()),
            None => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<I::Item>) -> Step {
        state.ended = true;
        self.resume(state, out)
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        let waiting = hint::exactly(usize::from(state.waiting.0.is_some()));
        hint::add(hint::add(input, waiting), state.own.size_hint())
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("merging").variant(O::SUFFIX);
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.validate("merging")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the items and `items`, both in ascending order, as one sequence in that order. See [`merging`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let merged = [1, 4].into_iter().transduce(pipeline::<u32>().merge([2, 3]));
    /// assert_eq!(merged.collect::<Vec<_>>(), [1, 2, 3, 4]);
    /// ```
    pub fn merge<I>(self, items: I) -> Pipeline<In, Compose<X, Merging<I::IntoIter>>>
    where
        I: IntoIterator<Item = X::Out, IntoIter: Clone>,
        X::Out: Ord,
    {
        self.then(merging(items))
    }

    /// Emits the items and `items`, both in the order that `compare` says, as one sequence in that order. See
    /// [`merging_by`].
    ///
    /// It isn't called `merge_by` because that of itertools takes another closure.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let merged = pipeline::<u32>().merge_ordered_by([3, 2], |a, b| b.cmp(a));
    /// assert_eq!([4, 1].into_iter().transduce(merged).collect::<Vec<_>>(), [4, 3, 2, 1]);
    /// ```
    pub fn merge_ordered_by<I, F>(self, items: I, compare: F) -> Pipeline<In, Compose<X, MergingBy<I::IntoIter, F>>>
    where
        I: IntoIterator<Item = X::Out, IntoIter: Clone>,
        F: Fn(&X::Out, &X::Out) -> Ordering,
    {
        self.then(merging_by(items, compare))
    }

    /// Emits the items and `items`, both in the order of their keys, as one sequence in that order. See
    /// [`merging_by_key`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let merged = pipeline::<(u32, char)>().merge_by_key([(3, 'c')], |(time, _)| *time);
    /// let merged = [(1, 'a'), (5, 'b')].into_iter().transduce(merged);
    /// assert_eq!(merged.collect::<Vec<_>>(), [(1, 'a'), (3, 'c'), (5, 'b')]);
    /// ```
    pub fn merge_by_key<I, K, F>(self, items: I, key: F) -> Pipeline<In, Compose<X, MergingByKey<I::IntoIter, F>>>
    where
        I: IntoIterator<Item = X::Out, IntoIter: Clone>,
        K: Ord,
        F: Fn(&X::Out) -> K,
    {
        self.then(merging_by_key(items, key))
    }
}
