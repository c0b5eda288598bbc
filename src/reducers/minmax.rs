use core::{cmp::Ordering, ops::ControlFlow};

use crate::{
    kernel::{Combine, Ending, Held, InvalidState, Outline, Reducer, Step},
    order::{By, ByRank, Natural, Order},
};

/// Gives the least and the greatest item, as [`MinMax`].
///
/// Of several equal items it gives the first as the least, and the last as the greatest.
///
/// - **Memory**: two items.
/// - **Like**: itertools `minmax`.
///
/// ```
/// use transducer::{prelude::*, reducers::MinMax};
///
/// let lengths = mapping(|word: &str| word.len());
/// assert_eq!(transduce(&lengths, minmax(), ["two", "words", "or", "so"]), MinMax::Several(2, 5));
/// assert_eq!(transduce(&lengths, minmax(), ["one"]), MinMax::One(3));
/// assert_eq!(transduce(&lengths, minmax(), []), MinMax::Nothing);
/// ```
#[doc(alias("extrema", "bounds", "range"))]
pub fn minmax() -> Minmax {
    Minmax { order: Natural }
}

/// Gives the least and the greatest item by `compare`, as [`MinMax`].
///
/// Of several equal items it gives the first as the least, and the last as the greatest.
///
/// - **Memory**: two items.
/// - **Like**: itertools `minmax_by`.
///
/// ```
/// use transducer::prelude::*;
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, minmax_by(f64::total_cmp), [3, 1, 2]).into_option(), Some((0.5, 1.5)));
/// ```
pub fn minmax_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> Minmax<By<F>> {
    Minmax { order: By { compare } }
}

/// Gives the items with the least and the greatest key, as [`MinMax`].
///
/// Calls `key` once for each item. Of several items with the same key it gives the first as the least, and the last as
/// the greatest.
///
/// - **Memory**: two items and their keys.
/// - **Like**: itertools `minmax_by_key`.
///
/// ```
/// use transducer::prelude::*;
///
/// let words = ["two", "words", "or", "maybe", "so", "long"];
/// let by_length = minmax_by_key(|word: &&str| word.len());
/// assert_eq!(transduce(taking(5), by_length, words).into_option(), Some(("or", "maybe")));
/// ```
pub fn minmax_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> Minmax<ByRank<F>> {
    Minmax { order: ByRank { key } }
}

/// The reducer of [`minmax`] and its variants.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Minmax<O = Natural> {
    order: O,
}

/// The least and the greatest of some items. The output of [`minmax`] and its variants.
///
/// A single item is both, and can't be given twice unless it is `Clone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MinMax<T> {
    /// There was no item.
    Nothing,
    /// There was one item.
    One(T),
    /// The least and the greatest of two items or more.
    Several(T, T),
}

impl<T> MinMax<T> {
    /// The least and the greatest; a single item is both. `None` if there was no item.
    pub fn into_option(self) -> Option<(T, T)>
    where
        T: Clone,
    {
        match self {
            Self::Nothing => None,
            Self::One(item) => Some((item.clone(), item)),
            Self::Several(least, greatest) => Some((least, greatest)),
        }
    }
}

/// The accumulator of [`Minmax`]: the least and the greatest item so far. A single one is the least.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MinmaxAcc<T> {
    least: Held<T>,
    greatest: Held<T>,
}

impl<O> Minmax<O> {
    /// Takes a later item.
    #[inline(always)]
    fn keep<In>(&self, acc: &mut MinmaxAcc<O::Ranked>, item: O::Ranked)
    where
        O: Order<In>,
    {
        let Some(least) = &mut acc.least.0 else {
            acc.least.0 = Some(item);
            return;
        };
        if self.order.compare_ranked(&item, least).is_lt() {
            let before = core::mem::replace(least, item);
            // The first item was both.
            acc.greatest.0.get_or_insert(before);
        } else if acc.greatest.0.as_ref().is_none_or(|greatest| self.order.compare_ranked(&item, greatest).is_ge()) {
            acc.greatest.0 = Some(item);
        }
    }
}

impl<In, O: Order<In>> Reducer<In> for Minmax<O> {
    type Acc = MinmaxAcc<O::Ranked>;
    type Output = MinMax<In>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        MinmaxAcc { least: Held(None), greatest: Held(None) }
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        self.keep(acc, self.order.rank(item));
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: Self::Acc) -> MinMax<In> {
        match (acc.least.0, acc.greatest.0) {
            (Some(least), Some(greatest)) => MinMax::Several(O::item(least), O::item(greatest)),
            (Some(item), None) => MinMax::One(O::item(item)),
            (None, _) => MinMax::Nothing,
        }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("minmax").variant(O::SUFFIX);
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        let holds = acc.least.0.is_some() || acc.greatest.0.is_none();
        InvalidState::unless(holds, "minmax", "it has a greatest item and no least")
    }
}

impl<In, O: Order<In>> Combine<In> for Minmax<O> {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        for item in [later.least.0, later.greatest.0].into_iter().flatten() {
            self.keep(acc, item);
        }
        ControlFlow::Continue(())
    }
}
