use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Reduced, Shape, SizeHint, Step, Transducer, debug::debug_closures},
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
    TakingUntil { predicate }
}

/// The transducer that [`taking_until`] makes.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct TakingUntil<P> {
    predicate: P,
}

impl<In, P: Fn(&In) -> bool> Transducer<In> for TakingUntil<P> {
    type Out = In;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        let is_last = (self.predicate)(&item);
        let flow = out.emit(item);
        if is_last { ControlFlow::Break(Reduced) } else { flow }
    }

    fn size_hint(&self, _: &(), (least, most): SizeHint) -> SizeHint {
        (least.min(1), most)
    }
}

debug_closures!(TakingUntil<P> {; predicate});

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
