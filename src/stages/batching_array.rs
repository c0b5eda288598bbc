use super::{batching::Batching, make::InArray};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Collects items into arrays of `N` and emits each as `Ok` once it is full.
///
/// If fewer than `N` are left at the end of the run, they are emitted as `Err`, in a `SmallVec`: `flattening` leaves them
/// out, `trying` makes an error of them, and a `mapping` fills them up. Empty input yields nothing. An `N` of 0 doesn't
/// compile.
///
/// - **Memory**: up to `N` items; no allocation.
/// - **Like**: `Iterator::array_chunks` and slices' `as_chunks`, with the remainder at hand.
///
/// ```
/// use transducer::prelude::*;
///
/// let pairs = || (1..=5).transduce(batching_array::<2>());
/// assert_eq!(pairs().collect::<Vec<_>>(), [Ok([1, 2]), Ok([3, 4]), Err([5].as_slice().into())]);
/// assert_eq!(pairs().transduce(flattening()).collect::<Vec<_>>(), [[1, 2], [3, 4]]);
///
/// let filled = pairs().map(|pair| pair.unwrap_or_else(|rest| [rest[0], 0]));
/// assert_eq!(filled.collect::<Vec<_>>(), [[1, 2], [3, 4], [5, 0]]);
/// ```
#[doc(alias("array_chunks", "as_chunks", "tuples", "arrays"))]
pub fn batching_array<const N: usize>() -> Batching<InArray<N>> {
    const { assert!(N > 0, "`N` must be at least 1") };
    Batching::of(N, InArray)
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items into arrays of `N` and emits each as `Ok`, and a remainder as `Err`. See [`batching_array`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().chunks_array().flatten().map(|[x, y]| x + y);
    /// assert_eq!((1..=5).transduce(sums).collect::<Vec<_>>(), [3, 7]);
    /// ```
    pub fn chunks_array<const N: usize>(self) -> Pipeline<In, Compose<X, Batching<InArray<N>>>> {
        self.then(batching_array())
    }
}
