use super::{
    filtering::{Filtering, filtering},
    first::first,
    taking::Taking,
};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits the first item for which `predicate` returns true.
///
/// If there is none, nothing is emitted.
///
/// - **Memory**: one counter.
/// - **Ends**: with that item.
/// - **Like**: [`Iterator::find`], as a stage.
///
/// ```
/// use transducer::prelude::*;
///
/// let long = ["a", "bcd", "efgh"].into_iter().transduce(first_where(|word: &&str| word.len() > 2));
/// assert_eq!(long.collect::<Vec<_>>(), ["bcd"]);
/// ```
#[doc(alias = "find")]
pub fn first_where<In, P: Fn(&In) -> bool>(predicate: P) -> FirstWhere<P> {
    Compose::new(filtering(predicate), first())
}

/// The transducer of [`first_where`].
pub type FirstWhere<P> = Compose<Filtering<P>, Taking>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item for which `predicate` returns true and ends the run. See [`first_where`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let found = (1..).transduce(pipeline::<u32>().find(|x| x % 5 == 0));
    /// assert_eq!(found.collect::<Vec<_>>(), [5]);
    /// ```
    pub fn find<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, FirstWhere<P>>> {
        self.then(first_where(predicate))
    }
}
