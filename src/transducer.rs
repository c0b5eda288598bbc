//! The [`Transducer`] trait: a recipe for transforming.

use core::{cell::Cell, fmt, marker::PhantomData, ops::ControlFlow};

use crate::{Reducer, Step, reduced::Guarded};

/// How many items there will be: at least the first number, at most the second, as in
/// [`Iterator::size_hint`].
pub type SizeHint = (usize, Option<usize>);

/// A recipe for transforming items of type `In` into items of type [`Out`](Self::Out).
///
/// The recipe is immutable; all that changes in a run is in its [`State`](Self::State). So one
/// transducer can serve any number of runs, at once and from many threads, and a run's state is
/// plain data that can be cloned, kept and taken up again.
///
/// `step` hands items downstream through `emit`, none, one or many of them, and passes on what
/// `emit` answers. A stage need not watch over `Break`: whoever drives it (a [`Compose`](crate::Compose)
/// or a driver) sees to it that nothing is stepped after it has answered `Break`, and that
/// `complete` is called once.
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{TransduceIterator, Step, Transducer};
///
/// /// Emits each number and the one after it.
/// struct WithNext;
///
/// impl Transducer<u32> for WithNext {
///     type Out = u32;
///     type State = ();
///
///     fn initial(&self) {}
///
///     fn step(&self, _: &mut (), item: u32, emit: &mut impl FnMut(u32) -> Step) -> Step {
///         emit(item)?;
///         emit(item + 1)
///     }
/// }
///
/// assert_eq!([1, 5].into_iter().transduce(WithNext).collect::<Vec<_>>(), [1, 2, 5, 6]);
/// ```
///
/// The idea is Rich Hickey's, in Clojure: <https://clojure.org/reference/transducers>. There a
/// transducer maps a reducing function to another; here it is given `emit` instead, which needs one
/// type a stage, not two.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
#[diagnostic::on_unimplemented(message = "`{Self}` is not a transducer of `{In}`")]
pub trait Transducer<In> {
    /// What it emits.
    type Out;
    /// What a run keeps between items.
    type State;

    /// Whether each step emits exactly one item, and `complete` emits none.
    ///
    /// Drivers then hand the reducer a plain iterator, which lets std's own fast paths for known
    /// lengths do the work.
    const ONE_TO_ONE: bool = false;

    /// Whether each step emits at most one item. What `complete` emits doesn't count.
    ///
    /// The lazy driver then needs no queue between one input and the next.
    const AT_MOST_ONE: bool = Self::ONE_TO_ONE;

    /// Whether [`step_until`](Self::step_until) can leave outputs to be made by [`resume`](Self::resume).
    const SUSPENDS: bool = false;

    /// The state of a run that has seen nothing yet.
    fn initial(&self) -> Self::State;

    /// Takes one item and emits what follows from it. After `Break` it is not called again in this run.
    fn step(&self, state: &mut Self::State, item: In, emit: &mut impl FnMut(Self::Out) -> Step) -> Step;

    /// Like `step`, for a driver that wants one output at a time: once `full` is set, by `emit`, what is
    /// still to be made of `item` may be left to [`resume`](Self::resume).
    ///
    /// A stage that makes many items of one sees to it that they are made as they are asked for. For all
    /// others the provided method, which is `step`, will do.
    #[inline]
    fn step_until(
        &self,
        state: &mut Self::State,
        item: In,
        emit: &mut impl FnMut(Self::Out) -> Step,
        _full: &Cell<bool>,
    ) -> Step {
        self.step(state, item, emit)
    }

    /// Goes on with what [`step_until`](Self::step_until) has left, until `full` is set again. When that is
    /// not set there is nothing left, and only then may the driver go on to the next item or complete the run.
    ///
    /// It may be called after `Break` as well: what comes after the stage that has ended the run can still have
    /// outputs to make.
    #[inline]
    fn resume(&self, _state: &mut Self::State, _emit: &mut impl FnMut(Self::Out) -> Step, _full: &Cell<bool>) -> Step {
        ControlFlow::Continue(())
    }

    /// Emits what is left over at the end of a run. Called once, also when the run was cut short.
    #[inline]
    fn complete(&self, _state: Self::State, _emit: &mut impl FnMut(Self::Out) -> Step) {}

    /// How many items a run in this state will still emit, `complete` included, if `input` items come.
    fn size_hint(&self, _state: &Self::State, _input: SizeHint) -> SizeHint {
        (0, None)
    }

    /// Whether this state wants no item at all, as after `taking(0)`. Asked once, before the first item.
    fn is_reduced(&self, _state: &Self::State) -> bool {
        false
    }

    /// The reducer of `In` that passes each item through this transducer to `reducer`.
    ///
    /// ```
    /// use transducer::{Reducer, Transducer, mapping, summing};
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
        Apply { xf: self, reducer, item: PhantomData }
    }
}

impl<In, X: Transducer<In>> Transducer<In> for &X {
    type Out = X::Out;
    type State = X::State;

    const ONE_TO_ONE: bool = X::ONE_TO_ONE;
    const AT_MOST_ONE: bool = X::AT_MOST_ONE;
    const SUSPENDS: bool = X::SUSPENDS;

    fn initial(&self) -> X::State {
        (**self).initial()
    }

    #[inline]
    fn step(&self, state: &mut X::State, item: In, emit: &mut impl FnMut(X::Out) -> Step) -> Step {
        (**self).step(state, item, emit)
    }

    #[inline]
    fn step_until(
        &self,
        state: &mut X::State,
        item: In,
        emit: &mut impl FnMut(X::Out) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        (**self).step_until(state, item, emit, full)
    }

    #[inline]
    fn resume(&self, state: &mut X::State, emit: &mut impl FnMut(X::Out) -> Step, full: &Cell<bool>) -> Step {
        (**self).resume(state, emit, full)
    }

    #[inline]
    fn complete(&self, state: X::State, emit: &mut impl FnMut(X::Out) -> Step) {
        (**self).complete(state, emit);
    }

    fn size_hint(&self, state: &X::State, input: SizeHint) -> SizeHint {
        (**self).size_hint(state, input)
    }

    fn is_reduced(&self, state: &X::State) -> bool {
        (**self).is_reduced(state)
    }
}

/// The reducer that [`Transducer::apply`] makes.
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Apply<In, X, R> {
    xf: X,
    reducer: R,
    // Names the items, so that the compiler can tell them from how the reducer is used later.
    item: PhantomData<fn(In)>,
}

/// The accumulator of an [`Apply`]: the transducer's state and the reducer's accumulator.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ApplyAcc<S, A> {
    state: S,
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
        let acc = self.reducer.initial();
        let reduced = self.reducer.is_reduced(&acc);
        ApplyAcc { state: self.xf.initial(), acc: Guarded::new(acc, reduced) }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        let ApplyAcc { state, acc } = acc;
        self.xf.step(state, item, &mut |out| acc.feed(|acc| self.reducer.step(acc, out)))
    }

    fn complete(&self, acc: Self::Acc) -> R::Output {
        let ApplyAcc { state, mut acc } = acc;
        self.xf.complete(state, &mut |out| acc.feed(|acc| self.reducer.step(acc, out)));
        self.reducer.complete(acc.state)
    }

    fn is_reduced(&self, acc: &Self::Acc) -> bool {
        self.xf.is_reduced(&acc.state) || acc.acc.reduced
    }
}
