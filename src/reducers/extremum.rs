use core::{cmp::Ordering, ops::ControlFlow};

use crate::{
    kernel::{Reducer, Step},
    order::{By, ByRank, Natural, Order},
};

/// The least item, or `None` of nothing; of several, the first. [`Iterator::min`].
///
/// ```
/// use transducer::{mapping, minimum, transduce};
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), minimum(), ["two", "words", "or", "so"]), Some(2));
/// ```
pub fn minimum() -> Minimum {
    Extremum { order: Natural }
}

/// The least item by `compare`, or `None` of nothing; of several, the first. [`Iterator::min_by`].
///
/// ```
/// use transducer::{mapping, minimum_by, transduce};
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, minimum_by(f64::total_cmp), [3, 1, 2]), Some(0.5));
/// ```
pub fn minimum_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> Minimum<By<F>> {
    Extremum { order: By { compare } }
}

/// The item with the least key, or `None` of nothing; of several, the first. [`Iterator::min_by_key`].
///
/// Calls `key` once an item, and keeps the key with the item.
///
/// ```
/// use transducer::{minimum_by_key, taking, transduce};
///
/// let words = ["two", "words", "or", "maybe", "so", "long"];
/// assert_eq!(transduce(taking(5), minimum_by_key(|word: &&str| word.len()), words), Some("or"));
/// ```
pub fn minimum_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> Minimum<ByRank<F>> {
    Extremum { order: ByRank { key } }
}

/// The greatest item, or `None` of nothing; of several, the last. [`Iterator::max`].
///
/// ```
/// use transducer::{mapping, maximum, transduce};
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), maximum(), ["two", "words", "or", "so"]), Some(5));
/// ```
pub fn maximum() -> Maximum {
    Extremum { order: Natural }
}

/// The greatest item by `compare`, or `None` of nothing; of several, the last. [`Iterator::max_by`].
///
/// ```
/// use transducer::{mapping, maximum_by, transduce};
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, maximum_by(f64::total_cmp), [3, 1, 2]), Some(1.5));
/// ```
pub fn maximum_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> Maximum<By<F>> {
    Extremum { order: By { compare } }
}

/// The item with the greatest key, or `None` of nothing; of several, the last. [`Iterator::max_by_key`].
///
/// Calls `key` once an item, and keeps the key with the item.
///
/// ```
/// use transducer::{maximum_by_key, taking, transduce};
///
/// let words = ["two", "words", "or", "maybe", "so", "long"];
/// assert_eq!(transduce(taking(5), maximum_by_key(|word: &&str| word.len()), words), Some("maybe"));
/// ```
pub fn maximum_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> Maximum<ByRank<F>> {
    Extremum { order: ByRank { key } }
}

/// The reducer that [`minimum`], [`maximum`] and their twins make.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Extremum<O, const GREATEST: bool> {
    order: O,
}

/// The reducer that [`minimum`] and its twins make.
pub type Minimum<O = Natural> = Extremum<O, false>;

/// The reducer that [`maximum`] and its twins make.
pub type Maximum<O = Natural> = Extremum<O, true>;

impl<In, O: Order<In>, const GREATEST: bool> Reducer<In> for Extremum<O, GREATEST> {
    type Acc = Option<O::Ranked>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        None
    }

    #[inline]
    fn step(&self, kept: &mut Self::Acc, item: In) -> Step {
        let item = self.order.rank(item);
        // Of equal ones std keeps the first as least, and the last as greatest.
        let replaces = |kept| {
            let order = self.order.compare_ranked(&item, kept);
            if GREATEST { order.is_ge() } else { order.is_lt() }
        };
        if kept.as_ref().is_none_or(replaces) {
            *kept = Some(item);
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, kept: Self::Acc) -> Option<In> {
        kept.map(O::item)
    }
}
