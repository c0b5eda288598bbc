use core::{
    hash::{BuildHasher, Hash},
    mem,
    ops::ControlFlow,
};

use super::grouping::IndexMap;
use crate::{
    hash::FastHash,
    kernel::{Combine, Ending, InvalidState, Outline, Reducer, Step},
};

/// Gives a map from each distinct item to the number of times it came, in first-seen order.
///
/// - **Memory**: the distinct items and their counts.
/// - **Like**: itertools `counts`, but ordered; Clojure `frequencies`, Python `Counter`.
///
/// ```
/// use transducer::prelude::*;
///
/// let letters = transduce(filtering(|c: &char| c.is_alphabetic()), frequencies(), "to be, or not".chars());
/// assert_eq!(letters[&'o'], 3);
/// assert_eq!(letters.keys().collect::<String>(), "tobern");
/// ```
#[doc(alias("counts", "counter", "tally", "value_counts"))]
pub fn frequencies() -> Frequencies {
    Frequencies { hasher: FastHash::default() }
}

/// The reducer of [`frequencies`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Frequencies<H = FastHash> {
    hasher: H,
}

impl<H> Frequencies<H> {
    /// Sets how items are hashed: by [`FastHash`], unless this says otherwise. The map has the same hash.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use transducer::prelude::*;
    ///
    /// let counts = frequencies().with_hasher(RandomState::new());
    /// assert_eq!(transduce(taking(3), counts, "noon".chars())[&'o'], 2);
    /// ```
    pub fn with_hasher<G: BuildHasher + Clone>(self, hasher: G) -> Frequencies<G> {
        Frequencies { hasher }
    }
}

/// The accumulator of [`Frequencies`]: the counts so far.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "T: serde::Serialize + Eq + Hash",
        deserialize = "T: serde::Deserialize<'de> + Eq + Hash, H: BuildHasher + Default"
    ))
)]
pub struct FrequenciesAcc<T, H = FastHash> {
    // As a sequence, so that items of any type go into any format, in their order.
    #[cfg_attr(feature = "serde", serde(with = "indexmap::map::serde_seq"))]
    counts: IndexMap<T, usize, H>,
}

impl<In: Eq + Hash, H: BuildHasher + Clone> Reducer<In> for Frequencies<H> {
    type Acc = FrequenciesAcc<In, H>;
    type Output = IndexMap<In, usize, H>;

    #[inline]
    fn initial(&self) -> FrequenciesAcc<In, H> {
        FrequenciesAcc { counts: IndexMap::with_hasher(self.hasher.clone()) }
    }

    #[inline]
    fn step(&self, acc: &mut FrequenciesAcc<In, H>, item: In) -> Step {
        *acc.counts.entry(item).or_insert(0) += 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, acc: FrequenciesAcc<In, H>) -> IndexMap<In, usize, H> {
        acc.counts
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("frequencies");
    }

    fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
        let counts = mem::replace(&mut acc.counts, IndexMap::with_hasher(self.hasher.clone()));
        acc.counts.extend(counts);
        acc.counts.values().try_for_each(|count| InvalidState::unless_reachable("frequencies", *count))
    }
}

impl<In: Eq + Hash> Combine<In> for Frequencies {
    const ENDING: Ending = Ending::Never;

    fn combine(&self, acc: &mut FrequenciesAcc<In>, later: FrequenciesAcc<In>) -> Step {
        if acc.counts.is_empty() {
            *acc = later;
            return ControlFlow::Continue(());
        }
        for (item, count) in later.counts {
            let all = acc.counts.entry(item).or_insert(0);
            *all = all.saturating_add(count);
        }
        ControlFlow::Continue(())
    }
}
