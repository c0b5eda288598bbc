//! [`Boxed`]: a transducer whose type is erased, for pipelines put together at run time.

use alloc::{boxed::Box, sync::Arc};
use core::{cell::Cell, fmt, ops::ControlFlow};

use crate::{Pipeline, SizeHint, Step, Transducer};

/// A transducer known only by what goes in and what comes out.
///
/// Made by [`boxed`]. Costs two calls through a pointer an item, and one allocation a run. Cloning
/// it shares the recipe.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Boxed<'a, In, Out> {
    start: Arc<dyn Fn() -> BoxedState<'a, In, Out> + Send + Sync + 'a>,
}

/// The state of a run of a [`Boxed`].
pub struct BoxedState<'a, In, Out> {
    run: Box<dyn Run<In, Out> + Send + 'a>,
    suspends: bool,
}

/// Erases the type of a transducer.
///
/// Emits what `xf` emits, when `xf` does, and keeps what `xf` keeps.
///
/// ```
/// use transducer::{Boxed, TransduceIterator, boxed, compose, filtering, mapping, taking};
///
/// // A pipeline put together from what a user typed.
/// let stage = |word: &str| -> Boxed<'static, u32, u32> {
///     match word {
///         "even" => boxed(filtering(|x: &u32| x % 2 == 0)),
///         "double" => boxed(mapping(|x: u32| x * 2)),
///         limit => boxed(taking(limit.parse().unwrap())),
///     }
/// };
/// let pipeline = "even double 3".split(' ').map(stage).reduce(|first, next| boxed(compose((first, next)))).unwrap();
/// assert_eq!((1..).transduce(pipeline).collect::<Vec<_>>(), [4, 8, 12]);
/// ```
pub fn boxed<'a, In, X>(xf: X) -> Boxed<'a, In, X::Out>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
    In: 'a,
{
    let xf = Arc::new(xf);
    let start = move || {
        let run = Box::new(Running { state: xf.initial(), xf: Arc::clone(&xf) });
        BoxedState { run, suspends: X::SUSPENDS }
    };
    Boxed { start: Arc::new(start) }
}

impl<'a, In: 'a, X> Pipeline<In, X>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
{
    /// Erases the type of the pipeline: see [`boxed`].
    pub fn boxed(self) -> Boxed<'a, In, X::Out> {
        boxed(self)
    }
}

/// A run with its recipe, the types of both forgotten.
trait Run<In, Out> {
    fn step(&mut self, item: In, emit: &mut dyn FnMut(Out) -> Step) -> Step;
    fn step_until(&mut self, item: In, emit: &mut dyn FnMut(Out) -> Step, full: &Cell<bool>) -> Step;
    fn resume(&mut self, emit: &mut dyn FnMut(Out) -> Step, full: &Cell<bool>) -> Step;
    fn complete(self: Box<Self>, emit: &mut dyn FnMut(Out) -> Step);
    fn size_hint(&self, input: SizeHint) -> SizeHint;
    fn is_reduced(&self) -> bool;
}

struct Running<X, S> {
    xf: Arc<X>,
    state: S,
}

impl<In, X: Transducer<In>> Run<In, X::Out> for Running<X, X::State> {
    fn step(&mut self, item: In, mut emit: &mut dyn FnMut(X::Out) -> Step) -> Step {
        self.xf.step(&mut self.state, item, &mut emit)
    }

    fn step_until(&mut self, item: In, mut emit: &mut dyn FnMut(X::Out) -> Step, full: &Cell<bool>) -> Step {
        self.xf.step_until(&mut self.state, item, &mut emit, full)
    }

    fn resume(&mut self, mut emit: &mut dyn FnMut(X::Out) -> Step, full: &Cell<bool>) -> Step {
        self.xf.resume(&mut self.state, &mut emit, full)
    }

    fn complete(self: Box<Self>, mut emit: &mut dyn FnMut(X::Out) -> Step) {
        self.xf.complete(self.state, &mut emit);
    }

    fn size_hint(&self, input: SizeHint) -> SizeHint {
        self.xf.size_hint(&self.state, input)
    }

    fn is_reduced(&self) -> bool {
        self.xf.is_reduced(&self.state)
    }
}

impl<'a, In, Out> Transducer<In> for Boxed<'a, In, Out> {
    type Out = Out;
    type State = BoxedState<'a, In, Out>;

    const SUSPENDS: bool = true;

    fn initial(&self) -> Self::State {
        (self.start)()
    }

    fn step(&self, state: &mut Self::State, item: In, emit: &mut impl FnMut(Out) -> Step) -> Step {
        state.run.step(item, emit)
    }

    fn step_until(
        &self,
        state: &mut Self::State,
        item: In,
        emit: &mut impl FnMut(Out) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        state.run.step_until(item, emit, full)
    }

    fn resume(&self, state: &mut Self::State, emit: &mut impl FnMut(Out) -> Step, full: &Cell<bool>) -> Step {
        if state.suspends { state.run.resume(emit, full) } else { ControlFlow::Continue(()) }
    }

    fn complete(&self, state: Self::State, emit: &mut impl FnMut(Out) -> Step) {
        state.run.complete(emit);
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        state.run.size_hint(input)
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        state.run.is_reduced()
    }
}

impl<In, Out> Clone for Boxed<'_, In, Out> {
    fn clone(&self) -> Self {
        Self { start: Arc::clone(&self.start) }
    }
}

impl<In, Out> fmt::Debug for Boxed<'_, In, Out> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Boxed")
    }
}

impl<In, Out> fmt::Debug for BoxedState<'_, In, Out> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("BoxedState")
    }
}
