use core::ops::ControlFlow;

use crate::kernel::{Reducer, Step};

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
    LastOf
}

/// The reducer that [`last_of`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct LastOf;

impl<In> Reducer<In> for LastOf {
    type Acc = Option<In>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Option<In> {
        None
    }

    #[inline]
    fn step(&self, acc: &mut Option<In>, item: In) -> Step {
        *acc = Some(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: Option<In>) -> Option<In> {
        acc
    }
}
