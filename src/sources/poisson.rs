use alloc::boxed::Box;
use core::{fmt, time::Duration};
use std::{thread, time::Instant};

use super::iterable::iterable_source;
use crate::{error::InvalidArgument, sinks::EventSink};

/// Sends the items of `iterable` to `sink` at random moments, `rate` a second on average, then closes the sink and
/// gives its output.
///
/// The gaps between items are independent and exponentially distributed, with mean 1 / `rate` seconds. This is a
/// Poisson process, the usual model for events that happen independently of each other. The calling thread sleeps
/// during the gaps. Use [`PoissonSource`] to set a seed, or to wait in another way.
///
/// - **Ends**: with the iterable, or when the sink wants no more.
/// - **Panics**: if `rate` is not positive and finite. Use [`PoissonSource::try_new`] for rates that come from data.
/// - **Like**: `poisson_source` of Robert Smallshire's `transducer` for Python.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(poisson_source(10_000.0, 1..=3, collection_sink(vec![])), [1, 2, 3]);
/// ```
pub fn poisson_source<I, S>(rate: f64, iterable: I, sink: S) -> S::Output
where
    I: IntoIterator,
    S: EventSink<I::Item>,
{
    PoissonSource::new(rate).run(iterable, sink)
}

/// A [`poisson_source`] with settings.
///
/// ```
/// use std::time::Duration;
/// use transducer::{prelude::*, sources::PoissonSource};
///
/// // A hundred thousand events, one a second: more than a day, over in an instant.
/// let mut day = Duration::ZERO;
/// PoissonSource::new(1.0).seed(1).sleeper(|gap| day += gap).run(0..100_000, null_sink());
/// assert!((99_000..101_000).contains(&day.as_secs()));
/// ```
#[must_use = "a source sends nothing until it is `run`"]
pub struct PoissonSource<'a> {
    rate: f64,
    random: fastrand::Rng,
    sleeper: Box<dyn FnMut(Duration) + 'a>,
}

impl<'a> PoissonSource<'a> {
    /// Makes a source of `rate` items a second, with a random seed, that sleeps between items.
    ///
    /// - **Panics**: if `rate` is not positive and finite.
    #[track_caller]
    pub fn new(rate: f64) -> Self {
        InvalidArgument::or_panic(Self::try_new(rate))
    }

    /// Makes a source like [`new`](Self::new), for a rate that comes from data.
    ///
    /// - **Errors**: if `rate` is not positive and finite.
    ///
    /// ```
    /// use transducer::sources::PoissonSource;
    ///
    /// assert_eq!(PoissonSource::try_new(0.0).unwrap_err().argument(), "rate");
    /// ```
    pub fn try_new(rate: f64) -> Result<Self, InvalidArgument> {
        if rate.is_finite() && rate > 0.0 {
            Ok(Self { rate, random: fastrand::Rng::new(), sleeper: Box::new(pacing()) })
        } else {
            Err(InvalidArgument::new("rate", "positive and finite"))
        }
    }

    /// Sets the seed: the gaps are the same in each run with this seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// Sets what waits for the gap before each item, in place of sleeping.
    ///
    /// A sleeper that only adds up the gaps makes a source that is done at once and knows when each item was due.
    pub fn sleeper<'b>(self, sleeper: impl FnMut(Duration) + 'b) -> PoissonSource<'b> {
        PoissonSource { rate: self.rate, random: self.random, sleeper: Box::new(sleeper) }
    }

    /// Sends each item of `iterable` after a wait, then closes the sink and gives its output.
    pub fn run<I, S>(mut self, iterable: I, sink: S) -> S::Output
    where
        I: IntoIterator,
        S: EventSink<I::Item>,
    {
        let late = iterable.into_iter().inspect(|_| (self.sleeper)(exponential(&mut self.random, self.rate)));
        iterable_source(late, sink)
    }
}

/// Sleeps until each event is due, counted from the first: what a sleep takes too long is made up for
/// at the next, so that the rate holds.
fn pacing() -> impl FnMut(Duration) {
    let mut due: Option<Instant> = None;
    move |gap| {
        // A gap beyond what the clock can tell is slept from where we are.
        due = due.unwrap_or_else(Instant::now).checked_add(gap);
        thread::sleep(due.map_or(gap, |due| due.saturating_duration_since(Instant::now())));
    }
}

/// An exponentially distributed wait, by inverting the distribution function.
fn exponential(random: &mut fastrand::Rng, rate: f64) -> Duration {
    let uniform = random.f64(); // in [0, 1), so that the logarithm's argument is never 0
    Duration::try_from_secs_f64(-(1.0 - uniform).ln() / rate).unwrap_or(Duration::MAX)
}

impl fmt::Debug for PoissonSource<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PoissonSource").field("rate", &self.rate).finish_non_exhaustive()
    }
}
