use core::{fmt, iter::Product, marker::PhantomData, ops::ControlFlow};

use crate::kernel::{Reducer, Step};

/// The product of all items, as a `T`. [`Iterator::product`].
///
/// Takes what `T` can be multiplied with: `T` itself, or `&T`. Of nothing it is one. An overflow does
/// what `*` does: it panics in builds with overflow checks and wraps around otherwise. Goes on after a zero.
///
/// ```
/// use transducer::{multiplying, taking, transduce};
///
/// let factorial: u64 = transduce(taking(5), multiplying(), 1..);
/// assert_eq!(factorial, 120);
/// ```
pub fn multiplying<T>() -> Multiplying<T> {
    Multiplying { product: PhantomData }
}

/// The reducer that [`multiplying`] makes.
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Multiplying<T> {
    product: PhantomData<fn() -> T>,
}

impl<In, T: Product<In> + core::ops::MulAssign<In>> Reducer<In> for Multiplying<T> {
    type Acc = T;
    type Output = T;

    #[inline]
    fn initial(&self) -> T {
        core::iter::empty().product()
    }

    #[inline]
    fn step(&self, acc: &mut T, item: In) -> Step {
        *acc *= item;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: T) -> T {
        acc
    }
}

impl<T> Clone for Multiplying<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Multiplying<T> {}

impl<T> fmt::Debug for Multiplying<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Multiplying")
    }
}
