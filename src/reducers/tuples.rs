//! A tuple of reducers is a reducer: several outputs in one pass.

use core::ops::ControlFlow;

use crate::kernel::{Combine, Ending, Guarded, InvalidState, Outline, Reduced, Reducer, Step};

/// The accumulator of one reducer of a tuple, and whether that reducer has ended.
///
/// A tuple of 1 to 12 reducers of the same items is a reducer. It gives the tuple of their outputs, in one pass over
/// the input.
///
/// Each item is cloned for every reducer that wants it but the last. A reducer that has ended is not stepped again; the
/// others go on.
///
/// - **Memory**: the accumulators of all.
/// - **Ends**: when all reducers have ended.
/// - **Like**: Java `Collectors.teeing`, for up to 12; `juxt` of Henry Garner's redux for Clojure.
///
/// ```
/// use transducer::prelude::*;
///
/// let even = filtering(|x: &u32| x % 2 == 0);
/// assert_eq!(transduce(even, (counting(), summing::<u32>(), maximum()), 1..=6), (3, 12, Some(6)));
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PartAcc<A>(pub(super) Guarded<A>);

impl<A> PartAcc<A> {
    pub(super) fn wants_input(&self) -> bool {
        !self.0.reduced
    }
}

/// Implements [`Reducer`] for a tuple, given the types and places of its parts.
macro_rules! tuples {
    ($($reducer:ident $place:tt)*) => {
        impl<In: Clone, $($reducer: Reducer<In>),*> Reducer<In> for ($($reducer,)*) {
            type Acc = ($(PartAcc<$reducer::Acc>,)*);
            type Output = ($($reducer::Output,)*);

            fn initial(&self) -> Self::Acc {
                ($(PartAcc(Guarded::of(&self.$place)),)*)
            }

            #[inline]
            fn step(&self, acc: &mut Self::Acc, item: In) -> Step {
                let mut waiting = 0 $(+ usize::from(acc.$place.wants_input()))*;
                let mut item = Some(item);
                let mut ended = true;
                $(
                    if acc.$place.wants_input() {
                        waiting -= 1;
                        // The item itself for the last that wants one.
                        let part = if waiting == 0 { item.take() } else { item.clone() };
                        if let Some(part) = part {
                            ended &= acc.$place.0.feed(|acc| self.$place.step(acc, part)).is_break();
                        }
                    }
                )*
                if ended { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
            }

            fn complete(&self, acc: Self::Acc) -> Self::Output {
                ($(self.$place.complete(acc.$place.0.state),)*)
            }

            fn is_reduced(&self, acc: &Self::Acc) -> bool {
                $(!acc.$place.wants_input())&&*
            }

            fn describe(&self, outline: &mut Outline) {
                outline.stage("tuple")$(.inside(|outline| self.$place.describe(outline)))*;
            }

            fn validate(&self, acc: &mut Self::Acc) -> Result<(), InvalidState> {
                $(acc.$place.0.validate(&self.$place)?;)*
                Ok(())
            }
        }

        impl<In: Clone, $($reducer: Combine<In>),*> Combine<In> for ($($reducer,)*) {
            // The last to end ends all.
            const ENDING: Ending = Ending::Never$(.and($reducer::ENDING))*;

            fn initial_of_piece(&self, number: u64) -> Self::Acc {
                ($(PartAcc(Guarded::of_piece(&self.$place, number)),)*)
            }

            #[inline]
            fn combine(&self, acc: &mut Self::Acc, later: Self::Acc) -> Step {
                $(let _ = acc.$place.0.combine(&self.$place, later.$place.0);)*
                if self.is_reduced(acc) { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
