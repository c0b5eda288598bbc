use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Outline, Reduced, Reducer, Step};

/// Gives the only item as `Ok`, or an error where the input is not exactly one item.
///
/// - **Memory**: one item.
/// - **Ends**: at the second item.
/// - **Errors**: the output is an [`ExpectedSingle`] if there was no item, or more than one.
/// - **Like**: itertools `exactly_one`; `expecting_single` of Robert Smallshire's `transducer` for Python.
///
/// ```
/// use transducer::{prelude::*, reducers::ExpectedSingle};
///
/// let port = |text: &'static str| {
///     transduce(filtering(|word: &&str| word.contains(':')), expecting_single(), text.split(' '))
/// };
/// assert_eq!(port("listen 0.0.0.0:80"), Ok("0.0.0.0:80"));
/// assert_eq!(port("listen"), Err(ExpectedSingle::TooFew));
/// assert_eq!(port("listen a:1 b:2"), Err(ExpectedSingle::TooMany));
/// ```
#[doc(alias("exactly_one", "single", "only"))]
pub fn expecting_single() -> ExpectingSingle {
    ExpectingSingle
}

/// The reducer of [`expecting_single`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct ExpectingSingle;

/// The error of [`expecting_single`]: the input was not exactly one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ExpectedSingle {
    /// There was no item.
    #[error("expected a single item, got none")]
    TooFew,
    /// There was a second item.
    #[error("expected a single item, got more than one")]
    TooMany,
}

impl<In> Reducer<In> for ExpectingSingle {
    type Acc = Result<In, ExpectedSingle>;
    type Output = Result<In, ExpectedSingle>;

    #[inline]
    fn initial(&self) -> Self::Acc {
        Err(ExpectedSingle::TooFew)
    }

    #[inline]
    fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
        if acc.is_ok() {
            *acc = Err(ExpectedSingle::TooMany);
            return ControlFlow::Break(Reduced);
        }
        *acc = Ok(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: Self::Acc) -> Self::Output {
        acc
    }

    fn is_reduced(&self, acc: &Self::Acc) -> bool {
        matches!(acc, Err(ExpectedSingle::TooMany))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("expecting_single");
    }
}

impl<In> Combine<In> for ExpectingSingle {
    // Two items anywhere are too many.
    const ENDING: Ending = Ending::All;

    #[inline]
    fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
        match later {
            Ok(item) => self.step(acc, item),
            Err(ExpectedSingle::TooFew) => ControlFlow::Continue(()),
            Err(ExpectedSingle::TooMany) => {
                *acc = later;
                ControlFlow::Break(Reduced)
            }
        }
    }
}
