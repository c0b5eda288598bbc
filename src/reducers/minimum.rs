use core::{cmp::Ordering, ops::ControlFlow};

use crate::{Reducer, Step, debug::debug_closures};

/// The least item, or `None` of nothing; of several, the first. [`Iterator::min`].
///
/// ```
/// use transducer::{mapping, minimum, transduce};
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), minimum(), ["two", "words", "or", "so"]), Some(2));
/// ```
pub fn minimum() -> Minimum {
    Minimum
}

/// The least item by `compare`, or `None` of nothing; of several, the first. [`Iterator::min_by`].
///
/// ```
/// use transducer::{mapping, minimum_by, transduce};
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, minimum_by(f64::total_cmp), [3, 1, 2]), Some(0.5));
/// ```
pub fn minimum_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> MinimumBy<F> {
    MinimumBy { compare }
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
pub fn minimum_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> MinimumByKey<F> {
    MinimumByKey { key }
}

/// The reducer that [`minimum`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Minimum;

/// The reducer that [`minimum_by`] makes.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct MinimumBy<F> {
    compare: F,
}

/// The reducer that [`minimum_by_key`] makes.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct MinimumByKey<F> {
    key: F,
}

/// Keeps the lesser of the two; of equal ones, the first.
#[inline]
fn keep<T>(kept: &mut Option<T>, item: T, compare: impl FnOnce(&T, &T) -> Ordering) -> Step {
    if kept.as_ref().is_none_or(|kept| compare(&item, kept).is_lt()) {
        *kept = Some(item);
    }
    ControlFlow::Continue(())
}

impl<In: Ord> Reducer<In> for Minimum {
    type Acc = Option<In>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Option<In> {
        None
    }

    #[inline]
    fn step(&self, acc: &mut Option<In>, item: In) -> Step {
        keep(acc, item, In::cmp)
    }

    #[inline]
    fn complete(&self, acc: Option<In>) -> Option<In> {
        acc
    }
}

impl<In, F: Fn(&In, &In) -> Ordering> Reducer<In> for MinimumBy<F> {
    type Acc = Option<In>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Option<In> {
        None
    }

    #[inline]
    fn step(&self, acc: &mut Option<In>, item: In) -> Step {
        keep(acc, item, &self.compare)
    }

    #[inline]
    fn complete(&self, acc: Option<In>) -> Option<In> {
        acc
    }
}

impl<In, K: Ord, F: Fn(&In) -> K> Reducer<In> for MinimumByKey<F> {
    type Acc = Option<(K, In)>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        None
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        keep(acc, ((self.key)(&item), item), |(key, _), (kept, _)| key.cmp(kept))
    }

    #[inline]
    fn complete(&self, acc: Self::Acc) -> Option<In> {
        acc.map(|(_, item)| item)
    }
}

debug_closures!(MinimumBy<F> {; compare });
debug_closures!(MinimumByKey<F> {; key });
