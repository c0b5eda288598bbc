use super::{
    filtering::{Filtering, filtering},
    first::first,
    taking::Taking,
};
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits the first item for which `predicate` holds, as it comes, and ends the run. If there is none
/// it emits nothing.
///
/// Keeps nothing. [`Iterator::find`], as a stage.
///
/// ```
/// use transducer::{TransduceIterator, first_where};
///
/// let long = ["a", "bcd", "efgh"].into_iter().transduce(first_where(|word: &&str| word.len() > 2));
/// assert_eq!(long.collect::<Vec<_>>(), ["bcd"]);
/// ```
#[doc(alias = "find")]
pub fn first_where<In, P: Fn(&In) -> bool>(predicate: P) -> FirstWhere<P> {
    Compose::new(filtering(predicate), first())
}

/// The transducer that [`first_where`] makes.
pub type FirstWhere<P> = Compose<Filtering<P>, Taking>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first item for which `predicate` holds and ends the run: see [`first_where`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let found = (1..).transduce(pipeline::<u32>().find(|x| x % 5 == 0));
    /// assert_eq!(found.collect::<Vec<_>>(), [5]);
    /// ```
    pub fn find<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, FirstWhere<P>>> {
        self.then(first_where(predicate))
    }
}
