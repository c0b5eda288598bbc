//! What [`batching`](crate::batching), [`windowing`](crate::windowing) and their twins make of items side by side.

use alloc::vec::Vec;
use core::mem;

use crate::kernel::debug::debug_closures;

/// Makes an output of some items.
pub trait Make<T>: sealed::Sealed {
    /// The output.
    type Out;

    /// Makes an output of all `items`, and leaves none.
    fn take(&self, items: &mut Vec<T>) -> Self::Out;
}

/// Likewise, of items that stay.
pub trait MakeOf<T>: sealed::Sealed {
    /// The output.
    type Out;

    /// Makes an output of `items`.
    fn make(&self, items: &[T]) -> Self::Out;
}

/// The items themselves, in a `Vec`.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

/// What a closure makes of the items, which are lent to it.
#[derive(Clone, Copy)]
pub struct Lent<F> {
    pub(super) f: F,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Whole {}
    impl<F> Sealed for super::Lent<F> {}
}

impl<T> Make<T> for Whole {
    type Out = Vec<T>;

    #[inline]
    fn take(&self, items: &mut Vec<T>) -> Vec<T> {
        mem::take(items)
    }
}

impl<T, Out, F: Fn(&[T]) -> Out> Make<T> for Lent<F> {
    type Out = Out;

    #[inline]
    fn take(&self, items: &mut Vec<T>) -> Out {
        let out = (self.f)(items);
        items.clear();
        out
    }
}

impl<T: Clone> MakeOf<T> for Whole {
    type Out = Vec<T>;

    #[inline]
    fn make(&self, items: &[T]) -> Vec<T> {
        items.to_vec()
    }
}

impl<T, Out, F: Fn(&[T]) -> Out> MakeOf<T> for Lent<F> {
    type Out = Out;

    #[inline]
    fn make(&self, items: &[T]) -> Out {
        (self.f)(items)
    }
}

debug_closures!(Lent<F> {; f});
