use alloc::vec::Vec;
use core::{mem, ops::ControlFlow};

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Collects items into batches, each of which begins with an item that `begins` holds for, and emits a batch as a `Vec`
/// once the next begins.
///
/// For records of several lines. What comes ahead of the first such item is a batch of its own. The last batch is emitted
/// at the end of the run. Empty input yields nothing.
///
/// - **Memory**: the items of one batch, in a `Vec` that grows as they come.
/// - **Like**: slices' `chunk_by`, asked of the second of two items; `split_before` of Python's more-itertools, Ruby's `slice_before`.
///
/// ```
/// use transducer::prelude::*;
///
/// let lines = ["# one", "1", "1", "# two", "2"];
/// let records = lines.into_iter().transduce(batching_before(|line: &&str| line.starts_with('#')));
/// assert_eq!(records.collect::<Vec<_>>(), [vec!["# one", "1", "1"], vec!["# two", "2"]]);
/// ```
#[doc(alias("split_before", "chunk_while", "slice_before", "slice_when"))]
pub fn batching_before<In, F: Fn(&In) -> bool>(begins: F) -> BatchingBefore<F> {
    BatchingBefore { begins }
}

/// The transducer of [`batching_before`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct BatchingBefore<F> {
    begins: F,
}

impl<In, F: Fn(&In) -> bool> Transducer<In> for BatchingBefore<F> {
    type Out = Vec<In>;
    type State = Vec<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Vec<In> {
        Vec::new()
    }

    #[inline]
    fn step(&self, batch: &mut Vec<In>, item: In, out: &mut impl Emit<Vec<In>>) -> Step {
        let begins = (self.begins)(&item) && !batch.is_empty();
        let before = if begins { mem::take(batch) } else { Vec::new() };
        batch.push(item);
        if begins { out.emit(before) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, batch: &mut Vec<In>, out: &mut impl Emit<Vec<In>>) -> Step {
        if batch.is_empty() { ControlFlow::Continue(()) } else { out.emit(mem::take(batch)) }
    }

    fn is_idle(&self, batch: &Vec<In>) -> bool {
        batch.is_empty()
    }

    fn size_hint(&self, batch: &Vec<In>, (least, most): SizeHint) -> SizeHint {
        let current = usize::from(!batch.is_empty());
        (least.min(1).max(current), most.and_then(|most| most.checked_add(current)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("batching_before");
    }
}

debug_closures!(BatchingBefore<F> {; begins});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items into batches, each of which begins with an item that `begins` holds for. See [`batching_before`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let batches = [0, 1, 2, 0, 3].into_iter().transduce(pipeline::<u32>().chunk_before(|x| *x == 0));
    /// assert_eq!(batches.collect::<Vec<_>>(), [vec![0, 1, 2], vec![0, 3]]);
    /// ```
    pub fn chunk_before<F: Fn(&X::Out) -> bool>(self, begins: F) -> Pipeline<In, Compose<X, BatchingBefore<F>>> {
        self.then(batching_before(begins))
    }
}
