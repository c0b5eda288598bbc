use core::ops::ControlFlow;

use crate::{
    kernel::{
        Compose, Emit, Outline, Reduced, Shape, SizeHint, Splittable, Step, Transducer, debug::debug_closures, hint,
    },
    pipeline::Pipeline,
};

/// Emits `x` for each item for which `f` returns `Some(x)`.
///
/// - **Like**: [`Iterator::filter_map`]; Clojure's `keep`.
///
/// ```
/// use transducer::prelude::*;
///
/// let numbers = ["1", "two", "3"].into_iter().transduce(filter_mapping(|word: &str| word.parse::<i32>().ok()));
/// assert_eq!(numbers.collect::<Vec<_>>(), [1, 3]);
/// ```
#[doc(alias = "keep")]
pub fn filter_mapping<In, Out, F: Fn(In) -> Option<Out>>(f: F) -> FilterMapping<F> {
    FilterMapping { f }
}

/// The transducer of [`filter_mapping`] and [`mapping_while`](crate::mapping_while).
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FilterMapping<F, const WHILE: bool = false> {
    pub(super) f: F,
}

impl<In, Out, F: Fn(In) -> Option<Out>, const WHILE: bool> Transducer<In> for FilterMapping<F, WHILE> {
    type Out = Out;
    type State = ();

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) {}

    #[inline(always)]
    fn step(&self, _: &mut (), item: In, out: &mut impl Emit<Out>) -> Step {
        match (self.f)(item) {
            Some(made) => out.emit(made),
            None if WHILE => ControlFlow::Break(Reduced),
            None => ControlFlow::Continue(()),
        }
    }

    fn size_hint(&self, _: &(), input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage(if WHILE { "mapping_while" } else { "filter_mapping" });
    }
}

// `mapping_while` ends.
impl<F> Splittable for FilterMapping<F> {}

debug_closures!(FilterMapping<F; const WHILE: bool> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `x` for each item for which `f` returns `Some(x)`. See [`filter_mapping`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = ["1", "x", "3"].into_iter().transduce(pipeline::<&str>().filter_map(|text|
    /// text.parse::<u32>().ok())); assert_eq!(numbers.collect::<Vec<_>>(), [1, 3]);
    /// ```
    pub fn filter_map<Out, F: Fn(X::Out) -> Option<Out>>(self, f: F) -> Pipeline<In, Compose<X, FilterMapping<F>>> {
        self.then(filter_mapping(f))
    }
}
