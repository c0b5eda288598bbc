use alloc::vec::Vec;
use core::{mem, ops::ControlFlow};

use crate::{
    kernel::{Change, Combine, Ending, InvalidState, Outline, Reducer, Step},
    random::Random,
};

/// Gives a random sample of `count` items, in the order of the input.
///
/// Every item is equally likely to be in the sample. An input of up to `count` items is given whole. The positions that
/// are drawn depend on `seed` and the number of items alone, on every machine and in every version. Not for secrets:
/// the random numbers are SplitMix64's.
///
/// Most items cost a comparison, because it is drawn how many to pass over.
///
/// - **Memory**: up to `count` items.
/// - **Ends**: `reservoir(0, seed)` takes no input; nothing else ends it.
/// - **Like**: rand `IteratorRandom::sample`, but ordered. The method is Algorithm L, from Kim-Hung Li's
///   "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))" (ACM TOMS 20:4, 1994).
///
/// ```
/// use transducer::prelude::*;
///
/// let three_odd = || transduce(filtering(|x: &u32| x % 2 == 1), reservoir(3, 42), 0..1000);
/// assert_eq!(three_odd().len(), 3);
/// assert_eq!(three_odd(), three_odd());
/// assert_eq!(transduce(filtering(|x: &u32| x % 2 == 1), reservoir(3, 42), 0..6), [1, 3, 5]);
/// ```
#[doc(alias("sample", "choose_multiple"))]
pub fn reservoir(count: usize, seed: u64) -> Reservoir {
    Reservoir { count, seed }
}

/// The reducer of [`reservoir`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Reservoir {
    count: usize,
    seed: u64,
}

/// The accumulator of [`Reservoir`]: the sample so far, and which item will be the next in it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReservoirAcc<T> {
    /// Each with the number of items before it.
    kept: Vec<(u64, T)>,
    seen: u64,
    /// How many items are before the next one to be kept, once the sample is full.
    next: u64,
    /// Of the random numbers that the items of the sample could have drawn, the largest: whoever draws less is kept.
    #[cfg_attr(feature = "serde", serde(with = "crate::float"))]
    threshold: f64,
    random: u64,
}

impl<T> ReservoirAcc<T> {
    /// Draws which item is the next to be kept in a sample that is full.
    #[cold]
    fn draw_next(&mut self, random: &mut Random) {
        self.threshold *= libm::exp(logarithm(random) / self.kept.len() as f64);
        self.pass_over(random);
    }

    /// Draws how many items come before the next to be kept.
    fn pass_over(&mut self, random: &mut Random) {
        let passed_over = logarithm(random) / libm::log1p(-self.threshold);
        // What is beyond all numbers is never reached.
        self.next = self.seen.saturating_add(passed_over as u64);
        self.random = random.state();
    }

    /// Puts an item in the place of another one.
    #[cold]
    fn replace(&mut self, position: u64, item: T) {
        let mut random = Random::from_state(self.random);
        let place = random.below(self.kept.len());
        self.kept[place] = (position, item);
        self.draw_next(&mut random);
    }
}

/// Of a number from just above 0 to 1.
fn logarithm(random: &mut Random) -> f64 {
    libm::log(1.0 - random.unit())
}

impl<In> Reducer<In> for Reservoir {
    type Acc = ReservoirAcc<In>;
    type Output = Vec<In>;

    fn initial(&self) -> ReservoirAcc<In> {
        ReservoirAcc { kept: Vec::new(), seen: 0, next: u64::MAX, threshold: 1.0, random: self.seed }
    }

    #[inline]
    fn step(&self, acc: &mut ReservoirAcc<In>, item: In) -> Step {
        let position = acc.seen;
        acc.seen += 1;
        if acc.kept.len() < self.count {
            acc.kept.push((position, item));
            if acc.kept.len() == self.count {
                acc.draw_next(&mut Random::from_state(acc.random));
            }
        } else if position == acc.next {
            acc.replace(position, item);
        }
        ControlFlow::Continue(())
    }

    fn complete(&self, mut acc: ReservoirAcc<In>) -> Vec<In> {
        acc.kept.sort_unstable_by_key(|(position, _)| *position);
        acc.kept.into_iter().map(|(_, item)| item).collect()
    }

    fn is_reduced(&self, _: &ReservoirAcc<In>) -> bool {
        self.count == 0
    }

    fn describe(&self, outline: &mut Outline) {
        // With another count, each item would have had other odds.
        outline.stage("reservoir").setting("count", self.count, Change::Never).setting("seed", self.seed, Change::Free);
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        let invalid = |holds, reason| InvalidState::unless(holds, "reservoir", reason);
        InvalidState::unless_reachable("reservoir", acc.seen)?;
        let expected = acc.seen.min(self.count as u64);
        invalid(acc.kept.len() as u64 == expected, "it holds another number of items than it has drawn")?;
        invalid((0.0..=1.0).contains(&acc.threshold), "its threshold is no probability")?;
        invalid(expected < self.count as u64 || acc.next >= acc.seen, "the next item to be kept has gone by")
    }
}

impl<In> Combine<In> for Reservoir {
    const ENDING: Ending = Ending::Never;

    fn initial_of_piece(&self, number: u64) -> ReservoirAcc<In> {
        // Two pieces that drew the same numbers would keep items at the same positions.
        let random = if number == 0 { self.seed } else { Random::apart(self.seed, number) };
        ReservoirAcc { random, ..self.initial() }
    }

    /// Each item of a sample has drawn a number, of which only the largest is known, as `threshold`. So the others are
    /// drawn now, and those with the smallest are kept.
    fn combine(&self, acc: &mut ReservoirAcc<In>, later: ReservoirAcc<In>) -> Step {
        if later.seen == 0 {
            return ControlFlow::Continue(());
        }
        if acc.seen == 0 {
            *acc = later;
            return ControlFlow::Continue(());
        }
        let before = acc.seen;
        acc.seen = acc.seen.saturating_add(later.seen);
        let moved: Vec<_> =
            later.kept.into_iter().map(|(position, item)| (before.saturating_add(position), item)).collect();
        if acc.seen < self.count as u64 {
            acc.kept.extend(moved);
            return ControlFlow::Continue(());
        }
        let mut random = Random::from_state(acc.random);
        let mut drawn = with_numbers(mem::take(&mut acc.kept), acc.threshold, self.count, &mut random);
        drawn.extend(with_numbers(moved, later.threshold, self.count, &mut random));
        drawn.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        drawn.truncate(self.count);
        acc.threshold = drawn.last().map_or(1.0, |(number, _)| *number);
        acc.kept = drawn.into_iter().map(|(_, kept)| kept).collect();
        acc.pass_over(&mut random);
        ControlFlow::Continue(())
    }
}

/// The items of a sample, each with the number that it may have drawn: if the sample is full, one has the threshold, and
/// the others less.
fn with_numbers<T>(kept: Vec<T>, threshold: f64, count: usize, random: &mut Random) -> Vec<(f64, T)> {
    let largest = (kept.len() == count).then(|| random.below(count));
    let drawn = kept.into_iter().enumerate().map(|(place, kept)| {
        let number = if largest == Some(place) { threshold } else { threshold * random.unit() };
        (number, kept)
    });
    drawn.collect()
}
