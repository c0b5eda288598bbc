//! [`Boxed`]: a transducer whose type is erased, for pipelines put together at run time.

use alloc::{boxed::Box, sync::Arc};
use core::{fmt, ops::ControlFlow};

use super::{Closed, Emit, Reduced, Shape, SizeHint, Slot, Step, Time, Transducer, call, emit::Sealed};

/// A transducer whose type is erased: only its items and outputs are known. Made by [`boxed`].
///
/// A clone shares the recipe.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Boxed<'a, In, Out, const TIMED: bool = false> {
    recipe: Arc<dyn ErasedRecipe<'a, In, Out> + Send + Sync + 'a>,
}

/// A [`Boxed`] that may have deadlines, for drivers that have a clock. Made by [`boxed_timed`].
pub type TimedBoxed<'a, In, Out> = Boxed<'a, In, Out, true>;

/// The state of a [`Boxed`].
pub struct BoxedState<'a, In, Out> {
    run: Box<dyn ErasedRun<In, Out> + Send + 'a>,
    /// Whether anything can be left to be resumed: that would be another call for each output.
    resumes: bool,
    flushes: bool,
}

/// Erases the type of `xf`, so that pipelines can be put together at run time.
///
/// Emits what `xf` emits, when `xf` does. A timed transducer does not compile here: use [`boxed_timed`].
///
/// - **Memory**: what `xf` keeps; one allocation a run. An item costs two calls through a pointer.
/// - **Ends**: when `xf` does.
/// - **Like**: `Box<dyn Iterator>`; `StreamExt::boxed`.
///
/// ```
/// use transducer::{Boxed, boxed, prelude::*};
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
#[doc(alias("dyn", "erase"))]
pub fn boxed<'a, In, X>(xf: X) -> Boxed<'a, In, X::Out>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
    In: 'a,
{
    const {
        assert!(!X::SHAPE.is_timed(), "a box doesn't show that there are deadlines in it: use `boxed_timed`");
    }
    Boxed::new(xf)
}

/// Erases the type of a transducer that may have deadlines. See [`boxed`].
///
/// ```
/// use std::{ops::ControlFlow, time::Duration};
/// use transducer::{Emit, Shape, Step, Time, TimedBoxed, boxed_timed, kernel::Run, prelude::*};
///
/// /// Emits each item a second later, but for those that another one overtakes.
/// struct Settling;
///
/// impl Transducer<u32> for Settling {
///     type Out = u32;
///     type State = Option<(Time, u32)>;
///
///     const SHAPE: Shape = Shape::AT_MOST_ONE.timed();
///
///     fn initial(&self) -> Self::State {
///         None
///     }
///
///     fn step(&self, held: &mut Self::State, item: u32, out: &mut impl Emit<u32>) -> Step {
///         *held = out.now().checked_add(Duration::from_secs(1)).map(|due| (due, item));
///         ControlFlow::Continue(())
///     }
///
///     fn deadline(&self, held: &Self::State) -> Option<Time> {
///         held.map(|(due, _)| due)
///     }
///
///     fn advance(&self, held: &mut Self::State, out: &mut impl Emit<u32>) -> Step {
///         held.take().map_or(ControlFlow::Continue(()), |(_, item)| out.emit(item))
///     }
/// }
///
/// let second = |count: i128| Time::from_nanos(count * 1_000_000_000);
/// let settling: TimedBoxed<u32, u32> = boxed_timed(Settling);
/// let mut run = Run::new(settling);
/// assert_eq!(run.advance(second(5)), None);
/// assert_eq!(run.step(4), None);
/// assert_eq!(run.deadline(), Some(second(6)));
/// assert_eq!(run.advance(second(9)), Some(4));
/// ```
pub fn boxed_timed<'a, In, X>(xf: X) -> TimedBoxed<'a, In, X::Out>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
    In: 'a,
{
    Boxed::new(xf)
}

impl<'a, In: 'a, Out, const TIMED: bool> Boxed<'a, In, Out, TIMED> {
    fn new<X>(xf: X) -> Self
    where
        X: Transducer<In, Out = Out> + Send + Sync + 'a,
        X::State: Send + 'a,
    {
        Self { recipe: Arc::new(xf) }
    }
}

/// A recipe whose type is forgotten.
trait ErasedRecipe<'a, In, Out> {
    fn start(self: Arc<Self>) -> BoxedState<'a, In, Out>;
    fn shape(&self) -> Shape;
}

impl<'a, In: 'a, X> ErasedRecipe<'a, In, X::Out> for X
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
{
    fn start(self: Arc<Self>) -> BoxedState<'a, In, X::Out> {
        let shape = Transducer::shape(&*self);
        let run = Box::new(Running { state: self.initial(), xf: self });
        BoxedState { run, resumes: !shape.emits_at_most_one(), flushes: shape.flushes() }
    }

    fn shape(&self) -> Shape {
        Transducer::shape(self)
    }
}

/// The object-safe form of an [`Emit`] that is never full.
trait TakeAll<T> {
    fn emit(&mut self, item: T) -> Step;
    fn now(&self) -> Time;
}

impl<T, E: Emit<T>> TakeAll<T> for E {
    fn emit(&mut self, item: T) -> Step {
        Emit::emit(self, item)
    }

    fn now(&self) -> Time {
        Emit::now(self)
    }
}

/// And back again.
struct All<'a, T>(&'a mut dyn TakeAll<T>);

impl<T> Sealed for All<'_, T> {}

impl<T> Emit<T> for All<'_, T> {
    const PAUSES: bool = false;

    #[inline(always)]
    fn emit(&mut self, item: T) -> Step {
        self.0.emit(item)
    }

    #[inline(always)]
    fn is_full(&self) -> bool {
        false
    }

    #[inline(always)]
    fn now(&self) -> Time {
        self.0.now()
    }
}

/// What a run is asked to do.
enum Call<In> {
    Step(In),
    Resume,
    Complete,
    Advance,
}

/// A run with its recipe, the types of both forgotten.
trait ErasedRun<In, Out> {
    /// For drivers that take all outputs at once: each goes to `out`, by a call.
    fn step(&mut self, item: In, out: &mut dyn TakeAll<Out>) -> Step;
    fn call(&mut self, call: Call<In>, out: &mut dyn TakeAll<Out>) -> Step;

    /// For drivers that take one output at a time: it is returned.
    fn step_one(&mut self, item: In, now: Time) -> (Step, Option<Out>);
    fn call_one(&mut self, call: Call<In>, now: Time) -> (Step, Option<Out>);

    /// For a downstream that wants no more: what is left is dropped, and the runs inside are completed if this one was.
    fn refuse(&mut self);

    fn deadline(&self) -> Option<Time>;
    fn is_reduced(&self) -> bool;
    fn is_idle(&self) -> bool;
    fn size_hint(&self, input: SizeHint) -> SizeHint;
}

struct Running<X, S> {
    xf: Arc<X>,
    state: S,
}

impl<X, S> Running<X, S> {
    #[inline(always)]
    fn do_it<In>(&mut self, call: Call<In>, out: &mut impl Emit<X::Out>) -> Step
    where
        X: Transducer<In, State = S>,
    {
        let Self { xf, state } = self;
        match call {
            Call::Step(item) => call::step(&**xf, state, item, out),
            Call::Resume => call::resume(&**xf, state, out),
            Call::Complete => call::complete(&**xf, state, out),
            Call::Advance => call::advance(&**xf, state, out),
        }
    }
}

impl<In, X: Transducer<In>> ErasedRun<In, X::Out> for Running<X, X::State> {
    fn step(&mut self, item: In, out: &mut dyn TakeAll<X::Out>) -> Step {
        self.do_it(Call::Step(item), &mut All(out))
    }

    fn call(&mut self, call: Call<In>, out: &mut dyn TakeAll<X::Out>) -> Step {
        self.do_it(call, &mut All(out))
    }

    fn step_one(&mut self, item: In, now: Time) -> (Step, Option<X::Out>) {
        let mut slot = Slot::new();
        let flow = self.do_it(Call::Step(item), &mut slot.at(now));
        (flow, slot.item)
    }

    fn call_one(&mut self, call: Call<In>, now: Time) -> (Step, Option<X::Out>) {
        let mut slot = Slot::new();
        let flow = self.do_it(call, &mut slot.at(now));
        (flow, slot.item)
    }

    fn refuse(&mut self) {
        let _ = call::resume(&*self.xf, &mut self.state, &mut Closed);
    }

    fn deadline(&self) -> Option<Time> {
        self.xf.deadline(&self.state)
    }

    fn is_reduced(&self) -> bool {
        self.xf.is_reduced(&self.state)
    }

    fn is_idle(&self) -> bool {
        self.xf.is_idle(&self.state)
    }

    fn size_hint(&self, input: SizeHint) -> SizeHint {
        self.xf.size_hint(&self.state, input)
    }
}

impl<In, Out> BoxedState<'_, In, Out> {
    /// Hands on the output of a call, and those that follow while there is room for them.
    #[inline]
    fn hand_on(&mut self, (mut flow, mut output): (Step, Option<Out>), out: &mut impl Emit<Out>) -> Step {
        while let Some(item) = output {
            if out.emit(item).is_break() {
                if self.resumes {
                    self.run.refuse();
                }
                return ControlFlow::Break(Reduced);
            }
            if out.is_full() || !self.resumes {
                break;
            }
            let resumed;
            (resumed, output) = self.run.call_one(Call::Resume, out.now());
            if resumed.is_break() {
                flow = resumed;
            }
        }
        flow
    }

    #[inline]
    fn step<E: Emit<Out>>(&mut self, item: In, out: &mut E) -> Step {
        if E::PAUSES {
            let answer = self.run.step_one(item, out.now());
            self.hand_on(answer, out)
        } else {
            self.run.step(item, out)
        }
    }

    #[inline]
    fn resume<E: Emit<Out>>(&mut self, out: &mut E) -> Step {
        if E::CLOSED {
            self.run.refuse();
            ControlFlow::Break(Reduced)
        } else {
            self.call(Call::Resume, out)
        }
    }

    #[inline]
    fn call<E: Emit<Out>>(&mut self, call: Call<In>, out: &mut E) -> Step {
        if E::PAUSES {
            let answer = self.run.call_one(call, out.now());
            self.hand_on(answer, out)
        } else {
            self.run.call(call, out)
        }
    }
}

impl<'a, In, Out, const TIMED: bool> Transducer<In> for Boxed<'a, In, Out, TIMED> {
    type Out = Out;
    type State = BoxedState<'a, In, Out>;

    const SHAPE: Shape = if TIMED { Shape::ANY.timed() } else { Shape::ANY };

    fn initial(&self) -> Self::State {
        Arc::clone(&self.recipe).start()
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<Out>) -> Step {
        state.step(item, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<Out>) -> Step {
        if state.resumes { state.resume(out) } else { ControlFlow::Continue(()) }
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<Out>) -> Step {
        state.resumes |= state.flushes;
        if state.flushes { state.call(Call::Complete, out) } else { ControlFlow::Continue(()) }
    }

    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.run.deadline()
    }

    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<Out>) -> Step {
        state.call(Call::Advance, out)
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        state.run.is_reduced()
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.run.is_idle()
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        state.run.size_hint(input)
    }

    fn shape(&self) -> Shape {
        self.recipe.shape()
    }
}

impl<In, Out, const TIMED: bool> Clone for Boxed<'_, In, Out, TIMED> {
    fn clone(&self) -> Self {
        Self { recipe: Arc::clone(&self.recipe) }
    }
}

impl<In, Out, const TIMED: bool> fmt::Debug for Boxed<'_, In, Out, TIMED> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Boxed")
    }
}

impl<In, Out> fmt::Debug for BoxedState<'_, In, Out> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("BoxedState")
    }
}
