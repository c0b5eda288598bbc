//! The sink driver: items in, as the sink behind can take what becomes of them.

use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_sink::Sink;
use pin_project_lite::pin_project;

use super::waiting::unless_it_panics;
use crate::kernel::{Run, Transducer};

/// The [`with_transducer`](Self::with_transducer) method of sinks.
pub trait TransduceSink<Out>: Sink<Out> {
    /// Gives a sink that runs each item through `xf`, and what it emits into this sink.
    ///
    /// Holds back-pressure: it is ready for an item when every output of those before has been handed
    /// on and this sink is ready for one more. Flushing hands on what waits and flushes this sink;
    /// closing completes the transducer, hands on what was left over, and closes this sink. Its errors
    /// are passed on as they are.
    ///
    /// When the transducer has had enough, it is completed at once, and what was left over is handed on
    /// with the next `poll_ready`, flush or close. Items that are sent after that are dropped, as with
    /// [`ReactiveTransduce::send`](crate::drivers::ReactiveTransduce::send); [`is_reduced`](WithTransducer::is_reduced) tells. This sink
    /// is closed only by closing. Dropped without closing, the run is abandoned: a sink cannot wait in `drop`.
    ///
    /// Keeps what the transducer keeps, and an output that waits for this sink. Where a stage makes many items of one, or
    /// many at the end, they are made one by one, as this sink takes them.
    ///
    /// # Panics
    /// When the transducer does. It is then dropped, with what waited, and the run has ended: items
    /// are dropped, and closing closes this sink. Sending without having asked whether the sink is
    /// ready may panic, as with any sink.
    ///
    /// ```
    /// use futures::{SinkExt, StreamExt, channel::mpsc, executor::block_on};
    /// use transducer::{TransduceSink, batching};
    ///
    /// let (sender, receiver) = mpsc::channel(8);
    /// block_on(async {
    ///     let mut pairs = sender.with_transducer(batching(2));
    ///     for item in 1..=3 {
    ///         pairs.send(item).await?;
    ///     }
    ///     pairs.close().await
    /// })?;
    /// assert_eq!(block_on(receiver.collect::<Vec<_>>()), [vec![1, 2], vec![3]]);
    /// # Ok::<(), mpsc::SendError>(())
    /// ```
    fn with_transducer<In, X: Transducer<In, Out = Out>>(self, xf: X) -> WithTransducer<In, X, Self>
    where
        Self: Sized,
    {
        const { X::SHAPE.assert_untimed() };
        WithTransducer { run: Some(Run::new(xf)), first: None, sink: self }
    }
}

impl<Out, S: Sink<Out>> TransduceSink<Out> for S {}

pin_project! {
    /// A sink that runs what it is sent through a transducer. Made by [`TransduceSink::with_transducer`].
    #[must_use = "sinks do nothing unless polled"]
    pub struct WithTransducer<In, X, S>
    where
        X: Transducer<In>,
    {
        // `None` after a panic.
        run: Option<Run<In, X>>,
        // An output that waits for the sink.
        first: Option<X::Out>,
        #[pin]
        sink: S,
    }
}

impl<In, X: Transducer<In>, S> WithTransducer<In, X, S> {
    /// Whether the transducer has had enough, or this sink was closed: whatever is sent now is dropped.
    pub fn is_reduced(&self) -> bool {
        self.run.as_ref().is_none_or(|run| !run.wants_input())
    }

    /// The sink behind.
    pub fn get_ref(&self) -> &S {
        &self.sink
    }
}

impl<In, X: Transducer<In>, S: Sink<X::Out>> WithTransducer<In, X, S> {
    /// Hands on what waits.
    #[inline]
    fn poll_hand_on(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        let mut this = self.project();
        loop {
            if this.first.is_none() {
                *this.first = unless_it_panics(this.run, Run::resume).flatten();
            }
            if this.first.is_none() {
                return Poll::Ready(Ok(()));
            }
            ready!(this.sink.as_mut().poll_ready(context))?;
            if let Some(out) = this.first.take() {
                this.sink.as_mut().start_send(out)?;
            }
        }
    }
}

impl<In, X: Transducer<In>, S: Sink<X::Out>> Sink<In> for WithTransducer<In, X, S> {
    type Error = S::Error;

    fn poll_ready(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        ready!(self.as_mut().poll_hand_on(context))?;
        // Once the run has ended there is nothing to wait for: items are dropped.
        if self.is_reduced() { Poll::Ready(Ok(())) } else { self.project().sink.poll_ready(context) }
    }

    fn start_send(self: Pin<&mut Self>, item: In) -> Result<(), S::Error> {
        let this = self.project();
        let out = unless_it_panics(this.run, |run| {
            if !run.wants_input() {
                return None;
            }
            let waits = this.first.is_some() || run.resume().is_some();
            assert!(!waits, "`start_send` before `poll_ready`: earlier outputs still wait");
            run.step(item)
        });
        match out.flatten() {
            // `poll_ready` saw to it that the sink can take this one.
            Some(out) => this.sink.start_send(out),
            None => Ok(()),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        ready!(self.as_mut().poll_hand_on(context))?;
        self.project().sink.poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        ready!(self.as_mut().poll_hand_on(context))?;
        let this = self.as_mut().project();
        *this.first = unless_it_panics(this.run, Run::complete).flatten();
        ready!(self.as_mut().poll_hand_on(context))?;
        self.project().sink.poll_close(context)
    }
}

impl<In, X, S> fmt::Debug for WithTransducer<In, X, S>
where
    X: Transducer<In> + fmt::Debug,
    S: fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("WithTransducer").field("run", &self.run).field("sink", &self.sink).finish_non_exhaustive()
    }
}
