use super::filtering::Filtering;
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits each item for which `predicate` returns false.
///
/// - **Like**: [`Iterator::filter`], with the predicate negated; Clojure's `remove`, Python's `filterfalse`.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = ["a", "", "b"].into_iter().transduce(removing(|word: &&str| word.is_empty()));
/// assert_eq!(words.collect::<Vec<_>>(), ["a", "b"]);
/// ```
#[doc(alias("reject", "filterfalse"))]
pub fn removing<In, P: Fn(&In) -> bool>(predicate: P) -> Removing<P> {
    Filtering { predicate }
}

/// The transducer of [`removing`].
pub type Removing<P> = Filtering<P, false>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item for which `predicate` returns false. See [`removing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let odd = (1..=4).transduce(pipeline::<u32>().remove(|x| x % 2 == 0));
    /// assert_eq!(odd.collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn remove<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, Removing<P>>> {
        self.then(removing(predicate))
    }
}
