use std::{cell::Cell, fmt, rc::Rc};

use timely::{dataflow::StreamVec, progress::Timestamp};

/// Tells the sources of a worker that what they make is wanted no more.
///
/// It belongs to one worker. Give it to a [`source`](crate::source), and to the runs that use up what the source makes, by
/// [`when_ended`](WhenEnded::when_ended). Once every one of these runs has ended, as `taking(3)` does after three items, the
/// source makes nothing more and gives up its capability.
///
/// ```
/// use timely::dataflow::operators::{Inspect, Probe};
/// use transducer::prelude::*;
/// use transducer_timely::{Stop, Transduce, WhenEnded, source};
///
/// // The source has no end of its own.
/// timely::example(|scope| {
///     let stop = Stop::new();
///     source(scope, 0_u64.., &stop).when_ended(&stop).transduce(taking(3)).inspect(|x| assert!(*x < 3));
/// });
/// ```
#[derive(Clone, Default)]
pub struct Stop {
    /// How many runs there are, and how many of them have ended.
    runs: Rc<Cell<(usize, usize)>>,
}

impl Stop {
    /// A new one, which no run belongs to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there are runs and all have ended.
    pub fn is_stopped(&self) -> bool {
        let (runs, ended) = self.runs.get();
        runs > 0 && runs == ended
    }

    /// Counts a run.
    fn add(&self) {
        let (runs, ended) = self.runs.get();
        self.runs.set((runs + 1, ended));
    }

    /// Counts the end of a run.
    pub(crate) fn ended(&self) {
        let (runs, ended) = self.runs.get();
        self.runs.set((runs, ended + 1));
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (runs, ended) = self.runs.get();
        out.debug_struct("Stop").field("runs", &runs).field("ended", &ended).finish()
    }
}

/// Connects the end of a run with a [`Stop`].
pub trait WhenEnded<'scope, T: Timestamp, In>: Sized {
    /// Has the run that comes next count for `stop`: it says so when it has ended early.
    fn when_ended(self, stop: &Stop) -> Stopping<'scope, T, In>;
}

impl<'scope, T: Timestamp, In> WhenEnded<'scope, T, In> for StreamVec<'scope, T, In> {
    fn when_ended(self, stop: &Stop) -> Stopping<'scope, T, In> {
        stop.add();
        Stopping { stream: self, stop: stop.clone() }
    }
}

/// A stream whose next run stops a source. Made by [`when_ended`](WhenEnded::when_ended).
#[must_use = "call `transduce` or another method of `Transduce` on it"]
#[derive(Debug)]
pub struct Stopping<'scope, T: Timestamp, In> {
    pub(crate) stream: StreamVec<'scope, T, In>,
    pub(crate) stop: Stop,
}
