use core::ops::ControlFlow;

use super::countdown::Countdown;
use crate::{
    kernel::{Change, Compose, Emit, InvalidState, Outline, Reduced, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the first `count` items.
///
/// - **Memory**: one counter.
/// - **Ends**: with the last of these items. `taking(0)` reads no input at all.
/// - **Like**: [`Iterator::take`]; `limit` of Java's streams.
///
/// ```
/// use transducer::prelude::*;
///
/// let mut source = 1..=5;
/// assert_eq!(source.by_ref().transduce(taking(3)).collect::<Vec<_>>(), [1, 2, 3]);
/// assert_eq!(source, 4..=5);
/// ```
#[doc(alias = "limit")]
pub fn taking(count: usize) -> Taking {
    Taking { count }
}

/// The transducer of [`taking`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Taking {
    count: usize,
}

impl<In> Transducer<In> for Taking {
    type Out = In;
    type State = Countdown;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> Countdown {
        Countdown::new(self.count)
    }

    #[inline(always)]
    fn step(&self, countdown: &mut Countdown, item: In, out: &mut impl Emit<In>) -> Step {
        countdown.left -= 1;
        let flow = out.emit(item);
        if countdown.left == 0 { ControlFlow::Break(Reduced) } else { flow }
    }

    fn is_idle(&self, countdown: &Countdown) -> bool {
        countdown.is_idle()
    }

    fn size_hint(&self, countdown: &Countdown, input: SizeHint) -> SizeHint {
        hint::take(input, countdown.left)
    }

    fn is_reduced(&self, countdown: &Countdown) -> bool {
        countdown.left == 0
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("taking").setting("count", self.count, Change::Free);
    }

    fn validate(&self, countdown: &mut Countdown) -> Result<(), InvalidState> {
        countdown.fit(self.count);
        Ok(())
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the first `count` items and ends the run. See [`taking`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let numbers = (1..).transduce(pipeline::<u32>().take(2));
    /// assert_eq!(numbers.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn take(self, count: usize) -> Pipeline<In, Compose<X, Taking>> {
        self.then(taking(count))
    }
}
