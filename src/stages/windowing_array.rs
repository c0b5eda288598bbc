use super::{make::InArray, windowing::Windowing};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits an array of the latest `N` items each time an item comes, from the `N`th item on.
///
/// Input of fewer than `N` items yields nothing. Use [`Windowing::step`] to emit less often. An `N` of 0 doesn't compile.
///
/// - **Memory**: up to `N` items; `N` clones an output, and no allocation.
/// - **Like**: itertools `array_windows`, slices' `array_windows`.
///
/// ```
/// use transducer::prelude::*;
///
/// let peaks = compose((windowing_array(), filtering(|[before, x, after]: &[i32; 3]| before < x && x > after)));
/// assert_eq!([1, 3, 2, 2, 5, 4].into_iter().transduce(peaks).collect::<Vec<_>>(), [[1, 3, 2], [2, 5, 4]]);
/// ```
#[doc(alias("array_windows", "tuple_windows", "map_windows"))]
pub fn windowing_array<const N: usize>() -> Windowing<InArray<N>> {
    const { assert!(N > 0, "`N` must be at least 1") };
    Windowing::of(N, InArray)
}

impl<In, X: Transducer<In, Out: Clone>> Pipeline<In, X> {
    /// Emits an array of the latest `N` items each time an item comes. See [`windowing_array`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let differences = pipeline::<i32>().array_windows().map(|[x, y]| y - x);
    /// assert_eq!([1, 4, 9].into_iter().transduce(differences).collect::<Vec<_>>(), [3, 5]);
    /// ```
    pub fn array_windows<const N: usize>(self) -> Pipeline<In, Compose<X, Windowing<InArray<N>>>> {
        self.then(windowing_array())
    }
}
