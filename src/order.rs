//! Orders of items: their own, by comparison, or by a key.

use core::cmp::Ordering;

use crate::kernel::debug::debug_closures;

/// An order of items: [`Natural`], [`By`] a comparison, or [`ByRank`] by a key. Sealed.
#[diagnostic::on_unimplemented(
    message = "items of type `{T}` have no order of their own",
    label = "needs items that are `Ord`",
    note = "say what the order of floats is: `sorting_by(f64::total_cmp)`, `maximum_by(f64::total_cmp)`",
    note = "derive `Ord` for a type of your own, or use `sorting_by_key(..)`, `maximum_by_key(..)`"
)]
pub trait Order<T>: sealed::Sealed {
    #[doc(hidden)]
    const SUFFIX: &'static str;

    /// An item with what is needed to compare it again, such as its key.
    type Ranked;

    /// Compares two items.
    fn compare(&self, a: &T, b: &T) -> Ordering;

    /// Prepares an item for many comparisons.
    fn rank(&self, item: T) -> Self::Ranked;

    /// Compares two prepared items.
    fn compare_ranked(&self, a: &Self::Ranked, b: &Self::Ranked) -> Ordering;

    /// Gives the item back.
    fn item(ranked: Self::Ranked) -> T;
}

/// The order of [`Ord`].
#[derive(Clone, Copy, Debug)]
pub struct Natural;

/// The order of a closure that compares two items.
#[derive(Clone, Copy)]
pub struct By<F> {
    pub(crate) compare: F,
}

/// The order of the keys that a closure gives. The key is computed once for each item.
#[derive(Clone, Copy)]
pub struct ByRank<F> {
    pub(crate) key: F,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Natural {}
    impl<F> Sealed for super::By<F> {}
    impl<F> Sealed for super::ByRank<F> {}
}

#[diagnostic::do_not_recommend]
impl<T: Ord> Order<T> for Natural {
    const SUFFIX: &'static str = "";

    type Ranked = T;

    #[inline]
    fn compare(&self, a: &T, b: &T) -> Ordering {
        a.cmp(b)
    }

    #[inline]
    fn rank(&self, item: T) -> T {
        item
    }

    #[inline]
    fn compare_ranked(&self, a: &T, b: &T) -> Ordering {
        a.cmp(b)
    }

    #[inline]
    fn item(ranked: T) -> T {
        ranked
    }
}

#[diagnostic::do_not_recommend]
impl<T, F: Fn(&T, &T) -> Ordering> Order<T> for By<F> {
    const SUFFIX: &'static str = "_by";

    type Ranked = T;

    #[inline]
    fn compare(&self, a: &T, b: &T) -> Ordering {
        (self.compare)(a, b)
    }

    #[inline]
    fn rank(&self, item: T) -> T {
        item
    }

    #[inline]
    fn compare_ranked(&self, a: &T, b: &T) -> Ordering {
        (self.compare)(a, b)
    }

    #[inline]
    fn item(ranked: T) -> T {
        ranked
    }
}

#[diagnostic::do_not_recommend]
impl<T, K: Ord, F: Fn(&T) -> K> Order<T> for ByRank<F> {
    const SUFFIX: &'static str = "_by_key";

    // The key is worked out once an item.
    type Ranked = (K, T);

    #[inline]
    fn compare(&self, a: &T, b: &T) -> Ordering {
        (self.key)(a).cmp(&(self.key)(b))
    }

    #[inline]
    fn rank(&self, item: T) -> (K, T) {
        ((self.key)(&item), item)
    }

    #[inline]
    fn compare_ranked(&self, (a, _): &(K, T), (b, _): &(K, T)) -> Ordering {
        a.cmp(b)
    }

    #[inline]
    fn item((_, item): (K, T)) -> T {
        item
    }
}

debug_closures!(By<F> {; compare});
debug_closures!(ByRank<F> {; key});
