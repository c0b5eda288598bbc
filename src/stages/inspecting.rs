use crate::{
    kernel::{Compose, Emit, OneToOne, Outline, Shape, SizeHint, Splittable, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits each item unchanged, after calling `f` with a reference to it.
///
/// - **Like**: [`Iterator::inspect`]; `peek` of Java's streams, RxJS's `tap`.
///
/// ```
/// use std::cell::Cell;
/// use transducer::prelude::*;
///
/// let sum = Cell::new(0);
/// let items = [1, 2].into_iter().transduce(inspecting(|x: &i32| sum.set(sum.get() + x)));
/// assert_eq!(items.collect::<Vec<_>>(), [1, 2]);
/// assert_eq!(sum.get(), 3);
/// ```
#[doc(alias("tap", "peek"))]
pub fn inspecting<In, F: Fn(&In)>(f: F) -> Inspecting<F> {
    Inspecting { f }
}

/// The transducer of [`inspecting`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Inspecting<F> {
    f: F,
}

impl<In, F: Fn(&In)> Transducer<In> for Inspecting<F> {
    type Out = In;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        (self.f)(&item);
        out.emit(item)
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("inspecting");
    }
}

impl<F> OneToOne for Inspecting<F> {}
impl<F> Splittable for Inspecting<F> {}

debug_closures!(Inspecting<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item unchanged, after calling `f` with a reference to it. See [`inspecting`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let seen = std::cell::Cell::new(0);
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().inspect(|x| seen.set(seen.get() + x)));
    /// assert_eq!((numbers.count(), seen.get()), (2, 3));
    /// ```
    pub fn inspect<F: Fn(&X::Out)>(self, f: F) -> Pipeline<In, Compose<X, Inspecting<F>>> {
        self.then(inspecting(f))
    }
}
