//! [`Boxed`]: a transducer whose type is erased, for pipelines put together at run time.

#[cfg(feature = "serde")]
use alloc::vec::Vec;
use alloc::{boxed::Box, rc::Rc, sync::Arc};
use core::{
    fmt,
    ops::{ControlFlow, Deref},
};

use super::{
    Closed, Emit, InvalidState, Outline, Reduced, Shape, SizeHint, Slot, Step, Time, Transducer, call, emit::Sealed,
};

/// A transducer whose type is erased: only its items and outputs are known. Made by [`boxed`].
///
/// A clone shares the recipe.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Boxed<'a, In, Out, const TIMED: bool = false> {
    recipe: Arc<dyn ErasedRecipe<'a, In, Out> + Send + Sync + 'a>,
}

/// A [`Boxed`] that may have deadlines, for drivers that have a clock. Made by [`boxed_timed`].
pub type TimedBoxed<'a, In, Out> = Boxed<'a, In, Out, true>;

/// A [`Boxed`] that stays on its thread: what is in it need be neither `Send` nor `Sync`. Made by [`boxed_local`].
///
/// A clone shares the recipe.
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct LocalBoxed<'a, In, Out, const TIMED: bool = false> {
    recipe: Rc<dyn ErasedLocalRecipe<'a, In, Out> + 'a>,
}

/// A [`LocalBoxed`] that may have deadlines, for drivers that have a clock. Made by [`boxed_local_timed`].
pub type LocalTimedBoxed<'a, In, Out> = LocalBoxed<'a, In, Out, true>;

/// The state of a [`Boxed`].
pub struct BoxedState<'a, In, Out> {
    erased: Erased<dyn ErasedRun<In, Out> + Send + 'a>,
}

/// The state of a [`LocalBoxed`].
pub struct LocalBoxedState<'a, In, Out> {
    erased: Erased<dyn ErasedRun<In, Out> + 'a>,
}

/// A run behind a pointer.
struct Erased<R: ?Sized> {
    run: Box<R>,
    /// Whether anything can be left to be resumed: that would be another call for each output.
    resumes: bool,
    flushes: bool,
    /// What was read, until the recipe is at hand that knows what it is.
    #[cfg(feature = "serde")]
    unread: Option<Vec<u8>>,
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
        Self { recipe: Arc::new(Recipe::new(xf)) }
    }
}

/// Erases the type of `xf`, as [`boxed`] does, for pipelines that stay on one thread.
///
/// The closures, and what they hold, need be neither `Send` nor `Sync`: an `Rc`, a `Cell`, a handle of a window. The
/// state can't be written. A timed transducer does not compile here: use [`boxed_local_timed`].
///
/// - **Memory**: what `xf` keeps; one allocation a run. An item costs two calls through a pointer.
/// - **Ends**: when `xf` does.
/// - **Like**: `StreamExt::boxed_local`.
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use transducer::{LocalBoxed, boxed_local, prelude::*};
///
/// let seen = Rc::new(Cell::new(0));
/// let counter = Rc::clone(&seen);
/// let counted: LocalBoxed<u32, u32> = boxed_local(inspecting(move |_: &u32| counter.set(counter.get() + 1)));
/// assert_eq!(transduce(&counted, summing::<u32>(), [1, 2, 3]), 6);
/// assert_eq!(seen.get(), 3);
/// ```
#[doc(alias("dyn", "erase"))]
pub fn boxed_local<'a, In, X>(xf: X) -> LocalBoxed<'a, In, X::Out>
where
    X: Transducer<In> + 'a,
    X::State: 'a,
    In: 'a,
{
    const {
        assert!(!X::SHAPE.is_timed(), "a box doesn't show that there are deadlines in it: use `boxed_local_timed`");
    }
    LocalBoxed { recipe: Rc::new(Recipe::new(xf)) }
}

/// Erases the type of a transducer that may have deadlines, for pipelines that stay on one thread. See [`boxed_timed`]
/// and [`boxed_local`].
pub fn boxed_local_timed<'a, In, X>(xf: X) -> LocalTimedBoxed<'a, In, X::Out>
where
    X: Transducer<In> + 'a,
    X::State: 'a,
    In: 'a,
{
    LocalBoxed { recipe: Rc::new(Recipe::new(xf)) }
}

/// Erases the type of a transducer whose state can be written, so that a [`Snapshot`](crate::Snapshot) of the box can
/// be too.
///
/// Emits what `xf` emits, when `xf` does. The box has the same type as one made by [`boxed`], so that a collection can
/// hold both. The state of what `boxed` made can't be written: that is an error of the format's.
///
/// The state is written as bytes, of CBOR, inside of the snapshot, whatever the snapshot's own format is; as
/// hexadecimal digits where that is for human readers. Only the recipe knows the type of the state, and a snapshot is
/// read before the recipe is at hand: bytes can wait for it in every format.
///
/// - **Memory**: as `xf`; one allocation a run.
/// - **Panics**: when compiled, if `xf` is timed.
///
/// ```
/// use transducer::{Boxed, Snapshot, boxed_resumable, prelude::*};
///
/// let pipeline = |batches: bool| -> Boxed<'static, u32, Vec<u32>> {
///     if batches { boxed_resumable(batching(2)) } else { boxed_resumable(windowing(2)) }
/// };
/// let mut run = reactive_transduce(pipeline(true), collection_sink(vec![]));
/// run.send(1);
/// let (snapshot, sink) = run.suspend();
/// let json = serde_json::to_string(&snapshot)?;
///
/// let mut run = serde_json::from_str::<Snapshot<_>>(&json)?.resume(pipeline(true), sink)?;
/// run.send(2);
/// assert_eq!(run.close(), [[1, 2]]);
///
/// assert!(serde_json::from_str::<Snapshot<_>>(&json)?.resume(pipeline(false), null_sink()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "serde")]
pub fn boxed_resumable<'a, In, X>(xf: X) -> Boxed<'a, In, X::Out>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: serde::Serialize + serde::de::DeserializeOwned + Send + 'a,
    In: 'a,
{
    const { X::SHAPE.assert_untimed() };
    let bytes = AsBytes {
        write: |state| {
            let mut bytes = Vec::new();
            ciborium::into_writer(state, &mut bytes).ok()?;
            Some(bytes)
        },
        read: |bytes| ciborium::from_reader(bytes).ok(),
    };
    Boxed { recipe: Arc::new(Recipe { xf, bytes: Some(bytes) }) }
}

/// What is in a box.
struct Recipe<X, S> {
    xf: X,
    #[cfg(feature = "serde")]
    bytes: Option<AsBytes<S>>,
    #[cfg(not(feature = "serde"))]
    state: core::marker::PhantomData<fn() -> S>,
}

impl<X, S> Recipe<X, S> {
    fn new(xf: X) -> Self {
        Self {
            xf,
            #[cfg(feature = "serde")]
            bytes: None,
            #[cfg(not(feature = "serde"))]
            state: core::marker::PhantomData,
        }
    }
}

/// How a state is written and read.
#[cfg(feature = "serde")]
struct AsBytes<S> {
    write: fn(&S) -> Option<Vec<u8>>,
    read: fn(&[u8]) -> Option<S>,
}

/// A recipe whose type is forgotten.
trait ErasedRecipe<'a, In, Out> {
    fn start(self: Arc<Self>) -> BoxedState<'a, In, Out>;
    fn shape(&self) -> Shape;
    fn describe(&self, outline: &mut Outline);

    /// The run that was written like this, if it was one of this recipe.
    #[cfg(feature = "serde")]
    fn read(self: Arc<Self>, bytes: &[u8]) -> Option<BoxedState<'a, In, Out>>;
}

impl<'a, In: 'a, X> ErasedRecipe<'a, In, X::Out> for Recipe<X, X::State>
where
    X: Transducer<In> + Send + Sync + 'a,
    X::State: Send + 'a,
{
    fn start(self: Arc<Self>) -> BoxedState<'a, In, X::Out> {
        let state = self.xf.initial();
        BoxedState::new(self.xf.shape(), Running { recipe: self, state })
    }

    fn shape(&self) -> Shape {
        self.xf.shape()
    }

    fn describe(&self, outline: &mut Outline) {
        self.xf.describe(outline);
    }

    #[cfg(feature = "serde")]
    fn read(self: Arc<Self>, bytes: &[u8]) -> Option<BoxedState<'a, In, X::Out>> {
        let state = (self.bytes.as_ref()?.read)(bytes)?;
        Some(BoxedState::new(self.xf.shape(), Running { recipe: self, state }))
    }
}

/// A recipe whose type is forgotten, on one thread.
trait ErasedLocalRecipe<'a, In, Out> {
    fn start(self: Rc<Self>) -> LocalBoxedState<'a, In, Out>;
    fn shape(&self) -> Shape;
    fn describe(&self, outline: &mut Outline);
}

impl<'a, In: 'a, X> ErasedLocalRecipe<'a, In, X::Out> for Recipe<X, X::State>
where
    X: Transducer<In> + 'a,
    X::State: 'a,
{
    fn start(self: Rc<Self>) -> LocalBoxedState<'a, In, X::Out> {
        let (shape, state) = (self.xf.shape(), self.xf.initial());
        LocalBoxedState { erased: Erased::new(shape, Box::new(Running { recipe: self, state })) }
    }

    fn shape(&self) -> Shape {
        self.xf.shape()
    }

    fn describe(&self, outline: &mut Outline) {
        self.xf.describe(outline);
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

    fn validate(&mut self) -> Result<(), InvalidState>;

    /// The state as bytes, if it can be written.
    #[cfg(feature = "serde")]
    fn write(&self) -> Option<Vec<u8>>;
}

/// A run, and a pointer to its recipe.
struct Running<P, S> {
    recipe: P,
    state: S,
}

impl<X, S, P: Deref<Target = Recipe<X, S>>> Running<P, S> {
    #[inline(always)]
    fn do_it<In>(&mut self, call: Call<In>, out: &mut impl Emit<X::Out>) -> Step
    where
        X: Transducer<In, State = S>,
    {
        let Self { recipe, state } = self;
        match call {
            Call::Step(item) => call::step(&recipe.xf, state, item, out),
            Call::Resume => call::resume(&recipe.xf, state, out),
            Call::Complete => call::complete(&recipe.xf, state, out),
            Call::Advance => call::advance(&recipe.xf, state, out),
        }
    }
}

impl<In, X, P> ErasedRun<In, X::Out> for Running<P, X::State>
where
    X: Transducer<In>,
    P: Deref<Target = Recipe<X, X::State>>,
{
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
        let _ = call::resume(&self.recipe.xf, &mut self.state, &mut Closed);
    }

    fn deadline(&self) -> Option<Time> {
        self.recipe.xf.deadline(&self.state)
    }

    fn is_reduced(&self) -> bool {
        self.recipe.xf.is_reduced(&self.state)
    }

    fn is_idle(&self) -> bool {
        self.recipe.xf.is_idle(&self.state)
    }

    fn size_hint(&self, input: SizeHint) -> SizeHint {
        self.recipe.xf.size_hint(&self.state, input)
    }

    fn validate(&mut self) -> Result<(), InvalidState> {
        self.recipe.xf.validate(&mut self.state)
    }

    #[cfg(feature = "serde")]
    fn write(&self) -> Option<Vec<u8>> {
        (self.recipe.bytes.as_ref()?.write)(&self.state)
    }
}

impl<'a, In, Out> BoxedState<'a, In, Out> {
    fn new(shape: Shape, run: impl ErasedRun<In, Out> + Send + 'a) -> Self {
        Self { erased: Erased::new(shape, Box::new(run)) }
    }
}

impl<R: ?Sized> Erased<R> {
    fn new(shape: Shape, run: Box<R>) -> Self {
        Self {
            run,
            resumes: !shape.emits_at_most_one(),
            flushes: shape.flushes(),
            #[cfg(feature = "serde")]
            unread: None,
        }
    }

    /// Hands on the output of a call, and those that follow while there is room for them.
    #[inline]
    fn hand_on<In, Out>(&mut self, (mut flow, mut output): (Step, Option<Out>), out: &mut impl Emit<Out>) -> Step
    where
        R: ErasedRun<In, Out>,
    {
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
    fn step<In, Out, E: Emit<Out>>(&mut self, item: In, out: &mut E) -> Step
    where
        R: ErasedRun<In, Out>,
    {
        if E::PAUSES {
            let answer = self.run.step_one(item, out.now());
            self.hand_on(answer, out)
        } else {
            self.run.step(item, out)
        }
    }

    #[inline]
    fn resume<In, Out, E: Emit<Out>>(&mut self, out: &mut E) -> Step
    where
        R: ErasedRun<In, Out>,
    {
        if E::CLOSED {
            self.run.refuse();
            ControlFlow::Break(Reduced)
        } else {
            self.call(Call::Resume, out)
        }
    }

    #[inline]
    fn call<In, Out, E: Emit<Out>>(&mut self, call: Call<In>, out: &mut E) -> Step
    where
        R: ErasedRun<In, Out>,
    {
        if E::PAUSES {
            let answer = self.run.call_one(call, out.now());
            self.hand_on(answer, out)
        } else {
            self.run.call(call, out)
        }
    }
}

/// Writes the methods of both boxes.
macro_rules! erased {
    ($validate:item) => {
        const SHAPE: Shape = if TIMED { Shape::ANY.timed() } else { Shape::ANY };

        fn initial(&self) -> Self::State {
            self.recipe.clone().start()
        }

        #[inline]
        fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<Out>) -> Step {
            state.erased.step(item, out)
        }

        #[inline]
        fn resume(&self, state: &mut Self::State, out: &mut impl Emit<Out>) -> Step {
            if state.erased.resumes { state.erased.resume(out) } else { ControlFlow::Continue(()) }
        }

        fn complete(&self, state: &mut Self::State, out: &mut impl Emit<Out>) -> Step {
            state.erased.resumes |= state.erased.flushes;
            if state.erased.flushes { state.erased.call(Call::Complete, out) } else { ControlFlow::Continue(()) }
        }

        fn deadline(&self, state: &Self::State) -> Option<Time> {
            state.erased.run.deadline()
        }

        fn advance(&self, state: &mut Self::State, out: &mut impl Emit<Out>) -> Step {
            loop {
                let before = state.erased.run.deadline();
                state.erased.call(Call::Advance, out)?;
                // What is inside saw room for one output, and downstream may have dropped that: it goes on.
                let is_due = state.erased.run.deadline().is_some_and(|deadline| deadline <= out.now());
                if out.is_full() || !is_due || before.is_none() {
                    return ControlFlow::Continue(());
                }
            }
        }

        fn is_reduced(&self, state: &Self::State) -> bool {
            state.erased.run.is_reduced()
        }

        fn is_idle(&self, state: &Self::State) -> bool {
            state.erased.run.is_idle()
        }

        fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
            state.erased.run.size_hint(input)
        }

        fn shape(&self) -> Shape {
            self.recipe.shape()
        }

        fn describe(&self, outline: &mut Outline) {
            self.recipe.describe(outline);
        }

        $validate
    };
}

impl<'a, In, Out, const TIMED: bool> Transducer<In> for Boxed<'a, In, Out, TIMED> {
    type Out = Out;
    type State = BoxedState<'a, In, Out>;

    erased! {
        fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
            #[cfg(feature = "serde")]
            if let Some(bytes) = state.erased.unread.take() {
                let read = Arc::clone(&self.recipe).read(&bytes);
                *state = read.ok_or(InvalidState::new("boxed", "it is no state of what is in the box"))?;
            }
            state.erased.run.validate()
        }
    }
}

impl<'a, In, Out, const TIMED: bool> Transducer<In> for LocalBoxed<'a, In, Out, TIMED> {
    type Out = Out;
    type State = LocalBoxedState<'a, In, Out>;

    erased! {
        fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
            state.erased.run.validate()
        }
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

impl<In, Out, const TIMED: bool> Clone for LocalBoxed<'_, In, Out, TIMED> {
    fn clone(&self) -> Self {
        Self { recipe: Rc::clone(&self.recipe) }
    }
}

impl<In, Out, const TIMED: bool> fmt::Debug for LocalBoxed<'_, In, Out, TIMED> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LocalBoxed")
    }
}

impl<In, Out> fmt::Debug for LocalBoxedState<'_, In, Out> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LocalBoxedState")
    }
}

impl<In, Out> fmt::Debug for BoxedState<'_, In, Out> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("BoxedState")
    }
}

#[cfg(feature = "serde")]
mod serialized {
    use alloc::string::String;

    use serde::{
        Deserialize, Deserializer, Serialize, Serializer,
        de::{Error as _, Unexpected},
        ser::Error as _,
    };

    use super::*;

    impl<In, Out> Serialize for BoxedState<'_, In, Out> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let bytes = self.erased.unread.clone().or_else(|| self.erased.run.write());
            let bytes = bytes.ok_or_else(|| S::Error::custom("a box is written if `boxed_resumable` made it"))?;
            if serializer.is_human_readable() {
                serializer.collect_str(&Hexadecimal(&bytes))
            } else {
                bytes.serialize(serializer)
            }
        }
    }

    impl<'de, 'a, In: 'a, Out: 'a> Deserialize<'de> for BoxedState<'a, In, Out> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let bytes = if deserializer.is_human_readable() {
                let text = String::deserialize(deserializer)?;
                let bytes = text
                    .as_bytes()
                    .chunks(2)
                    .map(|digits| u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok());
                let invalid = || D::Error::invalid_value(Unexpected::Str(&text), &"hexadecimal digits");
                bytes.collect::<Option<_>>().ok_or_else(invalid)?
            } else {
                Vec::deserialize(deserializer)?
            };
            let mut state = Self::new(Shape::ONE, Unread);
            state.erased.unread = Some(bytes);
            Ok(state)
        }
    }

    struct Hexadecimal<'a>(&'a [u8]);

    impl fmt::Display for Hexadecimal<'_> {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
    }
}

/// Stands for a run that has been read but not yet validated: it takes nothing.
#[cfg(feature = "serde")]
struct Unread;

#[cfg(feature = "serde")]
impl<In, Out> ErasedRun<In, Out> for Unread {
    fn step(&mut self, _: In, _: &mut dyn TakeAll<Out>) -> Step {
        ControlFlow::Break(Reduced)
    }

    fn call(&mut self, _: Call<In>, _: &mut dyn TakeAll<Out>) -> Step {
        ControlFlow::Break(Reduced)
    }

    fn step_one(&mut self, _: In, _: Time) -> (Step, Option<Out>) {
        (ControlFlow::Break(Reduced), None)
    }

    fn call_one(&mut self, _: Call<In>, _: Time) -> (Step, Option<Out>) {
        (ControlFlow::Break(Reduced), None)
    }

    fn refuse(&mut self) {}

    fn deadline(&self) -> Option<Time> {
        None
    }

    fn is_reduced(&self) -> bool {
        true
    }

    fn is_idle(&self) -> bool {
        false
    }

    fn size_hint(&self, _: SizeHint) -> SizeHint {
        (0, Some(0))
    }

    fn validate(&mut self) -> Result<(), InvalidState> {
        Ok(())
    }

    fn write(&self) -> Option<Vec<u8>> {
        None
    }
}
