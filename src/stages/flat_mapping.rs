use crate::{
    kernel::{Compose, Emit, Outline, Rest, Shape, SizeHint, Splittable, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits every item of the iterator that `f` makes of each item.
///
/// The iterator may be endless: a lazy run reads no more of it than is asked for, and other drivers stop when a later
/// stage ends the run.
///
/// - **Memory**: what is left of one iterator, in drivers that pause between outputs (lazy, stream, sink).
/// - **Like**: [`Iterator::flat_map`]; Clojure's `mapcat`.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = ["to be", "or not"].into_iter().transduce(flat_mapping(|line: &'static str| line.split(' ')));
/// assert_eq!(words.collect::<Vec<_>>(), ["to", "be", "or", "not"]);
/// ```
#[doc(alias("mapcat", "concatMap"))]
pub fn flat_mapping<In, I: IntoIterator, F: Fn(In) -> I>(f: F) -> FlatMapping<F> {
    FlatMapping { f }
}

/// The transducer of [`flat_mapping`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FlatMapping<F> {
    f: F,
}

impl<In, I: IntoIterator, F: Fn(In) -> I> Transducer<In> for FlatMapping<F> {
    type Out = I::Item;
    type State = Rest<I::IntoIter>;

    const SHAPE: Shape = Shape::MANY;

    #[inline]
    fn initial(&self) -> Self::State {
        Rest::new()
    }

    #[inline(always)]
    fn step(&self, rest: &mut Self::State, item: In, out: &mut impl Emit<I::Item>) -> Step {
        rest.emit((self.f)(item), out)
    }

    #[inline]
    fn resume(&self, rest: &mut Self::State, out: &mut impl Emit<I::Item>) -> Step {
        rest.resume(out)
    }

    fn is_idle(&self, rest: &Self::State) -> bool {
        rest.is_empty()
    }

    fn size_hint(&self, rest: &Self::State, (_, most): SizeHint) -> SizeHint {
        let (least, left) = rest.size_hint();
        (least, if most == Some(0) { left } else { None })
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("flat_mapping");
    }
}

impl<F> Splittable for FlatMapping<F> {}

debug_closures!(FlatMapping<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits every item of the iterator that `f` makes of each item. See [`flat_mapping`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = [1, 3].into_iter().transduce(pipeline::<u32>().flat_map(|x| [x, x + 1]));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4]);
    /// ```
    pub fn flat_map<I: IntoIterator, F: Fn(X::Out) -> I>(self, f: F) -> Pipeline<In, Compose<X, FlatMapping<F>>> {
        self.then(flat_mapping(f))
    }
}
