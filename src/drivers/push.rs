//! The push driver: events in, as they happen, and results out to a sink.

use core::{fmt, marker::PhantomData, mem, ops::ControlFlow};

use super::Answer;
#[cfg(feature = "alloc")]
use crate::kernel::{Snapshot, SnapshotError};
use crate::{
    kernel::{Guarded, Reduced, Step, Transducer, call, unbounded},
    sinks::EventSink,
};

/// Makes a push pipeline: runs each item that is sent to it through `xf`, and sends the outputs to `sink`.
///
/// In go items, by [`send`](ReactiveTransduce::send). Their outputs reach the sink before `send` returns.
/// [`close`](ReactiveTransduce::close) completes the run, sends what is left over, closes the sink and gives its
/// output. The pipeline is itself an [`EventSink`], so that pipelines chain.
///
/// A timed transducer does not compile here, because this driver has no clock: use
/// [`timed_transduce`](crate::timed_transduce).
///
/// - **Memory**: what `xf` keeps.
/// - **Ends**: as soon as `xf` ends the run or the sink wants no more. The run is completed within that `send`, which
///   answers `Break`. Items that are sent later are dropped, and `send` answers `Break` for them, too.
/// - **Dropped**: completes the run and closes the sink, as `close` does; the sink's output is lost. While a panic
///   unwinds, the run is not completed and the sink is not closed (with the feature `std`; without it, the library
///   can't see the panic).
/// - **Panics**: if `xf` or the sink does. The run has then ended: later items are dropped, nothing is completed, and
///   `close` only closes the sink.
/// - **Like**: `reactive_transduce` of Robert Smallshire's `transducer` for Python; an RxJS `pipe` and its observer;
///   the flush on drop is that of `BufWriter`.
///
/// ```
/// use transducer::prelude::*;
///
/// let mut pairs = reactive_transduce(batching(2), collection_sink(Vec::new()));
/// for event in ["key", "click", "key"] {
///     pairs.send(event);
/// }
/// assert_eq!(pairs.close(), [vec!["key", "click"], vec!["key"]]);
/// ```
#[doc(alias("subscribe", "pipe"))]
#[inline]
pub fn reactive_transduce<In, X, S>(xf: X, sink: S) -> ReactiveTransduce<In, X, S>
where
    X: Transducer<In>,
    S: EventSink<X::Out>,
{
    let state = xf.initial();
    ReactiveTransduce::open(xf, state, sink)
}

#[cfg(feature = "alloc")]
impl<S> Snapshot<S> {
    /// Goes on with the run as a push pipeline: `xf` is the recipe that it was of, `sink` where its outputs go from now
    /// on.
    ///
    /// - **Errors**: if this isn't the snapshot of a run of `xf`, or doesn't fit its settings; the sink is then
    ///   dropped. To keep it, ask [`check`](Self::check) first.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let mut pairs = reactive_transduce(batching(2), collection_sink(vec![]));
    /// pairs.send(1);
    /// let (snapshot, sink) = pairs.suspend();
    ///
    /// let mut pairs = snapshot.resume(batching(2), sink)?;
    /// pairs.send(2);
    /// assert_eq!(pairs.close(), [[1, 2]]);
    /// # Ok::<(), transducer::SnapshotError>(())
    /// ```
    pub fn resume<In, X, K>(self, xf: X, sink: K) -> Result<ReactiveTransduce<In, X, K>, SnapshotError>
    where
        X: Transducer<In, State = S>,
        K: EventSink<X::Out>,
    {
        Ok(match self.open(&xf)? {
            Some(state) => ReactiveTransduce::open(xf, state, sink),
            None => ReactiveTransduce { xf, progress: Progress::Completed(sink), item: PhantomData },
        })
    }
}

/// The push pipeline of [`reactive_transduce`].
#[must_use = "a push pipeline does nothing until events are sent to it"]
pub struct ReactiveTransduce<In, X: Transducer<In>, S: EventSink<X::Out>> {
    xf: X,
    progress: Progress<X::State, S>,
    item: PhantomData<fn(In)>,
}

/// How far a run has come. One enum, so that an event has one thing to test.
enum Progress<S, K> {
    /// Takes events.
    Open(S, Guarded<K>),
    /// Has been completed; the sink is to be closed.
    Completed(K),
    /// A panic has come out of the transducer or the sink.
    Poisoned(K),
    /// The sink has been taken, and the pipeline consumed.
    Taken,
}

impl<In, X: Transducer<In>, S: EventSink<X::Out>> ReactiveTransduce<In, X, S> {
    /// A run with this state, which is completed at once if nothing is wanted.
    #[inline]
    fn open(xf: X, state: X::State, sink: S) -> Self {
        const { X::SHAPE.assert_untimed() };
        let reduced = sink.is_reduced();
        let wants_nothing = reduced || xf.is_reduced(&state);
        let progress = Progress::Open(state, Guarded::new(sink, reduced));
        let mut run = Self { xf, progress, item: PhantomData };
        if wants_nothing {
            run.finish();
        }
        run
    }

    /// Sends one item through the pipeline. Its outputs are at the sink when this returns.
    ///
    /// The [`Answer`] is `Break` once the pipeline wants no more. An item that is sent after that is dropped, and the
    /// answer is `Break` again.
    #[inline]
    pub fn send(&mut self, item: In) -> Answer {
        Answer::new(self.step(item))
    }

    #[inline]
    fn step(&mut self, item: In) -> Step {
        self.feed(|xf, state, sink| call::step(xf, state, item, &mut unbounded(|out| sink.feed(|sink| sink.send(out)))))
    }

    /// Does a step of an open run, ends the run if that was its end, and poisons it if the step panics.
    #[inline(always)]
    pub(super) fn feed(&mut self, step: impl FnOnce(&X, &mut X::State, &mut Guarded<&mut S>) -> Step) -> Step {
        let on_panic = Poison(&mut self.progress);
        let flow = match &mut *on_panic.0 {
            Progress::Open(state, sink) => {
                // As in a composition: a flag of this step.
                let mut open = Guarded { state: &mut sink.state, reduced: false };
                let flow = step(&self.xf, state, &mut open);
                let reduced = open.reduced;
                sink.reduced |= reduced;
                if reduced { ControlFlow::Break(Reduced) } else { flow }
            }
            _ => ControlFlow::Break(Reduced),
        };
        mem::forget(on_panic);
        if flow.is_break() {
            self.finish();
        }
        flow
    }

    /// The sink. What has come out of the pipeline so far is there.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// let mut pairs = reactive_transduce(batching(2), sender);
    /// pairs.send(1);
    /// // Another way to the same receiver.
    /// pairs.sink().send(vec![]).unwrap();
    /// pairs.close();
    /// assert_eq!(receiver.into_iter().collect::<Vec<_>>(), [vec![], vec![1]]);
    /// ```
    pub fn sink(&self) -> &S {
        self.progress.sink()
    }

    /// The sink, to be changed: to flush its writer, say, or to take what it has collected.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let mut odd = reactive_transduce(filtering(|x: &u32| x % 2 == 1), collection_sink(vec![]));
    /// odd.send(1);
    /// assert_eq!(std::mem::take(odd.sink_mut().get_mut()), [1]);
    /// odd.send(3);
    /// assert_eq!(odd.close(), [3]);
    /// ```
    pub fn sink_mut(&mut self) -> &mut S {
        self.progress.sink_mut()
    }

    /// Completes the run, unless it has ended before, closes the sink and gives the sink's output.
    pub fn close(mut self) -> S::Output {
        self.finish();
        self.progress.take().1.close()
    }

    /// Suspends the run: gives its state, and the sink, which stays open.
    ///
    /// Nothing is completed. [`Snapshot::resume`] goes on with the run.
    #[cfg(feature = "alloc")]
    pub fn suspend(mut self) -> (Snapshot<X::State>, S) {
        let (state, sink) = self.progress.take();
        (Snapshot::of(&self.xf, state), sink)
    }

    #[cold]
    fn finish(&mut self) {
        let Self { xf, progress, .. } = self;
        if let Progress::Open(_, sink) = progress {
            let reduced = sink.reduced;
            let (state, sink) = progress.take();
            // Which it is if completing it panics.
            *progress = Progress::Poisoned(sink);
            if let (Some(mut state), Progress::Poisoned(sink)) = (state, &mut *progress) {
                let mut open = Guarded::new(sink, reduced);
                let _ = call::complete(xf, &mut state, &mut unbounded(|out| open.feed(|sink| sink.send(out))));
            }
            *progress = Progress::Completed(progress.take().1);
        }
    }
}

impl<S, K> Progress<S, K> {
    fn sink(&self) -> &K {
        match self {
            Progress::Open(_, sink) => &sink.state,
            Progress::Completed(sink) | Progress::Poisoned(sink) => sink,
            Progress::Taken => taken(),
        }
    }

    fn sink_mut(&mut self) -> &mut K {
        match self {
            Progress::Open(_, sink) => &mut sink.state,
            Progress::Completed(sink) | Progress::Poisoned(sink) => sink,
            Progress::Taken => taken(),
        }
    }

    /// The state, if the run is open, and the sink.
    #[inline(always)]
    fn take(&mut self) -> (Option<S>, K) {
        match mem::replace(self, Progress::Taken) {
            Progress::Open(state, sink) => (Some(state), sink.state),
            Progress::Completed(sink) | Progress::Poisoned(sink) => (None, sink),
            Progress::Taken => taken(),
        }
    }
}

#[cold]
fn taken() -> ! {
    unreachable!("the sink is taken for good only where the pipeline is consumed")
}

/// Poisons the run when dropped, which happens only when a panic unwinds.
struct Poison<'a, S, K>(&'a mut Progress<S, K>);

impl<S, K> Drop for Poison<'_, S, K> {
    // Inlined, or the run would be pointed to from elsewhere, and be in memory while it is stepped.
    #[inline(always)]
    fn drop(&mut self) {
        *self.0 = Progress::Poisoned(self.0.take().1);
    }
}

impl<In, X: Transducer<In>, S: EventSink<X::Out>> EventSink<In> for ReactiveTransduce<In, X, S> {
    type Output = S::Output;

    #[inline]
    fn send(&mut self, item: In) -> Step {
        self.step(item)
    }

    fn is_reduced(&self) -> bool {
        !matches!(self.progress, Progress::Open(..))
    }

    fn close(self) -> S::Output {
        ReactiveTransduce::close(self)
    }
}

impl<In, X: Transducer<In>, S: EventSink<X::Out>> Drop for ReactiveTransduce<In, X, S> {
    fn drop(&mut self) {
        #[cfg(feature = "std")]
        if std::thread::panicking() {
            return;
        }
        if let Progress::Open(..) | Progress::Completed(_) = self.progress {
            self.finish();
            self.progress.take().1.close();
        }
    }
}

impl<In, X, S> fmt::Debug for ReactiveTransduce<In, X, S>
where
    X: Transducer<In> + fmt::Debug,
    S: EventSink<X::Out>,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ReactiveTransduce")
            .field("xf", &self.xf)
            .field("ended", &!matches!(self.progress, Progress::Open(..)))
            .finish_non_exhaustive()
    }
}
