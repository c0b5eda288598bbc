use alloc::{collections::VecDeque, vec};
use core::iter;

use super::time_window::{Clock, EventTime, OpenWindow, TimeWindow, not_negative, positive};
use crate::{
    error::InvalidArgument,
    kernel::{
        Change, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Transducer, debug::debug_closures, hint,
    },
    pipeline::Pipeline,
};

/// Collects items that are less than `gap` apart into sessions and emits each session as a [`TimeWindow`] once it is
/// over.
///
/// `time` gives the time of an item. A session begins at the time of its earliest item and ends `gap` after its
/// latest. It is over when an item comes whose time is the session's end or later, or when the run ends. No clock is
/// read, so a replay gives the same sessions.
///
/// Items may come in any order inside the open session. An item is late if its time is before the end of a session
/// that has been emitted, or if a session of its own would be over already. It is counted in
/// [`late`](TimeWindow::late) of the next session. A late item is dropped, unless it is less than `gap` from an open
/// session, or a session of its own would not be over yet. Use [`Sessioning::waiting`] to keep sessions open for
/// longer.
///
/// - **Memory**: the items of the open sessions; the `Vec` of a session grows as they come.
/// - **Panics**: if `gap` is not more than 0. Use [`try_sessioning`] for a gap that comes from data.
/// - **Like**: the session windows of Apache Flink and Apache Beam. In Flink, items exactly `gap` apart are in one
///   session; here they are not.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let minutes = |count: u64| Duration::from_secs(count * 60);
/// let visits = [("ann", minutes(0)), ("ann", minutes(20)), ("bob", minutes(60)), ("ann", minutes(55))];
/// let sessions = visits.into_iter().transduce(sessioning(minutes(30), |visit: &(&str, Duration)| visit.1));
/// let sessions: Vec<_> = sessions.map(|session| (session.start, session.end, session.items.len())).collect();
/// assert_eq!(sessions, [(minutes(0), minutes(50), 2), (minutes(55), minutes(90), 2)]);
/// ```
#[doc(alias("session", "window", "session_window"))]
#[track_caller]
pub fn sessioning<In, T: EventTime, F: Fn(&In) -> T>(gap: T, time: F) -> Sessioning<T, F> {
    InvalidArgument::or_panic(try_sessioning(gap, time))
}

/// Like [`sessioning`], for a gap that comes from data.
///
/// - **Errors**: if `gap` is not more than 0.
///
/// ```
/// use transducer::prelude::*;
///
/// let error = try_sessioning(0, |time: &u64| *time).unwrap_err();
/// assert_eq!(error.to_string(), "`gap` must be more than 0");
/// ```
pub fn try_sessioning<In, T, F>(gap: T, time: F) -> Result<Sessioning<T, F>, InvalidArgument>
where
    T: EventTime,
    F: Fn(&In) -> T,
{
    positive("gap", gap).map(|gap| Sessioning { gap, lateness: T::from_ticks(0), time })
}

/// The transducer of [`sessioning`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Sessioning<T, F> {
    gap: T,
    lateness: T,
    time: F,
}

impl<T: EventTime, F> Sessioning<T, F> {
    /// Keeps each session open for `lateness` longer, for items that come out of order.
    ///
    /// A session is then over when an item comes whose time is `lateness` past the session's end, or later. An item
    /// between two open sessions joins them, with the items of the earlier session first. A negative `lateness`
    /// counts as 0.
    ///
    /// - **Memory**: the items of all open sessions, which are more the larger `lateness` is.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sessions = sessioning(10, |seconds: &u32| *seconds).waiting(20);
    /// let items = [1, 15, 8, 60].into_iter().transduce(sessions).map(|session| session.items);
    /// assert_eq!(items.collect::<Vec<_>>(), [vec![1, 8, 15], vec![60]]);
    /// ```
    pub fn waiting(self, lateness: T) -> Self {
        Self { lateness: not_negative(lateness), ..self }
    }
}

/// The state of [`Sessioning`]: the latest time, and the open sessions.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SessioningState<In> {
    clock: Clock,
    /// In the order of time, without overlaps.
    open: VecDeque<OpenWindow<In>>,
    /// The end of the last session that has been emitted.
    emitted_until: Option<i128>,
}

impl<In, T: EventTime, F: Fn(&In) -> T> Transducer<In> for Sessioning<T, F> {
    type Out = TimeWindow<T, In>;
    type State = SessioningState<In>;

    const SHAPE: Shape = Shape::ANY;

    #[inline]
    fn initial(&self) -> SessioningState<In> {
        SessioningState { clock: Clock::new(), open: VecDeque::new(), emitted_until: None }
    }

    #[inline]
    fn step(&self, state: &mut SessioningState<In>, item: In, out: &mut impl Emit<TimeWindow<T, In>>) -> Step {
        let SessioningState { clock, open, emitted_until } = state;
        let time = (self.time)(&item).ticks();
        let end = time + self.gap.ticks();
        let over = clock.tick(time, self.lateness.ticks());

        let index = open.partition_point(|session| session.end <= time);
        let joins = open.get(index).is_some_and(|session| session.start < end);
        if emitted_until.is_some_and(|emitted_until| time < emitted_until) || (!joins && end <= over) {
            clock.count_late();
        }
        if joins {
            let session = &mut open[index];
            session.start = session.start.min(time);
            session.end = session.end.max(end);
            let end = session.end;
            // It may reach the next session, and no further: that one is at least a gap long.
            let next =
                if open.get(index + 1).is_some_and(|next| next.start < end) { open.remove(index + 1) } else { None };
            let session = &mut open[index];
            session.items.push(item);
            if let Some(next) = next {
                session.end = next.end;
                session.items.extend(next.items);
            }
        } else if end > over {
            open.insert(index, OpenWindow { start: time, end, items: vec![item] });
        }

        self.resume(state, out)
    }

    #[inline]
    fn resume(&self, state: &mut SessioningState<In>, out: &mut impl Emit<TimeWindow<T, In>>) -> Step {
        let SessioningState { clock, open, emitted_until } = state;
        let over = clock.over(self.lateness.ticks());
        let mut sessions = iter::from_fn(|| {
            open.front().filter(|session| session.end <= over)?;
            let session = open.pop_front()?;
            *emitted_until = Some(session.end);
            Some(clock.report(session))
        });
        out.emit_from(&mut sessions).map_continue(|_| ())
    }

    #[inline]
    fn complete(&self, state: &mut SessioningState<In>, out: &mut impl Emit<TimeWindow<T, In>>) -> Step {
        state.clock.end();
        self.resume(state, out)
    }

    fn is_idle(&self, state: &SessioningState<In>) -> bool {
        state.clock.is_idle()
    }

    fn size_hint(&self, state: &SessioningState<In>, (least, most): SizeHint) -> SizeHint {
        if state.clock.has_ended() {
            return hint::exactly(state.open.len());
        }
        // Those that are open may become one, and each item may open another.
        let open = state.open.len();
        (least.min(1).max(open.min(1)), most.and_then(|most| most.checked_add(open)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("sessioning").setting("gap", self.gap.ticks(), Change::Free).setting(
            "lateness",
            self.lateness.ticks(),
            Change::Free,
        );
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.clock.validate("sessioning", &state.open)
    }
}

debug_closures!(Sessioning<T, F> { gap: T, lateness: T; time});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Collects items that are less than `gap` apart into sessions. See [`sessioning`].
    ///
    /// - **Panics**: if `gap` is not more than 0.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sessions = [1, 2, 9].into_iter().transduce(pipeline::<u64>().sessions(5, |time| *time));
    /// assert_eq!(sessions.map(|session| session.items).collect::<Vec<_>>(), [vec![1, 2], vec![9]]);
    /// ```
    #[track_caller]
    pub fn sessions<T, F>(self, gap: T, time: F) -> Pipeline<In, Compose<X, Sessioning<T, F>>>
    where
        T: EventTime,
        F: Fn(&X::Out) -> T,
    {
        self.then(sessioning(gap, time))
    }
}

impl<In, X, T: EventTime, F> Pipeline<In, Compose<X, Sessioning<T, F>>> {
    /// Keeps the sessions of the stage just added open for `lateness` longer. See [`Sessioning::waiting`].
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let sessions = pipeline::<u32>().sessions(5, |time| *time).waiting(5);
    /// let items = [8, 15, 11, 30].into_iter().transduce(sessions).map(|session| session.items);
    /// assert_eq!(items.collect::<Vec<_>>(), [vec![8, 11, 15], vec![30]]);
    /// ```
    pub fn waiting(self, lateness: T) -> Self {
        self.set(|stage| stage.waiting(lateness))
    }
}
