//! Bounded concurrency: many tasks, so many at a time.

mod in_flight;
mod into_sink;
mod limit;
mod limited;

use core::{future::Future, pin::Pin, task::Context};

use futures_core::Stream;
use futures_util::stream;

use in_flight::{AsTheyComplete, InFlight, InTheirOrder};

pub use into_sink::TransduceInto;
pub use limit::IntoLimit;
pub use limited::{Limited, TryLimited};

/// Runs `futures`, up to `limit` of them at a time, and gives their outputs as they complete.
///
/// The iterator is pulled as room comes free, so that it may be endless: memory is bounded by `limit`,
/// not by the number of futures. They run in the task that polls the stream, with no runtime and
/// nothing spawned, and may borrow. [`Limited`] lists what is guaranteed. For a stream of futures there is the method of
/// [`LimitedStream`].
///
/// Inside of `tokio::spawn`, a closure that makes futures of what it is lent may be refused as "not general enough", as it is
/// with futures' own adaptors. Then collect the futures first, or box the stream: `limited_as_completed(..).boxed()`.
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
#[track_caller]
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
#[track_caller]
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
#[track_caller]
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
#[track_caller]
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
    #[track_caller]
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
    #[track_caller]
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
    #[track_caller]
    fn try_limited_as_completed<T, E>(self, limit: impl IntoLimit) -> TryLimited<Self, AsCompleted>
    where
        Self: Stream<Item: Future<Output = Result<T, E>>> + Sized,
    {
        TryLimited::new(self, limit)
    }

    /// Like [`limited_in_order`](Self::limited_in_order), and ends with the first error: see
    /// [`try_limited_in_order`](try_limited_in_order()).
    ///
    /// # Panics
    /// If `limit` is 0.
    #[track_caller]
    fn try_limited_in_order<T, E>(self, limit: impl IntoLimit) -> TryLimited<Self, InOrder>
    where
        Self: Stream<Item: Future<Output = Result<T, E>>> + Sized,
    {
        TryLimited::new(self, limit)
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
