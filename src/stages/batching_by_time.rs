use core::ops::ControlFlow;

use super::{
    closing::{Clock, Closing, ItemTime, OpenWindow, OpenWindows, RunTime, window_settings},
    make::Whole,
    time_window::{Contents, EventTime, Folded, Moment, WithLate, not_negative, positive},
};
use crate::{
    error::InvalidArgument,
    kernel::{
        Change, Compose, Emit, InvalidState, Outline, Reducer, Shape, SizeHint, Step, Time, Transducer,
        debug::debug_closures,
    },
    pipeline::Pipeline,
};

/// Collects items into windows of time, each `width` long, and emits each window as a [`TimeWindow`](super::TimeWindow) once it is over.
///
/// `time` gives the time of an item. Windows begin at the multiples of `width`, or so far from
/// [`BatchingByTime::aligned_to`]; each item belongs to one window. A window is over when an item comes whose time is the window's end or later, or when the run ends. A window without
/// items is not emitted. No clock is read, so a replay gives the same windows.
///
/// Items may come in any order inside the open window. An item whose window is over is late: it is dropped, and
/// counted in [`late`](super::TimeWindow::late) of the next window. Use [`BatchingByTime::waiting`] to keep windows open
/// for longer, and [`BatchingByTime::with_late`] to get late items.
///
/// [`BatchingByTime::timed`] closes windows by the time of the run, which goes on without an item.
/// [`BatchingByTime::folding`] folds the items of a window and keeps none.
///
/// - **Memory**: the items of the open windows; the `Vec` of a window grows as they come.
/// - **Panics**: if `width` is not more than 0. Use [`try_batching_by_time`] for a width that comes from data.
/// - **Like**: the tumbling windows of Apache Flink, the fixed windows of Apache Beam.
///
/// ```
/// use transducer::{prelude::*, stages::TimeWindow};
///
/// let events = [(0, "a"), (7, "b"), (12, "c"), (3, "too late"), (31, "d")];
/// let windows: Vec<_> = events.into_iter().transduce(batching_by_time(10, |event: &(i64, &str)| event.0)).collect();
/// assert_eq!(
///     windows,
///     [
///         TimeWindow { start: 0, end: 10, items: vec![(0, "a"), (7, "b")], late: 0 },
///         TimeWindow { start: 10, end: 20, items: vec![(12, "c")], late: 1 },
///         TimeWindow { start: 30, end: 40, items: vec![(31, "d")], late: 0 },
///     ]
/// );
/// ```
#[doc(alias("tumbling", "window", "tumbling_window", "fixed_window"))]
#[track_caller]
pub fn batching_by_time<In, T: EventTime, F: Fn(&In) -> T>(width: T, time: F) -> BatchingByTime<T, F> {
    InvalidArgument::or_panic(try_batching_by_time(width, time))
}

/// Like [`batching_by_time`], for a width that comes from data.
///
/// - **Errors**: if `width` is not more than 0.
///
/// ```
/// use transducer::prelude::*;
///
/// let error = try_batching_by_time(0, |time: &u64| *time).unwrap_err();
/// assert_eq!(error.to_string(), "`width` must be more than 0");
/// ```
pub fn try_batching_by_time<In, T, F>(width: T, time: F) -> Result<BatchingByTime<T, F>, InvalidArgument>
where
    T: EventTime,
    F: Fn(&In) -> T,
{
    let zero = T::from_ticks(0);
    positive("width", width).map(|width| BatchingByTime {
        width,
        origin: zero,
        lateness: zero,
        time,
        contents: Whole,
        closing: ItemTime::default(),
    })
}

/// The transducer of [`batching_by_time`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct BatchingByTime<T, F, M = Whole, C = ItemTime> {
    width: T,
    origin: T,
    lateness: T,
    time: F,
    contents: M,
    closing: C,
}

window_settings!(BatchingByTime { width, origin, lateness, time }, Reducer);

impl<T: EventTime, F, M, C> BatchingByTime<T, F, M, C> {
    /// Has a window begin at `origin`, and the others at multiples of the width from it: for days of a time zone.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// // Days of a zone an hour east of UTC, in seconds.
    /// let days = batching_by_time(86_400, |seconds: &i64| *seconds).aligned_to(-3_600);
    /// let starts = [0, 82_800].into_iter().transduce(days).map(|day| day.start);
    /// assert_eq!(starts.collect::<Vec<_>>(), [-3_600, 82_800]);
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
    /// let windows = batching_by_time(10, |seconds: &u32| *seconds).waiting(5);
    /// let items = [8, 12, 9, 15, 21].into_iter().transduce(windows).map(|window| window.items);
    /// assert_eq!(items.collect::<Vec<_>>(), [vec![8, 9], vec![12, 15], vec![21]]);
    /// ```
    pub fn waiting(self, lateness: T) -> Self {
        Self { lateness: not_negative(lateness), ..self }
    }
}

/// The state of [`BatchingByTime`]: the time, and the open windows.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchingByTimeState<A, C = ItemTime> {
    clock: Clock<C>,
    open: OpenWindows<A>,
}

impl<In, T: EventTime, F: Fn(&In) -> T, M: Contents<In>, C: Closing> Transducer<In> for BatchingByTime<T, F, M, C> {
    type Out = M::Out<T>;
    type State = BatchingByTimeState<M::Kept, C>;

    const SHAPE: Shape = if C::IS_TIMED { Shape::ANY.timed() } else { Shape::ANY };

    #[inline]
    fn initial(&self) -> Self::State {
        BatchingByTimeState { clock: Clock::new(), open: OpenWindows::new() }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<M::Out<T>>) -> Step {
        let BatchingByTimeState { clock, open } = state;
        let time = (self.time)(&item).ticks();
        let over = clock.tick(time, self.lateness.ticks(), out.now());
        let index = open.partition_point(|window| window.end <= time);
        if let Some(window) = open.get_mut(index).filter(|window| window.start <= time) {
            self.contents.add(&mut window.kept, item);
        } else {
            let width = self.width.ticks();
            let start = time - (time - self.origin.ticks()).rem_euclid(width);
            if start + width <= over {
                let late = clock.late(&self.contents, item, (start, start + width), !open.is_empty());
                return late.map_or(ControlFlow::Continue(()), |late| out.emit(late));
            }
            let mut kept = self.contents.begin();
            self.contents.add(&mut kept, item);
            open.insert(index, OpenWindow { start, end: start + width, kept });
        }
        self.resume(state, out)
    }

    #[inline]
    fn resume(&self, state: &mut Self::State, out: &mut impl Emit<M::Out<T>>) -> Step {
        let over = state.clock.left_over(self.lateness.ticks(), out.now());
        self.close(over, state, out)
    }

    #[inline]
    fn complete(&self, state: &mut Self::State, out: &mut impl Emit<M::Out<T>>) -> Step {
        state.clock.end();
        self.resume(state, out)
    }

    #[inline]
    fn deadline(&self, state: &Self::State) -> Option<Time> {
        state.clock.deadline(state.open.first().map(|window| window.end), self.lateness.ticks())
    }

    #[inline]
    fn advance(&self, state: &mut Self::State, out: &mut impl Emit<M::Out<T>>) -> Step {
        let over = state.clock.over(self.lateness.ticks(), out.now());
        self.close(over, state, out)
    }

    fn is_idle(&self, state: &Self::State) -> bool {
        // By the time of items, the window of the latest one is open.
        state.open.is_empty() && !state.clock.has_ended()
    }

    fn size_hint(&self, state: &Self::State, (least, most): SizeHint) -> SizeHint {
        // All that are open will be emitted, and each item may open another.
        let open = state.open.len();
        (least.min(1).max(open), most.and_then(|most| most.checked_add(open)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline
            .stage(if C::IS_TIMED { "batching_by_time timed" } else { "batching_by_time" })
            .setting("width", self.width.ticks(), Change::Never)
            .setting("origin", self.origin.ticks().rem_euclid(self.width.ticks()), Change::Never)
            .setting("lateness", self.lateness.ticks(), Change::Free)
            .inside(|outline| self.contents.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        let width = self.width.ticks();
        state.clock.validate_time("batching_by_time")?;
        state.clock.validate("batching_by_time", &self.contents, state.open.iter_mut())?;
        let fit = state.open.iter_mut().all(|window| window.end - window.start == width);
        InvalidState::unless(fit, "batching_by_time", "its windows have another width")
    }
}

impl<T: EventTime, F, M, C: Closing> BatchingByTime<T, F, M, C> {
    /// Emits the windows that are over.
    #[inline]
    fn close<In>(&self, over: i128, state: &mut BatchingByTimeState<M::Kept, C>, out: &mut impl Emit<M::Out<T>>) -> Step
    where
        M: Contents<In>,
    {
        let BatchingByTimeState { clock, open } = state;
        let mut over = open.take_until(over).map(|window| clock.report(&self.contents, window));
        out.emit_from(&mut over).map_continue(|_| ())
    }
}

debug_closures!(BatchingByTime<T, F, M, C> { width: T, origin: T, lateness: T, contents: M, closing: C; time});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items into windows of time, each `width` long. See [`batching_by_time`].
    ///
    /// - **Panics**: if `width` is not more than 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = [1, 4, 12].into_iter().transduce(pipeline::<u64>().chunks_by_time(10, |time| *time));
    /// assert_eq!(windows.map(|window| window.items).collect::<Vec<_>>(), [vec![1, 4], vec![12]]);
    /// ```
    #[track_caller]
    pub fn chunks_by_time<T, F>(self, width: T, time: F) -> Pipeline<In, Compose<X, BatchingByTime<T, F>>>
    where
        T: EventTime,
        F: Fn(&X::Out) -> T,
    {
        self.then(batching_by_time(width, time))
    }
}

impl<In, X, T: EventTime, F, M, C> Pipeline<In, Compose<X, BatchingByTime<T, F, M, C>>> {
    /// Has a window of the stage just added begin at `origin`. See [`BatchingByTime::aligned_to`].
    pub fn aligned_to(self, origin: T) -> Self {
        self.set(|stage| stage.aligned_to(origin))
    }
}
