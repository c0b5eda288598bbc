use core::ops::ControlFlow;

use super::countdown::Countdown;
use crate::{
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, hint},
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
    type State = Countdown;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Countdown {
        Countdown::new(self.count)
    }

    #[inline(always)]
    fn step(&self, countdown: &mut Countdown, item: In, out: &mut impl Emit<In>) -> Step {
        if countdown.left == 0 {
            return out.emit(item);
        }
        countdown.left -= 1;
        ControlFlow::Continue(())
    }

    fn is_idle(&self, countdown: &Countdown) -> bool {
        countdown.is_idle()
    }

    fn size_hint(&self, countdown: &Countdown, input: SizeHint) -> SizeHint {
        hint::skip(input, countdown.left)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("skipping").setting("count", self.count, Change::Free);
    }

    fn validate(&self, countdown: &mut Countdown) -> Result<(), InvalidState> {
        countdown.fit(self.count);
        Ok(())
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
