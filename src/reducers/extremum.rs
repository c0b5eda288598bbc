use core::{cmp::Ordering, ops::ControlFlow};

use crate::{
    kernel::{Combine, Ending, Held, Outline, Reducer, Step},
    order::{By, ByRank, Natural, Order},
};

/// Gives the least item, or `None` for empty input.
///
/// Of several equal items it gives the first.
///
/// - **Memory**: one item.
/// - **Like**: `Iterator::min`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), minimum(), ["two", "words", "or", "so"]), Some(2));
/// ```
#[doc(alias("least", "smallest"))]
pub fn minimum() -> Minimum {
    Extremum { order: Natural }
}

/// Gives the least item by `compare`, or `None` for empty input.
///
/// Of several equal items it gives the first.
///
/// - **Memory**: one item.
/// - **Like**: `Iterator::min_by`.
///
/// ```
/// use transducer::prelude::*;
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, minimum_by(f64::total_cmp), [3, 1, 2]), Some(0.5));
/// ```
pub fn minimum_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> Minimum<By<F>> {
    Extremum { order: By { compare } }
}

/// Gives the item with the least key, or `None` for empty input.
///
/// Calls `key` once for each item. Of several items with the least key it gives the first.
///
/// - **Memory**: one item and its key.
/// - **Like**: `Iterator::min_by_key`.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = ["two", "words", "or", "maybe", "so", "long"];
/// assert_eq!(transduce(taking(5), minimum_by_key(|word: &&str| word.len()), words), Some("or"));
/// ```
pub fn minimum_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> Minimum<ByRank<F>> {
    Extremum { order: ByRank { key } }
}

/// Gives the greatest item, or `None` for empty input.
///
/// Of several equal items it gives the last.
///
/// - **Memory**: one item.
/// - **Like**: `Iterator::max`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), maximum(), ["two", "words", "or", "so"]), Some(5));
/// ```
#[doc(alias("greatest", "largest"))]
pub fn maximum() -> Maximum {
    Extremum { order: Natural }
}

/// Gives the greatest item by `compare`, or `None` for empty input.
///
/// Of several equal items it gives the last.
///
/// - **Memory**: one item.
/// - **Like**: `Iterator::max_by`.
///
/// ```
/// use transducer::prelude::*;
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, maximum_by(f64::total_cmp), [3, 1, 2]), Some(1.5));
/// ```
pub fn maximum_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> Maximum<By<F>> {
    Extremum { order: By { compare } }
}

/// Gives the item with the greatest key, or `None` for empty input.
///
/// Calls `key` once for each item. Of several items with the greatest key it gives the last.
///
/// - **Memory**: one item and its key.
/// - **Like**: `Iterator::max_by_key`.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = ["two", "words", "or", "maybe", "so", "long"];
/// assert_eq!(transduce(taking(5), maximum_by_key(|word: &&str| word.len()), words), Some("maybe"));
/// ```
pub fn maximum_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> Maximum<ByRank<F>> {
    Extremum { order: ByRank { key } }
}

/// The reducer of [`minimum`], [`maximum`] and their variants.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Extremum<O, const GREATEST: bool> {
    order: O,
}

/// The reducer of [`minimum`] and its variants.
pub type Minimum<O = Natural> = Extremum<O, false>;

/// The reducer of [`maximum`] and its variants.
pub type Maximum<O = Natural> = Extremum<O, true>;

impl<O, const GREATEST: bool> Extremum<O, GREATEST> {
    /// Keeps a later item, if it goes before the one that is kept.
    #[inline(always)]
    fn keep<In>(&self, kept: &mut Held<O::Ranked>, item: O::Ranked)
    where
        O: Order<In>,
    {
        // Of equal ones std keeps the first as least, and the last as greatest.
        let replaces = |kept| {
            let order = self.order.compare_ranked(&item, kept);
            if GREATEST { order.is_ge() } else { order.is_lt() }
        };
        if kept.0.as_ref().is_none_or(replaces) {
            kept.0 = Some(item);
        }
    }
}

impl<In, O: Order<In>, const GREATEST: bool> Reducer<In> for Extremum<O, GREATEST> {
    type Acc = Held<O::Ranked>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        Held(None)
    }

    #[inline]
    fn step(&self, kept: &mut Self::Acc, item: In) -> Step {
        self.keep(kept, self.order.rank(item));
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, kept: Self::Acc) -> Option<In> {
        kept.0.map(O::item)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage(if GREATEST { "maximum" } else { "minimum" }).variant(O::SUFFIX);
    }
}

impl<In, O: Order<In>, const GREATEST: bool> Combine<In> for Extremum<O, GREATEST> {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, kept: &mut Self::Acc, later: Self::Acc) -> Step {
        if let Some(item) = later.0 {
            self.keep(kept, item);
        }
        ControlFlow::Continue(())
    }
}
