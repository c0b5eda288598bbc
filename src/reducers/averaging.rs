use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, InvalidState, Outline, Reducer, Step};

/// Gives the mean of all items as an `f64`, or `None` for empty input.
///
/// Takes items that convert to `f64` without loss, such as `f32` and `u32`. Put `mapping(|x| x as f64)` in front for
/// other types. The mean is the sum, with the rounding error of [`summing`](crate::summing), divided by the count. Over
/// many items the mean of [`statistics`](crate::statistics) is usually more precise. The sum of huge items can overflow
/// to infinity; the mean of `statistics` does so only where two items are further apart than the greatest `f64`.
///
/// - **Memory**: two numbers.
/// - **Like**: Java `averagingDouble`; `avg` of Clojure's xforms.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(transduce(filtering(|x: &u32| x % 2 == 0), averaging(), 1..=6), Some(4.0));
/// assert_eq!(transduce(filtering(|x: &u32| *x > 6), averaging(), 1..=6), None);
/// ```
#[doc(alias("mean", "avg", "average"))]
pub fn averaging() -> Averaging {
    Averaging
}

/// The reducer of [`averaging`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Averaging;

/// The accumulator of [`Averaging`]: the sum and the number of the items so far.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AveragingAcc {
    #[cfg_attr(feature = "serde", serde(with = "crate::float"))]
    sum: f64,
    count: u64,
}

impl<In: Into<f64>> Reducer<In> for Averaging {
    type Acc = AveragingAcc;
    type Output = Option<f64>;

    #[inline]
    fn initial(&self) -> AveragingAcc {
        AveragingAcc { sum: 0.0, count: 0 }
    }

    #[inline]
    fn step(&self, acc: &mut AveragingAcc, item: In) -> Step {
        acc.sum += item.into();
        acc.count += 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: AveragingAcc) -> Option<f64> {
        (acc.count > 0).then(|| acc.sum / acc.count as f64)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("averaging");
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        InvalidState::unless_reachable("averaging", acc.count)
    }
}

impl<In: Into<f64>> Combine<In> for Averaging {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, acc: &mut AveragingAcc, later: AveragingAcc) -> Step {
        acc.sum += later.sum;
        acc.count = acc.count.saturating_add(later.count);
        ControlFlow::Continue(())
    }
}
