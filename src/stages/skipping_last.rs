use alloc::collections::VecDeque;
use core::ops::ControlFlow;

use crate::{
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, hint},
    pipeline::Pipeline,
};

/// Emits all items but the last `count`, each once `count` more items have come.
///
/// - **Memory**: up to `count` + 1 items.
/// - **Like**: itertools `dropping_back`, for a source that can be read only from its beginning; Clojure's
///   `drop-last`, RxJS's `skipLast`.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!((1..=5).transduce(skipping_last(2)).collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[doc(alias("drop_last", "dropping_back"))]
pub fn skipping_last(count: usize) -> SkippingLast {
    SkippingLast { count }
}

/// The transducer of [`skipping_last`].
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SkippingLast {
    count: usize,
}

impl<In> Transducer<In> for SkippingLast {
    type Out = In;
    type State = VecDeque<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> VecDeque<In> {
        VecDeque::new()
    }

    #[inline]
    fn step(&self, items: &mut VecDeque<In>, item: In, out: &mut impl Emit<In>) -> Step {
        items.push_back(item);
        if items.len() <= self.count {
            return ControlFlow::Continue(());
        }
        match items.pop_front() {
            Some(item) => out.emit(item),
            None => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, items: &VecDeque<In>) -> bool {
        items.is_empty()
    }

    fn size_hint(&self, items: &VecDeque<In>, input: SizeHint) -> SizeHint {
        // What is kept is part of the input still to be emitted from, less those that never will be.
        hint::skip(input, self.count - items.len())
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("skipping_last").setting("count", self.count, Change::Larger);
    }

    fn validate(&self, items: &mut Self::State) -> Result<(), InvalidState> {
        InvalidState::unless(items.len() <= self.count, "skipping_last", "it holds more items than it skips")
    }
}

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits all items but the last `count`, each once `count` more items have come. See [`skipping_last`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let rest = (1..=4).transduce(pipeline::<u32>().skip_last(2));
    /// assert_eq!(rest.collect::<Vec<_>>(), [1, 2]);
    /// ```
    pub fn skip_last(self, count: usize) -> Pipeline<In, Compose<X, SkippingLast>> {
        self.then(skipping_last(count))
    }
}
