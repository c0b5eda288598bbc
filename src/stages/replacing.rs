use crate::{
    kernel::{Compose, Emit, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits what `lookup` has in place of each item, and the item itself where it has nothing, as it comes.
///
/// Keeps nothing. The stage is Clojure's `replace`, which takes a map; here it takes any lookup, such
/// as a map's `get`. [`Iterator::map`], with a default.
///
/// ```
/// use std::collections::HashMap;
/// use transducer::{TransduceIterator, replacing};
///
/// let irregular = HashMap::from([("mouses", "mice"), ("gooses", "geese")]);
/// let corrected = ["cats", "gooses"].into_iter().transduce(replacing(|word: &&str| irregular.get(word).copied()));
/// assert_eq!(corrected.collect::<Vec<_>>(), ["cats", "geese"]);
/// ```
#[doc(alias = "replace")]
pub fn replacing<In, F: Fn(&In) -> Option<In>>(lookup: F) -> Replacing<F> {
    Replacing { lookup }
}

/// The transducer that [`replacing`] makes.
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

    #[inline]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<In>) -> Step {
        out.emit((self.lookup)(&item).unwrap_or(item))
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        input
    }
}

debug_closures!(Replacing<F> {; lookup});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits what `lookup` has in place of each item, or else the item: see [`replacing`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = [1, 2].into_iter().transduce(pipeline::<u32>().replace(|x| (*x == 2).then_some(20)));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 20]);
    /// ```
    pub fn replace<F: Fn(&X::Out) -> Option<X::Out>>(self, lookup: F) -> Pipeline<In, Compose<X, Replacing<F>>> {
        self.then(replacing(lookup))
    }
}
