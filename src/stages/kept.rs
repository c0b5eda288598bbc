//! What [`sorting`](crate::sorting), [`reversing`](crate::reversing) and [`taking_last`](crate::taking_last) keep.

use alloc::{collections::VecDeque, vec::Vec};
use core::{iter, ops::ControlFlow};

use crate::kernel::{Emit, InvalidState, SizeHint, Step, hint};

/// The state of [`sorting`](crate::sorting), [`reversing`](crate::reversing) and [`taking_last`](crate::taking_last):
/// the items until the run ends, then those that are still to be emitted.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Kept<C> {
    pub(super) items: C,
    /// Whether the run has ended. Before, nothing is to be resumed.
    ended: bool,
}

/// A collection that items are taken from one by one.
pub(super) trait Take {
    type Item;

    fn take_next(&mut self) -> Option<Self::Item>;
    fn len(&self) -> usize;
}

/// From its end, which is fastest.
impl<T> Take for Vec<T> {
    type Item = T;

    #[inline]
    fn take_next(&mut self) -> Option<T> {
        self.pop()
    }

    fn len(&self) -> usize {
        self.len()
    }
}

/// From its front.
impl<T> Take for VecDeque<T> {
    type Item = T;

    #[inline]
    fn take_next(&mut self) -> Option<T> {
        self.pop_front()
    }

    fn len(&self) -> usize {
        self.len()
    }
}

impl<C> Kept<C> {
    /// As a run begins.
    #[inline]
    pub(super) fn new(items: C) -> Self {
        Self { items, ended: false }
    }

    /// Emits the items, the run having ended.
    #[inline]
    pub(super) fn complete(&mut self, out: &mut impl Emit<C::Item>) -> Step
    where
        C: Take,
    {
        self.ended = true;
        self.resume(out)
    }

    /// Emits what is left of them.
    #[inline]
    pub(super) fn resume(&mut self, out: &mut impl Emit<C::Item>) -> Step
    where
        C: Take,
    {
        if !self.ended {
            return ControlFlow::Continue(());
        }
        out.emit_from(&mut iter::from_fn(|| self.items.take_next())).map_continue(|_| ())
    }

    /// Checks what comes from outside.
    pub(super) fn validate(&self, stage: &'static str) -> Result<(), InvalidState> {
        InvalidState::unless(!self.ended, stage, "it has been completed, and takes no more items")
    }

    pub(super) fn is_idle(&self) -> bool
    where
        C: Take,
    {
        !self.ended && self.items.len() == 0
    }

    /// How many items will be emitted, if all are.
    pub(super) fn size_hint(&self, input: SizeHint) -> SizeHint
    where
        C: Take,
    {
        hint::add(hint::exactly(self.items.len()), input)
    }
}
