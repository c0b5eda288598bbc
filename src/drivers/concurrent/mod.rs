//! Bounded concurrency: many tasks, so many at a time.

mod in_flight;
mod into_sink;
mod limit;

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{FusedStream, Stream};
use futures_sink::Sink;
use futures_util::stream;
use pin_project_lite::pin_project;

use super::waiting::{POLLS_A_TURN, poll_fused};
use crate::{SizeHint, Transducer};
use in_flight::{AsTheyComplete, InFlight, InTheirOrder};

pub use into_sink::TransduceInto;
pub use limit::IntoLimit;

/// Runs `futures`, up to `limit` of them at a time, and gives their outputs as they complete.
///
/// The iterator is pulled as room comes free, so that it may be endless: memory is bounded by `limit`,
/// not by the number of futures. They run in the task that polls the stream, with no runtime and
/// nothing spawned, and may borrow. [`Limited`] lists what is guaranteed.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::limited_as_completed;
///
/// let text = String::from("a stream of words");
/// let fetch_length = async |word: &str| word.len(); // stands for what takes its time
/// let lengths = limited_as_completed(text.split(' ').map(fetch_length), 2);
/// let mut lengths = block_on(lengths.collect::<Vec<_>>());
/// lengths.sort();
/// assert_eq!(lengths, [1, 2, 5, 6]);
/// ```
///
/// # Panics
/// If `limit` is 0; a [`NonZeroUsize`](core::num::NonZeroUsize) cannot be.
///
/// The name and the idea are those of Andy Balaam's `limited_as_completed` for Python's asyncio; futures' `buffer_unordered`.
pub fn limited_as_completed<I>(futures: I, limit: impl IntoLimit) -> Limited<stream::Iter<I::IntoIter>, AsCompleted>
where
    I: IntoIterator<Item: Future>,
{
    stream::iter(futures).limited_as_completed(limit)
}

/// Runs `futures`, up to `limit` of them at a time, and gives their outputs in the order of the futures.
///
/// Like [`limited_as_completed`], but an output waits for those before it. Those that wait count towards
/// the limit, since they are memory that is held: while the first in line is slow, fewer run. With
/// delays that vary, that costs up to the ratio of the mean to the longest of the throughput; half of
/// it, where they are uniform from 0 up. Where order does not matter, don't ask for it.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::limited_in_order;
///
/// let squares = limited_in_order((1..=4).map(async |x| x * x), 2);
/// assert_eq!(block_on(squares.collect::<Vec<_>>()), [1, 4, 9, 16]);
/// ```
///
/// # Panics
/// If `limit` is 0.
///
/// futures' `buffered`.
pub fn limited_in_order<I>(futures: I, limit: impl IntoLimit) -> Limited<stream::Iter<I::IntoIter>, InOrder>
where
    I: IntoIterator<Item: Future>,
{
    stream::iter(futures).limited_in_order(limit)
}

/// Like [`limited_as_completed`], and ends with the first error.
///
/// That error is the last item; what was in flight has been dropped by the time it is given, and no
/// more futures are pulled.
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
/// use transducer::try_limited_as_completed;
///
/// let parsed = ["1", "two", "3"].into_iter().map(async |word: &str| word.parse::<u8>());
/// assert!(block_on(try_limited_as_completed(parsed, 2).try_collect::<Vec<_>>()).is_err());
/// ```
///
/// # Panics
/// If `limit` is 0.
pub fn try_limited_as_completed<I, T, E>(
    futures: I,
    limit: impl IntoLimit,
) -> TryLimited<stream::Iter<I::IntoIter>, AsCompleted>
where
    I: IntoIterator<Item: Future<Output = Result<T, E>>>,
{
    stream::iter(futures).try_limited_as_completed(limit)
}

/// Like [`limited_in_order`], and ends with the first error, the first in the order of the futures.
///
/// That error is the last item; what was in flight has been dropped by the time it is given, and no
/// more futures are pulled.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::try_limited_in_order;
///
/// let checked = (1..).map(async |x| if x < 3 { Ok(x) } else { Err(x) });
/// assert_eq!(block_on(try_limited_in_order(checked, 8).collect::<Vec<_>>()), [Ok(1), Ok(2), Err(3)]);
/// ```
///
/// # Panics
/// If `limit` is 0.
pub fn try_limited_in_order<I, T, E>(
    futures: I,
    limit: impl IntoLimit,
) -> TryLimited<stream::Iter<I::IntoIter>, InOrder>
where
    I: IntoIterator<Item: Future<Output = Result<T, E>>>,
{
    stream::iter(futures).try_limited_in_order(limit)
}

/// Bounded concurrency as methods of a stream of futures.
///
/// Together with [`TransduceStream`](crate::TransduceStream) they make a pipeline of three parts: a
/// transducer before the tasks, the tasks, and a transducer after them.
///
/// ```
/// use futures::{SinkExt, StreamExt, channel::mpsc, executor::block_on, future, stream};
/// use transducer::{LimitedStream, TransduceStream, batching, compose, filtering, mapping, summing};
///
/// let requests = compose((filtering(|id: &u32| id % 2 == 1), mapping(async |id: u32| id * 100)));
/// let (sender, receiver) = mpsc::channel(1);
/// let tasks = stream::iter(1..=6).transduce(requests).limited_in_order(2);
/// let pipeline = tasks.transduce_into(batching(2), sender);
/// let (done, received) = block_on(future::join(pipeline, receiver.collect::<Vec<_>>()));
/// assert_eq!(done, Ok(()));
/// assert_eq!(received, [vec![100, 300], vec![500]]);
/// ```
pub trait LimitedStream: Stream<Item: Future> {
    /// Runs the futures of this stream, up to `limit` at a time, and gives their outputs as they
    /// complete: see [`limited_as_completed`](limited_as_completed()).
    ///
    /// # Panics
    /// If `limit` is 0.
    fn limited_as_completed(self, limit: impl IntoLimit) -> Limited<Self, AsCompleted>
    where
        Self: Sized,
    {
        Limited::new(self, limit)
    }

    /// Runs the futures of this stream, up to `limit` at a time, and gives their outputs in order: see
    /// [`limited_in_order`](limited_in_order()).
    ///
    /// # Panics
    /// If `limit` is 0.
    fn limited_in_order(self, limit: impl IntoLimit) -> Limited<Self, InOrder>
    where
        Self: Sized,
    {
        Limited::new(self, limit)
    }

    /// Like [`limited_as_completed`](Self::limited_as_completed), and ends with the first error: see
    /// [`try_limited_as_completed`](try_limited_as_completed()).
    ///
    /// # Panics
    /// If `limit` is 0.
    fn try_limited_as_completed<T, E>(self, limit: impl IntoLimit) -> TryLimited<Self, AsCompleted>
    where
        Self: Stream<Item: Future<Output = Result<T, E>>> + Sized,
    {
        TryLimited { limited: Limited::new(self, limit) }
    }

    /// Like [`limited_in_order`](Self::limited_in_order), and ends with the first error: see
    /// [`try_limited_in_order`](try_limited_in_order()).
    ///
    /// # Panics
    /// If `limit` is 0.
    fn try_limited_in_order<T, E>(self, limit: impl IntoLimit) -> TryLimited<Self, InOrder>
    where
        Self: Stream<Item: Future<Output = Result<T, E>>> + Sized,
    {
        TryLimited { limited: Limited::new(self, limit) }
    }
}

impl<S: Stream<Item: Future>> LimitedStream for S {}

/// The order of [`limited_as_completed`]: outputs as they come.
#[derive(Clone, Copy, Debug)]
pub struct AsCompleted;

/// The order of [`limited_in_order`]: that of the futures.
#[derive(Clone, Copy, Debug)]
pub struct InOrder;

mod sealed {
    use super::*;

    pub trait Order {
        type InFlight<F: Future>: InFlight<F>;
    }

    impl Order for AsCompleted {
        type InFlight<F: Future> = AsTheyComplete<F>;
    }

    impl Order for InOrder {
        type InFlight<F: Future> = InTheirOrder<F>;
    }

    /// A stream whose tasks can go on while nobody takes their outputs.
    pub trait Tasks: Stream {
        fn poll_run(self: Pin<&mut Self>, context: &mut Context<'_>);
    }
}
use sealed::{Order, Tasks};

pin_project! {
    /// A stream of the outputs of futures, so many of which run at a time. Made by
    /// [`limited_as_completed`](limited_as_completed()), [`limited_in_order`](limited_in_order()) and the methods
    /// of [`LimitedStream`].
    ///
    /// What it guarantees:
    ///
    /// 1. **Bounds.** Nothing is pulled before the first poll. Always, pulled − delivered ≤ `limit`: futures
    ///    that run and outputs that nobody has taken yet, together. So no more than `limit` futures are alive,
    ///    and no memory grows with their number. Room for `limit` futures is made when the first one comes,
    ///    or for fewer if the source says that it has no more (above 65,536 in steps).
    /// 2. **Order.** By completion, as it was observed; or that of the futures, at the cost that
    ///    [`limited_in_order`](limited_in_order()) tells.
    /// 3. **Dropping.** When the stream is dropped, all that is in flight has been dropped before `drop`
    ///    returns. So it is when a transducer downstream has had enough: it drops its source.
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
    fn new(source: S, limit: impl IntoLimit) -> Self {
        Self { live: Some(Live { source: Some(source), tasks: O::InFlight::new(), limit: limit.into_limit().get() }) }
    }

    /// Runs the outputs through `xf` into `sink`, and closes it at the end.
    ///
    /// The future that this gives polls the sink and the tasks together. While the sink is not ready, the tasks
    /// that are in flight go on and no more are pulled. (With `forward`, or a loop that awaits the sink,
    /// they would stand still, and run into their timeouts.) When `xf` has had enough, all that is in
    /// flight is dropped, and what is left over still goes to the sink. The future completes when the
    /// sink has been closed, or with its first error; the work in flight has been dropped then. To keep the
    /// sink, pass `&mut sink`.
    ///
    /// Keeps what `xf` keeps, and the items that one output expanded to until the sink takes them. For an
    /// example see [`LimitedStream`].
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
                    let most = source.size_hint().1.unwrap_or(usize::MAX);
                    let room = this.tasks.len().saturating_add(1).saturating_add(most).min(*this.limit);
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
    /// [`try_limited_as_completed`](try_limited_as_completed()), [`try_limited_in_order`](try_limited_in_order())
    /// and the methods of [`LimitedStream`].
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
    /// Runs the outputs, the error included, through `xf` into `sink`, and closes it at the end: see
    /// [`Limited::transduce_into`].
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
