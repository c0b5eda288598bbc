//! [`compose`]: transducers stacked into one.

use core::{fmt, ops::ControlFlow};

use super::{
    Closed, Emit, Guarded, InvalidState, Outline, Reduced, Shape, SizeHint, Splittable, Step, Time, Transducer, call,
    emit::Sealed, hint,
};

/// Stacks a tuple of 1 to 12 transducers into one. Items flow from left to right.
///
/// A composition is itself a transducer, so compositions nest. How they are nested makes no difference to the output.
///
/// - **Memory**: the states of the stages.
/// - **Ends**: as soon as one stage ends the run. That stage is not stepped again. The stages are then completed from
///   left to right, so that what one has left over still passes through the stages behind it.
/// - **Like**: Clojure `comp` of transducers; tower `ServiceBuilder`.
///
/// ```
/// use transducer::prelude::*;
///
/// let pipeline = compose((filtering(|x: &u64| x % 2 == 1), mapping(|x| x * x), taking(3), batching(2)));
/// let squares: Vec<Vec<u64>> = (0..).transduce(&pipeline).collect();
/// assert_eq!(squares, [vec![1, 9], vec![25]]);
/// ```
///
/// A function can return a composition, as it can an iterator:
///
/// ```
/// use transducer::prelude::*;
///
/// fn even_numbers_as_text() -> impl Transducer<u64, Out = String> {
///     compose((filtering(|x: &u64| x % 2 == 0), mapping(|x: u64| x.to_string())))
/// }
/// ```
#[doc(alias("comp", "pipe"))]
pub fn compose<T: Composable>(stages: T) -> T::Composed {
    stages.compose()
}

/// A tuple of transducers that [`compose`] takes.
#[diagnostic::on_unimplemented(
    message = "`compose` takes one tuple of transducers",
    label = "not a tuple",
    note = "write the parentheses twice: `compose((a, b))`",
    note = "for more than 12 stages, nest compositions: `compose((compose((a, b)), c))`"
)]
pub trait Composable: sealed::Sealed {
    /// The composition.
    type Composed;

    #[doc(hidden)]
    fn compose(self) -> Self::Composed;
}

/// The transducer of [`compose`] and [`Pipeline::then`](crate::Pipeline::then): the outputs of one stage are the items
/// of another.
///
/// `Debug` prints compositions flat, as `first | second | third`, because how they are nested makes no difference.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Compose<A, B> {
    first: A,
    second: B,
}

/// The state of a [`Compose`]: the states of its two stages, and how far each has come.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComposeState<A, B> {
    first: A,
    second: B,
    link: Link,
}

/// How the two stages of a composition stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Link {
    /// What the first emits goes into the second.
    Open,
    /// The second wants no more.
    Closed,
    /// The first has been completed, and may have more to emit.
    #[cfg_attr(feature = "serde", serde(skip))]
    Flushing,
    /// The first is through; the second is to be completed as soon as it has nothing left to make.
    #[cfg_attr(feature = "serde", serde(skip))]
    Flushed,
    /// The second has been completed as well.
    #[cfg_attr(feature = "serde", serde(skip))]
    Completed,
}

/// A way to resume a composition.
type Resume<C, A, B, E> = fn(&C, &mut ComposeState<A, B>, &mut E) -> Step;

impl<A, B> Compose<A, B> {
    pub(crate) fn new(first: A, second: B) -> Self {
        Self { first, second }
    }

    /// The same with another second stage.
    pub(crate) fn map_second<C>(self, f: impl FnOnce(B) -> C) -> Compose<A, C> {
        Compose { first: self.first, second: f(self.second) }
    }

    /// Whether it matters, after `complete`, how far completion has come. Where it doesn't, `link` is `Open` or
    /// `Closed`.
    const fn is_noted(first: Shape, second: Shape) -> bool {
        first.flushes() && second.resumes()
    }

    /// Resumes what the shapes of the stages say can be resumed.
    // Chosen in a const, as in `call`, so that a pipeline isn't compiled once a way.
    #[inline(always)]
    fn resume_as<In, E: Emit<B::Out>>(&self, state: &mut ComposeState<A::State, B::State>, out: &mut E) -> Step
    where
        A: Transducer<In>,
        B: Transducer<A::Out>,
    {
        let resume = const {
            let resume: Resume<Self, A::State, B::State, E> = if Self::is_noted(A::SHAPE, B::SHAPE) {
                Self::resume_noted::<In, E>
            } else if !A::SHAPE.resumes() {
                Self::resume_second::<In, E>
            } else {
                Self::resume_both::<In, E>
            };
            resume
        };
        resume(self, state, out)
    }

    // The next three are inlined without asking: of many stages one behind another, the optimizer would weigh each of
    // them again and again, at three times the time to compile. Without optimization they are calls, as everything is.

    /// Resumes the second stage, where nothing can be left of the first.
    #[cfg_attr(debug_assertions, inline)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn resume_second<In, E: Emit<B::Out>>(&self, state: &mut ComposeState<A::State, B::State>, out: &mut E) -> Step
    where
        A: Transducer<In>,
        B: Transducer<A::Out>,
    {
        let flow = call::resume(&self.second, &mut state.second, out);
        if flow.is_break() {
            state.link = Link::Closed;
        }
        if state.link == Link::Closed { ControlFlow::Break(Reduced) } else { flow }
    }

    /// Resumes both stages, what is furthest on its way first.
    #[cfg_attr(debug_assertions, inline)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn resume_both<In, E: Emit<B::Out>>(&self, state: &mut ComposeState<A::State, B::State>, out: &mut E) -> Step
    where
        A: Transducer<In>,
        B: Transducer<A::Out>,
    {
        self.resume_second(state, out)?;
        if out.is_full() { ControlFlow::Continue(()) } else { self.resume_first(state, out) }
    }

    /// Resumes the first stage, nothing being left of the second.
    #[cfg_attr(debug_assertions, inline)]
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn resume_first<In, E: Emit<B::Out>>(&self, state: &mut ComposeState<A::State, B::State>, out: &mut E) -> Step
    where
        A: Transducer<In>,
        B: Transducer<A::Out>,
    {
        let ComposeState { first, second, link } = state;
        let mut into = Into { xf: &self.second, second: Guarded { state: second, reduced: false }, out };
        let flow = call::resume(&self.first, first, &mut into);
        if into.second.reduced {
            *link = Link::Closed;
            return ControlFlow::Break(Reduced);
        }
        flow
    }

    /// Resumes both stages, and completes the second once the first is through.
    fn resume_noted<In, E: Emit<B::Out>>(&self, state: &mut ComposeState<A::State, B::State>, out: &mut E) -> Step
    where
        A: Transducer<In>,
        B: Transducer<A::Out>,
    {
        match state.link {
            Link::Open | Link::Closed => return self.resume_both(state, out),
            Link::Flushing => {
                if call::resume(&self.second, &mut state.second, out).is_break() {
                    // Nobody wants the rest, but runs inside the first stage are still to be completed.
                    let _ = call::resume(&self.first, &mut state.first, &mut Closed);
                    state.link = Link::Flushed;
                } else if !out.is_full() {
                    let _ = self.resume_first(state, out);
                    if state.link == Link::Closed || !out.is_full() {
                        state.link = Link::Flushed;
                    }
                }
            }
            Link::Flushed | Link::Completed => {
                let _ = call::resume(&self.second, &mut state.second, out);
            }
        }
        if state.link == Link::Flushed && !out.is_full() {
            state.link = Link::Completed;
            return call::complete(&self.second, &mut state.second, out);
        }
        ControlFlow::Continue(())
    }
}

impl<In, A: Transducer<In>, B: Transducer<A::Out>> Transducer<In> for Compose<A, B> {
    type Out = B::Out;
    type State = ComposeState<A::State, B::State>;

    const SHAPE: Shape = A::SHAPE.then(B::SHAPE);

    #[inline]
    fn initial(&self) -> Self::State {
        let second = self.second.initial();
        let link = if self.second.is_reduced(&second) { Link::Closed } else { Link::Open };
        ComposeState { first: self.first.initial(), second, link }
    }

    // In a step, the second stage is guarded by a flag of that step. It can stay in a register, and be optimized away
    // where the first emits one item, also when the states have to be in memory.
    #[inline(always)] // or debug builds would pay for a call a stage
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<B::Out>) -> Step {
        let ComposeState { first, second, link } = state;
        let mut into = Into { xf: &self.second, second: Guarded { state: second, reduced: false }, out };
        let flow = call::step(&self.first, first, item, &mut into);
        if into.second.reduced {
            *link = Link::Closed;
            return ControlFlow::Break(Reduced);
        }
        flow
    }

    #[inline(always)]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<B::Out>) -> Step {
        self.resume_as(state, out)
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<B::Out>) -> Step {
        let ComposeState { first, second, link } = state;
        let second = Guarded { reduced: *link == Link::Closed, state: second };
        let mut into = Into { xf: &self.second, second, out };
        let flow = call::complete(&self.first, first, &mut into);
        let Into { second: Guarded { state: second, reduced }, out, .. } = into;
        if const { Self::is_noted(A::SHAPE, B::SHAPE) } {
            if out.is_full() {
                *link = if reduced { Link::Flushed } else { Link::Flushing };
                return flow;
            }
            *link = Link::Completed;
        } else if A::SHAPE.flushes() && reduced {
            // What the first has left is not for the second any more.
            *link = Link::Closed;
        }
        if B::SHAPE.flushes() { call::complete(&self.second, second, out) } else { flow }
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        let second = if B::SHAPE.is_timed() { self.second.deadline(&state.second) } else { None };
        let first = if A::SHAPE.is_timed() { self.first.deadline(&state.first) } else { None };
        first.into_iter().chain(second).min()
    }

    #[inline]
    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<B::Out>) -> Step {
        let ComposeState { first, second, link } = state;
        // At one moment, what is furthest on its way comes first. What is left stays due.
        let flow = call::advance(&self.second, second, out);
        if flow.is_break() {
            *link = Link::Closed;
            return flow;
        }
        if out.is_full() {
            return flow;
        }
        let mut into = Into { xf: &self.second, second: Guarded { state: second, reduced: false }, out };
        let flow = call::advance(&self.first, first, &mut into);
        if into.second.reduced {
            *link = Link::Closed;
            return ControlFlow::Break(Reduced);
        }
        flow
    }

    #[inline]
    fn is_reduced(&self, state: &Self::State) -> bool {
        self.first.is_reduced(&state.first) || state.link == Link::Closed
    }

    #[inline]
    fn is_idle(&self, state: &Self::State) -> bool {
        state.link == Link::Open && self.first.is_idle(&state.first) && self.second.is_idle(&state.second)
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        let between = match state.link {
            Link::Open | Link::Flushing => self.first.size_hint(&state.first, input),
            Link::Closed | Link::Flushed | Link::Completed => hint::NOTHING,
        };
        self.second.size_hint(&state.second, between)
    }

    #[inline]
    fn shape(&self) -> Shape {
        self.first.shape().then(self.second.shape())
    }

    fn describe(&self, outline: &mut Outline) {
        outline.composed(|outline| self.first.describe(outline), |outline| self.second.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        self.first.validate(&mut state.first)?;
        self.second.validate(&mut state.second)?;
        if self.second.is_reduced(&state.second) {
            state.link = Link::Closed;
        }
        Ok(())
    }
}

impl<A: Splittable, B: Splittable> Splittable for Compose<A, B> {}

/// What the first stage of a composition emits to: a step of the second, unless that wants no more.
// Over the transducer and not over its state: fewer types to normalize, in each of many nested ones.
struct Into<'a, In, X: Transducer<In>, E> {
    xf: &'a X,
    second: Guarded<&'a mut X::State>,
    out: &'a mut E,
}

impl<In, X: Transducer<In>, E> Sealed for Into<'_, In, X, E> {}

impl<In, X: Transducer<In>, E: Emit<X::Out>> Emit<In> for Into<'_, In, X, E> {
    const PAUSES: bool = E::PAUSES;
    const CLOSED: bool = E::CLOSED;

    #[inline(always)]
    fn emit(&mut self, item: In) -> Step {
        if E::CLOSED || self.second.reduced {
            return ControlFlow::Break(Reduced);
        }
        let flow = call::step_next(self.xf, self.second.state, item, self.out);
        if flow.is_break() {
            self.second.reduced = true;
        }
        flow
    }

    // A closed door is never full.
    #[inline(always)]
    fn is_full(&self) -> bool {
        !self.second.reduced && self.out.is_full()
    }

    #[inline(always)]
    fn now(&self) -> Time {
        self.out.now()
    }
}

impl<A: fmt::Debug, B: fmt::Debug> fmt::Debug for Compose<A, B> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(out)?;
        out.write_str(" | ")?;
        self.second.fmt(out)
    }
}

mod sealed {
    pub trait Sealed {}
}

/// Implements [`Composable`] for tuples. A tuple is split in halves, so that its composition is a balanced tree: the
/// deeper it is, the longer are the names of its types, and the time to compile.
macro_rules! composable {
    ($([$($stage:ident)*] [$($front:ident)*] [$($back:ident)*])*) => {$(
        impl<$($stage),*> sealed::Sealed for ($($stage,)*) {}

        #[diagnostic::do_not_recommend]
        impl<$($stage),*> Composable for ($($stage,)*) {
            type Composed = composable!(@type [$($front)*] [$($back)*]);

            #[inline]
            #[allow(non_snake_case)]
            fn compose(self) -> Self::Composed {
                let ($($stage,)*) = self;
                composable!(@value [$($front)*] [$($back)*])
            }
        }
    )*};
    (@type [$only:ident] []) => { $only };
    (@type [$($front:ident)*] [$($back:ident)*]) => {
        Compose<<($($front,)*) as Composable>::Composed, <($($back,)*) as Composable>::Composed>
    };
    (@value [$only:ident] []) => { $only };
    (@value [$($front:ident)*] [$($back:ident)*]) => { Compose::new(($($front,)*).compose(), ($($back,)*).compose()) };
}
composable! {
    [A] [A] []
    [A B] [A] [B]
    [A B C] [A] [B C]
    [A B C D] [A B] [C D]
    [A B C D E] [A B] [C D E]
    [A B C D E F] [A B C] [D E F]
    [A B C D E F G] [A B C] [D E F G]
    [A B C D E F G H] [A B C D] [E F G H]
    [A B C D E F G H I] [A B C D] [E F G H I]
    [A B C D E F G H I J] [A B C D E] [F G H I J]
    [A B C D E F G H I J K] [A B C D E] [F G H I J K]
    [A B C D E F G H I J K L] [A B C D E F] [G H I J K L]
}
