use crate::{
    kernel::{Compose, Emit, OneToOne, Outline, Shape, SizeHint, Splittable, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits `f(item)` for each item.
///
/// - **Like**: [`Iterator::map`].
///
/// ```
/// use transducer::prelude::*;
///
/// let lengths = ["a", "list"].into_iter().transduce(mapping(|word: &str| word.len()));
/// assert_eq!(lengths.collect::<Vec<_>>(), [1, 4]);
/// ```
pub fn mapping<In, Out, F: Fn(In) -> Out>(f: F) -> Mapping<F> {
    Mapping { f }
}

/// The transducer of [`mapping`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Mapping<F> {
    f: F,
}

impl<In, Out, F: Fn(In) -> Out> Transducer<In> for Mapping<F> {
    type Out = Out;
    type State = ();

    const SHAPE: Shape = Shape::ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<Out>) -> Step {
        out.emit((self.f)(item))
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("mapping");
    }
}

impl<F> OneToOne for Mapping<F> {}
impl<F> Splittable for Mapping<F> {}

debug_closures!(Mapping<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `f(item)` for each item. See [`mapping`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let squares = (1..=3).transduce(pipeline::<u32>().map(|x| x * x));
    /// assert_eq!(squares.collect::<Vec<_>>(), [1, 4, 9]);
    /// ```
    pub fn map<Out, F: Fn(X::Out) -> Out>(self, f: F) -> Pipeline<In, Compose<X, Mapping<F>>> {
        self.then(mapping(f))
    }
}
