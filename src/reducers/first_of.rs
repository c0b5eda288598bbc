use core::ops::ControlFlow;

use crate::kernel::{Reduced, Reducer, Step};

/// The first item, or `None` of nothing. Ends the run.
///
/// [`Iterator::next`]. As a stage, which emits the item and not an `Option`: [`first`](fn@crate::first).
///
/// ```
/// use transducer::{filtering, first_of, transduce};
///
/// let over_ten = filtering(|x: &i32| *x > 10);
/// assert_eq!(transduce(&over_ten, first_of(), 8..), Some(11));
/// assert_eq!(transduce(&over_ten, first_of(), 0..3), None);
/// ```
#[doc(alias = "find")]
pub fn first_of() -> FirstOf {
    FirstOf
}

/// The reducer that [`first_of`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct FirstOf;

impl<In> Reducer<In> for FirstOf {
    type Acc = Option<In>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Option<In> {
        None
    }

    #[inline]
    fn step(&self, acc: &mut Option<In>, item: In) -> Step {
        *acc = Some(item);
        ControlFlow::Break(Reduced)
    }

    #[inline]
    fn complete(&self, acc: Option<In>) -> Option<In> {
        acc
    }
}
