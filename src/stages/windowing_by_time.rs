use alloc::vec::Vec;
use core::{iter, ops::ControlFlow};

use super::{
    closing::{Clock, Closing, ItemTime, OpenWindow, RunTime, window_settings},
    make::Whole,
    time_window::{Contents, EventTime, Folded, Moment, WithLate, is_time, not_negative, positive},
};
use crate::{
    error::InvalidArgument,
    kernel::{
        Change, Compose, Emit, InvalidState, Outline, Reducer, Shape, SizeHint, Step, Time, Transducer,
        debug::debug_closures,
    },
    pipeline::Pipeline,
};

/// Collects items into windows of time, each `width` long and one beginning `every` so often, and emits each window
/// as a [`TimeWindow`](super::TimeWindow) once it is over.
///
/// `time` gives the time of an item. Windows begin at the multiples of `every`, or so far from
/// [`WindowingByTime::aligned_to`]. If that is less than `width`, they overlap, and an item is in several. A window is over when an item comes whose time is the window's end or later,
/// or when the run ends. A window without items is not emitted. No clock is read, so a replay gives the same windows.
///
/// Items may come in any order. An item is late if the first of its windows is over: it is counted in
/// [`late`](super::TimeWindow::late) of the next window, and is in those of its windows that are still open. Use
/// [`WindowingByTime::waiting`] to keep windows open for longer, and [`WindowingByTime::with_late`] to get those items
/// whose last window is over.
///
/// [`WindowingByTime::timed`] closes windows by the time of the run, which goes on without an item.
/// [`WindowingByTime::folding`] folds the items of each window.
///
/// - **Memory**: the items of the open windows, once each. Each output is a new `Vec` of clones.
/// - **Panics**: if `width` is not more than 0, or if `every` is not more than 0 or is more than `width`. Use
///   [`try_windowing_by_time`] for lengths that come from data.
/// - **Like**: the sliding windows of Apache Flink and Apache Beam.
///
/// ```
/// use transducer::prelude::*;
///
/// let windows = [1, 4, 11].into_iter().transduce(windowing_by_time(10, 5, |seconds: &i32| *seconds));
/// let windows: Vec<_> = windows.map(|window| (window.start, window.items)).collect();
/// assert_eq!(windows, [(-5, vec![1, 4]), (0, vec![1, 4]), (5, vec![11]), (10, vec![11])]);
/// ```
#[doc(alias("sliding", "hopping", "window", "sliding_window"))]
#[track_caller]
pub fn windowing_by_time<In, T: EventTime, F: Fn(&In) -> T>(width: T, every: T, time: F) -> WindowingByTime<T, F> {
    InvalidArgument::or_panic(try_windowing_by_time(width, every, time))
}

/// Like [`windowing_by_time`], for lengths of time that come from data.
///
/// - **Errors**: if `width` is not more than 0, or if `every` is not more than 0 or is more than `width`.
///
/// ```
/// use transducer::prelude::*;
///
/// let error = try_windowing_by_time(4, 5, |time: &u64| *time).unwrap_err();
/// assert_eq!(error.to_string(), "`every` must be more than 0 and at most `width`");
/// ```
pub fn try_windowing_by_time<In, T, F>(width: T, every: T, time: F) -> Result<WindowingByTime<T, F>, InvalidArgument>
where
    T: EventTime,
    F: Fn(&In) -> T,
{
    let width = positive("width", width)?;
    // With gaps between the windows there would be items in none of them.
    if every.ticks() <= 0 || every.ticks() > width.ticks() {
        return Err(InvalidArgument::new("every", "more than 0 and at most `width`"));
    }
    let zero = T::from_ticks(0);
    Ok(WindowingByTime {
        width,
        every,
        origin: zero,
        lateness: zero,
        time,
        contents: Whole,
        closing: ItemTime::default(),
    })
}

/// The transducer of [`windowing_by_time`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct WindowingByTime<T, F, M = Whole, C = ItemTime> {
    width: T,
    every: T,
    origin: T,
    lateness: T,
    time: F,
    contents: M,
    closing: C,
}

window_settings!(WindowingByTime { width, every, origin, lateness, time }, Reducer);

impl<T: EventTime, F, M, C> WindowingByTime<T, F, M, C> {
    /// Has a window begin at `origin`, and the others at multiples of `every` from it: for days of a time zone.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = windowing_by_time(10, 5, |seconds: &i32| *seconds).aligned_to(2);
    /// let starts = [8].into_iter().transduce(windows).map(|window| window.start);
    /// assert_eq!(starts.collect::<Vec<_>>(), [2, 7]);
    /// ```
    pub fn aligned_to(self, origin: T) -> Self {
        Self { origin, ..self }
    }

    /// Keeps each window open for `lateness` longer, for items that come out of order.
    ///
    /// A window is then over when an item comes whose time is `lateness` past the window's end, or later. A negative
    /// `lateness` counts as 0.
    ///
    /// - **Memory**: the items of all open windows, which are more the larger `lateness` is.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = windowing_by_time(10, 10, |seconds: &u32| *seconds).waiting(5);
    /// let items = [8, 12, 9, 15, 21].into_iter().transduce(windows).map(|window| window.items);
    /// assert_eq!(items.collect::<Vec<_>>(), [vec![8, 9], vec![12, 15], vec![21]]);
    /// ```
    pub fn waiting(self, lateness: T) -> Self {
        Self { lateness: not_negative(lateness), ..self }
    }

    /// The end of the first window that ends after `time`.
    fn next_end(&self, time: i128) -> i128 {
        let (width, every) = (self.width.ticks(), self.every.ticks());
        time + every - (time - self.origin.ticks() - width).rem_euclid(every)
    }
}

/// The state of [`WindowingByTime`]: the time, and the items of the open windows.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WindowingByTimeState<In, C = ItemTime> {
    clock: Clock<C>,
    /// Each with its time, in the order they came.
    items: Vec<(i128, In)>,
    /// The end of the first window that is not over and has items.
    next_end: Option<i128>,
}

impl<In: Clone, T: EventTime, F: Fn(&In) -> T, M: Contents<In>, C: Closing> Transducer<In>
    for WindowingByTime<T, F, M, C>
{
    type Out = M::Out<T>;
    type State = WindowingByTimeState<In, C>;

    const SHAPE: Shape = if C::IS_TIMED { Shape::ANY.timed() } else { Shape::ANY };

    #[inline]
    fn initial(&self) -> Self::State {
        WindowingByTimeState { clock: Clock::new(), items: Vec::new(), next_end: None }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<M::Out<T>>) -> Step {
        let WindowingByTimeState { clock, items, next_end } = state;
        let time = (self.time)(&item).ticks();
        let over = clock.tick(time, self.lateness.ticks(), out.now());
        let end = self.next_end(time.max(over));
        if end - self.width.ticks() > time {
            // The last window that it belongs to is over.
            let start = self.next_end(time + self.width.ticks() - 1) - self.width.ticks();
            let window = (start, start + self.width.ticks());
            let late = clock.late(&self.contents, item, window, !items.is_empty());
            return late.map_or(ControlFlow::Continue(()), |late| out.emit(late));
        }
        if self.next_end(time) <= over {
            clock.count_late();
        }
        items.push((time, item));
        *next_end = Some(next_end.map_or(end, |next_end| next_end.min(end)));
        self.resume(state, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<M::Out<T>>) -> Step {
        let over = state.clock.left_over(self.lateness.ticks(), out.now());
        out.emit_from(&mut iter::from_fn(|| self.next_window(over, state))).map_continue(|_| ())
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<M::Out<T>>) -> Step {
        state.clock.end();
        self.resume(state, out)
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.clock.deadline(state.next_end, self.lateness.ticks())
    }

    #[inline]
    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<M::Out<T>>) -> Step {
        let over = state.clock.over(self.lateness.ticks(), out.now());
        out.emit_from(&mut iter::from_fn(|| self.next_window(over, state))).map_continue(|_| ())
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        // By the time of items, the window of the latest one is open.
        state.items.is_empty() && !state.clock.has_ended()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        let (width, every) = (self.width.ticks(), self.every.ticks());
        let windows_an_item = usize::try_from((width + every - 1) / every).ok();
        let items = most.and_then(|most| most.checked_add(state.items.len()));
        let most = items.zip(windows_an_item).and_then(|(items, each)| items.checked_mul(each));
        // What is kept is there because a window of it is not over.
        (least.min(1).max(usize::from(!state.items.is_empty())), most)
    }

    fn describe(&self, outline: &mut Outline) {
        outline
            .stage(if C::IS_TIMED { "windowing_by_time timed" } else { "windowing_by_time" })
            .setting("width", self.width.ticks(), Change::Never)
            .setting("every", self.every.ticks(), Change::Never)
            .setting("origin", self.origin.ticks().rem_euclid(self.every.ticks()), Change::Never)
            .setting("lateness", self.lateness.ticks(), Change::Free)
            .inside(|outline| self.contents.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        let WindowingByTimeState { clock, items, next_end } = state;
        clock.validate_time("windowing_by_time")?;
        clock.validate("windowing_by_time", &self.contents, [])?;
        let are_times = items.iter().all(|(time, _)| is_time(*time));
        InvalidState::unless(are_times, "windowing_by_time", "the time of an item is out of range")?;
        let follows = match (items.iter().map(|(time, _)| *time).min(), *next_end) {
            (None, next_end) => next_end.is_none(),
            (Some(first), Some(end)) => {
                first < end && end - self.width.ticks() <= first && self.next_end(end - 1) == end
            }
            (Some(_), None) => false,
        };
        InvalidState::unless(follows, "windowing_by_time", "its next window isn't one of its items")
    }
}

impl<T: EventTime, F, M, C: Closing> WindowingByTime<T, F, M, C> {
    /// The next window that is over, in the order of their ends.
    #[inline]
    fn next_window<In: Clone>(&self, over: i128, state: &mut WindowingByTimeState<In, C>) -> Option<M::Out<T>>
    where
        M: Contents<In>,
    {
        let WindowingByTimeState { clock, items, next_end } = state;
        let end = next_end.filter(|end| *end <= over)?;
        let start = end - self.width.ticks();
        let inside = items.iter().filter(|(time, _)| (start..end).contains(time));
        let mut kept = self.contents.begin();
        inside.for_each(|(_, item)| self.contents.add(&mut kept, item.clone()));
        items.retain(|(time, _)| *time >= start + self.every.ticks());
        // Stretches in which there is nothing are passed over.
        *next_end = items.iter().map(|(time, _)| *time).min().map(|first| self.next_end(first.max(end)));
        Some(clock.report(&self.contents, OpenWindow { start, end, kept }))
    }
}

debug_closures!(WindowingByTime<T, F, M, C> { width: T, every: T, origin: T, lateness: T, contents: M, closing: C; time});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items into windows of time, each `width` long and one beginning `every` so often. See
    /// [`windowing_by_time`].
    ///
    /// - **Panics**: if `width` is not more than 0, or if `every` is not more than 0 or is more than `width`.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = [1, 7].into_iter().transduce(pipeline::<u64>().windows_by_time(10, 5, |time| *time));
    /// assert_eq!(windows.map(|window| window.items).collect::<Vec<_>>(), [vec![1], vec![1, 7], vec![7]]);
    /// ```
    #[track_caller]
    pub fn windows_by_time<T, F>(self, width: T, every: T, time: F) -> Pipeline<In, Compose<X, WindowingByTime<T, F>>>
    where
        T: EventTime,
        F: Fn(&X::Out) -> T,
        X::Out: Clone,
    {
        self.then(windowing_by_time(width, every, time))
    }
}

impl<In, X, T: EventTime, F, M, C> Pipeline<In, Compose<X, WindowingByTime<T, F, M, C>>> {
    /// Has a window of the stage just added begin at `origin`. See [`WindowingByTime::aligned_to`].
    pub fn aligned_to(self, origin: T) -> Self {
        self.set(|stage| stage.aligned_to(origin))
    }
}
