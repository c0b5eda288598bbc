use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Transducer},
    pipeline::Pipeline,
};

/// Emits the exponentially weighted moving average of the items so far, after each item.
///
/// The first output is the first item. Each further item moves the average by `share` of its distance from it, so that an
/// item has 1 − `share` of the weight of the one after it. Takes items that convert to `f64` without loss. A NaN makes all
/// further averages NaN.
///
/// - **Memory**: one number.
/// - **Panics**: if `share` is not above 0 and up to 1. Use [`try_smoothing`] for one that comes from data.
/// - **Like**: pandas' `ewm(alpha=share, adjust=False).mean()`, polars' `ewm_mean`. From a span of *n* items, `share` is
///   2 / (*n* + 1).
///
/// ```
/// use transducer::prelude::*;
///
/// let smooth = [4.0, 8.0, 8.0].into_iter().transduce(smoothing(0.5));
/// assert_eq!(smooth.collect::<Vec<_>>(), [4.0, 6.0, 7.0]);
/// ```
#[doc(alias("ewma", "ema", "ewm_mean", "exponential_smoothing", "moving_average", "low_pass"))]
#[track_caller]
pub fn smoothing(share: f64) -> Smoothing {
    InvalidArgument::or_panic(try_smoothing(share))
}

/// Like [`smoothing`], for a share that comes from data.
///
/// - **Errors**: if `share` is not above 0 and up to 1.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_smoothing(0.0).unwrap_err().to_string(), "`share` must be above 0, and up to 1");
/// ```
pub fn try_smoothing(share: f64) -> Result<Smoothing, InvalidArgument> {
    if share > 0.0 && share <= 1.0 {
        Ok(Smoothing { share })
    } else {
        Err(InvalidArgument::new("share", "above 0, and up to 1"))
    }
}

/// The transducer of [`smoothing`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Smoothing {
    share: f64,
}

/// The state of [`Smoothing`]: the average so far.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SmoothingState {
    #[cfg_attr(feature = "serde", serde(with = "crate::float::option"))]
    average: Option<f64>,
}

impl<In: Into<f64>> Transducer<In> for Smoothing {
    type Out = f64;
    type State = SmoothingState;

    const SHAPE: Shape = Shape::ONE;

    #[inline]
    fn initial(&self) -> SmoothingState {
        SmoothingState { average: None }
    }

    #[inline(always)]
    fn step(&self, state: &mut SmoothingState, item: In, out: &mut impl Emit<f64>) -> Step {
        let item = item.into();
        let average = state.average.map_or(item, |average| average + self.share * (item - average));
        state.average = Some(average);
        out.emit(average)
    }

    fn is_idle(&self, state: &SmoothingState) -> bool {
        state.average.is_none()
    }

    fn size_hint(&self, _: &SmoothingState, input: SizeHint) -> SizeHint {
        input
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("smoothing").setting("share", self.share, Change::Free);
    }
}

impl<In, X: Transducer<In, Out: Into<f64>>> Pipeline<In, X> {
    /// Emits the exponentially weighted moving average of the items so far, after each item. See [`smoothing`].
    ///
    /// - **Panics**: if `share` is not above 0 and up to 1.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let smooth = [4u8, 8].into_iter().transduce(pipeline::<u8>().smooth(0.25));
    /// assert_eq!(smooth.collect::<Vec<_>>(), [4.0, 5.0]);
    /// ```
    #[track_caller]
    pub fn smooth(self, share: f64) -> Pipeline<In, Compose<X, Smoothing>> {
        self.then(smoothing(share))
    }
}
