//! What the asynchronous drivers share: a run whose outputs wait until someone takes them, and the
//! guard that makes a run which has ended, or panicked, stay ended.

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData, mem, ops::ControlFlow, pin::Pin, task::Poll};

use crate::{SizeHint, Transducer};

/// How often a driver polls what is upstream, without an output to show for it, before it lets the
/// executor run something else.
pub(super) const POLLS_A_TURN: usize = 128;

/// A run of a transducer: each step gives its first output, and the others wait.
pub(super) struct Run<In, X: Transducer<In>> {
    xf: X,
    /// `None` once the transducer has been completed.
    state: Option<X::State>,
    /// Outputs that have been made and not yet taken, the next one last, as in the lazy driver.
    waiting: Vec<X::Out>,
    item: PhantomData<fn(In)>,
}

// Nothing in a run is ever pinned.
impl<In, X: Transducer<In>> Unpin for Run<In, X> {}

impl<In, X: Transducer<In>> Run<In, X> {
    pub(super) fn new(xf: X) -> Self {
        Self { state: Some(xf.initial()), xf, waiting: Vec::new(), item: PhantomData }
    }

    /// Whether the transducer wants no item at all.
    pub(super) fn is_reduced(&self) -> bool {
        self.state.as_ref().is_none_or(|state| self.xf.is_reduced(state))
    }

    /// Whether the transducer has been completed; outputs may still wait.
    #[inline]
    pub(super) fn is_complete(&self) -> bool {
        self.state.is_none()
    }

    /// Whether outputs wait. While they do, the run must not be stepped.
    #[inline]
    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The next output that waits.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<X::Out> {
        self.waiting.pop()
    }

    /// Steps the transducer, and completes it if that was the end. The first output is given back at
    /// once: the common case, one output, never touches the queue.
    #[inline]
    pub(super) fn step(&mut self, item: In) -> Option<X::Out> {
        debug_assert!(self.waiting.is_empty());
        let Self { xf, state, waiting, .. } = self;
        let mut first = None;
        let flow = xf.step(state.as_mut()?, item, &mut |out| {
            if first.is_none() {
                first = Some(out);
            } else {
                waiting.push(out);
            }
            ControlFlow::Continue(())
        });
        if flow.is_break() {
            return self.finish_after(first);
        }
        waiting.reverse();
        first
    }

    /// Completes the transducer, unless it has been before. Gives the first of the leftovers.
    pub(super) fn finish(&mut self) -> Option<X::Out> {
        debug_assert!(self.waiting.is_empty());
        self.finish_after(None)
    }

    #[cold]
    fn finish_after(&mut self, mut first: Option<X::Out>) -> Option<X::Out> {
        if let Some(state) = self.state.take() {
            self.xf.complete(state, &mut |out| {
                if first.is_none() {
                    first = Some(out);
                } else {
                    self.waiting.push(out);
                }
                ControlFlow::Continue(())
            });
        }
        self.waiting.reverse();
        first
    }

    /// How many outputs are still to come, if `input` items are.
    pub(super) fn size_hint(&self, input: SizeHint) -> SizeHint {
        let coming = self.state.as_ref().map_or((0, Some(0)), |state| self.xf.size_hint(state, input));
        let waiting = self.waiting.len();
        (coming.0.saturating_add(waiting), coming.1.and_then(|most| most.checked_add(waiting)))
    }
}

impl<In, X: Transducer<In> + fmt::Debug> fmt::Debug for Run<In, X> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Run").field("xf", &self.xf).field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

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
