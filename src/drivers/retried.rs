//! Tasks that are tried again.

use core::{future::Future, time::Duration};

use backon::{BackoffBuilder, Retry, Retryable};
use tokio::time::{Sleep, sleep};

/// Gives a future that makes and runs the future of `attempt`, and again after a delay as long as it gives an error.
///
/// `backoff` says how long each delay is, and how many there are: a builder of the crate [`backon`], which makes delays
/// that are constant, exponential or Fibonacci's, with or without jitter. The future has methods: `when` takes a
/// predicate that says which errors are worth another attempt, `notify` is told of each, and `adjust` changes a delay, as
/// a server's `Retry-After` may want.
///
/// Under a limit, a task keeps its place while it waits for its next attempt.
///
/// - **Dropped**: drops the attempt that runs.
/// - **Errors**: the last attempt's.
/// - **Panics**: outside of a tokio runtime with a timer, at the first delay.
/// - **Like**: `backon::Retryable::retry`, with tokio's timer.
///
/// Here each attempt has two seconds, and only a time-out leads to another:
///
/// ```
/// use std::{error::Error, time::Duration};
/// use futures::StreamExt;
/// use transducer::{drivers::{TimedOut, backon::ExponentialBuilder}, prelude::*};
///
/// async fn fetch(id: u64) -> Result<u64, Box<dyn Error>> {
///     if id == 2 { Err("no such id".into()) } else { Ok(id * 10) }
/// }
///
/// let backoff = ExponentialBuilder::default().with_max_times(5).with_jitter();
/// let fetched = (1..=3).map(|id| {
///     retried(move || within(Duration::from_secs(2), fetch(id)), backoff).when(|error| error.is::<TimedOut>())
/// });
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// let fetched = runtime.block_on(limited_in_order(fetched, 100).map(Result::ok).collect::<Vec<_>>());
/// assert_eq!(fetched, [Some(10), None, Some(30)]);
/// # Ok::<(), Box<dyn Error>>(())
/// ```
#[doc(alias("retry", "backoff", "jitter"))]
pub fn retried<A, F, T, E, B>(attempt: A, backoff: B) -> Retried<A, F, T, E, B>
where
    A: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
    B: BackoffBuilder,
{
    attempt.retry(backoff).sleep(sleep)
}

/// The future of [`retried`].
pub type Retried<A, F, T, E, B> = Retry<<B as BackoffBuilder>::Backoff, T, E, F, A, fn(Duration) -> Sleep>;
