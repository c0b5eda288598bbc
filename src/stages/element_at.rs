use super::{
    first::first,
    skipping::{Skipping, skipping},
    taking::Taking,
};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits the item at `position`, counted from 0, as it comes, and ends the run. Of an input with no
/// such position it emits nothing.
///
/// Keeps a count. [`Iterator::nth`], as a stage.
///
/// ```
/// use transducer::{TransduceIterator, element_at};
///
/// assert_eq!(('a'..).transduce(element_at(2)).collect::<Vec<_>>(), ['c']);
/// ```
#[doc(alias = "nth")]
pub fn element_at(position: usize) -> ElementAt {
    Compose::new(skipping(position), first())
}

/// The transducer that [`element_at`] makes.
pub type ElementAt = Compose<Skipping, Taking>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the item at `position` and ends the run: see [`element_at`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let third = (10..).transduce(pipeline::<u32>().nth(2));
    /// assert_eq!(third.collect::<Vec<_>>(), [12]);
    /// ```
    pub fn nth(self, position: usize) -> Pipeline<In, Compose<X, ElementAt>> {
        self.then(element_at(position))
    }
}
