//! The timed stream driver: as the stream driver, with a timer.

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

use super::{
    timer::Timer,
    upstream::{Upstream, is_rest},
    waiting::{POLLS_A_TURN, poll_fused},
};
use crate::kernel::{Run, SizeHint, Time, Transducer};

pin_project! {
    /// The stream of [`TransduceStream::transduce_timed`](crate::TransduceStream::transduce_timed).
    #[must_use = "streams do nothing unless polled"]
    pub struct TimedStreamTransduce<X, S, T>
    where
        X: Transducer<S::Item>,
        S: Stream,
        T: Timer,
    {
        // `None` once the stream has ended.
        #[pin]
        live: Option<Live<X, S, T>>,
    }
}

pin_project! {
    struct Live<X, S, T>
    where
        X: Transducer<S::Item>,
        S: Stream,
        T: Timer,
    {
        run: Run<S::Item, X>,
        #[pin]
        source: Upstream<S>,
        timer: T,
        // Until when, while the run waits for it.
        until: Option<Time>,
        #[pin]
        sleep: Option<T::Sleep>,
    }
}

impl<X: Transducer<S::Item>, S: Stream, T: Timer> TimedStreamTransduce<X, S, T> {
    pub(super) fn new(xf: X, source: S, timer: T) -> Self {
        let run = Run::new(xf);
        let source = Upstream::new(run.wants_input().then_some(source));
        Self { live: Some(Live { run, source, timer, until: None, sleep: None }) }
    }
}

impl<X: Transducer<S::Item>, S: Stream, T: Timer> Live<X, S, T> {
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<X::Out>> {
        let mut this = self.project();
        if is_rest(context) {
            this.source.poll_run(context);
            return Poll::Pending;
        }
        for _ in 0..POLLS_A_TURN {
            // What is left and what is due go before the item that comes now.
            let mut out = this.run.advance(this.timer.now());
            if out.is_none() {
                if !this.run.wants_input() {
                    return Poll::Ready(None);
                }
                out = match this.source.as_mut().poll_next(context) {
                    Poll::Ready(Some(item)) => this.run.step(item),
                    Poll::Ready(None) => this.run.complete(),
                    Poll::Pending => {
                        let Some(deadline) = this.run.deadline() else { return Poll::Pending };
                        if *this.until != Some(deadline) {
                            *this.until = Some(deadline);
                            this.sleep.set(Some(this.timer.sleep_until(deadline)));
                        }
                        if let Some(sleep) = this.sleep.as_mut().as_pin_mut() {
                            ready!(sleep.poll(context));
                        }
                        // Done: it may not be polled again.
                        *this.until = None;
                        this.sleep.set(None);
                        None
                    }
                };
            }
            if !this.run.wants_input() {
                this.source.as_mut().clear();
            }
            if out.is_some() {
                return Poll::Ready(out);
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<X: Transducer<S::Item>, S: Stream, T: Timer> Stream for TimedStreamTransduce<X, S, T> {
    type Item = X::Out;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<X::Out>> {
        poll_fused(self.project().live, |live| live.poll_next(context))
    }

    fn size_hint(&self) -> SizeHint {
        self.live.as_ref().map_or((0, Some(0)), |live| live.run.size_hint(live.source.size_hint()))
    }
}

impl<X: Transducer<S::Item>, S: Stream, T: Timer> FusedStream for TimedStreamTransduce<X, S, T> {
    fn is_terminated(&self) -> bool {
        self.live.is_none()
    }
}

impl<X, S, T> fmt::Debug for TimedStreamTransduce<X, S, T>
where
    X: Transducer<S::Item> + fmt::Debug,
    S: Stream + fmt::Debug,
    T: Timer,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("TimedStreamTransduce");
        if let Some(live) = &self.live {
            out.field("run", &live.run).field("source", &live.source);
        }
        out.finish_non_exhaustive()
    }
}
