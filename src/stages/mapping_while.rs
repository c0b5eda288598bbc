use super::filter_mapping::FilterMapping;
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits `x` for each item, as long as `f` returns `Some(x)`.
///
/// - **Ends**: when `f` returns `None`. The item that it was called with is lost.
/// - **Like**: [`Iterator::map_while`].
///
/// ```
/// use transducer::prelude::*;
///
/// let numbers = ["1", "2", "x", "4"].into_iter().transduce(mapping_while(|text: &str| text.parse::<u32>().ok()));
/// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
/// ```
pub fn mapping_while<In, Out, F: Fn(In) -> Option<Out>>(f: F) -> MappingWhile<F> {
    FilterMapping { f }
}

/// The transducer of [`mapping_while`].
pub type MappingWhile<F> = FilterMapping<F, true>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `x` for each item, as long as `f` returns `Some(x)`. See [`mapping_while`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let halves = [8, 6, 5, 4].into_iter().transduce(pipeline::<u32>().map_while(|x| (x % 2 == 0).then_some(x / 2)));
    /// assert_eq!(halves.collect::<Vec<_>>(), [4, 3]);
    /// ```
    pub fn map_while<Out, F>(self, f: F) -> Pipeline<In, Compose<X, MappingWhile<F>>>
    where
        F: Fn(X::Out) -> Option<Out>,
    {
        self.then(mapping_while(f))
    }
}
