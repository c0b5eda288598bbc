use alloc::collections::BinaryHeap;
use core::{cmp::Ordering, iter, ops::ControlFlow};

use super::{
    due,
    time_window::{Moment, is_time},
};
use crate::{
    kernel::{
        Compose, Emit, InvalidState, Outline, Shape, SizeHint, Step, Time, Transducer, debug::debug_closures, hint,
    },
    pipeline::Pipeline,
};

/// Emits each item once the run's time has come to its own, so that items come in the order of their times.
///
/// `time` gives the time of an item. Items of one time keep their order. Put it first inside of
/// [`by_event_time`](crate::by_event_time) with a lateness: there items come in the order in which they arrived, at the
/// moments that the watermark has reached by then. An item whose time is over already is late: it is emitted at once,
/// behind later ones. At the end of the run the rest is emitted at once.
///
/// - **Memory**: the items whose time has not come.
/// - **Like**: the buffer for reordering that users of Kafka Streams and Flink write by hand.
///
/// ```
/// use std::time::Duration;
/// use transducer::prelude::*;
///
/// let seconds = |at: &u64| Duration::from_secs(*at);
/// let ordered = by_event_time(seconds, Duration::from_secs(5), sorting_by_time(seconds));
/// assert_eq!([1, 4, 2, 9, 3, 12].into_iter().transduce(ordered).collect::<Vec<_>>(), [1, 2, 4, 3, 9, 12]);
/// ```
#[doc(alias("reorder", "resequence"))]
pub fn sorting_by_time<In, T: Moment, F: Fn(&In) -> T>(time: F) -> SortingByTime<F> {
    SortingByTime { time }
}

/// The transducer of [`sorting_by_time`].
#[derive(Clone, Copy)]
#[must_use = "a transducer is a recipe: it does nothing until a driver runs it"]
pub struct SortingByTime<F> {
    time: F,
}

/// The state of [`SortingByTime`]: the items whose time has not come.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(bound(serialize = "In: serde::Serialize", deserialize = "In: serde::Deserialize<'de>"))
)]
pub struct SortingByTimeState<In> {
    heap: BinaryHeap<Entry<In>>,
    /// How many have been put into the heap since it was empty.
    count: u64,
    /// Whether the run has ended. Before, nothing is to be resumed.
    ended: bool,
}

#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Entry<In> {
    at: Time,
    /// How many came before it.
    place: u64,
    item: In,
}

impl<In> SortingByTimeState<In> {
    fn emit_until(&mut self, now: Time, out: &mut impl Emit<In>) -> Step {
        let heap = &mut self.heap;
        let mut due = iter::from_fn(|| {
            heap.peek().filter(|entry| entry.at <= now)?;
            heap.pop().map(|entry| entry.item)
        });
        let flow = out.emit_from(&mut due).map_continue(|_| ());
        if self.heap.is_empty() {
            self.count = 0;
        }
        flow
    }
}

impl<In, T: Moment, F: Fn(&In) -> T> Transducer<In> for SortingByTime<F> {
    type Out = In;
    type State = SortingByTimeState<In>;

    const SHAPE: Shape = Shape::AT_MOST_ONE.flushing().timed();

    #[inline]
    fn initial(&self) -> SortingByTimeState<In> {
        SortingByTimeState { heap: BinaryHeap::new(), count: 0, ended: false }
    }

    #[inline]
    fn step(&self, state: &mut SortingByTimeState<In>, item: In, out: &mut impl Emit<In>) -> Step {
        let at = Time::from_nanos((self.time)(&item).ticks());
        if at <= out.now() {
            return out.emit(item);
        }
        state.heap.push(Entry { at, place: state.count, item });
        state.count += 1;
        ControlFlow::Continue(())
    }

    #[inline]
    fn resume(&self, state: &mut SortingByTimeState<In>, out: &mut impl Emit<In>) -> Step {
        if state.ended { state.emit_until(Time::END, out) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn complete(&self, state: &mut SortingByTimeState<In>, out: &mut impl Emit<In>) -> Step {
        state.ended = true;
        self.resume(state, out)
    }

    #[inline]
    fn deadline(&self, state: &SortingByTimeState<In>) -> Option<Time> {
        state.heap.peek().and_then(|entry| due::deadline(entry.at))
    }

    #[inline]
    fn advance(&self, state: &mut SortingByTimeState<In>, out: &mut impl Emit<In>) -> Step {
        let now = out.now();
        state.emit_until(now, out)
    }

    fn is_idle(&self, state: &SortingByTimeState<In>) -> bool {
        state.heap.is_empty() && !state.ended
    }

    fn size_hint(&self, state: &SortingByTimeState<In>, input: SizeHint) -> SizeHint {
        hint::add(hint::exactly(state.heap.len()), input)
    }

    fn describe(&self, outline: &mut Outline) {
        outline.stage("sorting_by_time");
    }

    fn validate(&self, state: &mut SortingByTimeState<In>) -> Result<(), InvalidState> {
        InvalidState::unless(!state.ended, "sorting_by_time", "it has been completed, and takes no more items")?;
        InvalidState::unless_reachable("sorting_by_time", state.count)?;
        let are_times = state.heap.iter().all(|entry| is_time(entry.at.as_nanos()) && entry.place < state.count);
        InvalidState::unless(are_times, "sorting_by_time", "an item has no place or time")
    }
}

// The earliest is the greatest, so that it is the head; of equal ones, the first that came.
impl<In> Ord for Entry<In> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.place).cmp(&(self.at, self.place))
    }
}

impl<In> PartialOrd for Entry<In> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<In> PartialEq for Entry<In> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<In> Eq for Entry<In> {}

debug_closures!(SortingByTime<F> {; time});

impl<In, X: Transducer<In>> Pipeline<In, X> {
    /// Emits each item once the run's time has come to its own. See [`sorting_by_time`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use transducer::prelude::*;
    ///
    /// let seconds = |at: &u64| Duration::from_secs(*at);
    /// let ordered = by_event_time(seconds, Duration::from_secs(5), pipeline::<u64>().sorted_by_time(seconds));
    /// assert_eq!([1, 4, 2, 9].into_iter().transduce(ordered).collect::<Vec<_>>(), [1, 2, 4, 9]);
    /// ```
    pub fn sorted_by_time<T, F>(self, time: F) -> Pipeline<In, Compose<X, SortingByTime<F>>>
    where
        T: Moment,
        F: Fn(&X::Out) -> T,
    {
        self.then(sorting_by_time(time))
    }
}
