use crate::{
    kernel::{Compose, Emit, Rest, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Emits each item of what `f` makes of each item, as it comes.
///
/// Keeps nothing but, in a lazy run, what it made of the latest item. An inner source without end is fine:
/// lazily no more is taken from it than is asked for, elsewhere as long as something downstream ends the run.
/// [`Iterator::flat_map`]; Clojure's `mapcat`.
///
/// ```
/// use transducer::{TransduceIterator, flat_mapping};
///
/// let words = ["to be", "or not"].into_iter().transduce(flat_mapping(|line: &'static str| line.split(' ')));
/// assert_eq!(words.collect::<Vec<_>>(), ["to", "be", "or", "not"]);
/// ```
#[doc(alias = "mapcat")]
pub fn flat_mapping<In, I: IntoIterator, F: Fn(In) -> I>(f: F) -> FlatMapping<F> {
    FlatMapping { f }
}

/// The transducer that [`flat_mapping`] makes.
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
}

debug_closures!(FlatMapping<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item of what `f` makes of each item: see [`flat_mapping`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let numbers = [1, 3].into_iter().transduce(pipeline::<u32>().flat_map(|x| [x, x + 1]));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3, 4]);
    /// ```
    pub fn flat_map<I: IntoIterator, F: Fn(X::Out) -> I>(self, f: F) -> Pipeline<In, Compose<X, FlatMapping<F>>> {
        self.then(flat_mapping(f))
    }
}
