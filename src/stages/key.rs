//! What items are compared by: themselves, or a key that a closure returns.

#[cfg(feature = "std")]
use core::hash::{BuildHasher, Hash};

#[cfg(feature = "std")]
use indexmap::{IndexMap, IndexSet};

#[cfg(feature = "std")]
use crate::kernel::Time;
use crate::kernel::{Emit, Mapped, debug::debug_closures};

/// What [`deduping`](crate::deduping) and `distinct` compare items of type `T` by: the items
/// themselves, or their keys.
pub trait Key<T>: sealed::Sealed {
    #[doc(hidden)]
    const SUFFIX: &'static str;

    /// What is kept of an item.
    type Key;

    /// Puts the key of `item` in the place of `current`, and returns whether it is another one.
    fn replace(&self, item: &T, current: &mut Option<Self::Key>) -> bool
    where
        Self::Key: PartialEq;

    /// Adds the key of `item` to `seen`, and returns its place and whether it is new.
    #[cfg(feature = "std")]
    fn insert<H: BuildHasher>(&self, item: &T, seen: &mut IndexSet<Self::Key, H>) -> (usize, bool)
    where
        Self::Key: Eq + Hash;

    /// Notes that the key of `item` is seen `until` a moment, unless it is seen already; returns whether it was not.
    #[cfg(feature = "std")]
    fn is_new(&self, item: &T, seen: &mut IndexMap<Self::Key, Time>, now: Time, until: Time) -> bool
    where
        Self::Key: Eq + Hash;
}

/// The [`Key`] of [`deduping`](crate::deduping) and `distinct`: a clone of the item itself.
#[derive(Clone, Copy, Debug)]
pub struct Itself;

/// The [`Key`] of [`deduping_by_key`](crate::deduping_by_key) and `distinct_by_key`: what a closure returns for the
/// item.
#[derive(Clone, Copy)]
pub struct KeyOf<F> {
    pub(super) key: F,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Itself {}
    impl<F> Sealed for super::KeyOf<F> {}
}

impl<T: Clone> Key<T> for Itself {
    const SUFFIX: &'static str = "";

    type Key = T;

    #[inline]
    fn replace(&self, item: &T, current: &mut Option<T>) -> bool
    where
        T: PartialEq,
    {
        let is_another = current.as_ref() != Some(item);
        if is_another {
            *current = Some(item.clone());
        }
        is_another
    }

    #[cfg(feature = "std")]
    #[inline]
    fn insert<H: BuildHasher>(&self, item: &T, seen: &mut IndexSet<T, H>) -> (usize, bool)
    where
        T: Eq + Hash,
    {
        // Looked up first, so that only what is new is cloned.
        match seen.get_index_of(item) {
            Some(place) => (place, false),
            None => seen.insert_full(item.clone()),
        }
    }

    #[cfg(feature = "std")]
    #[inline]
    fn is_new(&self, item: &T, seen: &mut IndexMap<T, Time>, now: Time, until: Time) -> bool
    where
        T: Eq + Hash,
    {
        match seen.get_mut(item) {
            Some(seen) if *seen > now => false,
            Some(seen) => {
                *seen = until;
                true
            }
            None => {
                seen.insert(item.clone(), until);
                true
            }
        }
    }
}

impl<T, K, F: Fn(&T) -> K> Key<T> for KeyOf<F> {
    const SUFFIX: &'static str = "_by_key";

    type Key = K;

    #[inline]
    fn replace(&self, item: &T, current: &mut Option<K>) -> bool
    where
        K: PartialEq,
    {
        let key = Some((self.key)(item));
        let is_another = *current != key;
        if is_another {
            *current = key;
        }
        is_another
    }

    #[cfg(feature = "std")]
    #[inline]
    fn insert<H: BuildHasher>(&self, item: &T, seen: &mut IndexSet<K, H>) -> (usize, bool)
    where
        K: Eq + Hash,
    {
        seen.insert_full((self.key)(item))
    }

    #[cfg(feature = "std")]
    #[inline]
    fn is_new(&self, item: &T, seen: &mut IndexMap<K, Time>, now: Time, until: Time) -> bool
    where
        K: Eq + Hash,
    {
        let seen = seen.entry((self.key)(item)).or_insert(now);
        let is_new = *seen <= now;
        if is_new {
            *seen = until;
        }
        is_new
    }
}

debug_closures!(KeyOf<F> {; key});

/// Emits each item with its key. One closure for all calls, or the pipeline inside would be compiled once a call.
#[inline(always)]
pub(super) fn with_key<'a, K: Clone, T, E: Emit<(K, T)>>(
    key: &'a K,
    out: &'a mut E,
) -> Mapped<'a, E, impl FnMut(T) -> (K, T) + use<'a, K, T, E>> {
    out.map(|item| (key.clone(), item))
}
