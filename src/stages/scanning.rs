use core::ops::ControlFlow;

use crate::{
    kernel::{Compose, Emit, Outline, Reduced, Shape, SizeHint, Step, Transducer, debug::debug_closures, hint},
    pipeline::Pipeline,
};

/// Emits `x` for each item, as long as `f(&mut state, item)` returns `Some(x)`.
///
/// Each run starts with a clone of `initial` as its state.
///
/// - **Memory**: the state.
/// - **Ends**: when `f` returns `None`. The item that it was called with is lost.
/// - **Like**: [`Iterator::scan`]; Clojure's `reductions`, Python's `itertools.accumulate`.
///
/// ```
/// use transducer::prelude::*;
///
/// let running_total = scanning(0, |total: &mut i32, x: i32| {
///     *total += x;
///     Some(*total)
/// });
/// assert_eq!([1, 2, 3].into_iter().transduce(running_total).collect::<Vec<_>>(), [1, 3, 6]);
/// ```
#[doc(alias("reductions", "accumulate"))]
pub fn scanning<In, Out, S: Clone, F: Fn(&mut S, In) -> Option<Out>>(initial: S, f: F) -> Scanning<S, F> {
    Scanning { initial, f }
}

/// The transducer of [`scanning`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Scanning<S, F> {
    initial: S,
    f: F,
}

impl<In, Out, S: Clone, F: Fn(&mut S, In) -> Option<Out>> Transducer<In> for Scanning<S, F> {
    type Out = Out;
    type State = S;

    const SHAPE: Shape = Shape::AT_MOST_ONE;

    #[inline]
    fn initial(&self) -> S {
        self.initial.clone()
    }

    #[inline(always)]
    fn step(&self, state: &mut S, item: In, out: &mut impl Emit<Out>) -> Step {
        match (self.f)(state, item) {
            Some(made) => out.emit(made),
            None => ControlFlow::Break(Reduced),
        }
    }

    fn size_hint(&self, _: &S, input: SizeHint) -> SizeHint {
        hint::up_to(input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("scanning");
    }
}

debug_closures!(Scanning<S, F> { initial: S; f});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits `x` for each item, as long as `f(&mut state, item)` returns `Some(x)`. See [`scanning`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sums = pipeline::<u32>().scan(0, |sum: &mut u32, x| {
    ///     *sum += x;
    ///     Some(*sum)
    /// });
    /// assert_eq!((1..=3).transduce(sums).collect::<Vec<_>>(), [1, 3, 6]);
    /// ```
    pub fn scan<Out, S, F>(self, initial: S, f: F) -> Pipeline<In, Compose<X, Scanning<S, F>>>
    where
        S: Clone,
        F: Fn(&mut S, X::Out) -> Option<Out>,
    {
        self.then(scanning(initial, f))
    }
}
