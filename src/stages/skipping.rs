use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Drops the first `count` items and emits the rest.
///
/// - **Memory**: one counter.
/// - **Like**: [`Iterator::skip`]; Clojure's `drop`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!((1..=5).transduce(skipping(3)).collect::<Vec<_>>(), [4, 5]);
/// ```
#[doc(alias = "drop")]
pub fn skipping(count: usize) -> Skipping {
    Skipping { count }
}

/// The transducer of [`skipping`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Skipping {
    count: usize,
}

impl<In> Transducer<In> for Skipping {
    type Out = In;
    type State = usize;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> usize {
        self.count
    }

    #[inline]
    fn step(&self, remaining: &mut usize, item: In, out: &mut impl Emit<In>) -> Step {
        if *remaining == 0 {
            return out.emit(item);
        }
        *remaining -= 1;
        ControlFlow::Continue(())
    }

    fn is_idle(&self, remaining: &usize) -> bool {
        *remaining == self.count
    }

    fn size_hint(&self, remaining: &usize, input: SizeHint) -> SizeHint {
        hint::skip(input, *remaining)
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Drops the first `count` items and emits the rest. See [`skipping`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let rest = (1..=4).transduce(pipeline::<u32>().skip(2));
    /// assert_eq!(rest.collect::<Vec<_>>(), [3, 4]);
    /// ```
    pub fn skip(self, count: usize) -> Pipeline<In, Compose<X, Skipping>> {
        self.then(skipping(count))
    }
}
