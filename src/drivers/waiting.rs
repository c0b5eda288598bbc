//! What the asynchronous drivers share: a run whose outputs wait until someone takes them, and the
//! guard that makes a run which has ended, or panicked, stay ended.

use alloc::vec::Vec;
use core::{cell::Cell, fmt, marker::PhantomData, mem, ops::ControlFlow, pin::Pin, task::Poll};

use crate::{SizeHint, Step, Transducer};

/// How often a driver polls what is upstream, without an output to show for it, before it lets the
/// executor run something else.
pub(super) const POLLS_A_TURN: usize = 128;

/// A run of a transducer: each step gives its first output, and the others wait.
pub(super) struct Run<In, X: Transducer<In>> {
    xf: X,
    progress: Progress<X::State>,
    /// Outputs that have been made and not yet taken, the next one last, as in the lazy driver.
    waiting: Vec<X::Out>,
    /// Whether outputs may be left to be made of the last item.
    suspended: bool,
    item: PhantomData<fn(In)>,
}

/// How far a run has come.
enum Progress<S> {
    /// Takes input.
    Fed(S),
    /// Wants no more input, and is to be completed when nothing is left to be made of what it had.
    Unfed(S),
    /// Has been completed.
    Completed,
}

// Nothing in a run is ever pinned.
impl<In, X: Transducer<In>> Unpin for Run<In, X> {}

impl<In, X: Transducer<In>> Run<In, X> {
    pub(super) fn new(xf: X) -> Self {
        let progress = Progress::Fed(xf.initial());
        Self { xf, progress, waiting: Vec::new(), suspended: false, item: PhantomData }
    }

    /// Whether the transducer wants no item at all.
    pub(super) fn is_reduced(&self) -> bool {
        if let Progress::Fed(state) = &self.progress { self.xf.is_reduced(state) } else { true }
    }

    /// Whether the run takes no more items; outputs may still wait.
    #[inline]
    pub(super) fn is_ended(&self) -> bool {
        !matches!(self.progress, Progress::Fed(_))
    }

    /// Whether outputs may wait. While they do, the run must not be stepped.
    #[inline]
    pub(super) fn is_waiting(&self) -> bool {
        self.suspended || !self.waiting.is_empty()
    }

    /// The next output that waits.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<X::Out> {
        let out = self.waiting.pop();
        if out.is_none() && self.suspended { self.advance(None) } else { out }
    }

    /// Steps the transducer, and completes it if that was the end. The first output is given back at
    /// once: the common case, one output, never touches the queue.
    #[inline]
    pub(super) fn step(&mut self, item: In) -> Option<X::Out> {
        self.advance(Some(item))
    }

    /// Completes the transducer, unless it has been before. Gives the first of the leftovers.
    pub(super) fn finish(&mut self) -> Option<X::Out> {
        self.progress.end();
        self.advance(None)
    }

    /// Takes `item`, or goes on with the one before.
    #[inline]
    fn advance(&mut self, item: Option<In>) -> Option<X::Out> {
        debug_assert!(self.waiting.is_empty());
        let Self { xf, progress, waiting, suspended, .. } = self;
        let (Progress::Fed(state) | Progress::Unfed(state)) = progress else { return None };
        let (mut first, full) = (None, Cell::new(false));
        let mut emit = |out| -> Step {
            if full.replace(true) {
                waiting.push(out);
            } else {
                first = Some(out);
            }
            ControlFlow::Continue(())
        };
        let flow = match item {
            Some(item) => xf.step_until(state, item, &mut emit, &full),
            None => xf.resume(state, &mut emit, &full),
        };
        *suspended = X::SUSPENDS && full.get();
        if flow.is_break() {
            progress.end();
        }
        if !*suspended && let Some(state) = progress.complete() {
            xf.complete(state, &mut emit);
        }
        if waiting.len() > 1 {
            waiting.reverse();
        }
        first
    }

    /// How many outputs are still to come, if `input` items are.
    pub(super) fn size_hint(&self, input: SizeHint) -> SizeHint {
        let coming = match &self.progress {
            Progress::Fed(state) => self.xf.size_hint(state, input),
            Progress::Unfed(state) => self.xf.size_hint(state, (0, Some(0))),
            Progress::Completed => (0, Some(0)),
        };
        let waiting = self.waiting.len();
        (coming.0.saturating_add(waiting), coming.1.and_then(|most| most.checked_add(waiting)))
    }
}

impl<S> Progress<S> {
    /// Ends the input.
    fn end(&mut self) {
        *self = match mem::replace(self, Self::Completed) {
            Self::Fed(state) | Self::Unfed(state) => Self::Unfed(state),
            Self::Completed => Self::Completed,
        };
    }

    /// The state, when it is to be completed.
    #[inline]
    fn complete(&mut self) -> Option<S> {
        if !matches!(self, Self::Unfed(_)) {
            return None;
        }
        if let Self::Unfed(state) = mem::replace(self, Self::Completed) { Some(state) } else { None }
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
