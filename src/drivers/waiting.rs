//! What the asynchronous drivers share: the guard that makes a run which has ended, or panicked, stay ended.

use core::{mem, pin::Pin, task::Poll};

/// How often a driver polls what is upstream, without an output to show for it, before it lets the
/// executor run something else.
pub(super) const POLLS_A_TURN: usize = 128;

/// Polls what is in `slot`, and empties it at the end of the stream or when the poll panics. What was
/// in there is then gone, with all it held, and every further poll is `Ready(None)`.
#[inline]
pub(super) fn poll_fused<T, Out>(
    slot: Pin<&mut Option<T>>,
    poll: impl FnOnce(Pin<&mut T>) -> Poll<Option<Out>>,
) -> Poll<Option<Out>> {
    let mut slot = EmptyOnDrop(slot);
    let Some(live) = slot.0.as_mut().as_pin_mut() else { return Poll::Ready(None) };
    let polled = poll(live);
    if !matches!(polled, Poll::Ready(None)) {
        mem::forget(slot);
    }
    polled
}

/// Hands what is in `slot` to `step`, and empties the slot when that panics.
#[inline]
pub(super) fn unless_it_panics<T: Unpin, R>(slot: &mut Option<T>, step: impl FnOnce(&mut T) -> R) -> Option<R> {
    let mut slot = EmptyOnDrop(Pin::new(slot));
    let stepped = slot.0.as_mut().get_mut().as_mut().map(step);
    mem::forget(slot);
    stepped
}

/// Empties the slot when dropped.
struct EmptyOnDrop<'a, T>(Pin<&'a mut Option<T>>);

impl<T> Drop for EmptyOnDrop<'_, T> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}
