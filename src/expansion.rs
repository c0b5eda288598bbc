//! [`Expansion`]: the state of a stage that makes many items of one.

use core::{cell::Cell, fmt, ops::ControlFlow};

use crate::{Reduced, Step};

/// The state of [`FlatMapping`](crate::FlatMapping), [`Flattening`](crate::Flattening) and
/// [`Repeating`](crate::Repeating): what they are still to make of an item, while a driver that wants one
/// output at a time has its one.
///
/// Such a run lives inside a lazy iterator or a stream. Where a run can be set aside to be
/// serialized there is never anything left to be made, and so this is serialized as nothing.
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
pub struct Expansion<I> {
    #[cfg_attr(feature = "serde", serde(skip, default = "nothing"))]
    rest: Option<I>,
}

#[cfg(feature = "serde")]
fn nothing<I>() -> Option<I> {
    None
}

impl<I: Iterator> Expansion<I> {
    #[inline]
    pub(crate) fn new() -> Self {
        Self { rest: None }
    }

    /// Emits `items`, but no more than until `full`.
    #[inline]
    pub(crate) fn step_until(&mut self, items: I, emit: &mut impl FnMut(I::Item) -> Step, full: &Cell<bool>) -> Step {
        // Another item of the same step of a stage upstream: what comes before it cannot wait any longer.
        if let Some(mut before) = self.rest.take() {
            before.try_for_each(&mut *emit)?;
        }
        self.rest = Some(items);
        self.resume(emit, full)
    }

    /// Emits what is left to be emitted, but no more than until `full`.
    #[inline]
    pub(crate) fn resume(&mut self, emit: &mut impl FnMut(I::Item) -> Step, full: &Cell<bool>) -> Step {
        let Some(rest) = &mut self.rest else { return ControlFlow::Continue(()) };
        if full.get() {
            return ControlFlow::Continue(());
        }
        for item in rest.by_ref() {
            if emit(item).is_break() {
                self.rest = None;
                return ControlFlow::Break(Reduced);
            }
            if full.get() {
                return ControlFlow::Continue(());
            }
        }
        self.rest = None;
        ControlFlow::Continue(())
    }

    /// How many items are left to be emitted.
    pub(crate) fn size_hint(&self) -> crate::SizeHint {
        self.rest.as_ref().map_or((0, Some(0)), Iterator::size_hint)
    }
}

impl<I> fmt::Debug for Expansion<I> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Expansion").field("suspended", &self.rest.is_some()).finish()
    }
}
