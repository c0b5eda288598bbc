use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::kernel::{Reducer, Step};

/// Gives a random sample of `count` items, in the order of the input.
///
/// Every item is equally likely to be in the sample. An input of up to `count` items is given whole. The positions that
/// are drawn depend on `seed` and the number of items alone. The random numbers are those of [`fastrand`], which are
/// not meant for secrets.
///
/// - **Memory**: up to `count` items.
/// - **Ends**: `reservoir(0, seed)` takes no input; nothing else ends it.
/// - **Like**: rand `IteratorRandom::sample`, but ordered. The method is Algorithm R, by Alan Waterman, from Jeffrey
///   Vitter's "Random sampling with a reservoir" (ACM TOMS 11:1, 1985).
///
/// [`fastrand`]: https://docs.rs/fastrand
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

/// The accumulator of [`Reservoir`]: the sample so far, the number of items, and the seed of the next random number.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReservoirAcc<T> {
    /// Each with the number of items before it.
    kept: Vec<(u64, T)>,
    seen: u64,
    seed: u64,
}

impl<In> Reducer<In> for Reservoir {
    type Acc = ReservoirAcc<In>;
    type Output = Vec<In>;

    fn initial(&self) -> ReservoirAcc<In> {
        ReservoirAcc { kept: Vec::new(), seen: 0, seed: self.seed }
    }

    #[inline]
    fn step(&self, acc: &mut ReservoirAcc<In>, item: In) -> Step {
        let before = acc.seen;
        acc.seen += 1;
        if acc.kept.len() < self.count {
            acc.kept.push((before, item));
            return ControlFlow::Continue(());
        }
        // The generator is its seed: kept as a number, so that the accumulator is plain data.
        let mut random = fastrand::Rng::with_seed(acc.seed);
        let place = random.u64(..acc.seen);
        acc.seed = random.get_seed();
        if let Some(kept) = usize::try_from(place).ok().and_then(|place| acc.kept.get_mut(place)) {
            *kept = (before, item);
        }
        ControlFlow::Continue(())
    }

    fn complete(&self, mut acc: ReservoirAcc<In>) -> Vec<In> {
        acc.kept.sort_unstable_by_key(|(before, _)| *before);
        acc.kept.into_iter().map(|(_, item)| item).collect()
    }

    fn is_reduced(&self, _: &ReservoirAcc<In>) -> bool {
        self.count == 0
    }
}
