use super::taking_while::TakingWhile;
use crate::{
    kernel::{Compose, Transducer},
    pipeline::Pipeline,
};

/// Emits items as they come, up to and with the first for which `predicate` holds, and ends the run
/// with it.
///
/// The predicate says when to stop, so it is the opposite of [`taking_while`](crate::taking_while)'s,
/// and the item that it holds for is emitted, where `taking_while` drops the one at which it ends.
/// Keeps nothing. itertools' `take_while_inclusive`, with the predicate negated. The verb is that of
/// xforms' `take-until`, for Clojure.
///
/// ```
/// use transducer::{TransduceIterator, taking_until};
///
/// let sentence = ["we", "came.", "we", "saw."].into_iter().transduce(taking_until(|word: &&str| word.ends_with('.')));
/// assert_eq!(sentence.collect::<Vec<_>>(), ["we", "came."]);
/// ```
#[doc(alias = "take_while_inclusive")]
pub fn taking_until<In, P: Fn(&In) -> bool>(predicate: P) -> TakingUntil<P> {
    TakingWhile { predicate }
}

/// The transducer that [`taking_until`] makes.
pub type TakingUntil<P> = TakingWhile<P, true>;

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits items up to and with the first for which `predicate` holds: see [`taking_until`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = (1..).transduce(pipeline::<u32>().take_until(|x| *x == 3));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);
    /// ```
    pub fn take_until<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, TakingUntil<P>>> {
        self.then(taking_until(predicate))
    }
}
