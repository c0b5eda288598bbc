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
//! What a broken law looks like: this stage emits both items at once, also where there is room for one.
//!
//! ```should_panic
//! use proptest::collection::vec;
//! use transducer::{Emit, Step, Transducer, laws::Laws};
//!
//! struct Twice;
//!
//! impl Transducer<u8> for Twice {
//!     type Out = u8;
//!     type State = ();
//!
//!     fn initial(&self) {}
//!
//!     fn step(&self, _: &mut (), item: u8, out: &mut impl Emit<u8>) -> Step {
//!         out.emit(item)?;
//!         out.emit(item)
//!     }
//! }
//!
//! // Twice breaks the law «room for one» under stepping by hand: rule 1 of the protocol: ..., for the input [0].
//! Laws::of("Twice", Twice).check(vec(0u8.., 0..12));
//! ```
//!
//! # The laws
#![doc = include_str!("laws.md")]

#[cfg(feature = "async")]
mod asynchronous;
mod by_hand;
mod run;
mod watched;

mod combine;
mod complete_once;
mod drivers_agree;
mod independent;
mod leftovers;
mod no_over_make;
mod no_over_pull;
mod nothing_after_reduced;
mod panics;
mod probe;
mod resuming;
mod room_for_one;
mod shape;
mod size_hint;
mod time_is_data;
mod wrappers;

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::fmt;

use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestError, TestRunner},
};

use crate::kernel::Transducer;
use by_hand::Trace;
pub use combine::CombineLaws;
pub use probe::{Probe, ProbeState};
use run::Runs;
pub use time_is_data::TimeLaws;

/// A law that the kit checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Law {
    /// Same transducer, same input: same outputs under every driver, and those of the equivalent.
    DriversAgree,
    /// Inside a stage that passes all on, such as `on_ok`, a transducer does what it does alone.
    WrappersAgree,
    /// `complete` runs exactly once a run, however the run ends; not for a lazy run that is abandoned.
    CompleteOnce,
    /// When an upstream stage ends the run, what is left over is still emitted.
    LeftoversFlushed,
    /// Whoever has answered `Break` is not stepped again, nor emits more in that call.
    NothingAfterReduced,
    /// No more input is taken than the next output needs, none after the end.
    NoOverPull,
    /// No more items are made of one than are asked for.
    NoOverMake,
    /// A recipe run twice, or twice at once, gives the same result.
    RunsIndependent,
    /// A cloned state continues where the original would have, also in the middle of a step.
    ResumesFromClone,
    /// A panic leaves the recipe usable, and a push pipeline that it drops unflushed.
    PanicsPoisonOneRun,
    /// The number of outputs to come is within the size hint, whatever the source claims.
    HonestSizeHint,
    /// The size hint is as narrow as it was said to be, by [`Laws::tight`] or [`Laws::bounded`].
    TightSizeHint,
    /// No more is emitted than `SHAPE` says, and no less where that is exactly one.
    HonestShape,
    /// Nothing is emitted while `out` is full; what is left is made by `resume`, and the outputs are the same.
    RoomForOne,
    /// Any split of the input, combined in any bracketing, gives the output of the whole: of reducers, by [`CombineLaws`].
    Combines,
    /// The same items and moments give the same outputs, whoever tells the time: of stages that wait, by [`TimeLaws`].
    TimeIsData,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::DriversAgree,
        Self::WrappersAgree,
        Self::CompleteOnce,
        Self::LeftoversFlushed,
        Self::NothingAfterReduced,
        Self::NoOverPull,
        Self::NoOverMake,
        Self::RunsIndependent,
        Self::ResumesFromClone,
        Self::PanicsPoisonOneRun,
        Self::HonestSizeHint,
        Self::TightSizeHint,
        Self::HonestShape,
        Self::RoomForOne,
        Self::Combines,
        Self::TimeIsData,
    ];

    /// The drivers under which the kit checks this law.
    pub fn drivers(self) -> &'static [Driver] {
        match self {
            // How a run is stepped by hand is the stage's own affair, whoever drives it.
            Self::ResumesFromClone | Self::HonestShape | Self::Combines => &[Driver::Stepped],
            Self::TimeIsData => &[Driver::Stepped, Driver::Push, Driver::Eager, Driver::Lazy],
            Self::WrappersAgree | Self::HonestSizeHint | Self::TightSizeHint => &[Driver::Lazy],
            Self::NoOverMake => Driver::STOPPABLE,
            Self::PanicsPoisonOneRun => &[
                Driver::Eager,
                Driver::Push,
                #[cfg(feature = "async")]
                Driver::Stream,
                #[cfg(feature = "async")]
                Driver::Sink,
            ],
            Self::RunsIndependent | Self::NothingAfterReduced | Self::RoomForOne => Driver::STEPPED_AND_ALL,
            _ => Driver::ALL,
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::DriversAgree => "drivers agree",
            Self::WrappersAgree => "wrappers agree",
            Self::CompleteOnce => "complete once",
            Self::LeftoversFlushed => "leftovers are flushed",
            Self::NothingAfterReduced => "nothing after Reduced",
            Self::NoOverPull => "no over-pull",
            Self::NoOverMake => "no over-make",
            Self::RunsIndependent => "runs are independent",
            Self::ResumesFromClone => "a cloned state resumes",
            Self::PanicsPoisonOneRun => "panics poison one run only",
            Self::HonestSizeHint => "size_hint never lies",
            Self::TightSizeHint => "size_hint is tight",
            Self::HonestShape => "SHAPE never lies",
            Self::RoomForOne => "room for one",
            Self::Combines => "combine is associative",
            Self::TimeIsData => "time is data",
        })
    }
}

/// A way to run a transducer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Driver {
    /// The trait's methods called by hand, which is what the others are measured against.
    Stepped,
    /// [`transduce`](crate::transduce).
    Eager,
    /// [`lazy_transduce`](crate::lazy_transduce), item by item.
    Lazy,
    /// [`lazy_transduce`](crate::lazy_transduce), by `fold`.
    LazyFold,
    /// [`lazy_transduce`](crate::lazy_transduce), by `collect`.
    Collect,
    /// [`reactive_transduce`](crate::reactive_transduce).
    Push,
    /// [`TransduceStream`](crate::TransduceStream).
    #[cfg(feature = "async")]
    Stream,
    /// [`TransduceSink`](crate::TransduceSink).
    #[cfg(feature = "async")]
    Sink,
}

impl Driver {
    const STEPPED_AND_ALL: &'static [Self] = &[
        Self::Stepped,
        Self::Eager,
        Self::Lazy,
        Self::LazyFold,
        Self::Collect,
        Self::Push,
        #[cfg(feature = "async")]
        Self::Stream,
        #[cfg(feature = "async")]
        Self::Sink,
    ];

    /// Those that can be asked for so many outputs.
    const STOPPABLE: &'static [Self] = &[
        Self::Eager,
        Self::Lazy,
        Self::Push,
        #[cfg(feature = "async")]
        Self::Stream,
        #[cfg(feature = "async")]
        Self::Sink,
    ];

    /// Those that are driven, all but [`Stepped`](Self::Stepped).
    pub const ALL: &'static [Self] = Self::STEPPED_AND_ALL.split_at(1).1;
}

impl fmt::Display for Driver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Stepped => "stepping by hand",
            Self::Eager => "the eager driver",
            Self::Lazy => "the lazy driver",
            Self::LazyFold => "the lazy driver's fold",
            Self::Collect => "the lazy driver's collect",
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
    /// What was seen, and what was expected; where a rule of the protocol is broken, its number.
    pub what: String,
}

/// A transducer to be held to the laws. See the [module](self).
#[must_use = "nothing is checked until `check` is called"]
pub struct Laws<In, X: Transducer<In>> {
    name: String,
    xf: X,
    equivalent: Option<Equivalent<In, X::Out>>,
    /// What else is asked of it.
    further: Vec<Check<In, X>>,
    probe: Option<Probe>,
    config: Config,
}

type Equivalent<In, Out> = Box<dyn Fn(Vec<In>) -> Vec<Out>>;
type Check<In, X> = fn(&X, &[In], &Trace<<X as Transducer<In>>::Out>) -> Result<(), Broken>;

impl<In, X> Laws<In, X>
where
    In: Clone + fmt::Debug,
    X: Transducer<In, Out: Clone + PartialEq + fmt::Debug>,
{
    /// Prepares to check `xf`; failures call it `name`.
    ///
    /// A transducer that waits is refused by the compiler, since these drivers tell no time: put it into
    /// [`by_event_time`](crate::by_event_time), and hold it to [`TimeLaws`] by itself.
    pub fn of(name: impl Into<String>, xf: X) -> Self {
        const {
            assert!(
                !X::SHAPE.is_timed(),
                "a transducer that waits is checked inside `by_event_time`, and by `TimeLaws`"
            )
        };
        // The input that fails is printed; there is no file to keep it in.
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { name: name.into(), xf, equivalent: None, further: Vec::new(), probe: None, config }
    }

    /// Expects the outputs to be those of `equivalent`, such as a chain of iterator adaptors.
    pub fn like(mut self, equivalent: impl Fn(Vec<In>) -> Vec<X::Out> + 'static) -> Self {
        self.equivalent = Some(Box::new(equivalent));
        self
    }

    /// Also checks that a run goes on from a clone of its state, at every point.
    pub fn resuming(self) -> Self
    where
        X::State: Clone,
    {
        self.further(resuming::check)
    }

    /// Also checks that the size hint is exact, at the start and before each output, where the size of the source is known.
    ///
    /// For stages that can know, such as `batching`; see also [`bounded`](Self::bounded).
    pub fn tight(self) -> Self {
        self.further(size_hint::check_tight)
    }

    /// Also checks that the size hint has an upper bound where the source has one; and where each item makes one output at
    /// most and nothing is left over, that it is no higher than the number of inputs left.
    ///
    /// For stages that can't know, such as `filtering`; see also [`tight`](Self::tight).
    pub fn bounded(self) -> Self {
        self.further(size_hint::check_bounded)
    }

    /// Also checks how the stage drives the pipeline inside it, which is `probe`; each output of that is an output.
    pub fn probed(mut self, probe: &Probe) -> Self {
        self.probe = Some(probe.clone());
        self
    }

    fn further(mut self, check: Check<In, X>) -> Self {
        self.further.push(check);
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
        let xf = &self.xf;
        // By hand first: a driver may panic at a stage that breaks the protocol.
        let trace = Trace::of(xf, input)?;
        shape::check(xf, &trace)?;
        independent::check(xf, input, &trace)?;
        if let Some(equivalent) = &self.equivalent {
            drivers_agree::check_equivalent(&trace, &equivalent(input.to_vec()))?;
        }
        room_for_one::check(xf, input, &trace)?;
        nothing_after_reduced::check(xf, input, &trace)?;

        let runs = Runs::of(xf, input, trace.outputs.len());
        drivers_agree::check(&runs, &trace)?;
        independent::check_drivers(&runs, &trace)?;
        complete_once::check(&runs)?;
        nothing_after_reduced::check_drivers(&runs, &trace)?;
        no_over_pull::check(&runs, &trace)?;
        leftovers::check(xf, input, &runs)?;
        room_for_one::check_drivers(&runs)?;

        no_over_make::check(xf, input, &trace)?;
        wrappers::check(xf, input, &trace)?;
        size_hint::check(xf, input, &trace)?;
        panics::check(xf, input, &trace)?;
        if let Some(probe) = &self.probe {
            probe::check(probe, xf, input)?;
        }
        self.further.iter().try_for_each(|check| check(xf, input, &trace))
    }
}

impl<In, X: Transducer<In> + fmt::Debug> fmt::Debug for Laws<In, X> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Laws").field("name", &self.name).field("xf", &self.xf).finish_non_exhaustive()
    }
}

fn expect<T, U>(law: Law, driver: Driver, what: &str, seen: &T, expected: &U) -> Result<(), Broken>
where
    T: PartialEq<U> + fmt::Debug + ?Sized,
    U: fmt::Debug + ?Sized,
{
    if seen == expected {
        return Ok(());
    }
    Err(Broken { law, driver, what: format!("{what}: {seen:?}, expected {expected:?}") })
}
