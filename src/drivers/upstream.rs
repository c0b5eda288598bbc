//! What an asynchronous driver takes items from, and how the tasks in there go on while it takes none.
//!
//! A stream has one method, which runs what the stream has in flight and takes an item from it. A driver that is full
//! wants the one without the other. So it polls its source in a *rest*: until that poll returns, every stream of this
//! crate that is polled on the thread lets its tasks run, keeps back its outputs, and answers that it is pending. That
//! works through any adaptor between the two, of whatever crate, because it is an ordinary poll and an ordinary answer.
//! (tokio's budget of a task works in the same way.)

use alloc::{boxed::Box, vec::Vec};
use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use futures_core::Stream;
use pin_project_lite::pin_project;

use crate::kernel::SizeHint;

pub(super) use rest::{count_poll, is_rest, outside, polls};

pin_project! {
    /// A stream that a driver takes items from.
    pub(super) struct Upstream<S: Stream> {
        // `None` once it has ended, or no more is wanted.
        #[pin]
        stream: Option<S>,
        // Made when a task is first polled in there. Streams without tasks are never polled in a rest.
        with_tasks: Option<Box<WithTasks<S::Item>>>,
    }
}

struct WithTasks<T> {
    /// An item that the stream gave in a rest all the same: an adaptor of another crate had it in store.
    ahead: Option<T>,
    /// Who has kept outputs back.
    kept_back: Vec<Waker>,
}

impl<S: Stream> Upstream<S> {
    pub(super) fn new(stream: Option<S>) -> Self {
        Self { stream, with_tasks: None }
    }

    /// Whether there are no more items.
    pub(super) fn is_done(&self) -> bool {
        self.stream.is_none() && self.ahead().is_none()
    }

    /// Drops the stream.
    pub(super) fn clear(self: Pin<&mut Self>) {
        let mut this = self.project();
        this.stream.set(None);
        *this.with_tasks = None;
    }

    /// The next item. `Ready(None)` at the end, and ever after.
    #[inline]
    pub(super) fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut this = self.project();
        if let Some(with_tasks) = this.with_tasks {
            if let Some(item) = with_tasks.ahead.take() {
                return Poll::Ready(Some(item));
            }
            with_tasks.wake(context);
        }
        let Some(stream) = this.stream.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let before = polls();
        let polled = stream.poll_next(context);
        if polls() != before && this.with_tasks.is_none() {
            *this.with_tasks = Some(Box::new(WithTasks { ahead: None, kept_back: Vec::new() }));
        }
        if let Poll::Ready(None) = polled {
            this.stream.set(None);
        }
        polled
    }

    /// Lets the tasks in there run, and takes no item.
    #[inline]
    pub(super) fn poll_run(self: Pin<&mut Self>, context: &mut Context<'_>) {
        if self.with_tasks.is_some() {
            self.poll_in_a_rest(context);
        }
    }

    #[cold]
    fn poll_in_a_rest(self: Pin<&mut Self>, context: &mut Context<'_>) {
        let mut this = self.project();
        let Some(with_tasks) = this.with_tasks.as_mut().filter(|with_tasks| with_tasks.ahead.is_none()) else { return };
        let Some(stream) = this.stream.as_mut().as_pin_mut() else { return };
        match rest::within(&mut with_tasks.kept_back, || stream.poll_next(context)) {
            Poll::Ready(Some(item)) => with_tasks.ahead = Some(item),
            Poll::Ready(None) => this.stream.set(None),
            Poll::Pending => {}
        }
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        let (least, most) = self.stream.as_ref().map_or((0, Some(0)), Stream::size_hint);
        let ahead = usize::from(self.ahead().is_some());
        (least.saturating_add(ahead), most.and_then(|most| most.checked_add(ahead)))
    }

    fn ahead(&self) -> Option<&S::Item> {
        self.with_tasks.as_ref()?.ahead.as_ref()
    }
}

impl<T> WithTasks<T> {
    /// Wakes those that have kept outputs back. An executor in between may poll them only then.
    fn wake(&mut self, context: &Context<'_>) {
        for waker in self.kept_back.drain(..) {
            if !waker.will_wake(context.waker()) {
                waker.wake();
            }
        }
    }
}

impl<S: Stream + fmt::Debug> fmt::Debug for Upstream<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(out)
    }
}

/// What a thread knows of rests.
#[cfg(feature = "std")]
mod rest {
    use alloc::vec::Vec;
    use core::{
        cell::{Cell, RefCell},
        mem,
        task::{Context, Waker},
    };
    use std::thread_local;

    thread_local! {
        static IS_REST: Cell<bool> = const { Cell::new(false) };
        /// Who has kept outputs back in this rest.
        static KEPT_BACK: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
        /// How often tasks have been polled.
        static POLLS: Cell<usize> = const { Cell::new(0) };
    }

    /// Whether this is a rest, in which the caller keeps its outputs back. It will be polled again for them.
    #[inline]
    pub(in super::super) fn is_rest(context: &Context<'_>) -> bool {
        IS_REST.get() && {
            keep_back(context.waker());
            true
        }
    }

    #[cold]
    fn keep_back(waker: &Waker) {
        KEPT_BACK.with_borrow_mut(|kept_back| {
            if !kept_back.iter().any(|other| other.will_wake(waker)) {
                kept_back.push(waker.clone());
            }
        });
    }

    /// Does `poll` in a rest, and adds to `kept_back` who keeps outputs back in it.
    pub(super) fn within<T>(kept_back: &mut Vec<Waker>, poll: impl FnOnce() -> T) -> T {
        struct Swapped<'a>(&'a mut Vec<Waker>);
        impl<'a> Swapped<'a> {
            fn new(kept_back: &'a mut Vec<Waker>) -> Self {
                KEPT_BACK.with_borrow_mut(|here| mem::swap(here, kept_back));
                Self(kept_back)
            }
        }
        impl Drop for Swapped<'_> {
            fn drop(&mut self) {
                KEPT_BACK.with_borrow_mut(|here| mem::swap(here, self.0));
            }
        }
        let _swapped = Swapped::new(kept_back);
        with(true, poll)
    }

    /// Does `poll` outside of the rest that may be on. What a task polls has nothing to do with the driver that rests.
    #[inline]
    pub(in super::super) fn outside<T>(poll: impl FnOnce() -> T) -> T {
        with(false, poll)
    }

    #[inline]
    fn with<T>(is_rest: bool, poll: impl FnOnce() -> T) -> T {
        struct Restore(bool);
        impl Drop for Restore {
            fn drop(&mut self) {
                IS_REST.set(self.0);
            }
        }
        let _restore = Restore(IS_REST.replace(is_rest));
        poll()
    }

    /// Counts the poll of a task.
    #[inline]
    pub(in super::super) fn count_poll() {
        POLLS.set(POLLS.get().wrapping_add(1));
    }

    /// How often tasks have been polled on this thread.
    #[inline]
    pub(in super::super) fn polls() -> usize {
        POLLS.get()
    }
}

/// Without `std` a thread knows nothing, and there are no rests: a source stands still while its driver is full.
#[cfg(not(feature = "std"))]
mod rest {
    use alloc::vec::Vec;
    use core::task::{Context, Waker};

    pub(in super::super) fn is_rest(_: &Context<'_>) -> bool {
        false
    }

    pub(super) fn within<T>(_: &mut Vec<Waker>, poll: impl FnOnce() -> T) -> T {
        poll()
    }

    pub(in super::super) fn outside<T>(poll: impl FnOnce() -> T) -> T {
        poll()
    }

    pub(in super::super) fn count_poll() {}

    pub(in super::super) fn polls() -> usize {
        0
    }
}
