use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedFuture, Stream};
use pin_project_lite::pin_project;

use super::{
    upstream::Upstream,
    waiting::{POLLS_A_TURN, poll_fused},
};
use crate::kernel::Reducer;

pin_project! {
    /// The future of [`TransduceStream::reduce_with`](crate::TransduceStream::reduce_with).
    #[must_use = "futures do nothing unless polled"]
    pub struct StreamReduce<R, S>
    where
        R: Reducer<S::Item>,
        S: Stream,
    {
        reducer: R,
        // `None` once the future is done.
        #[pin]
        live: Option<Live<R::Acc, S>>,
    }
}

pin_project! {
    struct Live<A, S: Stream> {
        // `None` once it has been completed.
        acc: Option<A>,
        #[pin]
        source: Upstream<S>,
    }
}

impl<R: Reducer<S::Item>, S: Stream> StreamReduce<R, S> {
    pub(super) fn new(reducer: R, source: S) -> Self {
        let acc = reducer.initial();
        let source = Upstream::new((!reducer.is_reduced(&acc)).then_some(source));
        Self { reducer, live: Some(Live { acc: Some(acc), source }) }
    }
}

impl<A, S: Stream> Live<A, S> {
    fn poll<R>(self: Pin<&mut Self>, reducer: &R, context: &mut Context<'_>) -> Poll<Option<R::Output>>
    where
        R: Reducer<S::Item, Acc = A>,
    {
        let mut this = self.project();
        let Some(acc) = this.acc else { return Poll::Ready(None) };
        for _ in 0..POLLS_A_TURN {
            let wants_more = match ready!(this.source.as_mut().poll_next(context)) {
                Some(item) => reducer.step(acc, item).is_continue(),
                None => false,
            };
            if !wants_more {
                this.source.clear();
                return Poll::Ready(this.acc.take().map(|acc| reducer.complete(acc)));
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<R: Reducer<S::Item>, S: Stream> Future for StreamReduce<R, S> {
    type Output = R::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R::Output> {
        let mut this = self.project();
        let output = ready!(poll_fused(this.live.as_mut(), |live| live.poll(this.reducer, context)));
        this.live.set(None);
        Poll::Ready(output.expect("`StreamReduce` was polled after it was done, or had panicked"))
    }
}

impl<R: Reducer<S::Item>, S: Stream> FusedFuture for StreamReduce<R, S> {
    fn is_terminated(&self) -> bool {
        self.live.is_none()
    }
}

impl<R, S> fmt::Debug for StreamReduce<R, S>
where
    R: Reducer<S::Item> + fmt::Debug,
    S: Stream + fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("StreamReduce");
        out.field("reducer", &self.reducer);
        if let Some(live) = &self.live {
            out.field("source", &live.source);
        }
        out.finish_non_exhaustive()
    }
}
