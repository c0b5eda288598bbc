use core::{fmt, iter::Sum, marker::PhantomData, ops::ControlFlow};

use crate::kernel::{Reducer, Step};

/// The sum of all items, as a `T`. [`Iterator::sum`].
///
/// Takes what `T` can be summed from and added to: `T` itself, or `&T`. Of nothing it is zero. An
/// overflow does what `+` does: it panics in builds with overflow checks and wraps around otherwise.
///
/// Floats are added one by one in order, as [`Iterator::sum`] does: the error is at most about
/// *n* × ε × the sum of the absolute values, for *n* items and the type's ε.
///
/// ```
/// use transducer::{mapping, summing, transduce};
///
/// let total: u64 = transduce(mapping(|x: u64| x * x), summing(), 1..=3);
/// assert_eq!(total, 14);
/// ```
pub fn summing<T>() -> Summing<T> {
    Summing { sum: PhantomData }
}

/// The reducer that [`summing`] makes.
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Summing<T> {
    sum: PhantomData<fn() -> T>,
}

impl<In, T: Sum<In> + core::ops::AddAssign<In>> Reducer<In> for Summing<T> {
    type Acc = T;
    type Output = T;

    #[inline]
    fn initial(&self) -> T {
        core::iter::empty().sum()
    }

    #[inline]
    fn step(&self, acc: &mut T, item: In) -> Step {
        *acc += item;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: T) -> T {
        acc
    }
}

impl<T> Clone for Summing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Summing<T> {}

impl<T> fmt::Debug for Summing<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Summing")
    }
}
