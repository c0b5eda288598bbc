use core::time::Duration;
use std::time::SystemTime;

use tokio::time::{Instant, Sleep, sleep_until};

use super::timer::Timer;
use crate::kernel::Time;

/// tokio's clock, as a [`Timer`]. It is monotonic: setting the computer's clock doesn't move it. It stands still under
/// `tokio::time::pause`.
///
/// - **Panics**: when it is waited for outside of a tokio runtime with a timer.
///
/// ```
/// use std::{pin::pin, time::Duration};
/// use futures::StreamExt;
/// use transducer::{drivers::TokioTimer, prelude::*};
///
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// let batches = runtime.block_on(async {
///     let quickly = batching_within(100, Duration::from_millis(5));
///     let rows = futures::stream::iter(1..=3).chain(futures::stream::pending());
///     let mut batches = pin!(rows.transduce_timed(quickly, TokioTimer::new()));
///     batches.next().await
/// });
/// assert_eq!(batches, Some(vec![1, 2, 3]));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TokioTimer {
    began: Instant,
    origin: Time,
}

impl TokioTimer {
    /// A timer that begins at what the wall clock shows now, and goes on by itself.
    pub fn new() -> Self {
        Self::starting_at(SystemTime::now().into())
    }

    /// A timer that begins at `moment`.
    pub fn starting_at(moment: Time) -> Self {
        Self { began: Instant::now(), origin: moment }
    }
}

impl Default for TokioTimer {
    fn default() -> Self {
        Self::new()
    }
}

impl Timer for TokioTimer {
    type Sleep = Sleep;

    fn now(&self) -> Time {
        self.origin.checked_add(self.began.elapsed()).unwrap_or(Time::END)
    }

    fn sleep_until(&self, moment: Time) -> Sleep {
        // As far as an `Instant` surely reaches. The driver asks again.
        const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3_600);
        let wait = moment.since(self.origin).min(self.began.elapsed().saturating_add(FAR));
        sleep_until(self.began + wait)
    }
}
