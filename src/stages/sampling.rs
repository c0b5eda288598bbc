use core::ops::ControlFlow;

use crate::{
    error::InvalidArgument,
    kernel::{Compose, Emit, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits each item with the given `probability`, as it comes, and drops it otherwise.
///
/// Which ones is a matter of `seed` alone: every run of the recipe keeps the same positions. `0.0`
/// keeps none, `1.0` all. Keeps the 8 bytes of a [`fastrand`] generator, which is not for secrets. The
/// stage is Clojure's `random-sample`, with a seed.
///
/// [`fastrand`]: https://docs.rs/fastrand
///
/// # Panics
/// If `probability` is not from 0 to 1; [`try_sampling`] gives an error instead.
///
/// ```
/// use transducer::{TransduceIterator, sampling};
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
/// # Errors
/// If `probability` is less than 0, more than 1, or NaN.
///
/// ```
/// use transducer::try_sampling;
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

/// The transducer that [`sampling`] makes.
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

    #[inline]
    fn step(&self, seed: &mut u64, item: In, out: &mut impl Emit<In>) -> Step {
        // The generator is its seed: kept as a number, so that the state is plain data.
        let mut random = fastrand::Rng::with_seed(*seed);
        let kept = random.f64() < self.probability;
        *seed = random.get_seed();
        if kept { out.emit(item) } else { ControlFlow::Continue(()) }
    }

    fn is_idle(&self, seed: &u64) -> bool {
        *seed == self.seed
    }

    fn size_hint(&self, _: &u64, input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item with the given `probability`: see [`sampling`].
    ///
    /// # Panics
    /// If `probability` is not from 0 to 1.
    ///
    /// ```
    /// use transducer::{TransduceIterator, pipeline};
    ///
    /// let some = pipeline::<u32>().sample(0.5, 7);
    /// assert_eq!((0..99).transduce(&some).collect::<Vec<_>>(), (0..99).transduce(&some).collect::<Vec<_>>(), "by the seed");
    /// ```
    #[track_caller]
    pub fn sample(self, probability: f64, seed: u64) -> Pipeline<In, Compose<X, Sampling>> {
        self.then(sampling(probability, seed))
    }
}
