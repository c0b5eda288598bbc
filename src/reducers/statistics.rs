use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, InvalidState, Outline, Reducer, Step};

/// Gives the count, mean, variance, least and greatest of all items, as [`Statistics`], in one pass.
///
/// Takes items that convert to `f64` without loss, such as `f32` and `u32`. Put `mapping(|x| x as f64)` in front for
/// other types.
///
/// - **Memory**: five numbers.
/// - **Like**: Java `summarizingDouble`, with the variance. The method is B. P. Welford's (Technometrics 4:3, 1962),
///   which is numerically stable.
///
/// ```
/// use transducer::prelude::*;
///
/// let of_lengths = transduce(mapping(|word: &str| word.len() as f64), statistics(), ["an", "item", "comes"]);
/// assert_eq!(of_lengths.count(), 3);
/// assert_eq!(of_lengths.maximum(), Some(5.0));
/// assert!((of_lengths.mean().unwrap() - 11.0 / 3.0).abs() < 1e-12);
/// ```
#[doc(alias("variance", "standard_deviation", "summarizing", "describe"))]
pub fn statistics() -> StatisticsReducer {
    StatisticsReducer
}

/// The reducer of [`statistics`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct StatisticsReducer;

/// The count, mean, variance, least and greatest of some numbers.
///
/// The output of [`statistics`], and its accumulator. Two can be [merged](Self::merge).
///
/// A NaN makes the mean and the variance NaN; the minimum and the maximum ignore it. An infinity makes the variance
/// NaN, and also the mean if another number comes after it.
///
/// ```
/// use transducer::reducers::Statistics;
///
/// let mut lengths = Statistics::new();
/// [2.0, 4.0, 6.0].into_iter().for_each(|length| lengths.add(length));
/// assert_eq!((lengths.count(), lengths.mean()), (3, Some(4.0)));
/// assert_eq!((lengths.minimum(), lengths.maximum()), (Some(2.0), Some(6.0)));
/// assert_eq!((lengths.variance(), lengths.sample_variance()), (Some(8.0 / 3.0), Some(4.0)));
/// assert_eq!(lengths.sample_standard_deviation(), Some(2.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Statistics {
    count: u64,
    #[cfg_attr(feature = "serde", serde(with = "crate::float"))]
    mean: f64,
    /// The sum of the squares of the distances from the mean.
    #[cfg_attr(feature = "serde", serde(with = "crate::float"))]
    squares: f64,
    /// `None` also if there were but NaNs: unlike an infinity, it goes into any format.
    #[cfg_attr(feature = "serde", serde(with = "crate::float::option"))]
    minimum: Option<f64>,
    #[cfg_attr(feature = "serde", serde(with = "crate::float::option"))]
    maximum: Option<f64>,
}

impl Statistics {
    /// The statistics of no numbers.
    pub const fn new() -> Self {
        Self { count: 0, mean: 0.0, squares: 0.0, minimum: None, maximum: None }
    }

    /// Adds one number.
    #[inline]
    pub fn add(&mut self, number: f64) {
        self.count += 1;
        let from_old_mean = number - self.mean;
        self.mean += from_old_mean / self.count as f64;
        self.squares += from_old_mean * (number - self.mean);
        if !number.is_nan() {
            self.minimum = Some(self.minimum.map_or(number, |least| least.min(number)));
            self.maximum = Some(self.maximum.map_or(number, |greatest| greatest.max(number)));
        }
    }

    /// Merges two: gives the statistics of the numbers of both, up to rounding.
    ///
    /// - **Like**: Java `DoubleSummaryStatistics::combine`. The method is that of Chan, Golub and LeVeque (Stanford
    ///   STAN-CS-79-773, 1979).
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let morning = transduce(taking(2), statistics(), [1.0, 2.0]);
    /// let evening = transduce(taking(2), statistics(), [3.0, 6.0]);
    /// let day = morning.merge(evening);
    /// assert_eq!((day.count(), day.mean(), day.variance()), (4, Some(3.0), Some(3.5)));
    /// ```
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { other } else { self };
        }
        let count = self.count.saturating_add(other.count);
        let apart = other.mean - self.mean;
        let share = other.count as f64 / count as f64;
        Self {
            count,
            mean: self.mean + apart * share,
            squares: self.squares + other.squares + apart * apart * self.count as f64 * share,
            minimum: self.minimum.into_iter().chain(other.minimum).reduce(f64::min),
            maximum: self.maximum.into_iter().chain(other.maximum).reduce(f64::max),
        }
    }

    /// How many numbers there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean, or `None` without numbers.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The variance of the whole population, or `None` without numbers.
    ///
    /// It is the sum of the squared distances from the mean, divided by the count.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 0).then(|| self.squares / self.count as f64)
    }

    /// The estimated variance of a population that the numbers are a sample of, or `None` with fewer than two numbers.
    ///
    /// It is the sum of the squared distances from the mean, divided by the count less one.
    pub fn sample_variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The square root of the [`variance`](Self::variance).
    #[cfg(feature = "std")]
    pub fn standard_deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// The square root of the [`sample_variance`](Self::sample_variance).
    #[cfg(feature = "std")]
    pub fn sample_standard_deviation(&self) -> Option<f64> {
        self.sample_variance().map(f64::sqrt)
    }

    /// The least number, or `None` without numbers other than NaN.
    pub fn minimum(&self) -> Option<f64> {
        self.minimum
    }

    /// The greatest number, or `None` without numbers other than NaN.
    pub fn maximum(&self) -> Option<f64> {
        self.maximum
    }
}

impl Default for Statistics {
    fn default() -> Self {
        Self::new()
    }
}

impl<In: Into<f64>> Reducer<In> for StatisticsReducer {
    type Acc = Statistics;
    type Output = Statistics;

    #[inline]
    fn initial(&self) -> Statistics {
        Statistics::new()
    }

    #[inline]
    fn step(&self, acc: &mut Statistics, item: In) -> Step {
        acc.add(item.into());
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: Statistics) -> Statistics {
        acc
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("statistics");
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        InvalidState::unless_reachable("statistics", acc.count)
    }
}

impl<In: Into<f64>> Combine<In> for StatisticsReducer {
    const ENDING: Ending = Ending::Never;

    #[inline]
    fn combine(&self, acc: &mut Statistics, later: Statistics) -> Step {
        *acc = acc.merge(later);
        ControlFlow::Continue(())
    }
}
