//! The [`Transducer`] trait: a recipe for transforming.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, rc::Rc, sync::Arc};
use core::{fmt, marker::PhantomData, ops::ControlFlow};

use super::{
    Combine, Emit, Ending, Fold, Guarded, InvalidState, Outline, Reducer, Shape, Splittable, Step, Time, call,
    forward::forward,
};

/// How many items there will be: at least the first number, at most the second, as in [`Iterator::size_hint`].
pub type SizeHint = (usize, Option<usize>);

/// A recipe for transforming items of type `In` into items of type [`Out`](Self::Out).
///
/// The recipe is immutable. All that changes in a run is in its [`State`](Self::State), so one transducer can serve any
/// number of runs, at the same time and from many threads. The state of a run is plain data: it can be cloned, stored
/// and resumed.
///
/// `step` hands items downstream by [`out.emit`](Emit::emit), and returns what `emit` returns. A stage that makes more
/// than one item of an input asks [`out.is_full`](Emit::is_full) before each further one, and keeps the rest in its
/// state for [`resume`](Self::resume). A [`Rest`](crate::kernel::Rest) does both.
///
/// ```
/// use transducer::{Emit, Step, kernel::Rest, prelude::*};
///
/// /// Emits each number and the one after it.
/// struct WithNext;
///
/// impl Transducer<u32> for WithNext {
///     type Out = u32;
///     // What is left to be made of an item.
///     type State = Rest<std::array::IntoIter<u32, 2>>;
///
///     fn initial(&self) -> Self::State {
///         Rest::new()
///     }
///
///     fn step(&self, rest: &mut Self::State, item: u32, out: &mut impl Emit<u32>) -> Step {
///         rest.emit([item, item + 1], out)
///     }
///
///     fn resume(&self, rest: &mut Self::State, out: &mut impl Emit<u32>) -> Step {
///         rest.resume(out)
///     }
/// }
///
/// assert_eq!([1, 5].into_iter().transduce(WithNext).collect::<Vec<_>>(), [1, 2, 5, 6]);
/// ```
///
/// # The protocol
///
/// The author of a stage keeps rules 1 to 3. What drives the stage, a composition or a driver, keeps the others. The
/// law kit names the broken rule by its number.
///
/// 1. At the entry of `step`, `resume`, `advance` and `complete` there is room for one item. A stage does not emit
///    while `out` is full. If `out` is not full on return, nothing is left to make.
/// 2. When `out.emit` returns `Break`, the stage passes it on, and emits nothing more in that call. A stage returns
///    `Break` on its own when it wants no more input.
/// 3. A stage keeps its [`SHAPE`](Self::SHAPE): it emits no more than that says. After a call of `advance` that did not
///    leave `out` full, the deadline is later than the moment of the call, or there is none.
/// 4. A stage is stepped, advanced and completed only when nothing is left to make.
/// 5. After `Break` a stage is not stepped again. What is left is still resumed; then the stage is completed.
/// 6. `complete` is called once, and then `resume` until `out` is not full.
/// 7. A stage is advanced only at its deadlines, in their order, and before an item that comes at the same moment.
///
/// The idea is Rich Hickey's, in Clojure: <https://clojure.org/reference/transducers>. There a transducer maps a
/// reducing function to another one. Here it gets `out` instead, which takes one type for each stage and not two.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transducer of `{In}`",
    label = "does not take items of type `{In}`",
    note = "each stage takes what the stage before it emits; the first takes the items of the source",
    note = "stages are made by calls: write `first()`, not `first`, and `mapping(|x| ..)`, not `|x| ..`"
)]
pub trait Transducer<In> {
    /// What it emits.
    type Out;
    /// What a run keeps between items.
    type State;

    /// What the stage can do at most. See [`Shape`].
    const SHAPE: Shape = Shape::ANY;

    /// Makes the state of a new run.
    fn initial(&self) -> Self::State;

    /// Takes one item and emits what follows from it. After `Break` it is not called again in this run.
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<Self::Out>) -> Step;

    /// Emits what an earlier call has left because `out` was full, until `out` is full again.
    ///
    /// It may be called when nothing is left; it then emits nothing. It is also called after `Break` and after
    /// `complete`, but not where the shape rules it out. By default it emits nothing.
    #[inline]
    fn resume(&self, _state: &mut Self::State, _out: &mut impl Emit<Self::Out>) -> Step {
        ControlFlow::Continue(())
    }

    /// Emits what is left over at the end of a run.
    ///
    /// It is called once, also if the run ended early, but not if the shape says that nothing can be left over. By
    /// default it emits nothing.
    #[inline]
    fn complete(&self, _state: &mut Self::State, _out: &mut impl Emit<Self::Out>) -> Step {
        ControlFlow::Continue(())
    }

    /// The moment at which `advance` is to be called if no item comes before, or `None` if there is nothing to wait
    /// for.
    ///
    /// Only stages whose `SHAPE` is [`timed`](Shape::timed) are asked. By default it is `None`.
    #[inline]
    fn deadline(&self, _state: &Self::State) -> Option<Time> {
        None
    }

    /// Does what is due at the moment [`out.now()`](Emit::now), which is the deadline, and clears or moves the
    /// deadline.
    ///
    /// It returns `Break` as `step` does. By default it does nothing.
    #[inline]
    fn advance(&self, _state: &mut Self::State, _out: &mut impl Emit<Self::Out>) -> Step {
        ControlFlow::Continue(())
    }

    /// Whether this state wants no item at all, as after `taking(0)`. It is asked once, before the first item. By
    /// default `false`.
    #[inline]
    fn is_reduced(&self, _state: &Self::State) -> bool {
        false
    }

    /// Whether this state is as at the beginning, and completing it would emit nothing.
    ///
    /// [`by_key`](crate::by_key) forgets the run of a key that is idle, if the inner pipeline is timed. By default a
    /// state is idle if it has no size and `complete` can't emit.
    #[inline]
    fn is_idle(&self, _state: &Self::State) -> bool {
        size_of::<Self::State>() == 0 && !Self::SHAPE.flushes()
    }

    /// How many items a run in this state will still emit, `complete` included, if `input` items come.
    ///
    /// After `complete`, with no input, it counts what is left to resume. By default it is any number.
    fn size_hint(&self, _state: &Self::State, _input: SizeHint) -> SizeHint {
        (0, None)
    }

    /// Writes the stage's name and settings into `outline`: what a [`Snapshot`](crate::Snapshot) is known by.
    ///
    /// A stage of your own that isn't told apart by it is called `own`. What is inside is added by
    /// [`Described::inside`](crate::kernel::Described::inside).
    ///
    /// ```
    /// use transducer::{Emit, Step, Transducer, kernel::{Change, Outline}};
    ///
    /// /// Emits every item so many times more.
    /// struct Echoing { times: usize }
    ///
    /// impl Transducer<u8> for Echoing {
    ///     # type Out = u8;
    ///     # type State = ();
    ///     # fn initial(&self) {}
    ///     # fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step { out.emit(item) }
    ///     // ...
    ///     fn describe(&self, outline: &mut Outline) {
    ///         outline.stage("echoing").setting("times", self.times, Change::Free);
    ///     }
    /// }
    /// assert_eq!(Outline::of(&Echoing { times: 2 }).to_string(), "echoing");
    /// ```
    fn describe(&self, outline: &mut Outline) {
        outline.stage("own");
    }

    /// Checks a state that comes from outside, and fits it to the settings of this recipe.
    ///
    /// A driver calls it once, before a run goes on from a deserialized state. Afterwards no method of the recipe may
    /// panic, hang or reserve memory because of that state. What doesn't agree is mended where that has a meaning.
    /// Every state is valid unless this says otherwise.
    ///
    /// - **Errors**: if no run of this recipe can have the state.
    fn validate(&self, _state: &mut Self::State) -> Result<(), InvalidState> {
        Ok(())
    }

    /// The shape as known at run time. A [`Boxed`](crate::Boxed) gives the shape of what is inside, and wrappers pass
    /// it on. By default it is [`SHAPE`](Self::SHAPE).
    #[inline]
    fn shape(&self) -> Shape {
        Self::SHAPE
    }

    /// Gives the reducer of `In` that passes each item through this transducer to `reducer`.
    ///
    /// A timed transducer does not compile here, because a reducer has no clock.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let lengths = mapping(|word: &str| word.len()).apply(summing::<usize>());
    /// let mut total = lengths.initial();
    /// let _ = lengths.step(&mut total, "data");
    /// let _ = lengths.step(&mut total, "pipeline");
    /// assert_eq!(lengths.complete(total), 12);
    /// ```
    fn apply<R: Reducer<Self::Out>>(self, reducer: R) -> Apply<In, Self, R>
    where
        Self: Sized,
    {
        const { Self::SHAPE.assert_untimed() };
        Apply { xf: self, reducer, item: PhantomData }
    }
}

impl<In, X: Transducer<In>> Transducer<In> for &X {
    type Out = X::Out;
    type State = X::State;

    forward! { In => X: |this| *this }
}

#[cfg(feature = "alloc")]
impl<In, X: Transducer<In>> Transducer<In> for Box<X> {
    type Out = X::Out;
    type State = X::State;

    forward! { In => X: |this| &**this }
}

#[cfg(feature = "alloc")]
impl<In, X: Transducer<In>> Transducer<In> for Rc<X> {
    type Out = X::Out;
    type State = X::State;

    forward! { In => X: |this| &**this }
}

#[cfg(feature = "alloc")]
impl<In, X: Transducer<In>> Transducer<In> for Arc<X> {
    type Out = X::Out;
    type State = X::State;

    forward! { In => X: |this| &**this }
}

/// The reducer of [`Transducer::apply`].
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Apply<In, X, R> {
    xf: X,
    reducer: R,
    // Names the items, so that the compiler can tell them from how the reducer is used later.
    item: PhantomData<fn(In)>,
}

/// The accumulator of [`Apply`]: the state of the transducer and the accumulator of the reducer.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ApplyAcc<S, A> {
    state: Guarded<S>,
    acc: Guarded<A>,
}

impl<In, X: Clone, R: Clone> Clone for Apply<In, X, R> {
    fn clone(&self) -> Self {
        Self { xf: self.xf.clone(), reducer: self.reducer.clone(), item: PhantomData }
    }
}

impl<In, X: fmt::Debug, R: fmt::Debug> fmt::Debug for Apply<In, X, R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Apply").field("xf", &self.xf).field("reducer", &self.reducer).finish()
    }
}

impl<In, X: Transducer<In>, R: Reducer<X::Out>> Reducer<In> for Apply<In, X, R> {
    type Acc = ApplyAcc<X::State, R::Acc>;
    type Output = R::Output;

    fn initial(&self) -> Self::Acc {
        let acc = Guarded::of(&self.reducer);
        let state = self.xf.initial();
        let ended = acc.reduced || self.xf.is_reduced(&state);
        ApplyAcc { state: Guarded::new(state, ended), acc }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        let ApplyAcc { state, acc } = acc;
        let mut out = Fold { reducer: &self.reducer, acc: Guarded { state: &mut acc.state, reduced: acc.reduced } };
        let flow = state.feed(|state| call::step(&self.xf, state, item, &mut out));
        acc.reduced = out.acc.reduced;
        flow
    }

    fn complete(&self, acc: Self::Acc) -> R::Output {
        let ApplyAcc { state: Guarded { mut state, .. }, mut acc } = acc;
        let guarded = Guarded::new(&mut acc.state, acc.reduced);
        let _ = call::complete(&self.xf, &mut state, &mut Fold { reducer: &self.reducer, acc: guarded });
        self.reducer.complete(acc.state)
    }

    fn is_reduced(&self, acc: &Self::Acc) -> bool {
        acc.state.reduced
    }

    fn describe(&self, outline: &mut Outline) {
        outline.composed(|outline| self.xf.describe(outline), |outline| self.reducer.describe(outline));
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        acc.acc.validate(&self.reducer)?;
        self.xf.validate(&mut acc.state.state)?;
        acc.state.reduced |= acc.acc.reduced || self.xf.is_reduced(&acc.state.state);
        Ok(())
    }
}

// A stage that may be split keeps nothing from one item to the next, so there are only accumulators to combine.
impl<In, X: Transducer<In> + Splittable, R: Combine<X::Out>> Combine<In> for Apply<In, X, R> {
    const ENDING: Ending = R::ENDING;

    fn initial_of_piece(&self, number: u64) -> Self::Acc {
        let acc = Guarded::of_piece(&self.reducer, number);
        ApplyAcc { state: Guarded::new(self.xf.initial(), acc.reduced), acc }
    }

    #[inline]
    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        let flow = acc.acc.combine(&self.reducer, later.acc);
        acc.state.reduced = acc.acc.reduced;
        flow
    }
}
