use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{FusedStream, Stream};
use futures_sink::Sink;
use pin_project_lite::pin_project;

use super::{
    IntoLimit, Limit, TransduceInto,
    in_flight::InFlight,
    sealed::{Order, Tasks},
};
use crate::{
    drivers::{
        upstream::{Upstream, is_rest, outside},
        waiting::{POLLS_A_TURN, poll_fused},
    },
    kernel::{SizeHint, Transducer},
};

pin_project! {
    /// The stream of [`limited_as_completed`](crate::limited_as_completed()),
    /// [`limited_in_order`](crate::limited_in_order()) and the methods of [`LimitedStream`](crate::LimitedStream):
    /// gives the outputs of futures, and runs up to `limit` futures at the same time.
    ///
    /// What it guarantees:
    ///
    /// 1. **Bounds.** Nothing is pulled before the first poll. At any time, pulled − delivered ≤ `limit`: futures that
    ///    run and outputs that nobody has taken yet, together. So at most `limit` futures are alive, and no memory
    ///    grows with their number. Room is made as futures come, for 32 at first and then for twice as many each time,
    ///    up to `limit`. It is kept until the stream is dropped. [`limit`](Self::limit) changes the limit.
    /// 2. **Order.** As they complete, as far as polling can observe it; or in the order of the futures, at the cost
    ///    that [`limited_in_order`](crate::limited_in_order()) states.
    /// 3. **Dropping.** When the stream is dropped, all futures in flight are dropped before `drop` returns. The same
    ///    happens when a transducer downstream ends the run, because it drops its source. (Of `spawned` tasks the
    ///    handles are dropped: the tasks are aborted, and the runtime drops them soon after.)
    /// 4. **Panics.** A panic of a future or of the source comes out of the poll. By then everything in flight is
    ///    dropped with the source, and the stream has ended. The `try_` variants give the first error in the same way.
    /// 5. **Turns.** The stream returns to the executor after a bounded number of polls, and after 128 outputs in a row.
    ///    While it is not polled, nothing is pulled and nothing runs. To let tasks go on while a sink is busy, use
    ///    [`transduce_into`](Self::transduce_into).
    /// 6. **One behind the other.** While a stream of tasks is full, the tasks in its source go on, and no item is taken
    ///    from it. See [`LimitedStream`](crate::LimitedStream#one-behind-the-other).
    ///
    /// It is cancel-safe: no output is lost when a `next()` is dropped before it is done.
    #[must_use = "streams do nothing unless polled"]
    pub struct Limited<S, O>
    where
        S: Stream,
        S::Item: Future,
        O: Order,
    {
        // `None` once the stream has ended.
        #[pin]
        live: Option<Live<S, O::InFlight<S::Item>>>,
        limit: Limit,
    }
}

pin_project! {
    struct Live<S: Stream, T> {
        #[pin]
        source: Upstream<S>,
        tasks: T,
        // How many outputs have been given since the executor had its turn.
        given: usize,
    }
}

impl<S: Stream<Item: Future>, O: Order> Limited<S, O> {
    #[track_caller]
    pub(super) fn new(source: S, limit: impl IntoLimit) -> Self {
        let live = Live { source: Upstream::new(Some(source)), tasks: O::InFlight::new(), given: 0 };
        Self { live: Some(live), limit: Limit::new(limit) }
    }

    /// Gives a handle by which the limit can be changed while the tasks run.
    ///
    /// ```
    /// use futures::{StreamExt, executor::block_on};
    /// use transducer::prelude::*;
    ///
    /// let mut squares = limited_in_order((1..=4).map(async |x| x * x), 1);
    /// let limit = squares.limit();
    /// assert_eq!(block_on(squares.next()), Some(1));
    /// limit.set(100); // as it may from anywhere, at any time
    /// assert_eq!(block_on(squares.collect::<Vec<_>>()), [4, 9, 16]);
    /// ```
    pub fn limit(&self) -> Limit {
        self.limit.clone()
    }

    /// Gives a future that runs the outputs through `xf` into `sink`, and closes the sink at the end.
    ///
    /// It polls the sink and the tasks together. While the sink has no room for an output, the tasks in flight go on
    /// and no more are pulled. (With `forward`, or a loop that awaits the sink, they would stand still and run into
    /// their timeouts.) What an adaptor of the stream would do, such as `map`, belongs in `xf`.
    /// [`LimitedStream`](crate::LimitedStream) has an example.
    ///
    /// A timed transducer does not compile here, because this driver has no clock.
    ///
    /// - **Memory**: the tasks, what `xf` keeps, and one output that waits for the sink.
    /// - **Ends**: when the sink has been closed. If `xf` ends the run, all tasks in flight are dropped at once, and
    ///   what is left over still goes to the sink. To keep the sink, pass `&mut sink`.
    /// - **Dropped**: drops the tasks in flight, `xf` and the sink; nothing is completed or closed.
    /// - **Errors**: the sink's first error. All tasks in flight are dropped by then.
    /// - **Panics**: if a task, `xf` or the sink does; all of them are then dropped. Also if it is polled after it is
    ///   done.
    /// - **Like**: `StreamExt::forward`.
    #[doc(alias = "forward")]
    pub fn transduce_into<X, K>(self, xf: X, sink: K) -> TransduceInto<Self, X, K>
    where
        X: Transducer<<S::Item as Future>::Output>,
        K: Sink<X::Out>,
    {
        TransduceInto::new(self, xf, sink)
    }
}

impl<S: Stream<Item: Future>, T: InFlight<S::Item>> Live<S, T> {
    #[inline]
    fn poll_next(
        self: Pin<&mut Self>,
        limit: usize,
        context: &mut Context<'_>,
    ) -> Poll<Option<<S::Item as Future>::Output>> {
        let mut this = self.project();
        // Where every task is ready at once, each poll gives an output, and the consumer never waits.
        if *this.given == POLLS_A_TURN {
            *this.given = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut polls = 0;
        while this.tasks.len() < limit {
            if polls == POLLS_A_TURN {
                context.waker().wake_by_ref();
                break;
            }
            polls += 1;
            match this.source.as_mut().poll_next(context) {
                Poll::Ready(Some(future)) => this.tasks.push(future, limit),
                Poll::Ready(None) | Poll::Pending => break,
            }
        }
        if this.tasks.len() >= limit {
            this.source.as_mut().poll_run(context);
        }
        match this.tasks.poll_next(context) {
            Poll::Ready(Some(output)) => {
                *this.given += 1;
                Poll::Ready(Some(output))
            }
            Poll::Ready(None) if this.source.is_done() => Poll::Ready(None),
            Poll::Ready(None) | Poll::Pending => {
                *this.given = 0;
                Poll::Pending
            }
        }
    }

    /// Lets the tasks run, and those in the source, without a look at the source's items.
    fn poll_run(self: Pin<&mut Self>, context: &mut Context<'_>) {
        let this = self.project();
        outside(|| this.tasks.poll_run(context));
        this.source.poll_run(context);
    }
}

impl<S: Stream<Item: Future>, O: Order> Stream for Limited<S, O> {
    type Item = <S::Item as Future>::Output;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.project();
        poll_fused(this.live, |live| {
            if is_rest(context) {
                live.poll_run(context);
                return Poll::Pending;
            }
            live.poll_next(this.limit.poll(context), context)
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.live.as_ref().map_or((0, Some(0)), |live| {
            let (least, most) = live.source.size_hint();
            let in_flight = live.tasks.len();
            (least.saturating_add(in_flight), most.and_then(|most| most.checked_add(in_flight)))
        })
    }
}

impl<S: Stream<Item: Future>, O: Order> Tasks for Limited<S, O> {
    fn poll_run(self: Pin<&mut Self>, context: &mut Context<'_>) {
        let _ = poll_fused(self.project().live, |live| {
            live.poll_run(context);
            Poll::<Option<()>>::Pending
        });
    }
}

impl<S: Stream<Item: Future>, O: Order> FusedStream for Limited<S, O> {
    fn is_terminated(&self) -> bool {
        self.live.is_none()
    }
}

impl<S: Stream<Item: Future>, O: Order> fmt::Debug for Limited<S, O> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("Limited");
        if let Some(live) = &self.live {
            out.field("limit", &self.limit.get()).field("in_flight", &live.tasks);
        }
        out.finish_non_exhaustive()
    }
}

pin_project! {
    /// The stream of [`try_limited_as_completed`](crate::try_limited_as_completed()),
    /// [`try_limited_in_order`](crate::try_limited_in_order()) and the methods of
    /// [`LimitedStream`](crate::LimitedStream): a [`Limited`] that ends with the first error.
    ///
    /// Its guarantees are those of [`Limited`].
    #[must_use = "streams do nothing unless polled"]
    pub struct TryLimited<S, O>
    where
        S: Stream,
        S::Item: Future,
        O: Order,
    {
        #[pin]
        limited: Limited<S, O>,
    }
}

impl<S, O, T, E> TryLimited<S, O>
where
    S: Stream<Item: Future<Output = Result<T, E>>>,
    O: Order,
{
    #[track_caller]
    pub(super) fn new(source: S, limit: impl IntoLimit) -> Self {
        Self { limited: Limited::new(source, limit) }
    }

    /// Gives a handle by which the limit can be changed while the tasks run. See [`Limited::limit`].
    pub fn limit(&self) -> Limit {
        self.limited.limit()
    }

    /// Gives a future that runs the outputs through `xf` into `sink`, and closes the sink at the end. See
    /// [`Limited::transduce_into`].
    ///
    /// The items of `xf` are `Result`s. The first error is the last of them, and goes to the sink like any other item;
    /// the error that the future gives is the sink's own. Use [`on_ok`](crate::on_ok()) for stages that see the value
    /// of each `Ok` only.
    ///
    /// - **Memory**, **Ends**, **Dropped**, **Errors**, **Panics**: as for [`Limited::transduce_into`].
    ///
    /// ```
    /// use futures::{StreamExt, channel::mpsc, executor::block_on, future};
    /// use transducer::prelude::*;
    ///
    /// let parsed = ["1", "two", "3"].into_iter().map(async |word: &str| word.parse::<u8>());
    /// let (sender, receiver) = mpsc::channel(1);
    /// let pipeline = try_limited_in_order(parsed, 2).transduce_into(on_ok(mapping(|number| number * 10)), sender);
    /// let (done, received) = block_on(future::join(pipeline, receiver.collect::<Vec<_>>()));
    /// assert_eq!(done, Ok(()));
    /// assert_eq!(received, ["10".parse(), "two".parse::<u8>()]);
    /// ```
    pub fn transduce_into<X, K>(self, xf: X, sink: K) -> TransduceInto<Self, X, K>
    where
        X: Transducer<Result<T, E>>,
        K: Sink<X::Out>,
    {
        TransduceInto::new(self, xf, sink)
    }
}

impl<S, O, T, E> Stream for TryLimited<S, O>
where
    S: Stream<Item: Future<Output = Result<T, E>>>,
    O: Order,
{
    type Item = Result<T, E>;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T, E>>> {
        let mut limited = self.project().limited;
        let polled = limited.as_mut().poll_next(context);
        if let Poll::Ready(Some(Err(_))) = polled {
            limited.project().live.set(None);
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        let (least, most) = self.limited.size_hint();
        // Any output may be the one that ends it.
        (least.min(1), most)
    }
}

impl<S, O, T, E> Tasks for TryLimited<S, O>
where
    S: Stream<Item: Future<Output = Result<T, E>>>,
    O: Order,
{
    fn poll_run(self: Pin<&mut Self>, context: &mut Context<'_>) {
        self.project().limited.poll_run(context);
    }
}

impl<S, O, T, E> FusedStream for TryLimited<S, O>
where
    S: Stream<Item: Future<Output = Result<T, E>>>,
    O: Order,
{
    fn is_terminated(&self) -> bool {
        self.limited.is_terminated()
    }
}

impl<S: Stream<Item: Future>, O: Order> fmt::Debug for TryLimited<S, O> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TryLimited").field("limited", &self.limited).finish()
    }
}
