//! [`compose`]: transducers stacked into one.

use core::{cell::Cell, fmt, ops::ControlFlow};

use crate::{Reduced, SizeHint, Step, Transducer, reduced::Guarded};

/// Stacks transducers into one; items flow left to right.
///
/// Takes a tuple of 1 to 12 transducers. The result is a transducer, so compositions nest, and
/// nesting makes no difference to what comes out.
///
/// The composition keeps each stage from being stepped once it has answered `Break`, and at the end
/// completes the stages from left to right, so that what one stage flushes still passes through those
/// after it. It keeps the states of its stages and nothing more.
///
/// ```
/// use transducer::{TransduceIterator, batching, compose, filtering, mapping, taking};
///
/// let pipeline = compose((filtering(|x: &u64| x % 2 == 1), mapping(|x| x * x), taking(3), batching(2)));
/// let squares: Vec<Vec<u64>> = (0..).transduce(&pipeline).collect();
/// assert_eq!(squares, [vec![1, 9], vec![25]]);
/// ```
///
/// A function can return a composition as it would an iterator:
///
/// ```
/// use transducer::{Transducer, compose, filtering, mapping};
///
/// fn even_numbers_as_text() -> impl Transducer<u64, Out = String> {
///     compose((filtering(|x: &u64| x % 2 == 0), mapping(|x: u64| x.to_string())))
/// }
/// ```
pub fn compose<T: Composable>(stages: T) -> T::Composed {
    stages.compose()
}

/// A tuple of transducers that [`compose`] takes.
pub trait Composable: sealed::Sealed {
    /// The composition.
    type Composed;

    #[doc(hidden)]
    fn compose(self) -> Self::Composed;
}

/// Two transducers as one: what `first` emits is the input of `second`.
///
/// Made by [`compose`] and by [`Pipeline::then`](crate::Pipeline::then). `Debug` prints a stack of
/// any depth flat, as `first | second | third`: which brackets it was built with makes no difference
/// to what it does.
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Compose<A, B> {
    first: A,
    second: B,
}

/// The state of a [`Compose`]: those of its two stages, and whether the second has had enough.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComposeState<A, B> {
    first: A,
    second: Guarded<B>,
}

impl<A, B> Compose<A, B> {
    pub(crate) fn new(first: A, second: B) -> Self {
        Self { first, second }
    }
}

impl<In, A: Transducer<In>, B: Transducer<A::Out>> Transducer<In> for Compose<A, B> {
    type Out = B::Out;
    type State = ComposeState<A::State, B::State>;

    const ONE_TO_ONE: bool = A::ONE_TO_ONE && B::ONE_TO_ONE;
    const AT_MOST_ONE: bool = A::AT_MOST_ONE && B::AT_MOST_ONE;
    const SUSPENDS: bool = A::SUSPENDS || B::SUSPENDS;

    #[inline]
    fn initial(&self) -> Self::State {
        let second = self.second.initial();
        let reduced = self.second.is_reduced(&second);
        ComposeState { first: self.first.initial(), second: Guarded::new(second, reduced) }
    }

    // In a step, the second stage is guarded by a flag of that step. It can stay in a register, and be optimized away
    // where the first emits one item, also when the states have to be in memory.
    #[inline(always)] // or debug builds would pay for a call a stage
    fn step(&self, state: &mut Self::State, item: In, emit: &mut impl FnMut(B::Out) -> Step) -> Step {
        let ComposeState { first, second } = state;
        let mut open = Guarded { state: &mut second.state, reduced: false };
        let flow = self.first.step(first, item, &mut into(&self.second, &mut open, emit));
        if open.reduced {
            second.reduced = true;
            return ControlFlow::Break(Reduced);
        }
        flow
    }

    #[inline(always)]
    fn step_until(
        &self,
        state: &mut Self::State,
        item: In,
        emit: &mut impl FnMut(B::Out) -> Step,
        full: &Cell<bool>,
    ) -> Step {
        let ComposeState { first, second } = state;
        let mut open = Guarded { state: &mut second.state, reduced: false };
        let flow = self.first.step_until(first, item, &mut into_until(&self.second, &mut open, emit, full), full);
        if open.reduced {
            second.reduced = true;
            return ControlFlow::Break(Reduced);
        }
        flow
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, emit: &mut impl FnMut(B::Out) -> Step, full: &Cell<bool>) -> Step {
        let ComposeState { first, second } = state;
        // What is furthest on its way comes first.
        if B::SUSPENDS && self.second.resume(&mut second.state, emit, full).is_break() {
            second.reduced = true;
            return ControlFlow::Break(Reduced);
        }
        if !A::SUSPENDS || full.get() {
            return ControlFlow::Continue(());
        }
        let mut open = Guarded { state: &mut second.state, reduced: second.reduced };
        let flow = self.first.resume(first, &mut into_until(&self.second, &mut open, emit, full), full);
        if open.reduced {
            second.reduced = true;
            return ControlFlow::Break(Reduced);
        }
        flow
    }

    #[inline]
    fn complete(&self, state: Self::State, emit: &mut impl FnMut(B::Out) -> Step) {
        let ComposeState { first, mut second } = state;
        let mut open = Guarded { state: &mut second.state, reduced: second.reduced };
        self.first.complete(first, &mut into(&self.second, &mut open, emit));
        self.second.complete(second.state, emit);
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        let between = if state.second.reduced { (0, Some(0)) } else { self.first.size_hint(&state.first, input) };
        self.second.size_hint(&state.second.state, between)
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        self.first.is_reduced(&state.first) || state.second.reduced
    }
}

// These are not closures of the methods above because a closure's type is named with all type parameters around
// it. Here those are of one stage, there of the whole pipeline, and its debug information took most of the time
// that a long pipeline takes to compile.

/// What the first stage emits to: a step of the second, unless that has had enough.
#[inline(always)]
fn into<In, X: Transducer<In>>(
    xf: &X,
    guarded: &mut Guarded<&mut X::State>,
    emit: &mut impl FnMut(X::Out) -> Step,
) -> impl FnMut(In) -> Step {
    move |item| {
        if guarded.reduced {
            return ControlFlow::Break(Reduced);
        }
        let flow = xf.step(guarded.state, item, emit);
        guarded.reduced = flow.is_break();
        flow
    }
}

/// Likewise, for a driver that wants one output at a time.
#[inline(always)]
fn into_until<In, X: Transducer<In>>(
    xf: &X,
    guarded: &mut Guarded<&mut X::State>,
    emit: &mut impl FnMut(X::Out) -> Step,
    full: &Cell<bool>,
) -> impl FnMut(In) -> Step {
    move |item| {
        if guarded.reduced {
            return ControlFlow::Break(Reduced);
        }
        let flow = xf.step_until(guarded.state, item, emit, full);
        guarded.reduced = flow.is_break();
        flow
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

/// Implements [`Composable`] for a tuple and all shorter ones. Stacking from the right keeps the
/// types of the closures short, and with them the time to compile.
macro_rules! composable {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> sealed::Sealed for ($first, $($rest,)*) {}

        impl<$first, $($rest),*> Composable for ($first, $($rest,)*) {
            type Composed = composable!(@type $first $($rest)*);

            #[inline]
            #[allow(non_snake_case)]
            fn compose(self) -> Self::Composed {
                let ($first, $($rest,)*) = self;
                composable!(@value $first $($rest)*)
            }
        }

        composable!($($rest)*);
    };
    (@type $last:ident) => { $last };
    (@type $first:ident $($rest:ident)+) => { Compose<$first, composable!(@type $($rest)+)> };
    (@value $last:ident) => { $last };
    (@value $first:ident $($rest:ident)+) => { Compose::new($first, composable!(@value $($rest)+)) };
}
composable!(A B C D E F G H I J K L);
