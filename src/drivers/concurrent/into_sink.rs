use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::FusedFuture;
use futures_sink::Sink;
use pin_project_lite::pin_project;

use super::sealed::Tasks;
use crate::{
    drivers::waiting::{POLLS_A_TURN, poll_fused},
    kernel::{Run, Transducer},
};

pin_project! {
    /// The future of [`Limited::transduce_into`](crate::drivers::Limited::transduce_into) and
    /// [`TryLimited::transduce_into`](crate::drivers::TryLimited::transduce_into).
    #[must_use = "futures do nothing unless polled"]
    pub struct TransduceInto<T, X, K>
    where
        T: Tasks,
        X: Transducer<T::Item>,
    {
        // `None` once the future is done.
        #[pin]
        live: Option<Live<T, X, K>>,
    }
}

pin_project! {
    struct Live<T, X, K>
    where
        T: Tasks,
        X: Transducer<T::Item>,
    {
        // `None` once no more outputs of tasks are wanted, or there are none.
        #[pin]
        tasks: Option<T>,
        run: Run<T::Item, X>,
        // An output that waits for the sink.
        first: Option<X::Out>,
        #[pin]
        sink: K,
    }
}

impl<T: Tasks, X: Transducer<T::Item>, K: Sink<X::Out>> TransduceInto<T, X, K> {
    pub(super) fn new(tasks: T, xf: X, sink: K) -> Self {
        const { X::SHAPE.assert_untimed() };
        let run = Run::new(xf);
        let tasks = run.wants_input().then_some(tasks);
        Self { live: Some(Live { tasks, run, first: None, sink }) }
    }
}

impl<T: Tasks, X: Transducer<T::Item>, K: Sink<X::Out>> Live<T, X, K> {
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), K::Error>> {
        let mut this = self.project();
        for _ in 0..POLLS_A_TURN {
            if this.first.is_none() {
                *this.first = this.run.resume();
                // What is left of an output may be enough.
                if !this.run.wants_input() {
                    this.tasks.set(None);
                }
            }
            if this.first.is_some() {
                // Not asked before: a place in a shared channel, kept while the tasks take their time, is one that
                // others wait for.
                if this.sink.as_mut().poll_ready(context)?.is_pending() {
                    if let Some(tasks) = this.tasks.as_pin_mut() {
                        tasks.poll_run(context);
                    }
                    return Poll::Pending;
                }
                if let Some(out) = this.first.take() {
                    this.sink.as_mut().start_send(out)?;
                }
                continue;
            }
            if !this.run.wants_input() {
                return this.sink.poll_close(context);
            }
            let output = match this.tasks.as_mut().as_pin_mut() {
                None => None,
                Some(tasks) => match tasks.poll_next(context) {
                    Poll::Ready(output) => output,
                    Poll::Pending => {
                        // Nothing is to lie in the sink's own buffer while the tasks take their time.
                        let _ = this.sink.poll_flush(context)?;
                        return Poll::Pending;
                    }
                },
            };
            *this.first = match output {
                Some(output) => this.run.step(output),
                None => this.run.complete(),
            };
            if !this.run.wants_input() {
                this.tasks.set(None);
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<T: Tasks, X: Transducer<T::Item>, K: Sink<X::Out>> Future for TransduceInto<T, X, K> {
    type Output = Result<(), K::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), K::Error>> {
        let mut slot = self.project().live;
        match poll_fused(slot.as_mut(), |live| live.poll(context).map(Some)) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(result) => {
                slot.set(None);
                Poll::Ready(result.expect("`TransduceInto` was polled after it was done, or had panicked"))
            }
        }
    }
}

impl<T: Tasks, X: Transducer<T::Item>, K: Sink<X::Out>> FusedFuture for TransduceInto<T, X, K> {
    fn is_terminated(&self) -> bool {
        self.live.is_none()
    }
}

impl<T, X, K> fmt::Debug for TransduceInto<T, X, K>
where
    T: Tasks + fmt::Debug,
    X: Transducer<T::Item> + fmt::Debug,
    K: fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("TransduceInto");
        if let Some(live) = &self.live {
            out.field("tasks", &live.tasks).field("run", &live.run).field("sink", &live.sink);
        }
        out.finish()
    }
}
