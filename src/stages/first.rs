use super::taking::{Taking, taking};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits the first item.
///
/// Empty input yields nothing.
///
/// - **Memory**: one counter.
/// - **Ends**: with that item.
/// - **Like**: [`Iterator::next`], as a stage.
///
/// ```
/// use transducer::prelude::*;
///
/// let first_even = compose((filtering(|x: &i32| x % 2 == 0), first()));
/// assert_eq!([3, 4, 6].into_iter().transduce(first_even).collect::<Vec<_>>(), [4]);
/// ```
#[doc(alias = "head")]
pub fn first() -> Taking {
    taking(1)
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item and ends the run. See [`first()`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let first = (1..).transduce(pipeline::<u32>().first());
    /// assert_eq!(first.collect::<Vec<_>>(), [1]);
    /// ```
    pub fn first(self) -> Pipeline<In, Compose<X, Taking>> {
        self.then(first())
    }
}
