//! The hash by which keys are spread over the workers.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

/// Gives the number by which a key finds its worker: the same in each process.
///
/// std's `RandomState`, and this project's `FastHash`, are seeded anew in each process. This one isn't, so who chooses the
/// keys can choose that all go to one worker.
pub(crate) fn route(key: &impl Hash) -> u64 {
    FixedState::with_seed(0).hash_one(key)
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn keys_are_spread() {
        let mut counts = [0; 7];
        (0..7_000_u64).for_each(|key| counts[(route(&key) % 7) as usize] += 1);
        assert!(counts.iter().all(|count| (800..1_200).contains(count)), "{counts:?}");
    }
}
