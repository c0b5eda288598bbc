use core::{convert::Infallible, fmt, ops::ControlFlow};

use crate::kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reduced, Reducer, Step, debug::TypeName};

use super::PartAcc;

/// Feeds each item to the one of `reducers` that `route` chooses, and gives the tuple of their outputs.
///
/// `route` takes the item and returns it, or what the reducer needs of it, as [`Route::First`], [`Route::Second`] and so
/// on. Each way has items of a type of its own, and nothing is cloned. `reducers` is a tuple of 1 to 8.
///
/// A reducer that has ended is not stepped again: later items on its way are dropped. For two ways that are a `Result`
/// already, use [`partitioning`](crate::partitioning).
///
/// - **Memory**: what the reducers keep.
/// - **Ends**: when all reducers have ended.
/// - **Like**: itertools `partition_map`, for up to 8 ways, each into any reducer.
///
/// ```
/// use transducer::{prelude::*, reducers::Route};
///
/// enum Event {
///     Sale(u32),
///     Note(String),
///     Failure(std::io::Error), // not `Clone`
/// }
///
/// let route = |event| match event {
///     Event::Sale(cents) => Route::First(cents),
///     Event::Note(text) => Route::Second(text),
///     Event::Failure(error) => Route::Third(error),
/// };
/// let events = [Event::Sale(5), Event::Note("late".into()), Event::Failure(std::io::Error::other("torn")), Event::Sale(2)];
/// let by_kind = routing(route, (summing::<u32>(), appending(), counting()));
/// assert_eq!(transduce(pipeline(), by_kind, events), (7, vec!["late".to_owned()], 1));
/// ```
#[doc(alias("partition_map", "dispatch", "split", "either"))]
pub fn routing<In, W, F: Fn(In) -> W, R>(route: F, reducers: R) -> Routing<F, R>
where
    Routing<F, R>: Reducer<In>,
{
    Routing { route, reducers }
}

/// Which of the reducers of [`routing`] an item goes to, with what that reducer takes.
///
/// Ways without a reducer have no items: their type is [`Infallible`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Route<
    A,
    B = Infallible,
    C = Infallible,
    D = Infallible,
    E = Infallible,
    F = Infallible,
    G = Infallible,
    H = Infallible,
> {
    First(A),
    Second(B),
    Third(C),
    Fourth(D),
    Fifth(E),
    Sixth(F),
    Seventh(G),
    Eighth(H),
}

/// The reducer of [`routing`].
#[derive(Clone, Copy)]
#[must_use = "a reducer is a recipe: it does nothing until a driver runs it"]
pub struct Routing<F, R> {
    route: F,
    reducers: R,
}

impl<F, R: fmt::Debug> fmt::Debug for Routing<F, R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("Routing");
        out.field("reducers", &self.reducers).field("route", &TypeName::of(&self.route)).finish()
    }
}

/// What a step of one part of several means for all of them: while any part wants more, all go on.
#[inline(always)]
pub(super) fn while_any(flow: Step, others: impl FnOnce() -> bool) -> Step {
    if flow.is_break() && !others() { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
}

/// Implements [`Reducer`] for [`Routing`] to a tuple: its parts with their items, ways and places; then the types of
/// all ways.
macro_rules! routing {
    ($($reducer:ident $item:ident $way:ident $place:tt)*; $($ways:ident)*) => {
        impl<In, Route, $($item, $reducer: Reducer<$item>),*> Reducer<In> for Routing<Route, ($($reducer,)*)>
        where
            Route: Fn(In) -> self::Route<$($ways),*>,
        {
            type Acc = ($(PartAcc<$reducer::Acc>,)*);
            type Output = ($($reducer::Output,)*);

            fn initial(&self) -> Self::Acc {
                ($(PartAcc(Guarded::of(&self.reducers.$place)),)*)
            }

            #[inline]
            fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
                let flow = match (self.route)(item) {
                    $(self::Route::$way(item) => acc.$place.0.feed(|acc| self.reducers.$place.step(acc, item)),)*
                };
                while_any(flow, || false $(|| acc.$place.wants_input())*)
            }

            fn complete(&self, acc: Self::Acc) -> Self::Output {
                ($(self.reducers.$place.complete(acc.$place.0.state),)*)
            }

            fn is_reduced(&self, acc: &Self::Acc) -> bool {
                $(!acc.$place.wants_input())&&*
            }

            fn describe(&self, outline: &mut Outline) {
                outline.stage("routing")$(.inside(|outline| self.reducers.$place.describe(outline)))*;
            }

            fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
                $(acc.$place.0.validate(&self.reducers.$place)?;)*
                Ok(())
            }
        }

        impl<In, Route, $($item, $reducer: Combine<$item>),*> Combine<In> for Routing<Route, ($($reducer,)*)>
        where
            Route: Fn(In) -> self::Route<$($ways),*>,
        {
            const ENDING: Ending = Ending::Never$(.and($reducer::ENDING))*;

            fn initial_of_piece(&self, number: u64) -> Self::Acc {
                ($(PartAcc(Guarded::of_piece(&self.reducers.$place, number)),)*)
            }

            #[inline]
            fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
                $(let _ = acc.$place.0.combine(&self.reducers.$place, later.$place.0);)*
                if self.is_reduced(acc) { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
            }
        }
    };
}
type None = Infallible;
routing!(R0 A First 0; A None None None None None None None);
routing!(R0 A First 0 R1 B Second 1; A B None None None None None None);
routing!(R0 A First 0 R1 B Second 1 R2 C Third 2; A B C None None None None None);
routing!(R0 A First 0 R1 B Second 1 R2 C Third 2 R3 D Fourth 3; A B C D None None None None);
routing!(R0 A First 0 R1 B Second 1 R2 C Third 2 R3 D Fourth 3 R4 E Fifth 4; A B C D E None None None);
routing!(R0 A First 0 R1 B Second 1 R2 C Third 2 R3 D Fourth 3 R4 E Fifth 4 R5 F Sixth 5; A B C D E F None None);
routing!(
    R0 A First 0 R1 B Second 1 R2 C Third 2 R3 D Fourth 3 R4 E Fifth 4 R5 F Sixth 5 R6 G Seventh 6;
    A B C D E F G None
);
routing!(
    R0 A First 0 R1 B Second 1 R2 C Third 2 R3 D Fourth 3 R4 E Fifth 4 R5 F Sixth 5 R6 G Seventh 6 R7 H Eighth 7;
    A B C D E F G H
);
