use crate::{
    kernel::{Compose, Emit, OneToOne, Outline, Shape, SizeHint, Splittable, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits `x` in place of each item for which `lookup` returns `Some(x)`, and every other item unchanged.
///
/// - **Like**: [`Iterator::map`], with a default; Clojure's `replace`, which takes a map. Here any lookup will do,
///   such as a map's `get`.
///
/// ```
/// use std::collections::HashMap;
/// use transducer::prelude::*;
///
/// let irregular = HashMap::from([("mouses", "mice"), ("gooses", "geese")]);
/// let corrected = ["cats", "gooses"].into_iter().transduce(replacing(|word: &&str| irregular.get(word).copied()));
/// assert_eq!(corrected.collect::<Vec<_>>(), ["cats", "geese"]);
/// ```
#[doc(alias = "replace")]
pub fn replacing<In, F: Fn(&In) -> Option<In>>(lookup: F) -> Replacing<F> {
    Replacing { lookup }
}

/// The transducer of [`replacing`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Replacing<F> {
    lookup: F,
}

impl<In, F: Fn(&In) -> Option<In>> Transducer<In> for Replacing<F> {
    type Out = In;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        out.emit((self.lookup)(&item).unwrap_or(item))
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("replacing");
    }
}

impl<F> OneToOne for Replacing<F> {}
impl<F> Splittable for Replacing<F> {}

debug_closures!(Replacing<F> {; lookup});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `x` in place of each item for which `lookup` returns `Some(x)`. See [`replacing`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().replace(|x| (*x == 2).then_some(20)));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 20]);
    /// ```
    pub fn replace<F: Fn(&X::Out) -> Option<X::Out>>(self, lookup: F) -> Pipeline<In, Compose<X, Replacing<F>>> {
        self.then(replacing(lookup))
    }
}
