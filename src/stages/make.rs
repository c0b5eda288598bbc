//! What [`batching`](crate::batching), [`windowing`](crate::windowing) and their twins make of items side by side.

use alloc::vec::Vec;
use core::mem;

use crate::kernel::debug::debug_closures;

/// What a batch becomes as an output: [`Whole`] in [`batching`](crate::batching), [`Lent`] in
/// [`batching_with`](crate::batching_with).
pub trait Make<T>: sealed::Sealed {
    #[doc(hidden)]
    const SUFFIX: &'static str;

    /// The output.
    type Out;

    /// Makes an output of all `items`, and leaves none.
    fn take(&self, items: &mut Vec<T>) -> Self::Out;
}

/// What a window becomes as an output: [`Whole`] in [`windowing`](crate::windowing), [`Lent`] in
/// [`windowing_with`](crate::windowing_with).
pub trait MakeOf<T>: sealed::Sealed {
    #[doc(hidden)]
    const SUFFIX: &'static str;

    /// The output.
    type Out;

    /// Makes an output of `items`, which stay.
    fn make(&self, items: &[T]) -> Self::Out;
}

/// Gives the items themselves, in a `Vec`.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

/// Gives what a closure returns for the items, which it borrows as a slice.
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
    const SUFFIX: &'static str = "";

    type Out = Vec<T>;

    #[inline]
    fn take(&self, items: &mut Vec<T>) -> Vec<T> {
        mem::take(items)
    }
}

impl<T, Out, F: Fn(&[T]) -> Out> Make<T> for Lent<F> {
    const SUFFIX: &'static str = "_with";

    type Out = Out;

    #[inline]
    fn take(&self, items: &mut Vec<T>) -> Out {
        let out = (self.f)(items);
        items.clear();
        out
    }
}

impl<T: Clone> MakeOf<T> for Whole {
    const SUFFIX: &'static str = "";

    type Out = Vec<T>;

    #[inline]
    fn make(&self, items: &[T]) -> Vec<T> {
        items.to_vec()
    }
}

impl<T, Out, F: Fn(&[T]) -> Out> MakeOf<T> for Lent<F> {
    const SUFFIX: &'static str = "_with";

    type Out = Out;

    #[inline]
    fn make(&self, items: &[T]) -> Out {
        (self.f)(items)
    }
}

debug_closures!(Lent<F> {; f});
