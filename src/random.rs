//! Random numbers that are the same in every version of the crate and on every machine, so that a run can be set aside
//! between two of them. Not for secrets.

use rand_xoshiro::{
    SplitMix64,
    rand_core::{Rng, SeedableRng},
};

/// A generator whose state is a number.
#[derive(Debug)]
pub(crate) struct Random(SplitMix64);

impl Random {
    /// Goes on from a state, or begins with a seed.
    #[inline]
    pub(crate) fn from_state(state: u64) -> Self {
        Self(SplitMix64::seed_from_u64(state))
    }

    /// The state of a generator for a part of a run, by the part's number: other numbers than those of any other part.
    #[cfg(feature = "alloc")]
    pub(crate) fn apart(seed: u64, number: u64) -> u64 {
        // Two states that lie side by side would give sequences that do too, one step apart.
        Self::from_state(seed ^ Self::from_state(number).0.next_u64()).0.next_u64()
    }

    #[inline]
    pub(crate) fn state(&self) -> u64 {
        u64::from_le_bytes(self.0.state())
    }

    /// A number from 0 to just below 1.
    #[inline]
    pub(crate) fn unit(&mut self) -> f64 {
        // As many bits as a float can tell apart.
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number below `end`.
    #[cfg(feature = "alloc")]
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // Of 2^64 numbers, the odds of two places differ by less than one in 2^32 for as many places as fit in memory.
        ((u128::from(self.0.next_u64()) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use rand_xoshiro::rand_core::Rng;

    use super::Random;

    /// The numbers of the reference implementation, `splitmix64.c` of Sebastiano Vigna.
    #[test]
    fn the_sequence_never_changes() {
        let mut random = Random::from_state(1477776061723855037);
        assert_eq!(
            [(); 3].map(|()| random.0.next_u64()),
            [1985237415132408290, 2979275885539914483, 13511426838097143398]
        );
    }

    #[test]
    fn it_goes_on_from_its_state() {
        let mut random = Random::from_state(7);
        random.unit();
        let mut resumed = Random::from_state(random.state());
        assert_eq!(resumed.unit(), random.unit());
    }
}
