use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Drops items while `predicate` returns true, and emits the first other item and all that follow.
///
/// - **Memory**: one flag.
/// - **Like**: [`Iterator::skip_while`]; Clojure's `drop-while`.
///
/// ```
/// use transducer::prelude::*;
///
/// let text = ["", "", "a", ""].into_iter().transduce(skipping_while(|line: &&str| line.is_empty()));
/// assert_eq!(text.collect::<Vec<_>>(), ["a", ""]);
/// ```
#[doc(alias("drop_while", "drop-while"))]
pub fn skipping_while<In, P: Fn(&In) -> bool>(predicate: P) -> SkippingWhile<P> {
    SkippingWhile { predicate }
}

/// The transducer of [`skipping_while`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SkippingWhile<P> {
    predicate: P,
}

impl<In, P: Fn(&In) -> bool> Transducer<In> for SkippingWhile<P> {
    type Out = In;
    type State = bool;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> bool {
        false
    }

    #[inline(always)]
    fn step(&self, begun: &mut bool, item: In, out: &mut impl Emit<In>) -> Step {
        if !*begun && (self.predicate)(&item) {
            return ControlFlow::Continue(());
        }
        *begun = true;
        out.emit(item)
    }

    fn is_idle(&self, begun: &bool) -> bool {
        !begun
    }

    fn size_hint(&self, begun: &bool, (least, most): SizeHint) -> SizeHint {
        (if *begun { least } else { 0 }, most)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("skipping_while");
    }
}

debug_closures!(SkippingWhile<P> {; predicate});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Drops items while `predicate` returns true, and emits the first other item and all that follow. See
    /// [`skipping_while`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let rest = [1, 2, 9, 1].into_iter().transduce(pipeline::<u32>().skip_while(|x| *x < 5));
    /// assert_eq!(rest.collect::<Vec<_>>(), [9, 1]);
    /// ```
    pub fn skip_while<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, SkippingWhile<P>>> {
        self.then(skipping_while(predicate))
    }
}
