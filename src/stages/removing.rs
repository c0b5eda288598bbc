use super::filtering::Filtering;
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits each item for which `predicate` does not hold, as it comes.
///
/// Keeps nothing. [`Iterator::filter`], negated; Clojure's `remove`.
///
/// ```
/// use transducer::{TransduceIterator, removing};
///
/// let words = ["a", "", "b"].into_iter().transduce(removing(|word: &&str| word.is_empty()));
/// assert_eq!(words.collect::<Vec<_>>(), ["a", "b"]);
/// ```
#[doc(alias = "reject")]
pub fn removing<In, P: Fn(&In) -> bool>(predicate: P) -> Removing<P> {
    Filtering { predicate }
}

/// The transducer that [`removing`] makes.
pub type Removing<P> = Filtering<P, false>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item for which `predicate` does not hold: see [`removing`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let odd = (1..=4).transduce(pipeline::<u32>().remove(|x| x % 2 == 0));
    /// assert_eq!(odd.collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn remove<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, Removing<P>>> {
        self.then(removing(predicate))
    }
}
