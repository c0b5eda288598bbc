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
    /// Gives a sink that runs each item it is sent through `xf`, and sends the outputs to this sink.
    ///
    /// It holds back-pressure: it is ready for an item once all outputs of the items before are handed on and this sink
    /// is ready for one more. Where a stage makes many outputs of one item, or many at the end, they are made one by
    /// one, as this sink takes them. Flushing hands on what waits and flushes this sink. Closing completes the run,
    /// hands on what is left over, and closes this sink.
    ///
    /// A timed transducer does not compile here, because a sink has no clock: use
    /// [`transduce_timed`](crate::TransduceStream::transduce_timed) on a stream, and forward that.
    ///
    /// - **Memory**: what `xf` keeps, and one output that waits for this sink.
    /// - **Ends**: as soon as `xf` ends the run. The run is completed at once, and what is left over goes on with the
    ///   next `poll_ready`, flush or close. Items that are sent later are dropped;
    ///   [`is_reduced`](WithTransducer::is_reduced) tells. This sink stays open until it is closed.
    /// - **Dropped**: without closing, the run is abandoned, because a sink cannot wait in `drop`: nothing is
    ///   completed.
    /// - **Errors**: those of this sink, passed on as they are.
    /// - **Panics**: if `xf` does. What waited is then dropped with it, and the run has ended: later items are dropped,
    ///   and closing closes this sink. As with any sink, `start_send` without a `poll_ready` before it may panic.
    /// - **Like**: `SinkExt::with_flat_map`.
    ///
    /// ```
    /// use futures::{SinkExt, StreamExt, channel::mpsc, executor::block_on};
    /// use transducer::prelude::*;
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
    #[doc(alias("with", "with_flat_map"))]
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
    /// The sink of [`TransduceSink::with_transducer`].
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
    /// Whether the run has ended: `xf` wants no more, this sink was closed, or `xf` panicked. Items that are sent are
    /// dropped.
    pub fn is_reduced(&self) -> bool {
        self.run.as_ref().is_none_or(|run| !run.wants_input())
    }

    /// The inner sink, which takes the outputs.
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
