//! An iterator that can be looked into: what the stages with a source of their own keep.

use crate::kernel::{Held, SizeHint, hint};

/// Like `Peekable<Fuse<I>>`, and can be written and read.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Ahead<T, I> {
    next: Held<T>,
    /// `None` once there are no more.
    rest: Held<I>,
}

impl<I: Iterator> Ahead<I::Item, I> {
    pub(super) fn new(items: I) -> Self {
        Self { next: Held(None), rest: Held(Some(items)) }
    }

    #[inline]
    pub(super) fn peek(&mut self) -> Option<&I::Item> {
        if self.next.0.is_none() {
            self.next.0 = self.take_rest();
        }
        self.next.0.as_ref()
    }

    #[inline]
    fn take_rest(&mut self) -> Option<I::Item> {
        let item = self.rest.0.as_mut()?.next();
        if item.is_none() {
            self.rest.0 = None;
        }
        item
    }
}

impl<I: Iterator> Iterator for Ahead<I::Item, I> {
    type Item = I::Item;

    #[inline]
    fn next(&mut self) -> Option<I::Item> {
        self.next.0.take().or_else(|| self.take_rest())
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.0.as_ref().map_or(hint::NOTHING, Iterator::size_hint);
        hint::add(hint::exactly(usize::from(self.next.0.is_some())), rest)
    }
}
