use crate::{Compose, Pipeline, Step, Transducer, debug::debug_closures};

/// Emits each item of what `f` makes of each item, as it comes.
///
/// Keeps nothing itself. An inner source without end is fine as long as something downstream ends the
/// run: no more is taken from it than downstream wants. [`Iterator::flat_map`]; Clojure's `mapcat`.
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
    type State = ();

    #[inline]
    fn initial(&self) {}

    #[inline]
    fn step(&self, _: &mut (), item: In, emit: &mut impl FnMut(I::Item) -> Step) -> Step {
        (self.f)(item).into_iter().try_for_each(emit)
    }
}

debug_closures!(FlatMapping<F> {; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item of what `f` makes of each item: see [`flat_mapping`].
    pub fn flat_map<I: IntoIterator, F: Fn(X::Out) -> I>(self, f: F) -> Pipeline<In, Compose<X, FlatMapping<F>>> {
        self.then(flat_mapping(f))
    }
}
