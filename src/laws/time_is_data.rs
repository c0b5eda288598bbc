//! Time is data: the same items and moments give the same outputs, whoever tells the time and however late.

use alloc::{format, string::String, vec, vec::Vec};
use core::{fmt, iter, ops::ControlFlow, time::Duration};

use proptest::{
    collection::vec as vec_of,
    prelude::{Just, any},
    prop_oneof,
    strategy::Strategy,
    test_runner::{Config, TestCaseError, TestError, TestRunner},
};

use super::{Broken, Driver, Law, expect};
use crate::{
    appending, by_event_time, collection_sink, compose, filter_mapping,
    kernel::{Emit, Run, RunState, Time, Transducer, unbounded},
    lazy_transduce, stamping, timed_transduce, transduce,
};

/// A transducer that waits, to be held to the law «time is data».
///
/// It draws items and their moments: bursts at one moment, gaps, and jumps over many deadlines. The run is told the time by
/// hand, at each deadline and only at the items; it is pushed, set aside before each item, and replayed by the times of a
/// log, at once and one output at a time. Each output comes at the same moment in all of them, and after
/// [`advance`](Transducer::advance) the deadline is later.
///
/// ```
/// use std::time::Duration;
/// use transducer::{laws::TimeLaws, prelude::*};
///
/// let second = Duration::from_secs(1);
/// TimeLaws::of("settled batches", compose((debouncing(3 * second), batching_within(2, 9 * second))), second).check(0u8..);
/// ```
///
/// What a broken law looks like: this stage is due for ever, and no driver would come to an end.
///
/// ```should_panic
/// # use std::{ops::ControlFlow, time::Duration};
/// # use transducer::{Emit, Shape, Step, Time, Transducer, laws::TimeLaws};
/// struct AlwaysDue;
///
/// impl Transducer<u8> for AlwaysDue {
///     type Out = u8;
///     type State = Option<Time>;
///
///     const SHAPE: Shape = Shape::ONE.timed();
/// #   fn initial(&self) -> Option<Time> { None }
///
///     fn step(&self, due: &mut Option<Time>, item: u8, out: &mut impl Emit<u8>) -> Step {
///         *due = Some(out.now());
///         out.emit(item)
///     }
///
///     fn deadline(&self, due: &Option<Time>) -> Option<Time> {
///         *due
///     }
/// }
///
/// // AlwaysDue breaks the law «time is data» under stepping by hand: rule 3 of the protocol: ...
/// TimeLaws::of("AlwaysDue", AlwaysDue, Duration::from_secs(1)).check(0u8..);
/// ```
#[must_use = "nothing is checked until `check` is called"]
pub struct TimeLaws<X> {
    name: String,
    xf: X,
    unit: Duration,
    config: Config,
}

/// Outputs, each with its moment.
type Stamped<T> = Vec<(Time, T)>;

impl<X> TimeLaws<X> {
    /// Prepares to check `xf`; failures call it `name`. Most gaps between the items that are drawn are a few times `unit`:
    /// choose it near the shortest wait of `xf`.
    ///
    /// - **Panics**: if `unit` is 0, or more than 2^60 nanoseconds, which are 36 years.
    #[track_caller]
    pub fn of(name: impl Into<String>, xf: X, unit: Duration) -> Self {
        assert!((1..=1 << 60).contains(&unit.as_nanos()), "`unit` must be at least 1 nanosecond and at most 2^60");
        let config = Config { failure_persistence: None, ..Config::default() };
        Self { name: name.into(), xf, unit, config }
    }

    /// Has this many inputs drawn. Proptest's own number if left out: 256, or `PROPTEST_CASES`.
    pub fn cases(mut self, cases: u32) -> Self {
        self.config.cases = cases;
        self
    }

    /// Draws up to 14 items, their moments and that of the end, and checks the law on them.
    ///
    /// # Panics
    /// If the law is broken, with the smallest input found that shows it.
    pub fn check<In>(self, items: impl Strategy<Value = In>)
    where
        In: Clone + fmt::Debug,
        X: Transducer<In, Out: PartialEq + fmt::Debug>,
    {
        let unit = self.unit.as_nanos() as i128;
        // Twelfths, so that some gaps end just beside a deadline.
        let gap =
            prop_oneof![3 => Just(0), 4 => (1..6i128).prop_map(|units| units * 12), 2 => 1..72i128, 1 => 240..720i128];
        let inputs = (vec_of((gap, items), 0..14), any::<u8>());
        let outcome = TestRunner::new(self.config.clone()).run(&inputs, |(gaps, rest)| {
            let mut now = 0;
            let events: Vec<(Time, In)> = gaps
                .into_iter()
                .map(|(gap, item)| {
                    now += gap * unit / 12;
                    (Time::from_nanos(now), item)
                })
                .collect();
            let end = Time::from_nanos(now + i128::from(rest) * unit / 12);
            self.check_one(&events, end).map_err(|broken| {
                TestCaseError::fail(format!("{broken}, for the items {events:?}, the end at {end:?}"))
            })
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(broken, _)) => panic!("{} breaks {broken}", self.name),
            Err(TestError::Abort(reason)) => panic!("{}: no inputs to check with: {reason}", self.name),
        }
    }

    /// Checks the law on items with their moments, in the order of time, and the moment of the end.
    ///
    /// # Errors
    /// What was found.
    pub fn check_one<In>(&self, events: &[(Time, In)], end: Time) -> Result<(), Broken>
    where
        In: Clone,
        X: Transducer<In, Out: PartialEq + fmt::Debug>,
    {
        let expected = self.by_hand(events, end, true, false)?;
        let agree = |driver, how: &str, seen: Stamped<X::Out>| expect(Law::TimeIsData, driver, how, &seen, &expected);
        agree(Driver::Stepped, "told at the items only", self.by_hand(events, end, false, false)?)?;
        agree(Driver::Stepped, "begun anew wherever it was idle", self.by_hand(events, end, true, true)?)?;
        agree(Driver::Stepped, "one output at a time", self.one_by_one(events, end))?;
        agree(Driver::Push, "pushed", self.pushed(events, end, false))?;
        agree(Driver::Push, "set aside before each item", self.pushed(events, end, true))?;
        let replay = || {
            // The end is an item that nobody behind sees.
            let items = filter_mapping(|(_, item): (Time, Option<In>)| item);
            by_event_time(|event: &(Time, Option<In>)| event.0, Duration::ZERO, compose((items, &self.xf, stamping())))
        };
        let log = || events.iter().map(|(at, item)| (*at, Some(item.clone()))).chain([(end, None)]);
        agree(Driver::Eager, "replayed", transduce(replay(), appending(), log()))?;
        let mut outputs = lazy_transduce(replay(), log());
        agree(Driver::Lazy, "replayed", iter::from_fn(|| outputs.next()).collect())
    }

    /// Told the time by the kit, at each deadline if `is_punctual`. A run that says that it is idle is as at its beginning: it is
    /// begun anew if `is_forgotten`, as `by_key` does it.
    fn by_hand<In>(
        &self,
        events: &[(Time, In)],
        end: Time,
        is_punctual: bool,
        is_forgotten: bool,
    ) -> Result<Stamped<X::Out>, Broken>
    where
        In: Clone,
        X: Transducer<In>,
    {
        let xf = compose((&self.xf, stamping()));
        let mut run = RunState::new(&xf);
        let mut outputs = vec![];
        let mut out = unbounded(|output| {
            outputs.push(output);
            ControlFlow::Continue(())
        });
        for (moment, item) in events {
            if is_punctual {
                while let Some(deadline) = run.deadline(&xf).filter(|deadline| deadline < moment) {
                    tell(&xf, &mut run, deadline, &mut out)?;
                }
            }
            tell(&xf, &mut run, *moment, &mut out)?;
            if is_forgotten && run.is_idle(&xf) {
                run = RunState::new(&xf);
            }
            if !run.wants_input() {
                break;
            }
            let _ = run.step(&xf, item.clone(), &mut out.at(*moment));
            if is_forgotten && run.is_idle(&xf) {
                run = RunState::new(&xf);
            }
        }
        tell(&xf, &mut run, end, &mut out)?;
        let _ = run.complete(&xf, &mut out.at(end));
        Ok(outputs)
    }

    /// By the run that a pull driver makes.
    fn one_by_one<In>(&self, events: &[(Time, In)], end: Time) -> Stamped<X::Out>
    where
        In: Clone,
        X: Transducer<In>,
    {
        let mut run = Run::new(compose((&self.xf, stamping())));
        let mut outputs = vec![];
        for (moment, item) in events {
            outputs.extend(iter::from_fn(|| run.advance(*moment)));
            outputs.extend(run.step(item.clone()));
            outputs.extend(iter::from_fn(|| run.resume()));
        }
        outputs.extend(iter::from_fn(|| run.advance(end)));
        outputs.extend(run.complete());
        outputs.extend(iter::from_fn(|| run.resume()));
        outputs
    }

    fn pushed<In>(&self, events: &[(Time, In)], end: Time, is_set_aside: bool) -> Stamped<X::Out>
    where
        In: Clone,
        X: Transducer<In>,
    {
        let xf = || compose((&self.xf, stamping()));
        let mut run = timed_transduce(xf(), collection_sink(vec![]));
        for (moment, item) in events {
            if is_set_aside {
                let (snapshot, sink) = run.suspend();
                run = snapshot.resume_timed(xf(), sink).expect("the snapshot is of this pipeline");
            }
            let _ = run.send_at(*moment, item.clone());
        }
        run.close_at(end)
    }
}

/// Goes through the deadlines up to a moment.
fn tell<In, X: Transducer<In>>(
    xf: &X,
    run: &mut RunState<X::State>,
    moment: Time,
    out: &mut impl Emit<X::Out>,
) -> Result<(), Broken> {
    while let Some(deadline) = run.deadline(xf).filter(|deadline| *deadline <= moment) {
        let _ = run.advance(xf, &mut out.at(deadline));
        if run.deadline(xf).is_some_and(|next| next <= deadline) {
            let what = "rule 3 of the protocol: after `advance`, the deadline is later than the moment, or none";
            return Err(Broken { law: Law::TimeIsData, driver: Driver::Stepped, what: what.into() });
        }
    }
    Ok(())
}

impl<X: fmt::Debug> fmt::Debug for TimeLaws<X> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TimeLaws")
            .field("name", &self.name)
            .field("xf", &self.xf)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}
