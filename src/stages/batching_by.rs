use alloc::{vec, vec::Vec};
use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Collects consecutive items with equal keys and emits them as `(key, items)` once an item with another key comes.
///
/// The last group is emitted at the end of the run. Empty input yields nothing.
///
/// - **Memory**: one key, and the items of one group, in a `Vec` that grows as they come.
/// - **Like**: itertools `chunk_by`, Python's `itertools.groupby`; Clojure's `partition-by`, which leaves the key
///   out.
///
/// ```
/// use transducer::prelude::*;
///
/// let by_parity = [1, 3, 2, 5].into_iter().transduce(batching_by(|x: &i32| x % 2 == 0));
/// assert_eq!(by_parity.collect::<Vec<_>>(), [(false, vec![1, 3]), (true, vec![2]), (false, vec![5])]);
/// ```
#[doc(alias("chunk_by", "partition_by", "partition-by", "group_by", "groupby"))]
pub fn batching_by<In, K: PartialEq, F: Fn(&In) -> K>(key: F) -> BatchingBy<F> {
    BatchingBy { key }
}

/// The transducer of [`batching_by`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct BatchingBy<F> {
    key: F,
}

impl<In, K: PartialEq, F: Fn(&In) -> K> Transducer<In> for BatchingBy<F> {
    type Out = (K, Vec<In>);
    type State = Option<(K, Vec<In>)>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing();

    #[inline]
    fn initial(&self) -> Self::State {
        None
    }

    #[inline]
    fn step(&self, run: &mut Self::State, item: In, out: &mut impl Emit<(K, Vec<In>)>) -> Step {
        let key = (self.key)(&item);
        match run {
            Some((current, items)) if *current == key => {
                items.push(item);
                ControlFlow::Continue(())
            }
            _ => run.replace((key, vec![item])).map_or(ControlFlow::Continue(()), |run| out.emit(run)),
        }
    }

    #[inline]
    fn complete(&self, run: &mut Self::State, out: &mut impl Emit<(K, Vec<In>)>) -> Step {
        run.take().map_or(ControlFlow::Continue(()), |run| out.emit(run))
    }

    fn is_idle(&self, run: &Self::State) -> bool {
        run.is_none()
    }

    fn size_hint(&self, run: &Self::State, (least, most): SizeHint) -> SizeHint {
        let current = usize::from(run.is_some());
        (least.min(1).max(current), most.and_then(|most| most.checked_add(current)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("batching_by");
    }
}

debug_closures!(BatchingBy<F> {; key});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects consecutive items with equal keys and emits them as `(key, items)`. See [`batching_by`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let runs = [1, 3, 2, 5].into_iter().transduce(pipeline::<u32>().chunk_by(|x| x % 2));
    /// assert_eq!(runs.collect::<Vec<_>>(), [(1, vec![1, 3]), (0, vec![2]), (1, vec![5])]);
    /// ```
    pub fn chunk_by<K: PartialEq, F: Fn(&X::Out) -> K>(self, key: F) -> Pipeline<In, Compose<X, BatchingBy<F>>> {
        self.then(batching_by(key))
    }
}
