use alloc::{collections::VecDeque, vec};
use core::{iter, ops::ControlFlow};

use super::time_window::{Clock, EventTime, OpenWindow, TimeWindow, not_negative, positive};
use crate::{
    error::InvalidArgument,
    kernel::{Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures},
    pipeline::Pipeline,
};

/// Collects items into windows of time, each `width` long, and emits each window as a [`TimeWindow`] once it is over.
///
/// `time` gives the time of an item. Windows begin at the multiples of `width`, so each item belongs to one window. A
/// window is over when an item comes whose time is the window's end or later, or when the run ends. A window without
/// items is not emitted. No clock is read, so a replay gives the same windows.
///
/// Items may come in any order inside the open window. An item whose window is over is late: it is dropped, and
/// counted in [`late`](TimeWindow::late) of the next window. Use [`BatchingByTime::waiting`] to keep windows open for
/// longer.
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
    positive("width", width).map(|width| BatchingByTime { width, lateness: T::from_ticks(0), time })
}

/// The transducer of [`batching_by_time`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct BatchingByTime<T, F> {
    width: T,
    lateness: T,
    time: F,
}

impl<T: EventTime, F> BatchingByTime<T, F> {
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

/// The state of [`BatchingByTime`]: the latest time, and the open windows.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchingByTimeState<In> {
    clock: Clock,
    /// In the order of time, without overlaps.
    open: VecDeque<OpenWindow<In>>,
}

impl<In, T: EventTime, F: Fn(&In) -> T> Transducer<In> for BatchingByTime<T, F> {
    type Out = TimeWindow<T, In>;
    type State = BatchingByTimeState<In>;

    const SHAPE: Shape = Shape::ANY;

    #[inline]
    fn initial(&self) -> BatchingByTimeState<In> {
        BatchingByTimeState { clock: Clock::new(), open: VecDeque::new() }
    }

    #[inline]
    fn step(&self, state: &mut BatchingByTimeState<In>, item: In, out: &mut impl Emit<TimeWindow<T, In>>) -> Step {
        let BatchingByTimeState { clock, open } = state;
        let time = (self.time)(&item).ticks();
        let over = clock.tick(time, self.lateness.ticks());
        // Most items belong to the last window, or to one close to it.
        let nearest = open.iter().rposition(|window| window.start <= time);
        match nearest.filter(|index| time < open[*index].end) {
            Some(index) => open[index].items.push(item),
            None => {
                let width = self.width.ticks();
                let start = time - time.rem_euclid(width);
                if start + width <= over {
                    clock.count_late();
                    return ControlFlow::Continue(());
                }
                let index = nearest.map_or(0, |nearest| nearest + 1);
                open.insert(index, OpenWindow { start, end: start + width, items: vec![item] });
            }
        }
        self.resume(state, out)
    }

    #[inline]
    fn resume(&self, state: &mut BatchingByTimeState<In>, out: &mut impl Emit<TimeWindow<T, In>>) -> Step {
        let BatchingByTimeState { clock, open } = state;
        let over = clock.over(self.lateness.ticks());
        let mut windows = iter::from_fn(|| {
            open.front().filter(|window| window.end <= over)?;
            open.pop_front().map(|window| clock.report(window))
        });
        out.emit_from(&mut windows).map_continue(|_| ())
    }

    #[inline]
    fn complete(&self, state: &mut BatchingByTimeState<In>, out: &mut impl Emit<TimeWindow<T, In>>) -> Step {
        state.clock.end();
        self.resume(state, out)
    }

    fn is_idle(&self, state: &BatchingByTimeState<In>) -> bool {
        state.clock.is_idle()
    }

    fn size_hint(&self, state: &BatchingByTimeState<In>, (least, most): SizeHint) -> SizeHint {
        // All that are open will be emitted, and each item may open another.
        let open = state.open.len();
        (least.min(1).max(open), most.and_then(|most| most.checked_add(open)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("batching_by_time").setting("width", self.width.ticks(), Change::Never).setting(
            "lateness",
            self.lateness.ticks(),
            Change::Free,
        );
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        let width = self.width.ticks();
        state.clock.validate("batching_by_time", &state.open)?;
        let fit = state.open.iter().all(|window| window.end - window.start == width);
        InvalidState::unless(fit, "batching_by_time", "its windows have another width")
    }
}

debug_closures!(BatchingByTime<T, F> { width: T, lateness: T; time});

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

impl<In, X, T: EventTime, F> Pipeline<In, Compose<X, BatchingByTime<T, F>>> {
    /// Keeps the windows of the stage just added open for `lateness` longer. See [`BatchingByTime::waiting`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let windows = pipeline::<u32>().chunks_by_time(10, |time| *time).waiting(5);
    /// let items = [8, 12, 9, 15, 21].into_iter().transduce(windows).map(|window| window.items);
    /// assert_eq!(items.collect::<Vec<_>>(), [vec![8, 9], vec![12, 15], vec![21]]);
    /// ```
    pub fn waiting(self, lateness: T) -> Self {
        self.set(|stage| stage.waiting(lateness))
    }
}
