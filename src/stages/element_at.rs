use super::{
    first::first,
    skipping::{Skipping, skipping},
    taking::Taking,
};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits the item at `position`, counted from 0.
///
/// Input without that position yields nothing.
///
/// - **Memory**: two counters.
/// - **Ends**: with that item.
/// - **Like**: [`Iterator::nth`], as a stage.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(('a'..).transduce(element_at(2)).collect::<Vec<_>>(), ['c']);
/// ```
#[doc(alias = "nth")]
pub fn element_at(position: usize) -> ElementAt {
    Compose::new(skipping(position), first())
}

/// The transducer of [`element_at`].
pub type ElementAt = Compose<Skipping, Taking>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the item at `position`, counted from 0, and ends the run. See [`element_at`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let third = (10..).transduce(pipeline::<u32>().nth(2));
    /// assert_eq!(third.collect::<Vec<_>>(), [12]);
    /// ```
    pub fn nth(self, position: usize) -> Pipeline<In, Compose<X, ElementAt>> {
        self.then(element_at(position))
    }
}
