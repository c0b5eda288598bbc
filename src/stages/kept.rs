//! What [`sorting`](crate::sorting), [`reversing`](crate::reversing) and [`taking_last`](crate::taking_last) keep.

/// Items that are kept until the run has ended, and from then on those of them that are left to be emitted.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Kept<C> {
    pub(super) items: C,
    /// Whether the run has ended. Before, nothing is to be resumed.
    pub(super) ended: bool,
}

impl<C> Kept<C> {
    /// As a run begins.
    #[inline]
    pub(super) fn new(items: C) -> Self {
        Self { items, ended: false }
    }
}
