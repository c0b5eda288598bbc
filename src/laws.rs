//! The laws that every transducer keeps, as a kit to hold your own to them (feature `laws`).
//!
//! [`Laws`] takes a transducer and a [proptest] strategy for inputs, runs the transducer over them
//! under every driver, and panics at the first law that is broken, with the law, the driver and the
//! smallest input that shows it. This crate holds its own stages to the laws with it.
//!
//! ```
//! use proptest::collection::vec;
//! use transducer::{compose, filtering, laws::Laws, mapping, taking};
//!
//! let odd_squares = compose((filtering(|x: &u8| x % 2 == 1), mapping(|x: u8| u32::from(x).pow(2)), taking(3)));
//! Laws::of("odd squares", odd_squares)
//!     .like(|input: Vec<u8>| input.into_iter().filter(|x| x % 2 == 1).map(|x| u32::from(x).pow(2)).take(3).collect())
//!     .resuming()
//!     .check(vec(0u8.., 0..12));
//! ```
//!
//! What a broken law looks like: this stage emits an item though it says that it emits none.
//!
//! ```should_panic
//! use proptest::collection::vec;
//! use transducer::{SizeHint, Step, Transducer, laws::Laws};
//!
//! struct Liar;
//!
//! impl Transducer<u8> for Liar {
//!     type Out = u8;
//!     type State = ();
//!
//!     fn initial(&self) {}
//!
//!     fn step(&self, _: &mut (), item: u8, emit: &mut impl FnMut(u8) -> Step) -> Step {
//!         emit(item)
//!     }
//!
//!     fn size_hint(&self, _: &(), _: SizeHint) -> SizeHint {
//!         (0, Some(0))
//!     }
//! }
//!
//! // Liar breaks the law «size_hint never lies» under the lazy driver, for the input [0]: ...
//! Laws::of("Liar", Liar).check(vec(0u8.., 0..12));
//! ```

use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use core::{cell::Cell, fmt, ops::ControlFlow};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestError, TestRunner},
};

use crate::{
    EventSink, Reduced, SizeHint, Step, TransduceIterator, Transducer, appending, compose, iterable_source,
    reactive_transduce, sending, taking, transduce,
};

/// A law that the kit checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Law {
    /// Same transducer, same input: same outputs under every driver, and those of the equivalent.
    DriversAgree,
    /// `complete` runs exactly once a run, however the run ends; not for a lazy run that is abandoned.
    CompleteOnce,
    /// When an upstream stage ends the run, what is left over is still emitted.
    LeftoversFlushed,
    /// Whoever has answered `Break` is not stepped again.
    NothingAfterReduced,
    /// No more input is taken than the next output needs, none after the end.
    NoOverPull,
    /// A recipe run twice, or twice at once, gives the same result.
    RunsIndependent,
    /// A cloned state continues where the original would have.
    ResumesFromClone,
    /// A panic leaves the recipe usable, and a push pipeline that it drops unflushed.
    PanicsPoisonOneRun,
    /// The number of outputs to come is within the size hint, whatever the source claims.
    HonestSizeHint,
    /// With `ONE_TO_ONE` set, a step emits exactly one item, and `complete` none.
    HonestOneToOne,
    /// With `AT_MOST_ONE` set, a step emits no more than one item.
    HonestAtMostOne,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::DriversAgree,
        Self::CompleteOnce,
        Self::LeftoversFlushed,
        Self::NothingAfterReduced,
        Self::NoOverPull,
        Self::RunsIndependent,
        Self::ResumesFromClone,
        Self::PanicsPoisonOneRun,
        Self::HonestSizeHint,
        Self::HonestOneToOne,
        Self::HonestAtMostOne,
    ];

    /// The drivers under which the kit checks this law.
    pub fn drivers(self) -> &'static [Driver] {
        match self {
            // How a run is stepped by hand is the stage's own affair, whoever drives it.
            Self::ResumesFromClone | Self::HonestOneToOne | Self::HonestAtMostOne => &[Driver::Stepped],
            Self::HonestSizeHint => &[Driver::Lazy],
            Self::PanicsPoisonOneRun => &[
                Driver::Eager,
                Driver::Push,
                #[cfg(feature = "async")]
                Driver::Stream,
                #[cfg(feature = "async")]
                Driver::Sink,
            ],
            Self::RunsIndependent => &[
                Driver::Stepped,
                Driver::Eager,
                Driver::Lazy,
                Driver::LazyFold,
                Driver::Push,
                #[cfg(feature = "async")]
                Driver::Stream,
                #[cfg(feature = "async")]
                Driver::Sink,
            ],
            _ => Driver::ALL,
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::DriversAgree => "drivers agree",
            Self::CompleteOnce => "complete once",
            Self::LeftoversFlushed => "leftovers are flushed",
            Self::NothingAfterReduced => "nothing after Reduced",
            Self::NoOverPull => "no over-pull",
            Self::RunsIndependent => "runs are independent",
            Self::ResumesFromClone => "a cloned state resumes",
            Self::PanicsPoisonOneRun => "panics poison one run only",
            Self::HonestSizeHint => "size_hint never lies",
            Self::HonestOneToOne => "ONE_TO_ONE never lies",
            Self::HonestAtMostOne => "AT_MOST_ONE never lies",
        })
    }
}

/// A way to run a transducer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Driver {
    /// The trait's methods called by hand, which is what the others are measured against.
    Stepped,
    /// [`transduce`].
    Eager,
    /// [`lazy_transduce`](crate::lazy_transduce), item by item.
    Lazy,
    /// [`lazy_transduce`](crate::lazy_transduce), by `fold`.
    LazyFold,
    /// [`reactive_transduce`].
    Push,
    /// [`TransduceStream`](crate::TransduceStream).
    #[cfg(feature = "async")]
    Stream,
    /// [`TransduceSink`](crate::TransduceSink).
    #[cfg(feature = "async")]
    Sink,
}

impl Driver {
    /// Those that are driven, all but [`Stepped`](Self::Stepped).
    pub const ALL: &'static [Self] = &[
        Self::Eager,
        Self::Lazy,
        Self::LazyFold,
        Self::Push,
        #[cfg(feature = "async")]
        Self::Stream,
        #[cfg(feature = "async")]
        Self::Sink,
    ];
}

impl fmt::Display for Driver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Stepped => "stepping by hand",
            Self::Eager => "the eager driver",
            Self::Lazy => "the lazy driver",
            Self::LazyFold => "the lazy driver's fold",
            Self::Push => "the push driver",
            #[cfg(feature = "async")]
            Self::Stream => "the stream driver",
            #[cfg(feature = "async")]
            Self::Sink => "the sink driver",
        })
    }
}

/// A law that was found broken.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the law «{law}» under {driver}: {what}")]
pub struct Broken {
    /// Which law.
    pub law: Law,
    /// Under which driver.
    pub driver: Driver,
    /// What was seen, and what was expected.
    pub what: String,
}

/// A transducer to be held to the laws. See the [module](self).
#[must_use = "nothing is checked until `check` is called"]
pub struct Laws<In, X: Transducer<In>> {
    name: String,
    xf: X,
    equivalent: Option<Equivalent<In, X::Out>>,
    resume: Option<Resume<In, X>>,
    config: Config,
}

type Equivalent<In, Out> = Box<dyn Fn(Vec<In>) -> Vec<Out>>;
type Resume<In, X> = fn(&X, &[In], &Trace<<X as Transducer<In>>::Out>) -> Result<(), Broken>;

impl<In, X> Laws<In, X>
where
    In: Clone + fmt::Debug,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    /// Prepares to check `xf`; failures call it `name`.
    pub fn of(name: impl Into<String>, xf: X) -> Self {
        // The input that fails is printed; there is no file to keep it in.
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { name: name.into(), xf, equivalent: None, resume: None, config }
    }

    /// Expects the outputs to be those of `equivalent`, such as a chain of iterator adaptors.
    pub fn like(mut self, equivalent: impl Fn(Vec<In>) -> Vec<X::Out> + 'static) -> Self {
        self.equivalent = Some(Box::new(equivalent));
        self
    }

    /// Also checks that a run goes on from a clone of its state, at every point.
    pub fn resuming(mut self) -> Self
    where
        X::State: Clone,
    {
        self.resume = Some(check_resuming);
        self
    }

    /// Has this many inputs drawn. Proptest's own number if left out: 256, or `PROPTEST_CASES`.
    pub fn cases(mut self, cases: u32) -> Self {
        self.config.cases = cases;
        self
    }

    /// Draws inputs and checks every law on each.
    ///
    /// # Panics
    /// At the first law that is broken, with the smallest input found that shows it.
    pub fn check(self, inputs: impl Strategy<Value = Vec<In>>) {
        let outcome = TestRunner::new(self.config.clone())
            .run(&inputs, |input| self.check_one(&input).map_err(|broken| TestCaseError::fail(format!("{broken}"))));
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(broken, input)) => {
                panic!("{} breaks {broken}\nsmallest input: {input:?}", self.name)
            }
            Err(TestError::Abort(reason)) => panic!("{}: no inputs to check with: {reason}", self.name),
        }
    }

    /// Checks every law on one input.
    ///
    /// # Errors
    /// The first law that was found broken.
    pub fn check_one(&self, input: &[In]) -> Result<(), Broken> {
        let trace = Trace::of(&self.xf, input)?;
        if let Some(equivalent) = &self.equivalent {
            let expected = equivalent(input.to_vec());
            expect(
                Law::DriversAgree,
                Driver::Stepped,
                "outputs and those of the equivalent",
                &trace.outputs,
                &expected,
            )?;
        }
        check_whole_runs(&self.xf, input, &trace)?;
        check_cut_short_upstream(&self.xf, input)?;
        check_cut_short_downstream(&self.xf, input, &trace)?;
        check_runs_at_once(&self.xf, input, &trace)?;
        check_size_hints(&self.xf, input, &trace)?;
        check_panics(&self.xf, input, &trace)?;
        match self.resume {
            Some(check) => check(&self.xf, input, &trace),
            None => Ok(()),
        }
    }
}

impl<In, X: Transducer<In> + fmt::Debug> fmt::Debug for Laws<In, X> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Laws").field("name", &self.name).field("xf", &self.xf).finish_non_exhaustive()
    }
}

/// What a run does, step by step, as seen by calling the trait's methods and nothing else.
struct Trace<Out> {
    outputs: Vec<Out>,
    /// How many outputs there were after each number of inputs.
    after: Vec<usize>,
    /// How many inputs it took, where it ended by itself.
    ended: Option<usize>,
}

impl<Out> Trace<Out> {
    fn of<In, X>(xf: &X, input: &[In]) -> Result<Self, Broken>
    where
        In: Clone,
        X: Transducer<In, Out = Out>,
    {
        let mut state = xf.initial();
        let mut outputs = vec![];
        let mut after = vec![0];
        let mut ended = xf.is_reduced(&state).then_some(0);
        let mut items = input.iter().cloned();
        while let (None, Some(item)) = (ended, items.next()) {
            let flow = xf.step(&mut state, item, &mut push_to(&mut outputs));
            after.push(outputs.len());
            if flow.is_break() {
                ended = Some(after.len() - 1);
            }
        }
        xf.complete(state, &mut push_to(&mut outputs));
        let broken = |law, what| Err(Broken { law, driver: Driver::Stepped, what });
        let one_each = after.iter().copied().eq(0..=input.len()) && outputs.len() == input.len();
        if X::ONE_TO_ONE && !one_each {
            let what = format!("outputs after each input: {after:?}, at the end: {}", outputs.len());
            return broken(Law::HonestOneToOne, what);
        }
        if X::AT_MOST_ONE && after.windows(2).any(|counts| counts[1] - counts[0] > 1) {
            return broken(Law::HonestAtMostOne, format!("outputs after each input: {after:?}"));
        }
        Ok(Self { outputs, after, ended })
    }

    /// The fewest inputs after which there are `count` outputs, or all that the run takes.
    fn inputs_for(&self, count: usize) -> usize {
        self.after.iter().position(|&outputs| outputs >= count).unwrap_or(self.after.len() - 1)
    }
}

/// The whole input, under every driver.
fn check_whole_runs<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    let inputs = trace.ended.unwrap_or(input.len());
    for &driver in Driver::ALL {
        let run = Run::of(driver, xf, input, usize::MAX);
        expect(Law::DriversAgree, driver, "outputs", &run.outputs, &trace.outputs)?;
        expect(Law::CompleteOnce, driver, "completions", &run.completions, &1)?;
        expect(Law::NothingAfterReduced, driver, "steps after Break", &run.steps_after_break, &0)?;
        expect(Law::NoOverPull, driver, "inputs taken", &run.pulled, &inputs)?;
        let again = Run::of(driver, xf, input, usize::MAX);
        expect(Law::RunsIndependent, driver, "outputs of a second run", &again.outputs, &trace.outputs)?;
    }
    Ok(())
}

/// An upstream stage that ends the run, after each number of items.
fn check_cut_short_upstream<In, X>(xf: &X, input: &[In]) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    for count in 0..=input.len() {
        let whole = Trace::of(xf, &input[..count])?;
        let cut_short = compose((taking(count), xf));
        for &driver in Driver::ALL {
            let run = Run::of(driver, &cut_short, input, usize::MAX);
            let what = format!("outputs after an upstream taking({count})");
            expect(Law::LeftoversFlushed, driver, &what, &run.outputs, &whole.outputs)?;
            expect(Law::CompleteOnce, driver, "completions", &run.completions, &1)?;
        }
    }
    Ok(())
}

/// A downstream that has had enough, after each number of outputs.
fn check_cut_short_downstream<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    for wanted in 1..=trace.outputs.len() {
        for &driver in Driver::ALL {
            let run = Run::of(driver, xf, input, wanted);
            let what = format!("outputs before a downstream that wants {wanted} had enough");
            expect(Law::NothingAfterReduced, driver, &what, &run.outputs, &trace.outputs[..wanted])?;
            expect(Law::NothingAfterReduced, driver, "steps after Break", &run.steps_after_break, &0)?;
            expect(Law::NoOverPull, driver, "inputs taken", &run.pulled, &trace.inputs_for(wanted))?;
            // A lazy run is dropped once it has given what was wanted, which may be before its end.
            if matches!(driver, Driver::Eager | Driver::Push) || run.completions > 1 {
                expect(Law::CompleteOnce, driver, "completions", &run.completions, &1)?;
            }
        }
    }
    for &driver in Driver::ALL {
        let run = Run::of(driver, &compose((xf, taking(0))), input, usize::MAX);
        expect(Law::NoOverPull, driver, "inputs taken for taking(0)", &run.pulled, &0)?;
    }
    Ok(())
}

/// Two runs of one recipe, stepped in turn.
fn check_runs_at_once<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: PartialEq + fmt::Debug>,
{
    let mut runs = [(xf.initial(), vec![]), (xf.initial(), vec![])];
    for item in &input[..trace.ended.unwrap_or(input.len())] {
        for (state, outputs) in &mut runs {
            let _ = xf.step(state, item.clone(), &mut push_to(outputs));
        }
    }
    for (state, mut outputs) in runs {
        xf.complete(state, &mut push_to(&mut outputs));
        expect(Law::RunsIndependent, Driver::Stepped, "outputs of two runs at once", &outputs, &trace.outputs)?;
    }
    Ok(())
}

/// At each point, a clone of the state that goes on after the original has come to its end.
fn check_resuming<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, State: Clone, Out: Clone + PartialEq + fmt::Debug>,
{
    let taken = &input[..trace.ended.unwrap_or(input.len())];
    let go_on = |mut state: X::State, mut outputs: Vec<X::Out>, rest: &[In]| {
        for item in rest {
            let _ = xf.step(&mut state, item.clone(), &mut push_to(&mut outputs));
        }
        xf.complete(state, &mut push_to(&mut outputs));
        outputs
    };
    let mut state = xf.initial();
    let mut outputs = vec![];
    for split in 0..=taken.len() {
        let resumed = go_on(state.clone(), outputs.clone(), &taken[split..]);
        let what = format!("outputs when resumed after {split} inputs");
        expect(Law::ResumesFromClone, Driver::Stepped, &what, &resumed, &trace.outputs)?;
        if let Some(item) = taken.get(split) {
            let _ = xf.step(&mut state, item.clone(), &mut push_to(&mut outputs));
        }
    }
    Ok(())
}

/// The size hint before each output, for sources that claim more or less.
fn check_size_hints<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In>,
{
    let claims: [fn(usize) -> SizeHint; 4] =
        [|n| (n, Some(n)), |_| (0, None), |n| (n / 2, Some(n + 3)), |n| (0, Some(n))];
    for claim in claims {
        let pulled = Cell::new(0);
        let mut items = Source { items: input.iter().cloned(), pulled: &pulled, claim }.transduce(xf);
        for given in 0..=trace.outputs.len() {
            let (least, most) = items.size_hint();
            let left = trace.outputs.len() - given;
            if least > left || most.is_some_and(|most| most < left) {
                let what =
                    format!("after {given} outputs there were {left} left, but size_hint said {least}, {most:?}");
                return Err(Broken { law: Law::HonestSizeHint, driver: Driver::Lazy, what });
            }
            items.next();
        }
    }
    // An absurd claim must not overflow, nor be taken at its word when memory is reserved.
    let absurd: [fn(usize) -> SizeHint; 2] = [|_| (0, Some(usize::MAX)), |_| (usize::MAX, None)];
    for claim in absurd {
        let source = Source { items: input.iter().cloned(), pulled: &Cell::new(0), claim };
        let (least, most) = source.transduce(xf).size_hint();
        if most.is_some_and(|most| most < least) {
            let what = format!("for a source of up to usize::MAX items it said {least}, {most:?}");
            return Err(Broken { law: Law::HonestSizeHint, driver: Driver::Lazy, what });
        }
    }
    Ok(())
}

/// A downstream that panics, at each output; then the same recipe again.
fn check_panics<In, X>(xf: &X, input: &[In], trace: &Trace<X::Out>) -> Result<(), Broken>
where
    In: Clone,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    for bad in 0..trace.outputs.len() {
        for &driver in Law::PanicsPoisonOneRun.drivers() {
            let seen = Cell::new(0);
            let watched = Watched::new(xf);
            let sink = |_: X::Out| {
                let count = seen.replace(seen.get() + 1);
                // Unlike `panic!`, this prints nothing.
                if count == bad {
                    resume_unwind(Box::new(()))
                }
            };
            let source = input.iter().cloned();
            let panicked = catch_unwind(AssertUnwindSafe(|| match driver {
                Driver::Push => iterable_source(source, reactive_transduce(&watched, sink)),
                #[cfg(feature = "async")]
                Driver::Stream => {
                    asynchronous::through_a_stream(source, compose((&watched, crate::mapping(sink))), usize::MAX);
                }
                #[cfg(feature = "async")]
                Driver::Sink => {
                    asynchronous::into_a_sink(source, compose((&watched, crate::mapping(sink))), usize::MAX);
                }
                _ => transduce(&watched, sending(|| sink), source),
            }));
            let law = Law::PanicsPoisonOneRun;
            expect(law, driver, "whether the panic came through", &panicked.is_err(), &true)?;
            expect(law, driver, "outputs sent by the time of the panic", &seen.get(), &(bad + 1))?;
            let again = Run::of(driver, xf, input, usize::MAX);
            expect(law, driver, "outputs of a run after the panic", &again.outputs, &trace.outputs)?;
        }
    }
    Ok(())
}

/// What was seen of one driven run.
struct Run<Out> {
    outputs: Vec<Out>,
    pulled: usize,
    completions: usize,
    steps_after_break: usize,
}

impl<Out> Run<Out> {
    /// Runs `xf` over `input` until the end, or until `wanted` outputs have come.
    fn of<In, X>(driver: Driver, xf: &X, input: &[In], wanted: usize) -> Self
    where
        In: Clone,
        X: Transducer<In, Out = Out>,
    {
        let pulled = Cell::new(0);
        let strict = Cell::new(0);
        let watched = Watched::new(xf);
        let source = Source { items: input.iter().cloned(), pulled: &pulled, claim: |n| (n, Some(n)) };
        let sink = || Wanting { wanted, items: vec![], sent_too_many: &strict };
        let outputs = match driver {
            Driver::Stepped | Driver::Eager if wanted == usize::MAX => transduce(&watched, appending(), source),
            Driver::Stepped | Driver::Eager => transduce(&watched, sending(sink), source),
            Driver::LazyFold if wanted == usize::MAX => source.transduce(&watched).fold(vec![], |mut outputs, out| {
                outputs.push(out);
                outputs
            }),
            Driver::Lazy | Driver::LazyFold => {
                let mut outputs = vec![];
                let mut items = source.transduce(&watched);
                while outputs.len() < wanted
                    && let Some(out) = items.next()
                {
                    outputs.push(out);
                }
                outputs
            }
            Driver::Push => iterable_source(source, reactive_transduce(&watched, sink())),
            #[cfg(feature = "async")]
            Driver::Stream => asynchronous::through_a_stream(source, &watched, wanted),
            #[cfg(feature = "async")]
            Driver::Sink => asynchronous::into_a_sink(source, &watched, wanted),
        };
        Self {
            outputs,
            pulled: pulled.get(),
            completions: watched.completions.get(),
            steps_after_break: watched.steps_after_break.get() + strict.get(),
        }
    }
}

/// Runs under the asynchronous drivers, polled until they have no more to give. A source that is ready
/// now and again, and a sink that can take one item a turn, have them stop and go on at every point.
#[cfg(feature = "async")]
mod asynchronous {
    use alloc::{vec, vec::Vec};
    use core::{
        pin::{Pin, pin},
        task::{Context, Poll, Waker},
    };

    use futures_core::Stream;
    use futures_sink::Sink;

    use crate::{TransduceSink, TransduceStream, Transducer};

    pub(super) fn through_a_stream<I, X>(source: I, xf: X, wanted: usize) -> Vec<X::Out>
    where
        I: Iterator,
        X: Transducer<I::Item>,
    {
        let mut context = Context::from_waker(Waker::noop());
        let mut source = source.fuse();
        let mut ready = false;
        let hesitant = futures_util::stream::poll_fn(move |_| {
            ready = !ready;
            if ready { Poll::Pending } else { Poll::Ready(source.next()) }
        });
        let mut items = pin!(hesitant.transduce(xf));
        let mut outputs = vec![];
        while outputs.len() < wanted {
            match items.as_mut().poll_next(&mut context) {
                Poll::Ready(Some(out)) => outputs.push(out),
                Poll::Ready(None) => break,
                Poll::Pending => {}
            }
        }
        outputs
    }

    pub(super) fn into_a_sink<I, X>(mut source: I, xf: X, wanted: usize) -> Vec<X::Out>
    where
        I: Iterator,
        X: Transducer<I::Item>,
    {
        let mut context = Context::from_waker(Waker::noop());
        let mut behind = OneATurn { items: vec![], ready: false };
        let mut sink = pin!((&mut behind).transduce(xf));
        let mut ended = false;
        while sink.get_ref().items.len() < wanted {
            let polled =
                if ended { sink.as_mut().poll_close(&mut context) } else { sink.as_mut().poll_ready(&mut context) };
            match polled {
                Poll::Pending => {}
                Poll::Ready(Ok(())) if ended => break,
                Poll::Ready(Ok(())) if sink.is_reduced() => ended = true,
                Poll::Ready(Ok(())) => match source.next() {
                    Some(item) => {
                        let Ok(()) = sink.as_mut().start_send(item);
                    }
                    None => ended = true,
                },
            }
        }
        behind.items
    }

    /// A sink that is ready every other time it is asked.
    struct OneATurn<T> {
        items: Vec<T>,
        ready: bool,
    }

    impl<T> Unpin for OneATurn<T> {}

    impl<T> Sink<T> for OneATurn<T> {
        type Error = core::convert::Infallible;

        fn poll_ready(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            self.ready = !self.ready;
            if self.ready { Poll::Ready(Ok(())) } else { Poll::Pending }
        }

        fn start_send(mut self: Pin<&mut Self>, item: T) -> Result<(), Self::Error> {
            assert!(self.ready, "an item was sent to a sink that is not ready");
            self.items.push(item);
            Ok(())
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }
    }
}

/// A source that counts what is taken from it, and says of itself what it is told to.
struct Source<'a, I> {
    items: I,
    pulled: &'a Cell<usize>,
    claim: fn(usize) -> SizeHint,
}

impl<I: ExactSizeIterator> Iterator for Source<'_, I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        let item = self.items.next()?;
        self.pulled.set(self.pulled.get() + 1);
        Some(item)
    }

    fn size_hint(&self) -> SizeHint {
        (self.claim)(self.items.len())
    }
}

/// A sink that has had enough after so many items, and counts what it is sent all the same.
struct Wanting<'a, T> {
    wanted: usize,
    items: Vec<T>,
    sent_too_many: &'a Cell<usize>,
}

impl<T> EventSink<T> for Wanting<'_, T> {
    type Output = Vec<T>;

    fn send(&mut self, item: T) -> Step {
        if self.items.len() == self.wanted {
            self.sent_too_many.set(self.sent_too_many.get() + 1);
        } else {
            self.items.push(item);
        }
        if self.items.len() == self.wanted { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn close(self) -> Vec<T> {
        self.items
    }
}

/// A transducer whose driver is watched.
struct Watched<'a, X> {
    xf: &'a X,
    completions: Cell<usize>,
    steps_after_break: Cell<usize>,
}

impl<'a, X> Watched<'a, X> {
    fn new(xf: &'a X) -> Self {
        Self { xf, completions: Cell::new(0), steps_after_break: Cell::new(0) }
    }

    /// Counts a step that comes after the end.
    fn watch(&self, ended: &mut bool, step: impl FnOnce() -> Step) -> Step {
        if *ended {
            self.steps_after_break.set(self.steps_after_break.get() + 1);
        }
        let flow = step();
        *ended |= flow.is_break();
        flow
    }
}

impl<In, X: Transducer<In>> Transducer<In> for Watched<'_, X> {
    type Out = X::Out;
    type State = (X::State, bool);

    const ONE_TO_ONE: bool = X::ONE_TO_ONE;
    const AT_MOST_ONE: bool = X::AT_MOST_ONE;
    const SUSPENDS: bool = X::SUSPENDS;

    fn initial(&self) -> Self::State {
        (self.xf.initial(), false)
    }

    fn step(&self, (state, ended): &mut Self::State, item: In, emit: &mut impl FnMut(X::Out) -> Step) -> Step {
        self.watch(ended, || self.xf.step(state, item, emit))
    }

    fn step_until(
        &self,
        (state, ended): &mut Self::State,
        item: In,
        emit: &mut impl FnMut(X::Out) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        self.watch(ended, || self.xf.step_until(state, item, emit, full))
    }

    fn resume(
        &self,
        (state, ended): &mut Self::State,
        emit: &mut impl FnMut(X::Out) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        let flow = self.xf.resume(state, emit, full);
        *ended |= flow.is_break();
        flow
    }

    fn complete(&self, (state, _): Self::State, emit: &mut impl FnMut(X::Out) -> Step) {
        self.completions.set(self.completions.get() + 1);
        self.xf.complete(state, emit);
    }

    fn size_hint(&self, (state, _): &Self::State, input: SizeHint) -> SizeHint {
        self.xf.size_hint(state, input)
    }

    fn is_reduced(&self, (state, _): &Self::State) -> bool {
        self.xf.is_reduced(state)
    }
}

/// The end of a pipeline: keeps what is emitted, and wants more.
fn push_to<T>(items: &mut Vec<T>) -> impl FnMut(T) -> Step {
    |item| {
        items.push(item);
        ControlFlow::Continue(())
    }
}

fn expect<T, U>(law: Law, driver: Driver, what: &str, seen: &T, expected: &U) -> Result<(), Broken>
where
    T: PartialEq<U> + fmt::Debug,
    U: fmt::Debug + ?Sized,
{
    if seen == expected {
        return Ok(());
    }
    Err(Broken { law, driver, what: format!("{what}: {seen:?}, expected {expected:?}") })
}
