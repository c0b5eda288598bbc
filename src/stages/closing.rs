//! What closes the windows of [`batching_by_time`](crate::batching_by_time) and its like: the times of the items, or the
//! time of the run.

use alloc::collections::VecDeque;
use core::{iter, mem};

use super::time_window::{Contents, EventTime, is_time};
use crate::kernel::{InvalidState, Time};

/// The time by which windows close: [`ItemTime`] or [`RunTime`]. Sealed.
pub trait Closing: sealed::Sealed + Default {
    #[doc(hidden)]
    const IS_TIMED: bool;

    /// Notes the time of an item.
    #[doc(hidden)]
    fn note(&mut self, ticks: i128);

    /// The time, in ticks; `now` is that of the run.
    #[doc(hidden)]
    fn ticks(&self, now: Time) -> i128;
}

/// Windows close by the latest time of an item so far, under any driver.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct ItemTime {
    latest: Option<i128>,
}

/// Windows close by the time of the run, which needs no item to go on.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RunTime;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ItemTime {}
    impl Sealed for super::RunTime {}
}

impl Closing for ItemTime {
    const IS_TIMED: bool = false;

    #[inline]
    fn note(&mut self, ticks: i128) {
        self.latest = Some(self.latest.map_or(ticks, |latest| latest.max(ticks)));
    }

    #[inline]
    fn ticks(&self, _: Time) -> i128 {
        self.latest.unwrap_or(-FAR)
    }
}

impl Closing for RunTime {
    const IS_TIMED: bool = true;

    #[inline]
    fn note(&mut self, _: i128) {}

    #[inline]
    fn ticks(&self, now: Time) -> i128 {
        now.as_nanos().clamp(-FAR, FAR)
    }
}

/// Further than any window with any lateness, and near enough to be computed with.
const FAR: i128 = 1 << 100;

/// The time by which windows close, and how many items came late since a window was last emitted.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Clock<C> {
    time: C,
    late: usize,
    /// Whether the run has ended, and every window is over.
    ended: bool,
}

impl<C: Closing> Clock<C> {
    pub(super) fn new() -> Self {
        Self { time: C::default(), late: 0, ended: false }
    }

    /// Takes in the time of an item, and gives the moment up to which windows are over.
    #[inline]
    pub(super) fn tick(&mut self, ticks: i128, lateness: i128, now: Time) -> i128 {
        self.time.note(ticks);
        self.over(lateness, now)
    }

    /// The moment up to which windows are over; after the end of the run, all are.
    #[inline]
    pub(super) fn over(&self, lateness: i128, now: Time) -> i128 {
        if self.ended { i128::MAX } else { self.time.ticks(now) - lateness }
    }

    /// Likewise, for what is left to be made of a call. What the time of the run closes stays due, and is made by `advance`.
    #[inline]
    pub(super) fn left_over(&self, lateness: i128, now: Time) -> i128 {
        if C::IS_TIMED && !self.ended { -FAR } else { self.over(lateness, now) }
    }

    /// When the run closes a window that ends at `end`.
    #[inline]
    pub(super) fn deadline(&self, end: Option<i128>, lateness: i128) -> Option<Time> {
        end.filter(|_| C::IS_TIMED).map(|end| Time::from_nanos(end + lateness))
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

    /// Makes the output of a window. The items that came late are reported with it.
    #[inline]
    pub(super) fn report<In, T: EventTime, M: Contents<In>>(
        &mut self,
        contents: &M,
        OpenWindow { start, end, kept }: OpenWindow<M::Kept>,
    ) -> M::Out<T> {
        contents.emit(T::from_ticks(start), T::from_ticks(end), kept, mem::take(&mut self.late))
    }

    /// Makes an output of an item that came when all its windows were over, the last of which was from `start` to `end`;
    /// or counts it for the next window. If none is open to report it, that last window is the output, without items.
    #[inline]
    pub(super) fn late<In, T: EventTime, M: Contents<In>>(
        &mut self,
        contents: &M,
        item: In,
        (start, end): (i128, i128),
        is_open: bool,
    ) -> Option<M::Out<T>> {
        match contents.late(item) {
            Ok(output) => Some(output),
            Err(_) => {
                self.count_late();
                (!is_open).then(|| self.report(contents, OpenWindow { start, end, kept: contents.begin() }))
            }
        }
    }

    /// Checks what comes from outside, with the windows that are open.
    pub(super) fn validate<'a, In, M: Contents<In, Kept: 'a>>(
        &self,
        stage: &'static str,
        contents: &M,
        open: impl IntoIterator<Item = &'a mut OpenWindow<M::Kept>>,
    ) -> Result<(), InvalidState> {
        InvalidState::unless(!self.ended, stage, "it has been completed, and takes no more items")?;
        InvalidState::unless_reachable(stage, self.late)?;
        let mut end = i128::MIN;
        for OpenWindow { start, end: next_end, kept } in open {
            let follows = is_time(*start) && is_time(*next_end) && end <= *start && start < next_end;
            InvalidState::unless(follows, stage, "its windows don't follow each other")?;
            contents.validate(stage, kept)?;
            end = *next_end;
        }
        Ok(())
    }

    /// Checks that a time can be.
    pub(super) fn validate_time(&self, stage: &'static str) -> Result<(), InvalidState> {
        let ticks = self.time.ticks(Time::START);
        InvalidState::unless(ticks == -FAR || is_time(ticks), stage, "its latest time is out of range")
    }
}

/// A window that is not over yet, in ticks.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct OpenWindow<A> {
    pub(super) start: i128,
    pub(super) end: i128,
    pub(super) kept: A,
}

/// The open windows, in the order of time, without overlaps. The first is in place: most often there is one, and then
/// nothing is allocated.
#[derive(Clone, Debug)]
pub(super) struct OpenWindows<A> {
    first: Option<OpenWindow<A>>,
    /// None, if there is no first.
    others: VecDeque<OpenWindow<A>>,
}

impl<A> OpenWindows<A> {
    pub(super) const fn new() -> Self {
        Self { first: None, others: VecDeque::new() }
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    #[inline]
    pub(super) fn first(&self) -> Option<&OpenWindow<A>> {
        self.first.as_ref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut OpenWindow<A>> {
        match place.checked_sub(1) {
            None => self.first.as_mut(),
            Some(place) => self.others.get_mut(place),
        }
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut OpenWindow<A>> {
        self.first.iter_mut().chain(&mut self.others)
    }

    /// How many windows begin with a run of those for which `is_before`.
    #[inline]
    pub(super) fn partition_point(&self, is_before: impl Fn(&OpenWindow<A>) -> bool) -> usize {
        match &self.first {
            Some(first) if is_before(first) => 1 + self.others.partition_point(is_before),
            _ => 0,
        }
    }

    /// Adds a window that will be at this place.
    #[inline]
    pub(super) fn insert(&mut self, place: usize, window: OpenWindow<A>) {
        match place.checked_sub(1) {
            None => {
                if let Some(second) = self.first.replace(window) {
                    self.others.push_front(second);
                }
            }
            Some(place) => self.others.insert(place, window),
        }
    }

    /// Takes the window after the one at this place.
    #[inline]
    pub(super) fn remove_after(&mut self, place: usize) -> Option<OpenWindow<A>> {
        self.others.remove(place)
    }

    /// Takes the windows that end up to `over`.
    #[inline]
    pub(super) fn take_until(&mut self, over: i128) -> impl Iterator<Item = OpenWindow<A>> {
        iter::from_fn(move || {
            self.first.as_ref().filter(|window| window.end <= over)?;
            mem::replace(&mut self.first, self.others.pop_front())
        })
    }
}

/// Written as a list.
#[cfg(feature = "serde")]
mod serialized {
    use alloc::collections::VecDeque;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{OpenWindow, OpenWindows};

    impl<A: Serialize> Serialize for OpenWindows<A> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.first.iter().chain(&self.others))
        }
    }

    impl<'de, A: Deserialize<'de>> Deserialize<'de> for OpenWindows<A> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let mut others: VecDeque<OpenWindow<A>> = VecDeque::deserialize(deserializer)?;
            Ok(Self { first: others.pop_front(), others })
        }
    }
}

/// The settings that all three stages have, and their fluent twins.
macro_rules! window_settings {
    ($Stage:ident { $($field:ident),* }, $joins:ident) => {
        impl<T, F, M, C> $Stage<T, F, M, C> {
            /// Closes windows by the time of the run instead of the items' times.
            ///
            /// A window is still placed by its items' times. It is over when the run's time, less what
            /// [`waiting`](Self::waiting) sets, has come to its end: whoever brought that time, another key's item or a
            /// clock. So in [`by_key`](crate::by_key) the windows of every key close, and idle keys are forgotten.
            /// Needs a driver that tells the time, or [`by_event_time`](crate::by_event_time) around it; the run's time
            /// must be in the unit and from the origin of the items'.
            ///
            /// Late are the items that the time of the run makes so. If no window is open that could report one, the
            /// window that it belonged to is emitted at once, without items and with `late: 1`.
            ///
            /// ```
            /// use std::time::Duration;
            /// use transducer::prelude::*;
            ///
            /// let seconds = Duration::from_secs;
            /// let clicks = [("ann", seconds(0)), ("ann", seconds(5)), ("bob", seconds(60)), ("bob", seconds(61))];
            /// let sessions = sessioning(seconds(30), |click: &(&str, Duration)| click.1).timed();
            /// let by_user = by_key(|click: &(&str, Duration)| click.0, sessions);
            /// // Bob's first click closes Ann's session, the end of the log his own.
            /// let outputs = clicks.into_iter().transduce(by_event_time(|click| click.1, Duration::ZERO, by_user));
            /// let outputs: Vec<_> = outputs.map(|(user, session)| (user, session.end)).collect();
            /// assert_eq!(outputs, [("ann", seconds(35)), ("bob", seconds(91))]);
            /// ```
            pub fn timed(self) -> $Stage<T, F, M, RunTime>
            where
                T: Moment,
            {
                let Self { $($field,)* contents, .. } = self;
                $Stage { $($field,)* contents, closing: RunTime }
            }

            /// Emits late items too: windows as `Ok`, and an item that came when all its windows were over as
            /// `Err(Late(item))`, at once.
            ///
            /// ```
            /// use transducer::{prelude::*, stages::Late};
            ///
            /// let sessions = sessioning(5, |time: &i64| *time).with_late();
            /// let outputs: Vec<_> = [1, 20, 2].into_iter().transduce(sessions).collect();
            /// assert_eq!(outputs[1], Err(Late(2)));
            /// assert_eq!(outputs.into_iter().flatten().map(|window| window.items).collect::<Vec<_>>(), [[1], [20]]);
            /// ```
            pub fn with_late(self) -> $Stage<T, F, WithLate<M>, C> {
                let Self { $($field,)* contents, closing } = self;
                $Stage { $($field,)* contents: WithLate { contents }, closing }
            }
        }

        impl<T, F, C> $Stage<T, F, Whole, C> {
            /// Folds the items of each window by `reducer`, and emits a [`FoldedWindow`](super::FoldedWindow) with its
            /// output.
            ///
            /// A reducer that ends early gets no more items of the window, which is emitted when it would be otherwise.
            /// In sessions it must be a [`Combine`](crate::Combine), since two of them may become one.
            ///
            /// - **Memory**: an accumulator for each open window, instead of its items.
            ///   [`windowing_by_time`](crate::windowing_by_time) keeps the items also, once each.
            ///
            /// ```
            /// use transducer::prelude::*;
            ///
            /// let trades = [(0, 10), (30, 12), (59, 9), (61, 9)];
            /// let high = mapping(|trade: (i64, u32)| trade.1).apply(maximum());
            /// let bars = batching_by_time(60, |trade: &(i64, u32)| trade.0).folding(high);
            /// let bars: Vec<_> = trades.into_iter().transduce(bars).map(|bar| (bar.start, bar.output)).collect();
            /// assert_eq!(bars, [(0, Some(12)), (60, Some(9))]);
            /// ```
            pub fn folding<R>(self, reducer: R) -> $Stage<T, F, Folded<R>, C> {
                let Self { $($field,)* closing, .. } = self;
                $Stage { $($field,)* contents: Folded { reducer }, closing }
            }
        }

        #[allow(clippy::type_complexity)]
        impl<In, X, T: EventTime, F, M, C> Pipeline<In, Compose<X, $Stage<T, F, M, C>>> {
            /// Keeps the windows of the stage just added open for `lateness` longer.
            #[doc = concat!("See [`", stringify!($Stage), "::waiting`].")]
            pub fn waiting(self, lateness: T) -> Self {
                self.set(|stage| stage.waiting(lateness))
            }

            /// Closes the windows of the stage just added by the time of the run.
            #[doc = concat!("See [`", stringify!($Stage), "::timed`].")]
            pub fn timed(self) -> Pipeline<In, Compose<X, $Stage<T, F, M, RunTime>>>
            where
                T: Moment,
            {
                self.exchange($Stage::timed)
            }

            /// Has the stage just added emit late items too.
            #[doc = concat!("See [`", stringify!($Stage), "::with_late`].")]
            pub fn with_late(self) -> Pipeline<In, Compose<X, $Stage<T, F, WithLate<M>, C>>> {
                self.exchange($Stage::with_late)
            }
        }

        impl<In, X: Transducer<In>, T: EventTime, F, C> Pipeline<In, Compose<X, $Stage<T, F, Whole, C>>> {
            /// Folds the windows of the stage just added.
            #[doc = concat!("See [`", stringify!($Stage), "::folding`].")]
            pub fn folding<R: $joins<X::Out>>(self, reducer: R) -> Pipeline<In, Compose<X, $Stage<T, F, Folded<R>, C>>> {
                self.exchange(|stage| stage.folding(reducer))
            }
        }
    };
}
pub(super) use window_settings;
