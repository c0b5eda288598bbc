use core::ops::ControlFlow;

use crate::kernel::{Reducer, Step};

/// The count, mean, variance, least and greatest of all items, as [`Statistics`], in one pass.
///
/// Takes what an `f64` can be made from without loss, such as `f32` and `u32`; for others put
/// `mapping(|x| x as f64)` in front. Keeps five numbers.
///
/// ```
/// use transducer::{mapping, statistics, transduce};
///
/// let of_lengths = transduce(mapping(|word: &str| word.len() as f64), statistics(), ["an", "item", "comes"]);
/// assert_eq!(of_lengths.count(), 3);
/// assert_eq!(of_lengths.maximum(), Some(5.0));
/// assert!((of_lengths.mean().unwrap() - 11.0 / 3.0).abs() < 1e-12);
/// ```
///
/// Numerically stable, by the method of B. P. Welford (Technometrics 4:3, 1962).
pub fn statistics() -> StatisticsReducer {
    StatisticsReducer
}

/// The reducer that [`statistics`] makes.
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct StatisticsReducer;

/// The count, mean, variance, least and greatest of some numbers.
///
/// Made by [`statistics`], of which it is also the accumulator; two can be [merged](Self::merge). NaN among the
/// numbers makes the mean and the variance NaN, and is passed over by minimum and maximum; so does
/// an infinity for the variance.
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
    mean: f64,
    /// The sum of the squares of the distances from the mean.
    squares: f64,
    /// `None` also if there were but NaNs: unlike an infinity, it goes into any format.
    minimum: Option<f64>,
    maximum: Option<f64>,
}

impl Statistics {
    /// Those of no numbers.
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

    /// Those of the numbers of both, as if all had been added to one; up to rounding.
    ///
    /// By the method of Chan, Golub and LeVeque (Stanford STAN-CS-79-773, 1979).
    ///
    /// ```
    /// use transducer::{statistics, taking, transduce};
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
        let count = self.count + other.count;
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

    /// Their mean; `None` of nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Their variance, taken for the whole population: the mean square of the distances from the mean;
    /// `None` of nothing.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 0).then(|| self.squares / self.count as f64)
    }

    /// The variance of the population that they are a sample of, estimated: the sum of the squares of the
    /// distances, divided by one less than the count; `None` of fewer than two.
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

    /// The least; `None` of nothing.
    pub fn minimum(&self) -> Option<f64> {
        self.minimum
    }

    /// The greatest; `None` of nothing.
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
}
