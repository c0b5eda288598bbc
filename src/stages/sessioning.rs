use core::ops::ControlFlow;

use super::{
    closing::{Clock, Closing, ItemTime, OpenWindow, OpenWindows, RunTime, window_settings},
    make::Whole,
    time_window::{Contents, EventTime, Folded, Join, Moment, WithLate, not_negative, positive},
};
use crate::{
    error::InvalidArgument,
    kernel::{
        Change, Combine, Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Time, Transducer,
        debug::debug_closures, hint,
    },
    pipeline::Pipeline,
};

/// Collects items that are less than `gap` apart into sessions and emits each session as a [`TimeWindow`](super::TimeWindow) once it is
/// over.
///
/// `time` gives the time of an item. A session begins at the time of its earliest item and ends `gap` after its
/// latest. It is over when an item comes whose time is the session's end or later, or when the run ends. No clock is
/// read, so a replay gives the same sessions.
///
/// Items may come in any order inside the open session. An item is late if it is not less than `gap` from an open
/// session, and a session of its own would be over already. It is dropped, and counted in [`late`](super::TimeWindow::late)
/// of the next session. Use [`Sessioning::waiting`] to keep sessions open for longer, and [`Sessioning::with_late`] to
/// get late items.
///
/// [`Sessioning::timed`] closes sessions by the time of the run, which goes on without an item of theirs.
/// [`Sessioning::folding`] folds the items of a session and keeps none.
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
    positive("gap", gap).map(|gap| Sessioning {
        gap,
        lateness: T::from_ticks(0),
        time,
        contents: Whole,
        closing: ItemTime::default(),
    })
}

/// The transducer of [`sessioning`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct Sessioning<T, F, M = Whole, C = ItemTime> {
    gap: T,
    lateness: T,
    time: F,
    contents: M,
    closing: C,
}

window_settings!(Sessioning { gap, lateness, time }, Combine);

impl<T: EventTime, F, M, C> Sessioning<T, F, M, C> {
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

/// The state of [`Sessioning`]: the time, and the open sessions.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SessioningState<A, C = ItemTime> {
    clock: Clock<C>,
    open: OpenWindows<A>,
}

impl<In, T: EventTime, F: Fn(&In) -> T, M: Join<In>, C: Closing> Transducer<In> for Sessioning<T, F, M, C> {
    type Out = M::Out<T>;
    type State = SessioningState<M::Kept, C>;

    const SHAPE: Shape = if C::IS_TIMED { Shape::ANY.timed() } else { Shape::ANY };

    #[inline]
    fn initial(&self) -> Self::State {
        SessioningState { clock: Clock::new(), open: OpenWindows::new() }
    }

    #[inline]
    fn step(&self, state: &mut Self::State, item: In, out: &mut impl Emit<M::Out<T>>) -> Step {
        let SessioningState { clock, open } = state;
        let time = (self.time)(&item).ticks();
        let end = time + self.gap.ticks();
        let over = clock.tick(time, self.lateness.ticks(), out.now());

        let index = open.partition_point(|session| session.end <= time);
        if let Some(session) = open.get_mut(index).filter(|session| session.start < end) {
            session.start = session.start.min(time);
            session.end = session.end.max(end);
            self.contents.add(&mut session.kept, item);
            let end = session.end;
            // It may reach the next session, and no further: that one is at least a gap long.
            let reaches = open.get_mut(index + 1).is_some_and(|next| next.start < end);
            let next = if reaches { open.remove_after(index) } else { None };
            if let Some((session, next)) = open.get_mut(index).zip(next) {
                session.end = next.end;
                self.contents.join(&mut session.kept, next.kept);
            }
        } else if end > over {
            let mut kept = self.contents.begin();
            self.contents.add(&mut kept, item);
            open.insert(index, OpenWindow { start: time, end, kept });
        } else {
            let late = clock.late(&self.contents, item, (time, end), !open.is_empty());
            return late.map_or(ControlFlow::Continue(()), |late| out.emit(late));
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
        state.clock.deadline(state.open.first().map(|session| session.end), self.lateness.ticks())
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
        if state.clock.has_ended() {
            return hint::exactly(state.open.len());
        }
        // Those that are open may become one, and each item may open another.
        let open = state.open.len();
        (least.min(1).max(open.min(1)), most.and_then(|most| most.checked_add(open)))
    }

    fn describe(&self, outline: &mut Outline) {
        outline
            .stage(if C::IS_TIMED { "sessioning timed" } else { "sessioning" })
            .setting("gap", self.gap.ticks(), Change::Free)
            .setting("lateness", self.lateness.ticks(), Change::Free)
            .inside(|outline| self.contents.describe(outline));
    }

    fn validate(&self, state: &mut Self::State) -> Result<(), InvalidState> {
        state.clock.validate_time("sessioning")?;
        state.clock.validate("sessioning", &self.contents, state.open.iter_mut())
    }
}

impl<T: EventTime, F, M, C: Closing> Sessioning<T, F, M, C> {
    /// Emits the sessions that are over.
    #[inline]
    fn close<In>(&self, over: i128, state: &mut SessioningState<M::Kept, C>, out: &mut impl Emit<M::Out<T>>) -> Step
    where
        M: Contents<In>,
    {
        let SessioningState { clock, open } = state;
        let mut over = open.take_until(over).map(|session| clock.report(&self.contents, session));
        out.emit_from(&mut over).map_continue(|_| ())
    }
}

debug_closures!(Sessioning<T, F, M, C> { gap: T, lateness: T, contents: M, closing: C; time});

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
