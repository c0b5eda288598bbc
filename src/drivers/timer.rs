//! Where the asynchronous drivers get the time from.

use alloc::{sync::Arc, vec::Vec};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kernel::Time;

/// A clock that a stream can wait for: what [`transduce_timed`](crate::TransduceStream::transduce_timed) takes.
///
/// [`ManualTimer`] is one for tests, `TokioTimer` one for tokio. One of your own:
///
/// ```
/// use std::{future::Future, pin::Pin, time::{Duration, Instant}};
/// use transducer::{Time, drivers::Timer};
/// # async fn sleep(_: Duration) {}
///
/// struct Monotonic(Instant);
///
/// impl Timer for Monotonic {
///     type Sleep = Pin<Box<dyn Future<Output = ()>>>;
///
///     fn now(&self) -> Time {
///         self.0.elapsed().into()
///     }
///
///     fn sleep_until(&self, moment: Time) -> Self::Sleep {
///         Box::pin(sleep(moment.since(self.now()))) // your runtime's `sleep`
///     }
/// }
/// ```
pub trait Timer {
    /// What [`sleep_until`](Self::sleep_until) gives.
    type Sleep: Future<Output = ()>;

    /// The moment that it is. It must not go back: a moment before the last one counts as the last.
    fn now(&self) -> Time;

    /// A future that is done at `moment`. It may be done earlier: the driver then asks again.
    fn sleep_until(&self, moment: Time) -> Self::Sleep;
}

/// A timer whose time is turned by hand, for tests without sleeping.
///
/// Clones share the time.
///
/// ```
/// use std::time::Duration;
/// use futures::{StreamExt, channel::mpsc, executor::block_on, join};
/// use transducer::{Time, drivers::ManualTimer, prelude::*};
///
/// let timer = ManualTimer::new(Time::from_secs(0));
/// let (typed, keys) = mpsc::unbounded();
/// let mut settled = keys.transduce_timed(debouncing(Duration::from_secs(3)), timer.clone());
///
/// typed.unbounded_send("time")?;
/// let turn = async { timer.turn_to(Time::from_secs(3)) };
/// let (first, ()) = block_on(async { join!(settled.next(), turn) });
/// assert_eq!(first, Some("time"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManualTimer {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    now: Time,
    sleepers: Vec<(Time, Waker)>,
}

impl ManualTimer {
    /// A timer that stands at `moment`.
    pub fn new(moment: Time) -> Self {
        Self { shared: Arc::new(Mutex::new(Shared { now: moment, sleepers: Vec::new() })) }
    }

    /// Turns the time forward to `moment`, and wakes whoever waited for it. An earlier moment changes nothing.
    pub fn turn_to(&self, moment: Time) {
        let mut shared = lock(&self.shared);
        shared.now = shared.now.max(moment);
        let now = shared.now;
        let (due, later): (Vec<_>, Vec<_>) = shared.sleepers.drain(..).partition(|(until, _)| *until <= now);
        shared.sleepers = later;
        // A waker may come back here.
        drop(shared);
        due.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

impl Timer for ManualTimer {
    type Sleep = ManualSleep;

    fn now(&self) -> Time {
        lock(&self.shared).now
    }

    fn sleep_until(&self, moment: Time) -> ManualSleep {
        ManualSleep { shared: self.shared.clone(), until: moment }
    }
}

/// The future of a [`ManualTimer`].
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct ManualSleep {
    shared: Arc<Mutex<Shared>>,
    until: Time,
}

impl Future for ManualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut shared = lock(&self.shared);
        if self.until <= shared.now {
            return Poll::Ready(());
        }
        let known =
            shared.sleepers.iter().any(|(until, waker)| *until == self.until && waker.will_wake(context.waker()));
        if !known {
            shared.sleepers.push((self.until, context.waker().clone()));
        }
        Poll::Pending
    }
}

/// Nothing is left half done where a waker panics.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
