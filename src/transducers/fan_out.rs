use core::ops::ControlFlow;

use crate::{Compose, Pipeline, Reduced, SizeHint, Step, Transducer, inner_run::InnerRun, reduced::Guarded};

/// Gives each item to every one of its branches, a tuple of 1 to 12 transducers with the same output,
/// and emits what they emit.
///
/// For each item the branches emit in their order, as it comes. A branch that ends itself emits what
/// it has left over at once, and rests while the others go on; the run ends when all have. At its end
/// the remaining branches are completed in order. Each item is cloned for every branch that still wants
/// input but the last of these.
///
/// Keeps what the branches keep. Comparable to itertools' `tee`, with the outputs merged; the stage is
/// `multiplex` of Christophe Grand's `xforms` for Clojure.
///
/// ```
/// use transducer::{TransduceIterator, compose, counting, fan_out, mapping, reducing, taking};
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
pub trait Branches: sealed::Sealed {
    /// The transducer that feeds them all.
    type FannedOut;

    #[doc(hidden)]
    fn fan_out(self) -> Self::FannedOut;
}

/// Two branches that are given the same items. Made by [`fan_out`]; more than two are nested to the right.
#[derive(Clone, Copy, Debug)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct FanOut<A, B> {
    first: A,
    second: B,
}

/// The state of [`FanOut`]: the runs of its two branches.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FanOutState<A, B> {
    first: InnerRun<A>,
    second: InnerRun<B>,
}

impl<In, A, B> Transducer<In> for FanOut<A, B>
where
    In: Clone,
    A: Transducer<In>,
    B: Transducer<In, Out = A::Out>,
{
    type Out = A::Out;
    type State = FanOutState<A::State, B::State>;

    #[inline]
    fn initial(&self) -> Self::State {
        FanOutState { first: InnerRun::new(&self.first), second: InnerRun::new(&self.second) }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, emit: &mut impl FnMut(A::Out) -> Step) -> Step {
        let FanOutState { first, second } = state;
        // Nobody is given a clone where the item itself is to be had.
        if second.wants_input() {
            first.step(&self.first, || item.clone(), emit)?;
            second.step(&self.second, || item, emit)?;
        } else {
            first.step(&self.first, || item, emit)?;
            second.complete(&self.second, emit)?;
        }
        if first.wants_input() || second.wants_input() { ControlFlow::Continue(()) } else { ControlFlow::Break(Reduced) }
    }

    fn complete(&self, state: Self::State, emit: &mut impl FnMut(A::Out) -> Step) {
        let FanOutState { mut first, mut second } = state;
        // Both are completed, also when downstream has had enough after the first.
        let mut downstream = Guarded::new(emit, false);
        let _ = first.complete(&self.first, &mut |out| downstream.feed(|emit| emit(out)));
        let _ = second.complete(&self.second, &mut |out| downstream.feed(|emit| emit(out)));
    }

    fn size_hint(&self, state: &Self::State, input: SizeHint) -> SizeHint {
        let first = state.first.size_hint(&self.first, input);
        let second = state.second.size_hint(&self.second, input);
        (first.0.saturating_add(second.0), first.1.zip(second.1).and_then(|(first, second)| first.checked_add(second)))
    }

    fn is_reduced(&self, state: &Self::State) -> bool {
        !state.first.wants_input() && !state.second.wants_input()
    }
}

mod sealed {
    pub trait Sealed {}
}

/// Implements [`Branches`] for a tuple and all shorter ones.
macro_rules! branches {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> sealed::Sealed for ($first, $($rest,)*) {}

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
    /// Gives each item to every one of `branches`: see [`fan_out`].
    ///
    /// ```
    /// use transducer::{TransduceIterator, filtering, mapping, pipeline};
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
