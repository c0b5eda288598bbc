use alloc::vec::Vec;
use core::{mem, time::Duration};

use crate::{
    error::InvalidArgument,
    kernel::{InvalidState, Time, duration},
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
    /// The items of the window, at least one, in the order they came; where two sessions were joined, those of the
    /// earlier session first.
    pub items: Vec<In>,
    /// How many late items came since the previous window was emitted.
    ///
    /// A late item is missing from the windows that were over when it came. It is in those that were still open.
    pub late: usize,
}

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

/// The latest time so far, and how many items came too late since it was last asked.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Clock {
    latest: Option<i128>,
    late: usize,
    /// Whether the run has ended, and every window is over.
    ended: bool,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { latest: None, late: 0, ended: false }
    }

    /// Takes in the time of an item, and gives the moment up to which windows are over.
    #[inline]
    pub(super) fn tick(&mut self, ticks: i128, lateness: i128) -> i128 {
        let latest = self.latest.map_or(ticks, |latest| latest.max(ticks));
        self.latest = Some(latest);
        latest - lateness
    }

    /// The moment up to which windows are over; after the end of the run, all are.
    #[inline]
    pub(super) fn over(&self, lateness: i128) -> i128 {
        if self.ended { i128::MAX } else { self.latest.map_or(i128::MIN, |latest| latest - lateness) }
    }

    /// Whether no item has come.
    pub(super) fn latest(&self) -> Option<i128> {
        self.latest
    }

    pub(super) fn is_idle(&self) -> bool {
        self.latest.is_none() && !self.ended
    }

    /// Checks what comes from outside, with the windows that are open.
    pub(super) fn validate<'a, In: 'a>(
        &self,
        stage: &'static str,
        open: impl IntoIterator<Item = &'a OpenWindow<In>>,
    ) -> Result<(), InvalidState> {
        InvalidState::unless(!self.ended, stage, "it has been completed, and takes no more items")?;
        InvalidState::unless(self.latest.is_none_or(is_time), stage, "its latest time is out of range")?;
        InvalidState::unless_reachable(stage, self.late)?;
        let mut end = i128::MIN;
        for OpenWindow { start, end: next_end, items } in open {
            let follows = is_time(*start) && is_time(*next_end) && end <= *start && start < next_end;
            InvalidState::unless(follows, stage, "its windows don't follow each other")?;
            InvalidState::unless(!items.is_empty(), stage, "it has a window without items")?;
            end = *next_end;
        }
        Ok(())
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Notes the end of the run.
    #[inline]
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    #[inline]
    pub(super) fn count_late(&mut self) {
        self.late += 1;
    }

    /// The window, to be emitted next. The items that came too late are reported with it.
    #[inline]
    pub(super) fn report<T: EventTime, In>(&mut self, window: OpenWindow<In>) -> TimeWindow<T, In> {
        let OpenWindow { start, end, items } = window;
        let late = mem::take(&mut self.late);
        TimeWindow { start: T::from_ticks(start), end: T::from_ticks(end), items, late }
    }
}

/// A window that is not over yet, in ticks.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct OpenWindow<In> {
    pub(super) start: i128,
    pub(super) end: i128,
    pub(super) items: Vec<In>,
}
