use alloc::sync::Arc;
use core::{
    fmt,
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering, fence},
    task::Context,
};

use futures_util::task::AtomicWaker;

/// A limit of concurrency: a `usize` that is not 0, a [`NonZeroUsize`], or [`NoLimit`].
///
/// For a limit that comes from data, use `NonZeroUsize::try_from`, which gives an error for 0.
///
/// ```
/// use std::num::NonZeroUsize;
/// use transducer::prelude::*;
///
/// let futures = || (0..3).map(async |x| x);
/// let _ = limited_as_completed(futures(), 100);
/// let _ = limited_as_completed(futures(), NonZeroUsize::try_from("100".parse::<usize>()?)?);
/// let _ = limited_as_completed(futures(), NoLimit);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With 0 nothing could ever run:
///
/// ```should_panic
/// // panics: `limit` must be at least 1
/// let _ = transducer::limited_as_completed((0..3).map(async |x| x), 0);
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not a limit", label = "expected a `usize` or a `NonZeroUsize`")]
pub trait IntoLimit {
    /// Gives the limit.
    ///
    /// - **Panics**: if it is 0.
    #[track_caller]
    fn into_limit(self) -> NonZeroUsize;
}

impl IntoLimit for NonZeroUsize {
    fn into_limit(self) -> NonZeroUsize {
        self
    }
}

impl IntoLimit for usize {
    #[track_caller]
    fn into_limit(self) -> NonZeroUsize {
        NonZeroUsize::new(self).expect("`limit` must be at least 1")
    }
}

/// No limit: every future that the source has runs.
///
/// Take it only for sources that have an end: an endless one is pulled without end.
///
/// ```
/// use futures::{StreamExt, executor::block_on};
/// use transducer::prelude::*;
///
/// let squares = limited_in_order((1..=4).map(async |x| x * x), NoLimit);
/// assert_eq!(block_on(squares.collect::<Vec<_>>()), [1, 4, 9, 16]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoLimit;

impl IntoLimit for NoLimit {
    fn into_limit(self) -> NonZeroUsize {
        NonZeroUsize::MAX
    }
}

/// The limit of one stream of tasks, which can be changed while they run, from any thread.
///
/// [`Limited::limit`](super::Limited::limit) gives it, with an example. Clones are of the same limit.
#[derive(Clone)]
pub struct Limit {
    shared: Arc<Shared>,
}

struct Shared {
    limit: AtomicUsize,
    /// The task that polls the stream.
    waker: AtomicWaker,
}

impl Limit {
    #[track_caller]
    pub(super) fn new(limit: impl IntoLimit) -> Self {
        let limit = AtomicUsize::new(limit.into_limit().get());
        Self { shared: Arc::new(Shared { limit, waker: AtomicWaker::new() }) }
    }

    /// How many may be in flight; `usize::MAX` for [`NoLimit`].
    pub fn get(&self) -> usize {
        self.shared.limit.load(Ordering::Relaxed)
    }

    /// Changes the limit.
    ///
    /// A higher one is used at once: the stream is woken. Under a lower one all tasks in flight go on, and no more are
    /// pulled until there is room.
    ///
    /// - **Panics**: if `limit` is 0.
    #[track_caller]
    pub fn set(&self, limit: impl IntoLimit) {
        self.shared.limit.store(limit.into_limit().get(), Ordering::Relaxed);
        self.shared.waker.wake();
    }

    /// The limit. The task that polls is woken when it changes.
    #[inline]
    pub(super) fn poll(&self, context: &Context<'_>) -> usize {
        // The stream's own handle alone can't change it, and there can't be another before this poll is over.
        if Arc::strong_count(&self.shared) > 1 {
            self.shared.waker.register(context.waker());
        } else {
            // What was set through one that is gone is seen.
            fence(Ordering::Acquire);
        }
        self.get()
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Limit").field(&self.get()).finish()
    }
}
