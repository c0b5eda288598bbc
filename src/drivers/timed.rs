//! The timed push driver: events and moments in, as they come, and results out to a sink.

use core::{fmt, marker::PhantomData, ops::ControlFlow};

use super::answer::Answer;
#[cfg(feature = "alloc")]
use crate::kernel::{Snapshot, SnapshotError};
use crate::{
    kernel::{Emit, Guarded, Reduced, RunState, Step, Time, Transducer, unbounded},
    sinks::EventSink,
};

/// Makes a push pipeline that is told the time: runs each item that is sent to it through `xf`, which may wait, and
/// sends the outputs to `sink`.
///
/// Whoever owns the event loop owns the time: it tells the moment with each item, by
/// [`send_at`](TimedTransduce::send_at), and when nothing comes, by [`advance`](TimedTransduce::advance) at the
/// [`deadline`](TimedTransduce::deadline). A moment that is told late gives the outputs that punctual ones give. A moment
/// before the last one counts as the last.
///
/// - **Memory**: what `xf` keeps.
/// - **Ends**: as soon as `xf` ends the run or the sink wants no more. Items that are sent later are dropped.
/// - **Dropped**: completes the run and closes the sink, as `close` does, but not while a panic unwinds.
/// - **Panics**: if `xf` or the sink does. The run has then ended, and `close` only closes the sink.
/// - **Like**: [`reactive_transduce`](crate::reactive_transduce), which refuses stages that wait.
///
/// ```
/// use std::time::Duration;
/// use transducer::{Time, prelude::*};
///
/// let seconds = Time::from_secs;
/// let mut settled = timed_transduce(debouncing(Duration::from_secs(3)), collection_sink(vec![]));
/// settled.send_at(seconds(10), "t");
/// settled.send_at(seconds(11), "ti");
/// assert_eq!(settled.deadline(), Some(seconds(14)));
/// settled.advance(seconds(14));
/// settled.send_at(seconds(15), "time");
/// assert_eq!(settled.close_at(seconds(16)), ["ti", "time"]);
/// ```
#[doc(alias("event_loop", "scheduler"))]
pub fn timed_transduce<In, X, S>(xf: X, sink: S) -> TimedTransduce<In, X, S>
where
    X: Transducer<In>,
    S: EventSink<X::Out>,
{
    let run = RunState::new(&xf);
    TimedTransduce::open(xf, run, sink)
}

#[cfg(feature = "alloc")]
impl<S> Snapshot<S> {
    /// Goes on with the run as a push pipeline that is told the time: as [`resume`](Self::resume), by
    /// [`timed_transduce`]. Tell it the time before the first item.
    ///
    /// - **Errors**: as [`resume`](Self::resume).
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::{Time, prelude::*};
    ///
    /// let settling = debouncing(Duration::from_secs(3));
    /// let mut run = timed_transduce(settling, collection_sink(vec![]));
    /// run.send_at(Time::from_secs(1), 'a');
    /// let (snapshot, sink) = run.suspend();
    ///
    /// let mut run = snapshot.resume_timed(settling, sink)?;
    /// assert_eq!(run.deadline(), Some(Time::from_secs(4)));
    /// assert_eq!(run.close_at(Time::from_secs(4)), ['a']);
    /// # Ok::<(), transducer::SnapshotError>(())
    /// ```
    pub fn resume_timed<In, X, K>(self, xf: X, sink: K) -> Result<TimedTransduce<In, X, K>, SnapshotError>
    where
        X: Transducer<In, State = S>,
        K: EventSink<X::Out>,
    {
        let run = RunState::resumed(self.open(&xf)?, &xf);
        Ok(TimedTransduce::open(xf, run, sink))
    }
}

const TAKEN: &str = "the sink is taken only where the pipeline is consumed";

/// The push pipeline of [`timed_transduce`].
#[must_use = "a push pipeline does nothing until events are sent to it"]
pub struct TimedTransduce<In, X: Transducer<In>, S: EventSink<X::Out>> {
    xf: X,
    run: RunState<X::State>,
    /// `None` once it has been taken, and the pipeline consumed.
    sink: Option<Guarded<S>>,
    now: Time,
    /// Whether a call has begun and not returned: afterwards, that it has panicked.
    poisoned: bool,
    item: PhantomData<fn(In)>,
}

impl<In, X: Transducer<In>, S: EventSink<X::Out>> TimedTransduce<In, X, S> {
    fn open(xf: X, run: RunState<X::State>, sink: S) -> Self {
        let reduced = sink.is_reduced();
        let sink = Some(Guarded::new(sink, reduced));
        let mut run = Self { xf, run, sink, now: Time::START, poisoned: false, item: PhantomData };
        if reduced || !run.run.wants_input() {
            run.finish();
        }
        run
    }

    /// Has the run emit into the sink at a moment, and ends it if the sink wants no more.
    fn call(
        &mut self,
        call: impl FnOnce(&mut RunState<X::State>, &X, &mut dyn FnMut(X::Out) -> Step, Time) -> Step,
    ) -> Step {
        if self.poisoned {
            return ControlFlow::Break(Reduced);
        }
        let Some(sink) = &mut self.sink else { return ControlFlow::Break(Reduced) };
        self.poisoned = true;
        let _ = call(&mut self.run, &self.xf, &mut |out| sink.feed(|sink| sink.send(out)), self.now);
        let reduced = sink.reduced;
        self.poisoned = false;
        if reduced {
            self.finish();
        }
        self.answer()
    }

    fn answer(&self) -> Step {
        if self.poisoned { ControlFlow::Break(Reduced) } else { self.run.answer() }
    }

    #[cold]
    fn finish(&mut self) {
        if self.poisoned || self.run.is_over() {
            return;
        }
        let Some(sink) = &mut self.sink else { return };
        self.poisoned = true;
        let mut out = unbounded(|out| sink.feed(|sink| sink.send(out)));
        let _ = self.run.complete(&self.xf, &mut out.at(self.now));
        self.poisoned = false;
    }

    /// When the pipeline is to be told the time if no item comes before, or `None` if it waits for nothing.
    pub fn deadline(&self) -> Option<Time> {
        if self.poisoned { None } else { self.run.deadline(&self.xf) }
    }

    /// Tells the time: goes through all deadlines up to `moment`, in their order.
    ///
    /// Answers whether the pipeline wants more.
    ///
    /// - **Panics**: if `xf` breaks rule 3 of the [protocol](crate::Transducer#the-protocol).
    pub fn advance(&mut self, moment: Time) -> Answer {
        Answer::new(self.pass_deadlines(moment))
    }

    fn pass_deadlines(&mut self, moment: Time) -> Step {
        let moment = moment.max(self.now);
        while let Some(deadline) = self.deadline().filter(|deadline| *deadline <= moment) {
            self.now = self.now.max(deadline);
            self.call(|run, xf, emit, now| run.advance(xf, &mut unbounded(emit).at(now)))?;
            assert!(
                self.deadline().is_none_or(|deadline| deadline > self.now),
                "rule 3 of the protocol: after `advance`, the deadline is later than the moment, or none"
            );
        }
        self.now = moment;
        self.answer()
    }

    /// Tells the time, and sends an item at that moment. Its outputs are at the sink when this returns.
    ///
    /// Answers whether the pipeline wants more. An item that is sent after the end is dropped.
    pub fn send_at(&mut self, moment: Time, item: In) -> Answer {
        if self.pass_deadlines(moment).is_break() {
            return Answer::new(ControlFlow::Break(Reduced));
        }
        self.send(item)
    }

    /// Sends an item at the moment that was told last.
    pub fn send(&mut self, item: In) -> Answer {
        Answer::new(self.call(|run, xf, emit, now| run.step(xf, item, &mut unbounded(emit).at(now))))
    }

    /// The sink, with what has come so far.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::{Time, prelude::*};
    ///
    /// let mut run = timed_transduce(delaying(Duration::from_secs(3)), collection_sink(vec![]));
    /// run.send_at(Time::from_secs(1), 'a');
    /// assert!(run.sink().get_ref().is_empty());
    /// run.advance(Time::from_secs(4));
    /// assert_eq!(run.sink().get_ref(), &['a']);
    /// ```
    pub fn sink(&self) -> &S {
        &self.sink.as_ref().expect(TAKEN).state
    }

    /// The sink, to be changed: to flush its writer, say, or to take what it has collected.
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::{Time, prelude::*};
    ///
    /// let mut run = timed_transduce(throttling(Duration::from_secs(3)), collection_sink(vec![]));
    /// run.send_at(Time::from_secs(1), 'a');
    /// assert_eq!(std::mem::take(run.sink_mut().get_mut()), ['a']);
    /// run.send_at(Time::from_secs(5), 'b');
    /// assert_eq!(run.close(), ['b']);
    /// ```
    pub fn sink_mut(&mut self) -> &mut S {
        &mut self.sink.as_mut().expect(TAKEN).state
    }

    /// Tells the time of the end, and closes the pipeline.
    pub fn close_at(mut self, moment: Time) -> S::Output {
        self.advance(moment);
        self.close()
    }

    /// Completes the run, unless it has ended before, closes the sink and gives the sink's output. What is pending is
    /// emitted at once.
    pub fn close(mut self) -> S::Output {
        self.finish();
        self.take_sink().close()
    }

    /// Suspends the run: gives its state, and the sink, which stays open. [`Snapshot::resume_timed`] goes on with it.
    #[cfg(feature = "alloc")]
    pub fn suspend(mut self) -> (Snapshot<X::State>, S) {
        let over = RunState::resumed(None, &self.xf);
        let run = if self.poisoned { over } else { core::mem::replace(&mut self.run, over) };
        let snapshot = Snapshot::of(&self.xf, run.into_state());
        (snapshot, self.take_sink())
    }

    fn take_sink(&mut self) -> S {
        self.sink.take().expect(TAKEN).state
    }
}

impl<In, X: Transducer<In>, S: EventSink<X::Out>> EventSink<In> for TimedTransduce<In, X, S> {
    type Output = S::Output;

    fn send(&mut self, item: In) -> Step {
        TimedTransduce::send(self, item).into_step()
    }

    fn is_reduced(&self) -> bool {
        self.answer().is_break()
    }

    fn close(self) -> S::Output {
        TimedTransduce::close(self)
    }
}

impl<In, X: Transducer<In>, S: EventSink<X::Out>> Drop for TimedTransduce<In, X, S> {
    fn drop(&mut self) {
        #[cfg(feature = "std")]
        if std::thread::panicking() {
            return;
        }
        if self.sink.is_some() && !self.poisoned {
            self.finish();
            self.take_sink().close();
        }
    }
}

impl<In, X, S> fmt::Debug for TimedTransduce<In, X, S>
where
    X: Transducer<In> + fmt::Debug,
    S: EventSink<X::Out>,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TimedTransduce").field("xf", &self.xf).field("now", &self.now).finish_non_exhaustive()
    }
}
