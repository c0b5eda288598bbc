use core::{mem, ops::ControlFlow};

use super::key::with_key;
use crate::{
    kernel::{
        Compose, Emit, InvalidState, Outline, RunState, Shape, SizeHint, Step, Time, Transducer, debug::debug_closures,
        hint,
    },
    pipeline::Pipeline,
};

/// Runs a separate copy of `xf` for each run of consecutive items with equal keys, and emits `(key, output)` pairs.
///
/// Outputs come as soon as they are made. What is left over of a run is emitted once an item with another key comes, or
/// at the end of the input. If `xf` ends early, as with [`taking`](crate::taking), the other items of that run are
/// ignored. Empty input yields nothing.
///
/// - **Memory**: one key, and the state of one run; a clone of the key for each output. In drivers that pause between
///   outputs (lazy, stream, sink), also one item.
/// - **Ends**: never by itself, because another run may always come.
/// - **Like**: itertools `chunk_by`, with a pipeline for each group in place of a `Vec`; Clojure's `partition-by`, with a
///   transducer.
///
/// ```
/// use transducer::prelude::*;
///
/// let lengths = [1, 3, 2, 5].into_iter().transduce(by_run(|x: &i32| x % 2 == 0, reducing(counting())));
/// assert_eq!(lengths.collect::<Vec<_>>(), [(false, 2), (true, 1), (false, 1)]);
///
/// let firsts = [1, 3, 2, 5].into_iter().transduce(by_run(|x: &i32| x % 2 == 0, first()));
/// assert_eq!(firsts.collect::<Vec<_>>(), [(false, 1), (true, 2), (false, 5)]);
/// ```
#[doc(alias("chunk_by", "partition_by", "partition-by", "group_by", "groupby"))]
pub fn by_run<In, K, F, X>(key: F, xf: X) -> ByRun<F, X>
where
    K: PartialEq + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
{
    ByRun { key, xf }
}

/// The transducer of [`by_run`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct ByRun<F, X> {
    key: F,
    xf: X,
}

/// The state of [`ByRun`]: the key of the items that come, and their run.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "K: serde::Serialize, S: serde::Serialize",
        deserialize = "K: serde::Deserialize<'de>, S: serde::Deserialize<'de>"
    ))
)]
pub struct ByRunState<In, K, S> {
    current: Option<(K, RunState<S>)>,
    next: Next<In, K>,
}

/// What begins the next run, while the one before has more to emit.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
enum Next<In, K> {
    Nothing,
    #[cfg_attr(feature = "serde", serde(skip))]
    Item(K, In),
}

impl<F, X> ByRun<F, X> {
    /// Steps the run of the item's key, which begins unless there is one.
    #[inline]
    fn feed<In, K, E>(&self, state: &mut ByRunState<In, K, X::State>, key: K, item: In, out: &mut E) -> Step
    where
        K: Clone,
        X: Transducer<In>,
        E: Emit<(K, X::Out)>,
    {
        let (key, run) = state.current.get_or_insert_with(|| (key, RunState::new(&self.xf)));
        run.step(&self.xf, item, &mut with_key(key, out))
    }
}

impl<In, K, F, X> Transducer<In> for ByRun<F, X>
where
    K: PartialEq + Clone,
    F: Fn(&In) -> K,
    X: Transducer<In>,
{
    type Out = (K, X::Out);
    type State = ByRunState<In, K, X::State>;

    // The item that ends a run, or completes it, begins another.
    const SHAPE: Shape =
        if X::SHAPE.flushes() { X::SHAPE.then(Shape::MANY) } else { X::SHAPE.then(Shape::AT_MOST_ONE) };

    #[inline]
    fn initial(&self) -> Self::State {
        ByRunState { current: None, next: Next::Nothing }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<(K, X::Out)>) -> Step {
        let key = (self.key)(&item);
        if let Some((current, run)) = state.current.as_mut().filter(|(current, _)| *current != key) {
            if X::SHAPE.flushes() {
                run.complete(&self.xf, &mut with_key(current, out))?;
                if out.is_full() {
                    state.next = Next::Item(key, item);
                    return ControlFlow::Continue(());
                }
            }
            state.current = None;
        }
        self.feed(state, key, item, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        if let Some((key, run)) = &mut state.current {
            let flow = run.resume(&self.xf, &mut with_key(key, out));
            if flow.is_break() {
                state.next = Next::Nothing;
                return flow;
            }
        }
        if out.is_full() {
            return ControlFlow::Continue(());
        }
        match mem::replace(&mut state.next, Next::Nothing) {
            Next::Item(key, item) => {
                state.current = None;
                self.feed(state, key, item, out)
            }
            Next::Nothing => ControlFlow::Continue(()),
        }
    }

    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        match &mut state.current {
            Some((key, run)) => run.complete(&self.xf, &mut with_key(key, out)),
            None => ControlFlow::Continue(()),
        }
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.current.as_ref().and_then(|(_, run)| run.deadline(&self.xf))
    }

    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<(K, X::Out)>) -> Step {
        match &mut state.current {
            Some((key, run)) => run.advance(&self.xf, &mut with_key(key, out)),
            None => ControlFlow::Continue(()),
        }
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        state.current.is_none()
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        if !X::SHAPE.flushes() && X::SHAPE.emits_at_most_one() {
            return if X::SHAPE.emits_one() { input } else { hint::up_to(input) };
        }
        match input {
            (_, Some(0)) => {
                let current = state.current.as_ref().map(|(_, run)| run.size_hint(&self.xf, hint::NOTHING));
                let next = match state.next {
                    Next::Item(..) => RunState::new(&self.xf).size_hint(&self.xf, hint::exactly(1)),
                    Next::Nothing => hint::NOTHING,
                };
                hint::add(current.unwrap_or(hint::NOTHING), next)
            }
            _ => (0, None),
        }
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("by_run").inside(|outline| self.xf.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.current.as_mut().map_or(Ok(()), |(_, run)| run.validate(&self.xf))
    }
}

debug_closures!(ByRun<F, X> { xf: X; key });

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Runs a separate copy of `xf` for each run of consecutive items with equal keys, and emits `(key, output)` pairs.
    /// See [`by_run`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let counts = pipeline::<u32>().by_run(|x| x % 2, reducing(counting()));
    /// assert_eq!([1, 3, 2].into_iter().transduce(counts).collect::<Vec<_>>(), [(1, 2), (0, 1)]);
    /// ```
    pub fn by_run<K, F, Y>(self, key: F, xf: Y) -> Pipeline<In, Compose<X, ByRun<F, Y>>>
    where
        K: PartialEq + Clone,
        F: Fn(&X::Out) -> K,
        Y: Transducer<X::Out>,
    {
        self.then(by_run(key, xf))
    }
}
