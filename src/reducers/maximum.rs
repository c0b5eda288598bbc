use core::{cmp::Ordering, ops::ControlFlow};

use crate::{Reducer, Step, debug::debug_closures};

/// The greatest item, or `None` of nothing; of several, the last. [`Iterator::max`].
///
/// ```
/// use transducer::{mapping, maximum, transduce};
///
/// assert_eq!(transduce(mapping(|word: &str| word.len()), maximum(), ["two", "words", "or", "so"]), Some(5));
/// ```
pub fn maximum() -> Maximum {
    Maximum
}

/// The greatest item by `compare`, or `None` of nothing; of several, the last. [`Iterator::max_by`].
///
/// ```
/// use transducer::{mapping, maximum_by, transduce};
///
/// let halves = mapping(|x: u8| f64::from(x) / 2.0);
/// assert_eq!(transduce(halves, maximum_by(f64::total_cmp), [3, 1, 2]), Some(1.5));
/// ```
pub fn maximum_by<In, F: Fn(&In, &In) -> Ordering>(compare: F) -> MaximumBy<F> {
    MaximumBy { compare }
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
pub fn maximum_by_key<In, K: Ord, F: Fn(&In) -> K>(key: F) -> MaximumByKey<F> {
    MaximumByKey { key }
}

/// The reducer that [`maximum`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Maximum;

/// The reducer that [`maximum_by`] makes.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct MaximumBy<F> {
    compare: F,
}

/// The reducer that [`maximum_by_key`] makes.
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct MaximumByKey<F> {
    key: F,
}

/// Keeps the greater of the two; of equal ones, the last.
#[inline]
fn keep<T>(kept: &mut Option<T>, item: T, compare: impl FnOnce(&T, &T) -> Ordering) -> Step {
    if kept.as_ref().is_none_or(|kept| compare(&item, kept).is_ge()) {
        *kept = Some(item);
    }
    ControlFlow::Continue(())
}

impl<In: Ord> Reducer<In> for Maximum {
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

impl<In, F: Fn(&In, &In) -> Ordering> Reducer<In> for MaximumBy<F> {
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

impl<In, K: Ord, F: Fn(&In) -> K> Reducer<In> for MaximumByKey<F> {
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

debug_closures!(MaximumBy<F> {; compare });
debug_closures!(MaximumByKey<F> {; key });
