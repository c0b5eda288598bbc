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
    IntoLimit, TransduceInto,
    in_flight::InFlight,
    sealed::{Order, Tasks},
};
use crate::{
    drivers::waiting::{POLLS_A_TURN, poll_fused},
    kernel::{SizeHint, Transducer},
};

pin_project! {
    /// A stream of the outputs of futures, so many of which run at a time. Made by
    /// [`limited_as_completed`](crate::limited_as_completed()), [`limited_in_order`](crate::limited_in_order()) and the methods
    /// of [`LimitedStream`](crate::LimitedStream).
    ///
    /// What it guarantees:
    ///
    /// 1. **Bounds.** Nothing is pulled before the first poll. Always, pulled − delivered ≤ `limit`: futures
    ///    that run and outputs that nobody has taken yet, together. So no more than `limit` futures are alive,
    ///    and no memory grows with their number. Room for `limit` futures is made when the first one comes,
    ///    or for fewer if the source says that it has no more (above 65,536 in steps): so many times the
    ///    size of a future, however few come out of a channel, which cannot tell.
    /// 2. **Order.** By completion, as it was observed; or that of the futures, at the cost that
    ///    [`limited_in_order`](crate::limited_in_order()) tells.
    /// 3. **Dropping.** When the stream is dropped, all that is in flight has been dropped before `drop`
    ///    returns. So it is when a transducer downstream has had enough: it drops its source. (Of `spawned`
    ///    tasks it is the handles that are dropped: the tasks are aborted then, and dropped by the runtime soon after.)
    /// 4. **Panics.** A panic of a future or of the source comes out of the poll. By then all that was in
    ///    flight has been dropped with the source, and the stream has ended. With the `try_` variants, the first error
    ///    is given once, in the same way.
    /// 5. **Turns.** The stream returns to the executor after a bounded number of polls. While it is not
    ///    polled, nothing is pulled and nothing runs; to have tasks go on while a sink is busy, use
    ///    [`transduce_into`](Self::transduce_into).
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
    }
}

pin_project! {
    struct Live<S, T> {
        // `None` once there are no more futures.
        #[pin]
        source: Option<S>,
        tasks: T,
        limit: usize,
    }
}

impl<S: Stream<Item: Future>, O: Order> Limited<S, O> {
    #[track_caller]
    pub(super) fn new(source: S, limit: impl IntoLimit) -> Self {
        Self { live: Some(Live { source: Some(source), tasks: O::InFlight::new(), limit: limit.into_limit().get() }) }
    }

    /// Runs the outputs through `xf` into `sink`, and closes it at the end.
    ///
    /// The future that this gives polls the sink and the tasks together. While the sink has no room for an output, the
    /// tasks that are in flight go on and no more are pulled. (With `forward`, or a loop that awaits the sink,
    /// they would stand still, and run into their timeouts.) When `xf` has had enough, all that is in
    /// flight is dropped, and what is left over still goes to the sink. The future completes when the
    /// sink has been closed, or with its first error; the work in flight has been dropped then. To keep the
    /// sink, pass `&mut sink`. What would be an adaptor of the stream, such as `map`, belongs in `xf`.
    ///
    /// Keeps what `xf` keeps, and what it makes of one output until the sink takes it. For an
    /// example see [`LimitedStream`](crate::LimitedStream).
    ///
    /// # Panics
    /// When a task, the transducer or the sink does; all are then dropped. When polled after it is done.
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
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<<S::Item as Future>::Output>> {
        let mut this = self.project();
        let mut polls = 0;
        while this.tasks.len() < *this.limit
            && let Some(mut source) = this.source.as_mut().as_pin_mut()
        {
            if polls == POLLS_A_TURN {
                context.waker().wake_by_ref();
                break;
            }
            polls += 1;
            match source.as_mut().poll_next(context) {
                Poll::Ready(Some(future)) => {
                    let in_flight = this.tasks.len();
                    let room = || match source.size_hint() {
                        (_, Some(most)) => most.saturating_add(in_flight + 1).min(*this.limit),
                        (_, None) => *this.limit,
                    };
                    this.tasks.push(future, room);
                }
                Poll::Ready(None) => this.source.set(None),
                Poll::Pending => break,
            }
        }
        match this.tasks.poll_next(context) {
            Poll::Ready(None) if this.source.is_some() => Poll::Pending,
            polled => polled,
        }
    }
}

impl<S: Stream<Item: Future>, O: Order> Stream for Limited<S, O> {
    type Item = <S::Item as Future>::Output;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        poll_fused(self.project().live, |live| live.poll_next(context))
    }

    fn size_hint(&self) -> SizeHint {
        self.live.as_ref().map_or((0, Some(0)), |live| {
            let (least, most) = live.source.as_ref().map_or((0, Some(0)), Stream::size_hint);
            let in_flight = live.tasks.len();
            (least.saturating_add(in_flight), most.and_then(|most| most.checked_add(in_flight)))
        })
    }
}

impl<S: Stream<Item: Future>, O: Order> Tasks for Limited<S, O> {
    fn poll_run(self: Pin<&mut Self>, context: &mut Context<'_>) {
        let _ = poll_fused(self.project().live, |live| {
            live.project().tasks.poll_run(context);
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
            out.field("limit", &live.limit).field("in_flight", &live.tasks);
        }
        out.finish_non_exhaustive()
    }
}

pin_project! {
    /// A [`Limited`] that ends with the first error. Made by
    /// [`try_limited_as_completed`](crate::try_limited_as_completed()), [`try_limited_in_order`](crate::try_limited_in_order())
    /// and the methods of [`LimitedStream`](crate::LimitedStream).
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

    /// Runs the outputs through `xf` into `sink`, and closes it at the end: see [`Limited::transduce_into`].
    ///
    /// The items of `xf` are the `Result`s, the first error as the last of them: it goes to the sink like any
    /// other item. The error that this future gives is the sink's own. With [`on_ok`](crate::on_ok()) stages see
    /// what is in an `Ok` only.
    ///
    /// ```
    /// use futures::{StreamExt, channel::mpsc, executor::block_on, future};
    /// use transducer::{mapping, on_ok, try_limited_in_order};
    ///
    /// let parsed = ["1", "two", "3"].into_iter().map(async |word: &str| word.parse::<u8>());
    /// let (sender, receiver) = mpsc::channel(1);
    /// let pipeline = try_limited_in_order(parsed, 2).transduce_into(on_ok(mapping(|number| number * 10)), sender);
    /// let (done, received) = block_on(future::join(pipeline, receiver.collect::<Vec<_>>()));
    /// assert_eq!(done, Ok(()));
    /// assert_eq!(received, ["10".parse(), "two".parse::<u8>()]);
    /// ```
    ///
    /// # Panics
    /// When a task, the transducer or the sink does; all are then dropped. When polled after it is done.
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
