//! What the rows' stages and their equivalents have in common.

use super::{Source, Value};

/// The items of an iterator that borrows from what it was made of.
pub fn collected<T>(items: impl IntoIterator<Item = T>) -> std::vec::IntoIter<T> {
    items.into_iter().collect::<Vec<_>>().into_iter()
}

/// For scanning: the total so far, until it is over `10 * n`.
pub fn running_total(total: &mut usize, item: Value, n: usize) -> Option<usize> {
    *total += item.weight();
    (*total <= 10 * n).then_some(*total)
}

/// For filter_mapping: half of each item that is even, up to `n` from there.
pub fn half(item: Value, n: usize) -> Option<Value> {
    item.weight().is_multiple_of(2).then(|| Value::from(item.weight() / 2 + n))
}

/// For flat_mapping: the item's weight or `n`, whichever is less, and down to 1.
pub fn countdown(item: Value, n: usize) -> impl Iterator<Item = Value> {
    (1..=item.weight().min(n)).rev().map(Value::from)
}

/// For sampling: a predicate that holds as often as `probability` says.
pub fn by_chance(probability: f64, seed: u64) -> impl FnMut(&Value) -> bool {
    let mut random = fastrand::Rng::with_seed(seed);
    move |_| random.f64() < probability
}

/// For prepending: `items` before those of `source`, once the first of those, or the end, has come.
pub fn prepended(items: Vec<Value>, mut source: Source) -> impl Iterator<Item = Value> {
    let first = source.next();
    items.into_iter().chain(first).chain(source)
}

/// For windowing_with: the sum of all that is in a window.
pub fn sum_of(window: &[Value]) -> i64 {
    window.iter().fold(0, |sum, item| sum.wrapping_add(item.sum()))
}
