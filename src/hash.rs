//! How keys are hashed, where a stage or a reducer keeps them in a map.

use core::{
    fmt,
    hash::{BuildHasher, Hasher},
};

use foldhash::{SharedSeed, fast};

/// The hash of `distinct`, `by_key`, `grouping` and `frequencies`, unless `with_hasher` says otherwise: foldhash, with
/// seeds that are drawn at random for each process and each recipe.
///
/// It takes a fraction of the time of std's SipHash, and promises less. Someone who chooses the keys can't prepare keys
/// that collide, because the seeds are not known. Someone who can also measure how long your program takes for many
/// chosen keys may learn enough of the seeds to make it slow. Where keys come from such hands, take std's hash, which
/// is made to withstand that:
///
/// ```
/// use std::hash::RandomState;
/// use transducer::prelude::*;
///
/// let names = distinct().with_hasher(RandomState::new());
/// assert_eq!(["ann", "bob", "ann"].into_iter().transduce(names).collect::<Vec<_>>(), ["ann", "bob"]);
/// ```
///
/// Or bound what one key can cost, by `remembering` only so many keys. No snapshot contains a hash or a seed, so that
/// a run goes on under any hasher.
#[derive(Clone, Copy)]
pub struct FastHash {
    seed: u64,
}

impl Default for FastHash {
    fn default() -> Self {
        Self { seed: fast::RandomState::default().hash_one(0) }
    }
}

impl BuildHasher for FastHash {
    type Hasher = FastHasher;

    #[inline]
    fn build_hasher(&self) -> FastHasher {
        FastHasher(fast::FoldHasher::with_seed(self.seed, SharedSeed::global_random()))
    }
}

/// The [`Hasher`] of [`FastHash`].
#[derive(Clone)]
pub struct FastHasher(fast::FoldHasher<'static>);

/// Passes on what the hasher inside has a faster way for.
macro_rules! write_as_is {
    ($($write:ident: $number:ty),*) => {
        $(#[inline(always)]
        fn $write(&mut self, number: $number) {
            self.0.$write(number);
        })*
    };
}

impl Hasher for FastHasher {
    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    write_as_is!(write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128, write_usize: usize);

    #[inline(always)]
    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

// Seeds are nobody's business.
impl fmt::Debug for FastHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FastHash")
    }
}

impl fmt::Debug for FastHasher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FastHasher")
    }
}
