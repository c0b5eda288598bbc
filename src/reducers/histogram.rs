use alloc::vec::Vec;
use core::ops::ControlFlow;

pub use hdrhistogram::Histogram;

use crate::{
    error::InvalidArgument,
    kernel::{Change, Combine, Ending, InvalidState, Outline, Reducer, Step},
};

/// Gives a [`Histogram`] of all items, which knows any quantile to `digits` significant decimal digits.
///
/// For the quantiles of a long stream, such as latencies in microseconds, in memory that doesn't grow with it. Takes
/// unsigned integers; put `mapping(|x: Duration| x.as_micros() as u64)` or the like in front for other types. For exact
/// quantiles, see [`quantiles`](crate::quantiles).
///
/// - **Memory**: 8 bytes for each number that can be told from the others, up to the greatest one seen. For any numbers,
///   that is less than 0.5 MB for 3 digits.
/// - **Panics**: if `digits` is more than 5. Use [`try_histogram`] for digits that come from data.
/// - **Like**: Gil Tene's HdrHistogram, by the crate [`hdrhistogram`].
///
/// ```
/// use transducer::prelude::*;
///
/// let latencies = transduce(mapping(|x: u64| x * 1000), histogram(3), 1..=100u64);
/// assert_eq!(latencies.len(), 100);
/// let median = latencies.value_at_quantile(0.5);
/// assert!(median.abs_diff(50_000) <= 50, "{median}");
/// ```
#[doc(alias("hdr", "percentile", "quantile", "sketch", "latency"))]
#[track_caller]
pub fn histogram(digits: u8) -> HistogramReducer {
    InvalidArgument::or_panic(try_histogram(digits))
}

/// [`histogram`] with digits that come from data.
///
/// - **Errors**: if `digits` is more than 5.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_histogram(6).unwrap_err().to_string(), "`digits` must be at most 5");
/// ```
pub fn try_histogram(digits: u8) -> Result<HistogramReducer, InvalidArgument> {
    if digits <= 5 { Ok(HistogramReducer { digits }) } else { Err(InvalidArgument::new("digits", "at most 5")) }
}

/// The reducer of [`histogram`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct HistogramReducer {
    digits: u8,
}

/// The accumulator of [`HistogramReducer`]: the numbers so far, those that can't be told apart as one.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Counts", into = "Counts"))]
pub struct HistogramAcc {
    /// `None` until the first number.
    histogram: Option<Histogram<u64>>,
    /// What was read, until there is a histogram: how precise it is, only the recipe knows.
    read: Counts,
}

/// What is written of a histogram: numbers and how often they came, in ascending order.
type Counts = Vec<(u64, u64)>;

impl HistogramAcc {
    /// Adds a number that came `times` times.
    fn record(histogram: &mut Histogram<u64>, number: u64, times: u64) {
        // It grows to any range, and counts stay at their greatest value.
        histogram.record_n(number, times).expect("a histogram that grows has room for any number");
    }

    /// The histogram, made if need be.
    #[cold]
    fn make(digits: u8, read: &mut Counts) -> Histogram<u64> {
        let mut histogram = Histogram::new(digits).expect("the digits have been checked");
        for (number, times) in core::mem::take(read) {
            Self::record(&mut histogram, number, times);
        }
        histogram
    }
}

impl From<Counts> for HistogramAcc {
    fn from(read: Counts) -> Self {
        Self { histogram: None, read }
    }
}

impl From<HistogramAcc> for Counts {
    fn from(acc: HistogramAcc) -> Self {
        let Some(histogram) = acc.histogram else { return acc.read };
        histogram.iter_recorded().map(|bar| (bar.value_iterated_to(), bar.count_at_value())).collect()
    }
}

impl<In: Into<u64>> Reducer<In> for HistogramReducer {
    type Acc = HistogramAcc;
    type Output = Histogram<u64>;

    #[inline]
    fn initial(&self) -> HistogramAcc {
        HistogramAcc { histogram: None, read: Vec::new() }
    }

    #[inline]
    fn step(&self, HistogramAcc { histogram, read }: &mut HistogramAcc, item: In) -> Step {
        let histogram = histogram.get_or_insert_with(|| HistogramAcc::make(self.digits, read));
        HistogramAcc::record(histogram, item.into(), 1);
        ControlFlow::Continue(())
    }

    fn complete(&self, HistogramAcc { histogram, mut read }: HistogramAcc) -> Histogram<u64> {
        histogram.unwrap_or_else(|| HistogramAcc::make(self.digits, &mut read))
    }

    fn describe(&self, outline: &mut Outline) {
        // What is one number to a histogram stays one.
        outline.stage("histogram").setting("digits", self.digits, Change::Smaller);
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        let total = acc.read.iter().try_fold(0u64, |total, (_, times)| total.checked_add(*times));
        InvalidState::unless(total.is_some(), "histogram", "it has counted more items than any run")?;
        InvalidState::unless_reachable("histogram", total.unwrap_or(0))
    }
}

impl<In: Into<u64>> Combine<In> for HistogramReducer {
    const ENDING: Ending = Ending::Never;

    fn combine(&self, HistogramAcc { histogram, read }: &mut HistogramAcc, later: HistogramAcc) -> Step {
        for (number, times) in Counts::from(later) {
            let histogram = histogram.get_or_insert_with(|| HistogramAcc::make(self.digits, read));
            HistogramAcc::record(histogram, number, times);
        }
        ControlFlow::Continue(())
    }
}
