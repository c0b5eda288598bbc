//! Arithmetic of size hints, which saturates: a hint may be wide, but not wrong.

use super::SizeHint;

/// Nothing will come.
pub(crate) const NOTHING: SizeHint = (0, Some(0));

/// Exactly so many.
pub(crate) const fn exactly(count: usize) -> SizeHint {
    (count, Some(count))
}

/// Both, one after the other.
pub(crate) fn add(a: SizeHint, b: SizeHint) -> SizeHint {
    (a.0.saturating_add(b.0), a.1.zip(b.1).and_then(|(a, b)| a.checked_add(b)))
}

/// All but the first `count`.
pub(crate) fn skip((least, most): SizeHint, count: usize) -> SizeHint {
    (least.saturating_sub(count), most.map(|most| most.saturating_sub(count)))
}

/// The first `count` at most.
pub(crate) fn take((least, most): SizeHint, count: usize) -> SizeHint {
    (least.min(count), Some(most.map_or(count, |most| most.min(count))))
}

/// As many, or fewer.
pub(crate) fn up_to((_, most): SizeHint) -> SizeHint {
    (0, most)
}
