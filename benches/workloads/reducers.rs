//! A reducer with an accumulator that is too large to be copied at every step.

use std::ops::ControlFlow;

use transducer::*;

pub const HISTOGRAM: usize = 512;

/// Counts by remainder: 4 KiB of counts.
pub struct Histogram;

impl Histogram {
    /// A number that tells one histogram from another.
    pub fn of(&self, counts: [u64; HISTOGRAM]) -> u64 {
        counts.iter().zip(1..).map(|(count, place)| count * place).sum()
    }
}

impl Reducer<u64> for Histogram {
    type Acc = [u64; HISTOGRAM];
    type Output = u64;

    #[inline]
    fn initial(&self) -> Self::Acc {
        [0; HISTOGRAM]
    }

    #[inline]
    fn step(&self, counts: &mut Self::Acc, x: u64) -> Step {
        counts[x as usize % HISTOGRAM] += 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn complete(&self, counts: Self::Acc) -> u64 {
        self.of(counts)
    }
}
