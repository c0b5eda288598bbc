use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Splittable, Step, Transducer, debug::debug_closures, hint},
    pipeline::Pipeline,
};

/// Emits each item for which `predicate` returns true.
///
/// - **Like**: [`Iterator::filter`].
///
/// ```
/// use transducer::prelude::*;
///
/// let even = (1..=6).transduce(filtering(|x: &i32| x % 2 == 0));
/// assert_eq!(even.collect::<Vec<_>>(), [2, 4, 6]);
/// ```
pub fn filtering<In, P: Fn(&In) -> bool>(predicate: P) -> Filtering<P> {
    Filtering { predicate }
}

/// The transducer of [`filtering`] and [`removing`](crate::removing).
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Filtering<P, const KEEPS: bool = true> {
    pub(super) predicate: P,
}

impl<In, P: Fn(&In) -> bool, const KEEPS: bool> Transducer<In> for Filtering<P, KEEPS> {
    type Out = In;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        if (self.predicate)(&item) == KEEPS { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage(if KEEPS { "filtering" } else { "removing" });
    }
}

impl<P, const KEEPS: bool> Splittable for Filtering<P, KEEPS> {}

debug_closures!(Filtering<P; const KEEPS: bool> {; predicate});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item for which `predicate` returns true. See [`filtering`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let even = (1..=4).transduce(pipeline::<u32>().filter(|x| x % 2 == 0));
    /// assert_eq!(even.collect::<Vec<_>>(), [2, 4]);
    /// ```
    pub fn filter<P: Fn(&X::Out) -> bool>(self, predicate: P) -> Pipeline<In, Compose<X, Filtering<P>>> {
        self.then(filtering(predicate))
    }
}
