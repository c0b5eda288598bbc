use core::{mem, ops::ControlFlow};

use crate::{
    kernel::{
        Compose, Emit, Guarded, InvalidState, Outline, Reduced, RunState, Shape, SizeHint, Splittable, Step, Time,
        Transducer, hint,
    },
    pipeline::Pipeline,
};

/// Sends each item to every branch and emits what the branches emit.
///
/// `branches` is a tuple of 1 to 12 transducers with the same output type. For each item, the branches emit in the
/// order of the tuple. If one branch ends early, its leftovers are emitted and the others go on. When the input ends,
/// the remaining branches are completed in order.
///
/// - **Memory**: the branches' states; one item in drivers that pause between outputs (lazy, stream, sink). An item
///   is cloned for every branch that still takes input, except the last.
/// - **Ends**: when every branch has ended.
/// - **Like**: itertools `tee`, with the outputs merged; `multiplex` of Clojure's xforms.
///
/// ```
/// use transducer::prelude::*;
///
/// let items_then_count = fan_out((taking(2), reducing(counting())));
/// assert_eq!([7, 8, 9].into_iter().transduce(items_then_count).collect::<Vec<_>>(), [7, 8, 3]);
///
/// let mut source = 1..;
/// let both = fan_out((taking(2), compose((taking(3), mapping(|x: i32| -x)))));
/// assert_eq!(source.by_ref().transduce(both).collect::<Vec<_>>(), [1, -1, 2, -2, -3]);
/// assert_eq!(source.next(), Some(4));
/// ```
#[doc(alias("multiplex", "tee", "broadcast"))]
pub fn fan_out<T: Branches>(branches: T) -> T::FannedOut {
    branches.fan_out()
}

/// A tuple of transducers that [`fan_out`] takes.
#[diagnostic::on_unimplemented(
    message = "`fan_out` takes one tuple of transducers",
    label = "not a tuple",
    note = "write the parentheses twice: `fan_out((a, b))`",
    note = "for more than 12 branches, nest them: `fan_out((fan_out((a, b)), c))`"
)]
pub trait Branches: sealed::Sealed {
    /// The transducer that sends each item to all of them.
    type FannedOut;

    #[doc(hidden)]
    fn fan_out(self) -> Self::FannedOut;
}

/// The transducer of [`fan_out`] for two branches. More branches are nested to the right.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FanOut<A, B> {
    first: A,
    second: B,
}

/// The state of [`FanOut`]: a run of each branch.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "A: serde::Serialize, B: serde::Serialize",
        deserialize = "A: serde::Deserialize<'de>, B: serde::Deserialize<'de>"
    ))
)]
pub struct FanOutState<In, A, B> {
    first: RunState<A>,
    second: RunState<B>,
    left: Left<In>,
}

/// What is left to be done of a call, while downstream is full.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(bound = ""))]
enum Left<In> {
    Nothing,
    /// The first branch has more to make.
    #[cfg_attr(feature = "serde", serde(skip))]
    First,
    /// Likewise; then the second is to be stepped.
    #[cfg_attr(feature = "serde", serde(skip))]
    ThenStep(In),
    /// Likewise; then the second is to be completed.
    #[cfg_attr(feature = "serde", serde(skip))]
    ThenComplete,
    /// The second branch has more to make.
    #[cfg_attr(feature = "serde", serde(skip))]
    Second,
}

impl<A, B> FanOut<A, B> {
    /// Goes on with the second branch, and says whether a branch still wants input.
    #[inline]
    fn then<In, E: Emit<B::Out>>(
        &self,
        state: &mut FanOutState<In, A::State, B::State>,
        left: Left<In>,
        out: &mut E,
    ) -> Step
    where
        A: Transducer<In>,
        B: Transducer<In>,
    {
        let FanOutState { first, second, left: kept } = state;
        if out.is_full() {
            *kept = left;
        } else {
            match left {
                Left::Nothing | Left::First => {}
                Left::ThenStep(item) => second.step(&self.second, item, out)?,
                Left::ThenComplete => second.complete(&self.second, out)?,
                Left::Second => second.resume(&self.second, out)?,
            }
            if out.is_full() {
                *kept = Left::Second;
            }
        }
        if first.wants_input() || second.wants_input() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(Reduced)
        }
    }
}

impl<In, A, B> Transducer<In> for FanOut<A, B>
where
    In: Clone,
    A: Transducer<In>,
    B: Transducer<In, Out = A::Out>,
{
    type Out = A::Out;
    type State = FanOutState<In, A::State, B::State>;

    const SHAPE: Shape = A::SHAPE.then(B::SHAPE).then(Shape::MANY);

    #[inline]
    fn initial(&self) -> Self::State {
        FanOutState { first: RunState::new(&self.first), second: RunState::new(&self.second), left: Left::Nothing }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<A::Out>) -> Step {
        let FanOutState { first, second, .. } = state;
        // Nobody is given a clone where the item itself is to be had.
        let left = if !second.wants_input() {
            first.step(&self.first, item, out)?;
            Left::ThenComplete
        } else if first.wants_input() {
            first.step(&self.first, item.clone(), out)?;
            Left::ThenStep(item)
        } else {
            first.complete(&self.first, out)?;
            Left::ThenStep(item)
        };
        self.then(state, left, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<A::Out>) -> Step {
        let left = mem::replace(&mut state.left, Left::Nothing);
        match left {
            Left::Nothing => return ControlFlow::Continue(()),
            Left::Second => {}
            // Downstream wants no more: what is held for the second branch is dropped. At the end, that is completed
            // all the same.
            Left::ThenComplete => {
                let mut out = Guarded::new(out, false);
                let flow = state.first.resume(&self.first, &mut out);
                let then = self.then(state, left, &mut out);
                return if flow.is_break() { flow } else { then };
            }
            Left::First | Left::ThenStep(_) => state.first.resume(&self.first, out)?,
        }
        self.then(state, left, out)
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<A::Out>) -> Step {
        // Both are completed, even if downstream wants no more after the first.
        state.left = Left::Nothing;
        let mut out = Guarded::new(out, false);
        let _ = state.first.complete(&self.first, &mut out);
        self.then(state, Left::ThenComplete, &mut out)
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        let deadlines = [state.first.deadline(&self.first), state.second.deadline(&self.second)];
        deadlines.into_iter().flatten().min()
    }

    #[inline]
    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<A::Out>) -> Step {
        state.first.advance(&self.first, out)?;
        if out.is_full() {
            // The second stays due.
            return self.then(state, Left::First, out);
        }
        state.second.advance(&self.second, out)?;
        let left = if out.is_full() { Left::Second } else { Left::Nothing };
        self.then(state, left, out)
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        !state.first.wants_input() && !state.second.wants_input()
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        matches!(state.left, Left::Nothing) && state.first.is_idle(&self.first) && state.second.is_idle(&self.second)
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        let FanOutState { first, second, left } = state;
        let held = usize::from(matches!(left, Left::ThenStep(_)));
        let second = second.size_hint(&self.second, hint::add(hint::exactly(held), input));
        hint::add(first.size_hint(&self.first, input), second)
    }

    fn describe(&self, outline: &mut Outline) {
        outline
            .stage("fan_out")
            .inside(|outline| self.first.describe(outline))
            .inside(|outline| self.second.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.first.validate(&self.first)?;
        state.second.validate(&self.second)
    }
}

impl<A: Splittable, B: Splittable> Splittable for FanOut<A, B> {}

mod sealed {
    pub trait Sealed {}
}

/// Implements [`Branches`] for a tuple and all shorter ones.
macro_rules! branches {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> sealed::Sealed for ($first, $($rest,)*) {}

        #[diagnostic::do_not_recommend]
        impl<$first, $($rest),*> Branches for ($first, $($rest,)*) {
            type FannedOut = branches!(@type $first $($rest)*);

            #[inline]
            #[allow(non_snake_case)]
            fn fan_out(self) -> Self::FannedOut {
                let ($first, $($rest,)*) = self;
                branches!(@value $first $($rest)*)
            }
        }

        branches!($($rest)*);
    };
    (@type $last:ident) => { $last };
    (@type $first:ident $($rest:ident)+) => { FanOut<$first, branches!(@type $($rest)+)> };
    (@value $last:ident) => { $last };
    (@value $first:ident $($rest:ident)+) => { FanOut { first: $first, second: branches!(@value $($rest)+) } };
}
branches!(A B C D E F G H I J K L);

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Sends each item to every branch and emits what the branches emit. See [`fan_out`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let both = pipeline::<u32>().fan_out((mapping(|x: u32| x * 10), filtering(|x: &u32| x % 2 == 0)));
    /// assert_eq!([1, 2].into_iter().transduce(both).collect::<Vec<_>>(), [10, 20, 2]);
    /// ```
    pub fn fan_out<T>(self, branches: T) -> Pipeline<In, Compose<X, T::FannedOut>>
    where
        T: Branches<FannedOut: Transducer<X::Out>>,
    {
        self.then(fan_out(branches))
    }
}
