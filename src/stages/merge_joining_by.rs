use core::{cmp::Ordering, ops::ControlFlow};

use super::merging::MergingState;
use crate::{
    kernel::{Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures, hint},
    pipeline::Pipeline,
};

/// Joins the items with `items`, both of which are in ascending order: emits `Both(item, other)` for two that are equal,
/// and `Left(item)` or `Right(other)` for those that have no partner, in that order.
///
/// `compare` says how an item compares with one of `items`. Each has one partner at most. What is left of `items` is
/// emitted at the end of the run, unless a stage after this one ends it. `items` may be endless.
///
/// - **Memory**: a clone of the iterator over `items`, and one of its items, which is read ahead. In drivers that pause
///   between outputs (lazy, stream, sink), also one item.
/// - **Like**: itertools `merge_join_by`; a full outer join of two sorted tables with unique keys.
///
/// ```
/// use transducer::{prelude::*, stages::EitherOrBoth::*};
///
/// let prices = [(1, 250), (3, 100), (4, 400)];
/// let joined = ["1 tea", "2 rum", "3 ink"].into_iter().transduce(merge_joining_by(prices, |name: &&str, (id, _)| {
///     name[..1].parse::<u32>().unwrap().cmp(id)
/// }));
/// assert_eq!(
///     joined.collect::<Vec<_>>(),
///     [Both("1 tea", (1, 250)), Left("2 rum"), Both("3 ink", (3, 100)), Right((4, 400))]
/// );
/// ```
#[doc(alias("merge_join_by", "merge_join", "zip_longest", "sorted_join"))]
pub fn merge_joining_by<In, I, F>(items: I, compare: F) -> MergeJoining<I::IntoIter, F>
where
    I: IntoIterator<IntoIter: Clone>,
    F: Fn(&In, &I::Item) -> Ordering,
{
    MergeJoining { items: items.into_iter(), compare }
}

/// The transducer of [`merge_joining_by`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct MergeJoining<I, F> {
    items: I,
    compare: F,
}

/// An item of one of two sources, or one of each: see [`merge_joining_by`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum EitherOrBoth<A, B> {
    /// One of each.
    Both(A, B),
    /// An item of the input.
    Left(A),
    /// An item of the stage's own.
    Right(B),
}

impl<In, I, F> Transducer<In> for MergeJoining<I, F>
where
    I: Iterator + Clone,
    F: Fn(&In, &I::Item) -> Ordering,
{
    type Out = EitherOrBoth<In, I::Item>;
    type State = MergingState<In, I::Item, I>;

    const SHAPE: Shape = Shape::ANY;

    #[inline]
    fn initial(&self) -> Self::State {
        MergingState::new(self.items.clone())
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<Self::Out>) -> Step {
        loop {
            let order = state.own.peek().map(|own| (self.compare)(&item, own));
            let own = if order.is_none_or(Ordering::is_lt) { None } else { state.own.next() };
            match own {
                None => return out.emit(EitherOrBoth::Left(item)),
                Some(own) if order == Some(Ordering::Equal) => return out.emit(EitherOrBoth::Both(item, own)),
                Some(own) => out.emit(EitherOrBoth::Right(own))?,
            }
            if out.is_full() {
                state.waiting.0 = Some(item);
                return ControlFlow::Continue(());
            }
        }
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<Self::Out>) -> Step {
        match state.waiting.0.take() {
            Some(item) => self.step(state, item, out),
            None if state.ended => out.map(EitherOrBoth::Right).emit_from(&mut state.own).map_continue(|_| ()),
            None => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<Self::Out>) -> Step {
        state.ended = true;
        self.resume(state, out)
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        // Two make one output, or two.
        let (least, most) = hint::add(input, hint::exactly(usize::from(state.waiting.0.is_some())));
        let own = state.own.size_hint();
        (least.max(own.0), hint::add((least, most), own).1)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("merge_joining_by");
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.validate("merge_joining_by")
    }
}

debug_closures!(MergeJoining<I, F> { items: I; compare });

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Joins the items with `items`, both of which are in ascending order. See [`merge_joining_by`].
    ///
    /// ```
    /// use transducer::{prelude::*, stages::EitherOrBoth::*};
    ///
    /// let joined = [1, 2].into_iter().transduce(pipeline::<u32>().merge_join_by([2, 3], |a, b| a.cmp(b)));
    /// assert_eq!(joined.collect::<Vec<_>>(), [Left(1), Both(2, 2), Right(3)]);
    /// ```
    pub fn merge_join_by<I, F>(self, items: I, compare: F) -> Pipeline<In, Compose<X, MergeJoining<I::IntoIter, F>>>
    where
        I: IntoIterator<IntoIter: Clone>,
        F: Fn(&X::Out, &I::Item) -> Ordering,
    {
        self.then(merge_joining_by(items, compare))
    }
}
