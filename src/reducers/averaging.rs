use core::ops::ControlFlow;

use crate::kernel::{Reducer, Step};

/// The mean of all items, or `None` of nothing.
///
/// Takes what an `f64` can be made from without loss, such as `f32` and `u32`; for others put
/// `mapping(|x| x as f64)` in front. It is the sum, with the error that [`summing`](crate::summing) has,
/// divided by the count; [`statistics`](crate::statistics) loses less, and does not overflow.
///
/// ```
/// use transducer::{averaging, filtering, transduce};
///
/// assert_eq!(transduce(filtering(|x: &u32| x % 2 == 0), averaging(), 1..=6), Some(4.0));
/// assert_eq!(transduce(filtering(|x: &u32| *x > 6), averaging(), 1..=6), None);
/// ```
///
/// The reducer is `avg` of Christophe Grand's `xforms` for Clojure.
#[doc(alias("mean", "avg"))]
pub fn averaging() -> Averaging {
    Averaging
}

/// The reducer that [`averaging`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Averaging;

/// The accumulator of [`Averaging`]: the sum and the number of items so far.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AveragingAcc {
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
}
