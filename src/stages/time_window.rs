use alloc::vec::Vec;
use core::time::Duration;

use super::make::Whole;
use crate::{
    error::InvalidArgument,
    kernel::{Combine, Guarded, InvalidState, Outline, Reducer, Time, duration},
};

/// The items of a window of time or of a session, by the times that the items carry.
///
/// [`batching_by_time`](crate::batching_by_time), [`windowing_by_time`](crate::windowing_by_time) and
/// [`sessioning`](crate::sessioning) emit it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimeWindow<T, In> {
    /// The first moment of the window, in the unit of the items' time, or the nearest one that `T` can hold.
    pub start: T,
    /// The first moment after the window, or the nearest one that `T` can hold.
    pub end: T,
    /// The items of the window, in the order they came; where two sessions were joined, those of the earlier session
    /// first. There is at least one, unless the window only says that an item of it came late.
    pub items: Vec<In>,
    /// How many late items came since the previous window was emitted.
    ///
    /// A late item is missing from the windows that were over when it came. If windows overlap, it is in those that were
    /// still open.
    pub late: usize,
}

/// What a reducer made of the items of a window of time or of a session.
///
/// [`BatchingByTime::folding`](super::BatchingByTime::folding), [`WindowingByTime::folding`](super::WindowingByTime::folding)
/// and [`Sessioning::folding`](super::Sessioning::folding) emit it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FoldedWindow<T, A> {
    /// The first moment of the window, in the unit of the items' time, or the nearest one that `T` can hold.
    pub start: T,
    /// The first moment after the window, or the nearest one that `T` can hold.
    pub end: T,
    /// The reducer's output: of no item, if the window only says that an item of it came late.
    pub output: A,
    /// How many late items came since the previous window was emitted, as in [`TimeWindow::late`].
    pub late: usize,
}

/// An item that came when all its windows were over. The settings `with_late` of
/// [`BatchingByTime`](super::BatchingByTime::with_late), [`WindowingByTime`](super::WindowingByTime::with_late) and
/// [`Sessioning`](super::Sessioning::with_late) emit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Late<In>(pub In);

/// A time that items can carry, and a length of time.
///
/// Implemented for `i32`, `u32`, `i64`, `u64`, `isize` and `usize`, in any unit, and for [`Duration`] since any
/// moment. Windows are computed in ticks, which are wide enough that no time and no width overflows.
///
/// ```
/// use transducer::{prelude::*, stages::EventTime};
///
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// struct Frame(u16);
///
/// impl EventTime for Frame {
///     fn ticks(self) -> i128 {
///         self.0.into()
///     }
///
///     fn from_ticks(ticks: i128) -> Self {
///         Self(ticks.clamp(0, u16::MAX.into()) as u16)
///     }
/// }
///
/// let scenes = [Frame(3), Frame(70)].into_iter().transduce(batching_by_time(Frame(24), |frame: &Frame| *frame));
/// assert_eq!(scenes.map(|scene| scene.start).collect::<Vec<_>>(), [Frame(0), Frame(48)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a time or a length of time",
    label = "expected an integer or a `Duration`",
    note = "seconds in a float become a time by `Duration::from_secs_f64`",
    note = "for a time of your own, implement `EventTime`"
)]
pub trait EventTime: Copy {
    /// Gives this time in ticks, which are the integer itself or the nanoseconds; from -2^96 to 2^96.
    fn ticks(self) -> i128;

    /// Gives the time of so many ticks, or the nearest one that the type can hold.
    fn from_ticks(ticks: i128) -> Self;
}

macro_rules! integers {
    ($($int:ident)*) => {
        $(impl EventTime for $int {
            #[inline]
            fn ticks(self) -> i128 {
                self as i128
            }

            #[inline]
            fn from_ticks(ticks: i128) -> Self {
                ticks.clamp(Self::MIN as i128, Self::MAX as i128) as Self
            }
        })*
    };
}
integers!(i32 u32 i64 u64 isize usize);

impl EventTime for Duration {
    #[inline]
    fn ticks(self) -> i128 {
        self.as_nanos() as i128
    }

    #[inline]
    fn from_ticks(ticks: i128) -> Self {
        duration(ticks)
    }
}

/// A time of one unit, the nanosecond, by which [`by_event_time`](crate::by_event_time) can tell stages the time: a
/// [`Time`], or a `Duration` since any moment.
///
/// An integer is none, since nobody knows its unit: write `Time::from_secs(seconds)`. A time of your own is one if its
/// ticks are nanoseconds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a moment",
    label = "expected a `Time` or a `Duration`",
    note = "an integer has no unit: write `Time::from_secs(seconds)` or `Time::from_millis(millis)`"
)]
pub trait Moment: EventTime {}

impl Moment for Duration {}
impl Moment for Time {}

impl EventTime for Time {
    #[inline]
    fn ticks(self) -> i128 {
        self.as_nanos().clamp(-(1 << 96), 1 << 96)
    }

    #[inline]
    fn from_ticks(ticks: i128) -> Self {
        Self::from_nanos(ticks)
    }
}

/// Whether there can be such a time, or the end of a window: a time and a width have 2^96 ticks at most.
pub(super) fn is_time(ticks: i128) -> bool {
    ticks.unsigned_abs() <= 1 << 97
}

/// The length of time, unless there is none of it.
pub(super) fn positive<T: EventTime>(argument: &'static str, length: T) -> Result<T, InvalidArgument> {
    if length.ticks() > 0 { Ok(length) } else { Err(InvalidArgument::new(argument, "more than 0")) }
}

/// The length of time, or none at all.
pub(super) fn not_negative<T: EventTime>(length: T) -> T {
    T::from_ticks(length.ticks().max(0))
}

/// What a window keeps of its items and what it becomes: [`Whole`], [`Folded`], and [`WithLate`] around either. Sealed.
pub trait Contents<In>: sealed::Sealed {
    /// What an open window keeps.
    type Kept;
    /// The output, for items with times of type `T`.
    type Out<T>;

    /// The contents of a window without items.
    fn begin(&self) -> Self::Kept;

    /// Adds an item.
    fn add(&self, kept: &mut Self::Kept, item: In);

    /// Makes the output of a window from `start` to `end`. `late` items are reported with it.
    fn emit<T>(&self, start: T, end: T, kept: Self::Kept, late: usize) -> Self::Out<T>;

    /// Makes an output of an item that came late; or gives it back, and it is counted.
    fn late<T>(&self, item: In) -> Result<Self::Out<T>, In>;

    #[doc(hidden)]
    fn describe(&self, outline: &mut Outline);

    #[doc(hidden)]
    fn validate(&self, stage: &'static str, kept: &mut Self::Kept) -> Result<(), InvalidState>;
}

/// [`Contents`] of two sessions that can be put together. Sealed.
pub trait Join<In>: Contents<In> {
    /// Adds the contents of the session right after.
    fn join(&self, earlier: &mut Self::Kept, later: Self::Kept);
}

/// What a reducer makes of the items of a window.
#[derive(Clone, Copy, Debug)]
pub struct Folded<R> {
    pub(super) reducer: R,
}

/// What a reducer has made of the items of an open window.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Accumulated<A>(Guarded<A>);

/// Windows or late items, as a `Result`.
#[derive(Clone, Copy, Debug)]
pub struct WithLate<M> {
    pub(super) contents: M,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Whole {}
    impl<R> Sealed for super::Folded<R> {}
    impl<M> Sealed for super::WithLate<M> {}
}

impl<In> Contents<In> for Whole {
    type Kept = Vec<In>;
    type Out<T> = TimeWindow<T, In>;

    #[inline]
    fn begin(&self) -> Vec<In> {
        Vec::new()
    }

    #[inline]
    fn add(&self, kept: &mut Vec<In>, item: In) {
        kept.push(item);
    }

    #[inline]
    fn emit<T>(&self, start: T, end: T, items: Vec<In>, late: usize) -> TimeWindow<T, In> {
        TimeWindow { start, end, items, late }
    }

    #[inline]
    fn late<T>(&self, item: In) -> Result<TimeWindow<T, In>, In> {
        Err(item)
    }

    fn describe(&self, _: &mut Outline) {}

    fn validate(&self, stage: &'static str, kept: &mut Vec<In>) -> Result<(), InvalidState> {
        InvalidState::unless(!kept.is_empty(), stage, "it has a window without items")
    }
}

impl<In> Join<In> for Whole {
    #[inline]
    fn join(&self, earlier: &mut Vec<In>, later: Vec<In>) {
        earlier.extend(later);
    }
}

impl<In, R: Reducer<In>> Contents<In> for Folded<R> {
    type Kept = Accumulated<R::Acc>;
    type Out<T> = FoldedWindow<T, R::Output>;

    #[inline]
    fn begin(&self) -> Accumulated<R::Acc> {
        Accumulated(Guarded::of(&self.reducer))
    }

    #[inline]
    fn add(&self, kept: &mut Accumulated<R::Acc>, item: In) {
        let _ = kept.0.feed(|acc| self.reducer.step(acc, item));
    }

    #[inline]
    fn emit<T>(&self, start: T, end: T, kept: Accumulated<R::Acc>, late: usize) -> FoldedWindow<T, R::Output> {
        FoldedWindow { start, end, output: self.reducer.complete(kept.0.state), late }
    }

    #[inline]
    fn late<T>(&self, item: In) -> Result<FoldedWindow<T, R::Output>, In> {
        Err(item)
    }

    fn describe(&self, outline: &mut Outline) {
        self.reducer.describe(outline);
    }

    fn validate(&self, _: &'static str, kept: &mut Accumulated<R::Acc>) -> Result<(), InvalidState> {
        kept.0.validate(&self.reducer)
    }
}

impl<In, R: Combine<In>> Join<In> for Folded<R> {
    #[inline]
    fn join(&self, earlier: &mut Accumulated<R::Acc>, later: Accumulated<R::Acc>) {
        let _ = earlier.0.combine(&self.reducer, later.0);
    }
}

impl<In, M: Contents<In>> Contents<In> for WithLate<M> {
    type Kept = M::Kept;
    type Out<T> = Result<M::Out<T>, Late<In>>;

    #[inline]
    fn begin(&self) -> M::Kept {
        self.contents.begin()
    }

    #[inline]
    fn add(&self, kept: &mut M::Kept, item: In) {
        self.contents.add(kept, item);
    }

    #[inline]
    fn emit<T>(&self, start: T, end: T, kept: M::Kept, late: usize) -> Self::Out<T> {
        Ok(self.contents.emit(start, end, kept, late))
    }

    #[inline]
    fn late<T>(&self, item: In) -> Result<Self::Out<T>, In> {
        Ok(Err(Late(item)))
    }

    fn describe(&self, outline: &mut Outline) {
        self.contents.describe(outline);
    }

    fn validate(&self, stage: &'static str, kept: &mut M::Kept) -> Result<(), InvalidState> {
        self.contents.validate(stage, kept)
    }
}

impl<In, M: Join<In>> Join<In> for WithLate<M> {
    #[inline]
    fn join(&self, earlier: &mut M::Kept, later: M::Kept) {
        self.contents.join(earlier, later);
    }
}
