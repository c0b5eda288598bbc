use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Held, Outline, Reduced, Reducer, Step};

/// Gives the first item, or `None` for empty input.
///
/// As a stage: [`first`](fn@crate::first), which emits the item itself.
///
/// - **Ends**: at the first item.
/// - **Like**: `Iterator::next`.
///
/// ```
/// use transducer::prelude::*;
///
/// let over_ten = filtering(|x: &i32| *x > 10);
/// assert_eq!(transduce(&over_ten, first_of(), 8..), Some(11));
/// assert_eq!(transduce(&over_ten, first_of(), 0..3), None);
/// ```
#[doc(alias("find", "head"))]
pub fn first_of() -> FirstOf {
    EndOf
}

/// Gives the last item, or `None` for empty input.
///
/// As a stage: [`last`](fn@crate::last), which emits the item itself.
///
/// - **Memory**: one item.
/// - **Like**: `Iterator::last`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(filtering(|c: &char| c.is_uppercase()), last_of(), "aBcDe".chars()), Some('D'));
/// ```
pub fn last_of() -> LastOf {
    EndOf
}

/// The reducer of [`first_of`] and [`last_of`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct EndOf<const FIRST: bool>;

/// The reducer of [`first_of`].
pub type FirstOf = EndOf<true>;

/// The reducer of [`last_of`].
pub type LastOf = EndOf<false>;

impl<In, const FIRST: bool> Reducer<In> for EndOf<FIRST> {
    type Acc = Held<In>;
    type Output = Option<In>;

    #[inline]
    fn initial(&self) -> Held<In> {
        Held(None)
    }

    #[inline]
    fn step(&self, acc: &mut Held<In>, item: In) -> Step {
        acc.0 = Some(item);
        if FIRST { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, acc: Held<In>) -> Option<In> {
        acc.0
    }

    fn is_reduced(&self, acc: &Held<In>) -> bool {
        FIRST && acc.0.is_some()
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage(if FIRST { "first_of" } else { "last_of" });
    }
}

impl<In, const FIRST: bool> Combine<In> for EndOf<FIRST> {
    const ENDING: Ending = if FIRST { Ending::Later } else { Ending::Never };

    #[inline]
    fn combine(&self, acc: &mut Held<In>, later: Held<In>) -> Step {
        match later.0 {
            Some(item) => self.step(acc, item),
            None => ControlFlow::Continue(()),
        }
    }
}
