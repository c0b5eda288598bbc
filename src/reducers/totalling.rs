use core::{
    fmt,
    iter::{Product, Sum, empty},
    marker::PhantomData,
    ops::{AddAssign, ControlFlow, MulAssign},
};

use crate::kernel::{Combine, Ending, Outline, Reducer, Step};

/// Gives the sum of all items, as a `T`.
///
/// The items are of any type that a `T` can be summed from and that can be added to it: `T` itself, or `&T`. The sum of
/// empty input is zero. An overflow does what `+` does: it panics in builds with overflow checks and wraps around in
/// others.
///
/// Floats are added one by one, in order. The error is at most about *n* × ε × the sum of the absolute values, where
/// *n* is the number of items and ε the type's epsilon.
///
/// - **Memory**: one number.
/// - **Panics**: if adding an item does, as on an overflow.
/// - **Like**: `Iterator::sum`.
///
/// ```
/// use transducer::prelude::*;
///
/// let total: u64 = transduce(mapping(|x: u64| x * x), summing(), 1..=3);
/// assert_eq!(total, 14);
/// ```
#[doc(alias = "total")]
pub fn summing<T>() -> Summing<T> {
    Totalling { total: PhantomData }
}

/// Gives the product of all items, as a `T`.
///
/// The items are of any type that a `T` can be multiplied with: `T` itself, or `&T`. The product of empty input is one.
/// An overflow does what `*` does: it panics in builds with overflow checks and wraps around in others.
///
/// - **Memory**: one number.
/// - **Ends**: never, not even at a zero.
/// - **Panics**: if multiplying by an item does, as on an overflow.
/// - **Like**: `Iterator::product`.
///
/// ```
/// use transducer::prelude::*;
///
/// let factorial: u64 = transduce(taking(5), multiplying(), 1..);
/// assert_eq!(factorial, 120);
/// ```
#[doc(alias = "product")]
pub fn multiplying<T>() -> Multiplying<T> {
    Totalling { total: PhantomData }
}

/// The reducer of [`summing`] and [`multiplying`].
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Totalling<T, const SUMS: bool> {
    total: PhantomData<fn() -> T>,
}

/// The reducer of [`summing`].
pub type Summing<T> = Totalling<T, true>;

/// The reducer of [`multiplying`].
pub type Multiplying<T> = Totalling<T, false>;

/// Implements [`Reducer`] by std's trait for the whole, and by an assignment for each item.
macro_rules! totalling {
    ($sums:literal, $all:ident::$of:ident, $assign:ident::$step:ident) => {
        impl<In, T: $all<In> + $assign<In>> Reducer<In> for Totalling<T, $sums> {
            type Acc = T;
            type Output = T;

            #[inline]
            fn initial(&self) -> T {
                empty().$of()
            }

            #[inline]
            fn step(&self, total: &mut T, item: In) -> Step {
                total.$step(item);
                ControlFlow::Continue(())
            }

            #[inline]
            fn complete(&self, total: T) -> T {
                total
            }

            fn describe(&self, outline: &mut Outline) {
                outline.stage(if $sums { "summing" } else { "multiplying" });
            }
        }

        impl<In, T: $all<In> + $assign<In> + $assign> Combine<In> for Totalling<T, $sums> {
            const ENDING: Ending = Ending::Never;

            #[inline]
            fn combine(&self, total: &mut T, later: T) -> Step {
                $assign::<T>::$step(total, later);
                ControlFlow::Continue(())
            }
        }
    };
}
totalling!(true, Sum::sum, AddAssign::add_assign);
totalling!(false, Product::product, MulAssign::mul_assign);

impl<T, const SUMS: bool> Clone for Totalling<T, SUMS> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, const SUMS: bool> Copy for Totalling<T, SUMS> {}

impl<T, const SUMS: bool> fmt::Debug for Totalling<T, SUMS> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if SUMS { "Summing" } else { "Multiplying" })
    }
}
