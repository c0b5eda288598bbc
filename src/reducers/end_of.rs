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
    EndOf
}

/// The last item, or `None` of nothing. [`Iterator::last`].
///
/// As a stage, which emits the item and not an `Option`: [`last`](fn@crate::last).
///
/// ```
/// use transducer::{filtering, last_of, transduce};
///
/// assert_eq!(transduce(filtering(|c: &char| c.is_uppercase()), last_of(), "aBcDe".chars()), Some('D'));
/// ```
pub fn last_of() -> LastOf {
    EndOf
}

/// The reducer that [`first_of`] and [`last_of`] make.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct EndOf<const FIRST: bool>;

/// The reducer that [`first_of`] makes.
pub type FirstOf = EndOf<true>;

/// The reducer that [`last_of`] makes.
pub type LastOf = EndOf<false>;

impl<In, const FIRST: bool> Reducer<In> for EndOf<FIRST> {
    type Acc = Option<In>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Option<In> {
        None
    }

    #[inline]
    fn step(&self, acc: &mut Option<In>, item: In) -> Step {
        *acc = Some(item);
        if FIRST { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, acc: Option<In>) -> Option<In> {
        acc
    }
}
