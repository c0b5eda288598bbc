use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::{
    error::InvalidArgument,
    kernel::{Change, Combine, Ending, Outline, Reducer, Step},
};

/// Gives the quantiles at `fractions`, which are from 0 to 1, or `None` for empty input.
///
/// They are exact: 0.5 is the median, 0 the least number and 1 the greatest. A quantile between two numbers is
/// interpolated linearly. Takes items that convert to `f64` without loss, such as `f32` and `u32`. If any is a NaN, all
/// quantiles are NaN. For quantiles of a long stream in little memory, see `histogram`.
///
/// - **Memory**: every number.
/// - **Panics**: if a fraction is not from 0 to 1. Use [`try_quantiles`] for fractions that come from data.
/// - **Like**: NumPy `quantile` with its default method, `linear`; R `quantile`, type 7.
///
/// ```
/// use transducer::prelude::*;
///
/// let of_lengths = |words: &[&str]| {
///     transduce(mapping(|word: &str| word.len() as f64), quantiles([0.5, 1.0]), words.iter().copied())
/// };
/// assert_eq!(of_lengths(&["an", "input", "of", "four"]), Some([3.0, 5.0]));
/// assert_eq!(of_lengths(&[]), None);
/// ```
#[doc(alias("median", "percentile", "quartiles"))]
#[track_caller]
pub fn quantiles<const N: usize>(fractions: [f64; N]) -> Quantiles<N> {
    InvalidArgument::or_panic(try_quantiles(fractions))
}

/// [`quantiles`] at fractions that come from data.
///
/// - **Errors**: if a fraction is not from 0 to 1.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_quantiles([1.5]).unwrap_err().to_string(), "`fractions` must be from 0 to 1");
/// ```
pub fn try_quantiles<const N: usize>(fractions: [f64; N]) -> Result<Quantiles<N>, InvalidArgument> {
    if fractions.iter().all(|fraction| (0.0..=1.0).contains(fraction)) {
        Ok(Quantiles { fractions })
    } else {
        Err(InvalidArgument::new("fractions", "from 0 to 1"))
    }
}

/// The reducer of [`quantiles`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Quantiles<const N: usize> {
    fractions: [f64; N],
}

/// The accumulator of [`Quantiles`]: the numbers so far.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct QuantilesAcc {
    #[cfg_attr(feature = "serde", serde(with = "crate::float::list"))]
    numbers: Vec<f64>,
}

/// The quantile of some numbers, which it rearranges. There is at least one.
fn quantile(numbers: &mut [f64], fraction: f64) -> f64 {
    let place = fraction * (numbers.len() - 1) as f64;
    // Rounded, the product of large numbers could be beyond the last place.
    let below = (place as usize).min(numbers.len() - 1);
    let share = place - below as f64;
    let (_, &mut lower, greater) = numbers.select_nth_unstable_by(below, f64::total_cmp);
    let Some(upper) = greater.iter().copied().min_by(f64::total_cmp).filter(|_| share > 0.0) else { return lower };
    if lower == upper {
        return lower;
    }
    // From the nearer of the two, as NumPy does, so that it is monotonous and exact at both ends.
    let apart = upper - lower;
    if apart.is_infinite() {
        return lower * (1.0 - share) + upper * share;
    }
    if share < 0.5 { lower + apart * share } else { upper - apart * (1.0 - share) }
}

impl<In: Into<f64>, const N: usize> Reducer<In> for Quantiles<N> {
    type Acc = QuantilesAcc;
    type Output = Option<[f64; N]>;

    #[inline]
    fn initial(&self) -> QuantilesAcc {
        QuantilesAcc { numbers: Vec::new() }
    }

    #[inline]
    fn step(&self, acc: &mut QuantilesAcc, item: In) -> Step {
        acc.numbers.push(item.into());
        ControlFlow::Continue(())
    }

    #[inline]
    fn step_all(&self, acc: &mut QuantilesAcc, items: impl Iterator<Item = In>) -> Step {
        acc.numbers.extend(items.map(Into::into));
        ControlFlow::Continue(())
    }

    fn complete(&self, mut acc: QuantilesAcc) -> Option<[f64; N]> {
        if acc.numbers.is_empty() {
            return None;
        }
        if acc.numbers.iter().any(|number| number.is_nan()) {
            return Some([f64::NAN; N]);
        }
        Some(self.fractions.map(|fraction| quantile(&mut acc.numbers, fraction)))
    }

    fn describe(&self, outline: &mut Outline) {
        let described = outline.stage("quantiles");
        // They are only asked for at the end.
        self.fractions
            .iter()
            .fold(described, |described, fraction| described.setting("fraction", fraction, Change::Free));
    }
}

impl<In: Into<f64>, const N: usize> Combine<In> for Quantiles<N> {
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut QuantilesAcc, mut later: QuantilesAcc) -> Step {
        acc.numbers.append(&mut later.numbers);
        ControlFlow::Continue(())
    }
}
