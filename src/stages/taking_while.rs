use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Reduced, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits items while `predicate` returns true.
///
/// - **Ends**: at the first item for which `predicate` returns false. This item is lost.
/// - **Like**: [`Iterator::take_while`].
///
/// ```
/// use transducer::prelude::*;
///
/// let small = (1..).transduce(taking_while(|x: &i32| x * x < 10));
/// assert_eq!(small.collect::<Vec<_>>(), [1, 2, 3]);
/// ```
pub fn taking_while<In, P: Fn(&In) -> bool>(predicate: P) -> TakingWhile<P> {
    TakingWhile { predicate }
}

/// The transducer of [`taking_while`] and [`taking_until`](crate::taking_until).
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct TakingWhile<P, const UNTIL: bool = false> {
    pub(super) predicate: P,
}

impl<In, P: Fn(&In) -> bool, const UNTIL: bool> Transducer<In> for TakingWhile<P, UNTIL> {
    type Out = In;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        if (self.predicate)(&item) != UNTIL {
            return out.emit(item);
        }
        if UNTIL {
            let _ = out.emit(item);
        }
        ControlFlow::Break(Reduced)
    }

    fn size_hint(&self, _: &(), (least, most): SizeHint) -> SizeHint {
        (if UNTIL { least.min(1) } else { 0 }, most)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage(if UNTIL { "taking_until" } else { "taking_while" });
    }
}

debug_closures!(TakingWhile<P; const UNTIL: bool> {; predicate});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits items while `predicate` returns true, and ends the run at the first other item. See [`taking_while`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = (1..).transduce(pipeline::<u32>().take_while(|x| *x < 3));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn take_while<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, TakingWhile<P>>> {
        self.then(taking_while(predicate))
    }
}
