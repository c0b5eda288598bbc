//! What [`taking`](crate::taking) and [`skipping`](crate::skipping) keep.

/// How many items are still to come of so many.
///
/// It counts down to 0, which costs less than up to a number, and remembers that number for a recipe with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Countdown {
    pub(super) left: usize,
    of: usize,
}

impl Countdown {
    #[inline]
    pub(super) fn new(of: usize) -> Self {
        Self { left: of, of }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.left == self.of
    }

    /// Goes on as one of `of`, after as many items.
    pub(super) fn fit(&mut self, of: usize) {
        let come = self.of.saturating_sub(self.left);
        *self = Self { left: of.saturating_sub(come), of };
    }
}
