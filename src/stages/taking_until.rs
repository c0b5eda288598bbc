use super::taking_while::TakingWhile;
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits items up to and including the first for which `predicate` returns true.
///
/// [`taking_while`](crate::taking_while) takes the opposite predicate, and does not emit the item that it ends with.
///
/// - **Ends**: with that item.
/// - **Like**: itertools `take_while_inclusive`, with the predicate negated; `take-upto` of Clojure's medley.
///
/// ```
/// use transducer::prelude::*;
///
/// let sentence = ["we", "came.", "we", "saw."].into_iter().transduce(taking_until(|word: &&str| word.ends_with('.')));
/// assert_eq!(sentence.collect::<Vec<_>>(), ["we", "came."]);
/// ```
#[doc(alias("take_while_inclusive", "take_upto"))]
pub fn taking_until<In, P: Fn(&In) -> bool>(predicate: P) -> TakingUntil<P> {
    TakingWhile { predicate }
}

/// The transducer of [`taking_until`].
pub type TakingUntil<P> = TakingWhile<P, true>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits items up to and including the first for which `predicate` returns true. See [`taking_until`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = (1..).transduce(pipeline::<u32>().take_until(|x| *x == 3));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
    /// ```
    pub fn take_until<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, TakingUntil<P>>> {
        self.then(taking_until(predicate))
    }
}
