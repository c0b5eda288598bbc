use alloc::collections::VecDeque;
use core::ops::ControlFlow;

use super::kept::Kept;
use crate::{
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits the last `count` items, at the end of the run.
///
/// Input of fewer items is emitted whole.
///
/// - **Memory**: up to `count` items.
/// - **Ends**: `taking_last(0)` reads no input at all.
/// - **Like**: itertools `tail`; Clojure's `take-last`, RxJS's `takeLast`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!((1..=5).transduce(taking_last(2)).collect::<Vec<_>>(), [4, 5]);
/// ```
#[doc(alias = "tail")]
pub fn taking_last(count: usize) -> TakingLast {
    TakingLast { count }
}

/// The transducer of [`taking_last`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct TakingLast {
    count: usize,
}

impl<In> Transducer<In> for TakingLast {
    type Out = In;
    type State = Kept<VecDeque<In>>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Kept<VecDeque<In>> {
        Kept::new(VecDeque::new())
    }

    #[inline]
    fn step(&self, kept: &mut Kept<VecDeque<In>>, item: In, _: &mut impl Emit<In>) -> Step {
        if kept.items.len() == self.count {
            kept.items.pop_front();
        }
        kept.items.push_back(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn resume(&self, kept: &mut Kept<VecDeque<In>>, out: &mut impl Emit<In>) -> Step {
        kept.resume(out)
    }

    #[inline]
    fn complete(&self, kept: &mut Kept<VecDeque<In>>, out: &mut impl Emit<In>) -> Step {
        kept.complete(out)
    }

    fn is_idle(&self, kept: &Kept<VecDeque<In>>) -> bool {
        kept.is_idle()
    }

    fn size_hint(&self, kept: &Kept<VecDeque<In>>, input: SizeHint) -> SizeHint {
        hint::take(kept.size_hint(input), self.count)
    }

    fn is_reduced(&self, _: &Kept<VecDeque<In>>) -> bool {
        self.count == 0
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("taking_last").setting("count", self.count, Change::Smaller);
    }

    fn validate(&self, kept: &mut Self::State) -> Result<(), InvalidState> {
        kept.items.drain(..kept.items.len().saturating_sub(self.count));
        kept.validate("taking_last")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits the last `count` items, at the end of the run. See [`taking_last`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let tail = (1..=4).transduce(pipeline::<u32>().take_last(2));
    /// assert_eq!(tail.collect::<Vec<_>>(), [3, 4]);
    /// ```
    pub fn take_last(self, count: usize) -> Pipeline<In, Compose<X, TakingLast>> {
        self.then(taking_last(count))
    }
}
