//! The push driver: events in, as they happen, and results out to a sink.

use core::{fmt, marker::PhantomData, mem, ops::ControlFlow};

use crate::{
    kernel::{Guarded, Reduced, Step, Transducer, call, unbounded},
    sinks::EventSink,
};

/// Runs each item that is sent through `xf`, and what it emits into `sink`.
///
/// In go events, by [`send`](ReactiveTransduce::send); out they come at the sink, before `send` returns. When the
/// transducer or the sink has had enough, the run is completed there and then, leftovers included,
/// and `send` answers `Break` from then on. [`close`](ReactiveTransduce::close) completes a run that has not ended
/// yet, closes the sink and gives its output. A pipeline that is dropped does the same, as a
/// `BufWriter` flushes, and what the sink's closing gives is lost; not so when a panic unwinds,
/// when nothing is flushed.
///
/// The result is itself an event sink, so pipelines chain. It keeps what the transducer keeps.
///
/// ```
/// use transducer::{batching, collection_sink, reactive_transduce};
///
/// let mut pairs = reactive_transduce(batching(2), collection_sink(Vec::new()));
/// for event in ["key", "click", "key"] {
///     let _ = pairs.send(event);
/// }
/// assert_eq!(pairs.close(), [vec!["key", "click"], vec!["key"]]);
/// ```
///
/// The verb and the idea are those of Robert Smallshire's `transducer` for Python.
#[inline]
pub fn reactive_transduce<In, X, S>(xf: X, sink: S) -> ReactiveTransduce<In, X, S>
where
    X: Transducer<In>,
    S: EventSink<X::Out>,
{
    let state = xf.initial();
    let wants_nothing = sink.is_reduced() || xf.is_reduced(&state);
    let mut run = Suspended(Some(state)).resume(xf, sink);
    if wants_nothing {
        run.finish();
    }
    run
}

/// The state of a run that was set aside by [`ReactiveTransduce::suspend`]: plain data, to be kept, cloned or
/// serialized; [`resume`](Self::resume) goes on from it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Suspended<S>(Option<S>);

impl<S> Suspended<S> {
    /// Goes on with the run: `xf` is the recipe that it was of, `sink` where its outputs go from now on.
    ///
    /// ```
    /// use transducer::{batching, collection_sink, reactive_transduce};
    ///
    /// let mut pairs = reactive_transduce(batching(2), collection_sink(Vec::new()));
    /// let _ = pairs.send(1);
    /// let (suspended, sink) = pairs.suspend();
    ///
    /// let mut pairs = suspended.resume(batching(2), sink);
    /// let _ = pairs.send(2);
    /// assert_eq!(pairs.close(), [[1, 2]]);
    /// ```
    #[inline]
    pub fn resume<In, X, K>(self, xf: X, sink: K) -> ReactiveTransduce<In, X, K>
    where
        X: Transducer<In, State = S>,
        K: EventSink<X::Out>,
    {
        const { X::SHAPE.assert_untimed() };
        let reduced = sink.is_reduced();
        let progress = match self.0 {
            Some(state) => Progress::Open(state, Guarded::new(sink, reduced)),
            None => Progress::Completed(sink),
        };
        ReactiveTransduce { xf, progress, item: PhantomData }
    }
}

/// A running push pipeline. Made by [`reactive_transduce`].
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
    /// Sends one event. `Break` means that no more are wanted; one that is sent all the same is dropped,
    /// and answered by `Break` again.
    #[inline]
    pub fn send(&mut self, item: In) -> Step {
        let on_panic = Poison(&mut self.progress);
        let flow = match &mut *on_panic.0 {
            Progress::Open(state, sink) => {
                // As in a composition: a flag of this step.
                let mut open = Guarded { state: &mut sink.state, reduced: false };
                let flow = call::step(&self.xf, state, item, &mut unbounded(|out| open.feed(|sink| sink.send(out))));
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

    /// Completes the run, unless it has ended before, closes the sink and gives what that gives.
    pub fn close(mut self) -> S::Output {
        self.finish();
        self.progress.take().1.close()
    }

    /// Sets the run aside, to be taken up by [`Suspended::resume`]: its state, and the sink, still open.
    pub fn suspend(mut self) -> (Suspended<X::State>, S) {
        let (state, sink) = self.progress.take();
        (Suspended(state), sink)
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
    /// The state, if the run is open, and the sink.
    #[inline(always)]
    fn take(&mut self) -> (Option<S>, K) {
        match mem::replace(self, Progress::Taken) {
            Progress::Open(state, sink) => (Some(state), sink.state),
            Progress::Completed(sink) | Progress::Poisoned(sink) => (None, sink),
            Progress::Taken => unreachable!("the sink is taken for good only where the pipeline is consumed"),
        }
    }
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
        ReactiveTransduce::send(self, item)
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
