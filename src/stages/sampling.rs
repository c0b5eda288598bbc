use core::ops::ControlFlow;

use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
    random::Random,
};

/// Emits each item with the given `probability`.
///
/// The choice depends on `seed` alone, so every run of one recipe emits the same positions, on every machine and in
/// every version. `0.0` emits none, `1.0` all. Not for secrets: the random numbers are SplitMix64's.
///
/// - **Memory**: 8 bytes.
/// - **Panics**: if `probability` is not from 0 to 1. Use [`try_sampling`] for a probability that comes from data.
/// - **Like**: Clojure's `random-sample`, with a seed.
///
/// ```
/// use transducer::prelude::*;
///
/// let a_tenth = sampling(0.1, 42);
/// let kept: Vec<_> = (0..10_000).transduce(a_tenth).collect();
/// assert!((900..1_100).contains(&kept.len()));
/// assert!((0..10_000).transduce(a_tenth).eq(kept));
/// ```
#[doc(alias("random_sample", "random-sample"))]
#[track_caller]
pub fn sampling(probability: f64, seed: u64) -> Sampling {
    InvalidArgument::or_panic(try_sampling(probability, seed))
}

/// Like [`sampling`], for a probability that comes from data.
///
/// - **Errors**: if `probability` is less than 0, more than 1, or NaN.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_sampling(1.5, 0).unwrap_err().to_string(), "`probability` must be from 0 to 1");
/// ```
pub fn try_sampling(probability: f64, seed: u64) -> Result<Sampling, InvalidArgument> {
    if (0.0..=1.0).contains(&probability) {
        Ok(Sampling { probability, seed })
    } else {
        Err(InvalidArgument::new("probability", "from 0 to 1"))
    }
}

/// The transducer of [`sampling`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Sampling {
    probability: f64,
    seed: u64,
}

impl<In> Transducer<In> for Sampling {
    type Out = In;
    type State = u64;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> u64 {
        self.seed
    }

    #[inline(always)]
    fn step(&self, seed: &mut u64, item: In, out: &mut impl Emit<In>) -> Step {
        let mut random = Random::from_state(*seed);
        let kept = random.unit() < self.probability;
        *seed = random.state();
        if kept { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, seed: &u64) -> bool {
        *seed == self.seed
    }

    fn size_hint(&self, _: &u64, input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("sampling").setting("probability", self.probability, Change::Free).setting(
            "seed",
            self.seed,
            Change::Free,
        );
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item with the given `probability`. See [`sampling`].
    ///
    /// - **Panics**: if `probability` is not from 0 to 1.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let some = pipeline::<u32>().sample(0.5, 7);
    /// assert_eq!((0..99).transduce(&some).collect::<Vec<_>>(), (0..99).transduce(&some).collect::<Vec<_>>(), "by the
    /// seed");
    /// ```
    #[track_caller]
    pub fn sample(self, probability: f64, seed: u64) -> Pipeline<In, Compose<X, Sampling>> {
        self.then(sampling(probability, seed))
    }
}
