//! The [`Reducer`] trait: a recipe for folding.

use core::{fmt, marker::PhantomData};

use super::{Combine, Ending, InvalidState, Outline, Step, debug::TypeName};

/// A recipe for folding items of type `In` into one output.
///
/// The recipe is immutable. All that changes in a run is in the accumulator, so one reducer can serve any number of
/// runs, at the same time and from many threads.
///
/// | call | when |
/// | --- | --- |
/// | [`initial`](Self::initial) | once, before the first item |
/// | [`step`](Self::step) | once for each item, until it returns `Break` |
/// | [`complete`](Self::complete) | once, after the last item, however the run ended |
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{Step, prelude::*};
///
/// /// Multiplies until the product is 0, when no further factor can change it.
/// struct Product;
///
/// impl Reducer<u64> for Product {
///     type Acc = u64;
///     type Output = u64;
///
///     fn initial(&self) -> u64 {
///         1
///     }
///
///     fn step(&self, product: &mut u64, factor: u64) -> Step {
///         *product *= factor;
///         if *product == 0 { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
///     }
///
///     fn complete(&self, product: u64) -> u64 {
///         product
///     }
/// }
///
/// let product_of_lengths = |words: [&str; 3]| transduce(mapping(|word: &str| word.len() as u64), Product, words);
/// assert_eq!(product_of_lengths(["a", "bc", "def"]), 6);
/// assert_eq!(product_of_lengths(["a", "", "def"]), 0);
/// ```
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reducer of `{In}`",
    label = "not a reducer of `{In}`",
    note = "reducers are made by calls: write `counting()`, not `counting`",
    note = "to fold with a closure, write `folding(0, |sum, x| sum + x)`"
)]
pub trait Reducer<In> {
    /// What a run keeps while it folds.
    type Acc;
    /// What a run gives at its end.
    type Output;

    /// Makes the accumulator of a new run.
    fn initial(&self) -> Self::Acc;

    /// Folds one item into the accumulator. After `Break` it is not called again in this run.
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step;

    /// Turns the accumulator into the output.
    fn complete(&self, acc: Self::Acc) -> Self::Output;

    /// Folds all of `items`, or as many as it takes until a step returns `Break`.
    ///
    /// Drivers call it where each item gives exactly one output. Override it if there is a faster way than item by
    /// item: [`appending`](crate::appending) passes the iterator to `Vec::extend`.
    #[inline]
    fn step_all(&self, acc: &mut Self::Acc, mut items: impl Iterator<Item = In>) -> Step {
        items.try_for_each(|item| self.step(acc, item))
    }

    /// Whether this accumulator wants no item at all. Drivers ask once, before the first item.
    fn is_reduced(&self, _acc: &Self::Acc) -> bool {
        false
    }

    /// Writes the reducer's name and settings into `outline`, as [`Transducer::describe`](crate::Transducer::describe)
    /// does.
    fn describe(&self, outline: &mut Outline) {
        outline.stage("own");
    }

    /// Checks an accumulator that comes from outside, and fits it to the settings of this recipe, as
    /// [`Transducer::validate`](crate::Transducer::validate) does for a state.
    ///
    /// - **Errors**: if no run of this recipe can have the accumulator.
    fn validate(&self, _acc: &mut Self::Acc) -> Result<(), InvalidState> {
        Ok(())
    }

    /// Gives a reducer like this one, with `f` applied to its output.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sorted = appending().map_output(|mut items: Vec<i32>| {
    ///     items.sort();
    ///     items
    /// });
    /// assert_eq!(transduce(mapping(|x: i32| x * 2), sorted, [3, 1, 2]), [2, 4, 6]);
    /// ```
    fn map_output<T, F: Fn(Self::Output) -> T>(self, f: F) -> MapOutput<In, Self, F>
    where
        Self: Sized,
    {
        MapOutput { reducer: self, f, item: PhantomData }
    }
}

impl<In, R: Reducer<In>> Reducer<In> for &R {
    type Acc = R::Acc;
    type Output = R::Output;

    fn initial(&self) -> R::Acc {
        (**self).initial()
    }

    #[inline]
    fn step(&self, acc: &mut R::Acc, item: In) -> Step {
        (**self).step(acc, item)
    }

    fn complete(&self, acc: R::Acc) -> R::Output {
        (**self).complete(acc)
    }

    #[inline]
    fn step_all(&self, acc: &mut R::Acc, items: impl Iterator<Item = In>) -> Step {
        (**self).step_all(acc, items)
    }

    fn is_reduced(&self, acc: &R::Acc) -> bool {
        (**self).is_reduced(acc)
    }

    fn describe(&self, outline: &mut Outline) {
        (**self).describe(outline);
    }

    fn validate(&self, acc: &mut R::Acc) -> Result<(), InvalidState> {
        (**self).validate(acc)
    }
}

/// The reducer of [`Reducer::map_output`].
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct MapOutput<In, R, F> {
    reducer: R,
    f: F,
    // Names the items, so that the compiler can tell them from how the reducer is used later.
    item: PhantomData<fn(In)>,
}

impl<In, R: Clone, F: Clone> Clone for MapOutput<In, R, F> {
    fn clone(&self) -> Self {
        Self { reducer: self.reducer.clone(), f: self.f.clone(), item: PhantomData }
    }
}

impl<In, R: fmt::Debug, F> fmt::Debug for MapOutput<In, R, F> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MapOutput").field("reducer", &self.reducer).field("f", &TypeName::of(&self.f)).finish()
    }
}

impl<In, R: Reducer<In>, T, F: Fn(R::Output) -> T> Reducer<In> for MapOutput<In, R, F> {
    type Acc = R::Acc;
    type Output = T;

    fn initial(&self) -> R::Acc {
        self.reducer.initial()
    }

    #[inline]
    fn step(&self, acc: &mut R::Acc, item: In) -> Step {
        self.reducer.step(acc, item)
    }

    fn complete(&self, acc: R::Acc) -> T {
        (self.f)(self.reducer.complete(acc))
    }

    #[inline]
    fn step_all(&self, acc: &mut R::Acc, items: impl Iterator<Item = In>) -> Step {
        self.reducer.step_all(acc, items)
    }

    fn is_reduced(&self, acc: &R::Acc) -> bool {
        self.reducer.is_reduced(acc)
    }

    fn describe(&self, outline: &mut Outline) {
        self.reducer.describe(outline);
    }

    fn validate(&self, acc: &mut R::Acc) -> Result<(), InvalidState> {
        self.reducer.validate(acc)
    }
}

impl<In, R: Combine<In>, T, F: Fn(R::Output) -> T> Combine<In> for MapOutput<In, R, F> {
    const ENDING: Ending = R::ENDING;

    #[inline]
    fn initial_of_piece(&self, number: u64) -> R::Acc {
        self.reducer.initial_of_piece(number)
    }

    #[inline]
    fn combine(&self, acc: &mut R::Acc, later: R::Acc) -> Step {
        self.reducer.combine(acc, later)
    }
}
