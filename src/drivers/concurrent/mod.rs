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
pub use limit::{IntoLimit, Limit, NoLimit};
pub use limited::{Limited, TryLimited};

/// Runs `futures`, at most `limit` at the same time, and gives a stream of their outputs as they complete.
///
/// The iterator is pulled as room becomes free, so it may be endless. The futures run in the task that polls the
/// stream, with no runtime and nothing spawned, and may borrow. The feature `tokio` has what a runtime adds to each
/// future: several cores (`spawned`), a time-out (`within`), retries (`retried`). [`Limited`] lists what is guaranteed.
/// A stream of futures has the same method in [`LimitedStream`].
///
/// For no limit, give [`NoLimit`]. [`Limited::limit`] changes the limit during the run.
///
/// Inside of `tokio::spawn`, a closure that makes futures from borrowed items may be refused as "not general enough",
/// as with futures' own adaptors. Collect the futures first, or box the stream: `limited_as_completed(..).boxed()`.
///
/// - **Memory**: up to `limit` futures and outputs together, however many futures there are.
/// - **Ends**: when the iterator has ended and all outputs are given.
/// - **Dropped**: drops all futures in flight before `drop` returns.
/// - **Panics**: if `limit` is 0; a [`NonZeroUsize`](core::num::NonZeroUsize) cannot be. A panic of a future ends the
///   stream.
/// - **Like**: `StreamExt::buffer_unordered`; Andy Balaam's `limited_as_completed` for Python's asyncio.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::prelude::*;
///
/// let text = String::from("a stream of words");
/// let fetch_length = async |word: &str| word.len(); // stands for what takes its time
/// let lengths = limited_as_completed(text.split(' ').map(fetch_length), 2);
/// let mut lengths = block_on(lengths.collect::<Vec<_>>());
/// lengths.sort();
/// assert_eq!(lengths, [1, 2, 5, 6]);
/// ```
#[doc(alias("buffer_unordered", "as_completed", "semaphore"))]
#[track_caller]
pub fn limited_as_completed<I>(futures: I, limit: impl IntoLimit) -> Limited<stream::Iter<I::IntoIter>, AsCompleted>
where
    I: IntoIterator<Item: Future>,
{
    stream::iter(futures).limited_as_completed(limit)
}

/// Runs `futures`, at most `limit` at the same time, and gives a stream of their outputs in the order of the futures.
///
/// An output waits for those before it, and counts towards `limit` while it waits. So fewer futures run while the first
/// in line is slow. With delays that vary, the throughput can fall to the share that the mean delay has of the longest:
/// to half, where delays are uniform from 0 up. Use [`limited_as_completed`] where order does not matter.
///
/// - **Memory**: up to `limit` futures and outputs together.
/// - **Ends**, **Dropped**, **Panics**: as for [`limited_as_completed`].
/// - **Like**: `StreamExt::buffered`.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::prelude::*;
///
/// let squares = limited_in_order((1..=4).map(async |x| x * x), 2);
/// assert_eq!(block_on(squares.collect::<Vec<_>>()), [1, 4, 9, 16]);
/// ```
#[doc(alias = "buffered")]
#[track_caller]
pub fn limited_in_order<I>(futures: I, limit: impl IntoLimit) -> Limited<stream::Iter<I::IntoIter>, InOrder>
where
    I: IntoIterator<Item: Future>,
{
    stream::iter(futures).limited_in_order(limit)
}

/// Runs like [`limited_as_completed`], and ends with the first error.
///
/// The error is the last item. By the time it is given, all futures in flight are dropped, and no more are pulled.
///
/// - **Memory**, **Dropped**, **Panics**: as for [`limited_as_completed`].
/// - **Ends**: after the first `Err`, or when all outputs are given.
/// - **Like**: `TryStreamExt::try_buffer_unordered`, but the stream's items are the futures themselves, and an error
///   ends it.
///
/// ```
/// use futures::{TryStreamExt, executor::block_on};
/// use transducer::prelude::*;
///
/// let parsed = ["1", "two", "3"].into_iter().map(async |word: &str| word.parse::<u8>());
/// assert!(block_on(try_limited_as_completed(parsed, 2).try_collect::<Vec<_>>()).is_err());
/// ```
#[doc(alias = "try_buffer_unordered")]
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

/// Runs like [`limited_in_order`], and ends with the first error in the order of the futures.
///
/// The error is the last item. By the time it is given, all futures in flight are dropped, and no more are pulled.
///
/// - **Memory**, **Dropped**, **Panics**: as for [`limited_as_completed`].
/// - **Ends**: after the first `Err`, or when all outputs are given.
/// - **Like**: `TryStreamExt::try_buffered`, but the stream's items are the futures themselves, and an error ends it.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::prelude::*;
///
/// let checked = (1..).map(async |x| if x < 3 { Ok(x) } else { Err(x) });
/// assert_eq!(block_on(try_limited_in_order(checked, 8).collect::<Vec<_>>()), [Ok(1), Ok(2), Err(3)]);
/// ```
#[doc(alias = "try_buffered")]
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

/// Bounded concurrency, as methods of a stream of futures.
///
/// With [`TransduceStream`](crate::TransduceStream) they make a pipeline of three parts: a transducer in front of the
/// tasks, the tasks, and a transducer behind them.
///
/// ```
/// use futures::{SinkExt, StreamExt, channel::mpsc, executor::block_on, future, stream};
/// use transducer::prelude::*;
///
/// let requests = compose((filtering(|id: &u32| id % 2 == 1), mapping(async |id: u32| id * 100)));
/// let (sender, receiver) = mpsc::channel(1);
/// let tasks = stream::iter(1..=6).transduce(requests).limited_in_order(2);
/// let pipeline = tasks.transduce_into(batching(2), sender);
/// let (done, received) = block_on(future::join(pipeline, receiver.collect::<Vec<_>>()));
/// assert_eq!(done, Ok(()));
/// assert_eq!(received, [vec![100, 300], vec![500]]);
/// ```
///
/// # One behind the other
///
/// The outputs of tasks can be mapped to tasks, with a limit of their own. While the second is full, the tasks of the
/// first go on, so that they don't run into their time-outs, or keep a lock that a task of the second waits for:
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::prelude::*;
///
/// let fetched = limited_as_completed((1..=3).map(async |id| id * 10), 100);
/// let stored = fetched.map(async |row| row + 1).limited_in_order(2);
/// assert_eq!(block_on(stored.collect::<Vec<_>>()), [11, 21, 31]);
/// ```
///
/// What is between the two may be any adaptor, of this crate, futures' or your own, boxed or not, and any number of
/// them. A few things stand still all the same, as long as the second is full:
///
/// - the tasks of other crates' streams, such as `buffer_unordered`;
/// - tasks behind an adaptor of another crate that has items in store, such as `flat_map`. One item is taken ahead, and is
///   not run. With `.transduce(flat_mapping(..))` they go on;
/// - everything, while the consumer awaits something else than the next output: then nobody polls;
/// - without the feature `std`, the whole source.
///
/// A source that is a task of its own, behind a channel, depends on nobody's polls.
pub trait LimitedStream: Stream<Item: Future> {
    /// Runs the futures of this stream, at most `limit` at the same time, and gives their outputs as they complete. See
    /// [`limited_as_completed`](limited_as_completed()).
    ///
    /// - **Panics**: if `limit` is 0.
    #[track_caller]
    fn limited_as_completed(self, limit: impl IntoLimit) -> Limited<Self, AsCompleted>
    where
        Self: Sized,
    {
        Limited::new(self, limit)
    }

    /// Runs the futures of this stream, at most `limit` at the same time, and gives their outputs in order. See
    /// [`limited_in_order`](limited_in_order()).
    ///
    /// - **Panics**: if `limit` is 0.
    #[track_caller]
    fn limited_in_order(self, limit: impl IntoLimit) -> Limited<Self, InOrder>
    where
        Self: Sized,
    {
        Limited::new(self, limit)
    }

    /// Runs like [`limited_as_completed`](Self::limited_as_completed), and ends with the first error. See
    /// [`try_limited_as_completed`](try_limited_as_completed()).
    ///
    /// - **Panics**: if `limit` is 0.
    #[track_caller]
    fn try_limited_as_completed<T, E>(self, limit: impl IntoLimit) -> TryLimited<Self, AsCompleted>
    where
        Self: Stream<Item: Future<Output = Result<T, E>>> + Sized,
    {
        TryLimited::new(self, limit)
    }

    /// Runs like [`limited_in_order`](Self::limited_in_order), and ends with the first error. See
    /// [`try_limited_in_order`](try_limited_in_order()).
    ///
    /// - **Panics**: if `limit` is 0.
    #[track_caller]
    fn try_limited_in_order<T, E>(self, limit: impl IntoLimit) -> TryLimited<Self, InOrder>
    where
        Self: Stream<Item: Future<Output = Result<T, E>>> + Sized,
    {
        TryLimited::new(self, limit)
    }
}

impl<S: Stream<Item: Future>> LimitedStream for S {}

/// The order of [`limited_as_completed`]: outputs come as their futures complete.
#[derive(Clone, Copy, Debug)]
pub struct AsCompleted;

/// The order of [`limited_in_order`]: outputs come in the order of the futures.
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
