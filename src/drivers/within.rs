//! Tasks that are given up after a time.

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::time::{Timeout, timeout};

/// Gives a future with the output of `future`, or the error [`TimedOut`] if it isn't done within `duration`.
///
/// The error is turned into that of `future`. For one whose output is no `Result`, use tokio's own `timeout`, which
/// makes it one. Map either over the futures of [`limited_as_completed`](crate::limited_as_completed) and its variants.
///
/// The time starts with the first call: a future that waits for its place under a limit loses nothing, as long as it is
/// made when it is pulled.
///
/// - **Dropped**: drops `future`. So does the end of the time, before the error is given.
/// - **Errors**: those of `future`, and [`TimedOut`].
/// - **Panics**: outside of a tokio runtime with a timer.
/// - **Like**: `tokio::time::timeout`, with one `Result` in place of two.
///
/// ```
/// use std::{error::Error, time::Duration};
/// use futures::TryStreamExt;
/// use transducer::prelude::*;
///
/// async fn fetch(id: u64) -> Result<u64, Box<dyn Error>> {
///     tokio::time::sleep(Duration::from_millis(id)).await; // stands for what takes its time
///     Ok(id * 10)
/// }
///
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// let fetched = (1..=3).map(|id| within(Duration::from_secs(10), fetch(id)));
/// let fetched = runtime.block_on(async { try_limited_in_order(fetched, 2).try_collect::<Vec<_>>().await })?;
/// assert_eq!(fetched, [10, 20, 30]);
/// # Ok::<(), Box<dyn Error>>(())
/// ```
#[doc(alias("timeout", "deadline"))]
pub fn within<F, T, E>(duration: Duration, future: F) -> Within<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<TimedOut>,
{
    Within { timeout: timeout(duration, future), duration }
}

pin_project! {
    /// The future of [`within`].
    #[must_use = "futures do nothing unless polled"]
    pub struct Within<F> {
        #[pin]
        timeout: Timeout<F>,
        duration: Duration,
    }
}

impl<F, T, E> Future for Within<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<TimedOut>,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T, E>> {
        let this = self.project();
        let duration = *this.duration;
        Poll::Ready(ready!(this.timeout.poll(context)).unwrap_or_else(|_| Err(TimedOut { duration }.into())))
    }
}

impl<F> fmt::Debug for Within<F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Within").field("duration", &self.duration).finish_non_exhaustive()
    }
}

/// The error of a task that wasn't done in the time that [`within`] gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not done within {duration:?}")]
pub struct TimedOut {
    duration: Duration,
}

impl TimedOut {
    /// The time that it had.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}
