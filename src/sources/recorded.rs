use crate::{
    drivers::TimedTransduce,
    kernel::{Time, Transducer},
    sinks::EventSink,
};

/// What happened in a run: what [`recording`](crate::recording) writes down, and [`recorded_source`] reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Recorded<T> {
    /// An item came at this moment.
    Item(Time, T),
    /// The input ended at this moment.
    End(Time),
}

impl<T> Recorded<T> {
    /// When it happened.
    pub fn moment(&self) -> Time {
        match self {
            Self::Item(moment, _) | Self::End(moment) => *moment,
        }
    }
}

impl<T: Clone> Recorded<&T> {
    /// The same with the item itself, cloned.
    pub fn cloned(self) -> Recorded<T> {
        match self {
            Self::Item(moment, item) => Recorded::Item(moment, item.clone()),
            Self::End(moment) => Recorded::End(moment),
        }
    }
}

/// Sends what was recorded to `run`, each at its moment, as fast as it can; then closes it and gives its output.
///
/// The outputs are those of the run that was recorded.
///
/// - **Ends**: at the recorded end, after the last event where none was recorded, or as soon as `run` wants no more.
///
/// ```
/// use std::time::Duration;
/// use transducer::{Time, prelude::*, sources::Recorded};
///
/// let at = Time::from_secs;
/// let log = [Recorded::Item(at(1), 'a'), Recorded::Item(at(2), 'b'), Recorded::End(at(9))];
/// let settling = debouncing(Duration::from_secs(3));
/// assert_eq!(recorded_source(log, timed_transduce(settling, collection_sink(vec![]))), ['b']);
/// ```
#[doc(alias("replay"))]
pub fn recorded_source<In, X, S>(
    events: impl IntoIterator<Item = Recorded<In>>,
    mut run: TimedTransduce<In, X, S>,
) -> S::Output
where
    X: Transducer<In>,
    S: EventSink<X::Out>,
{
    if !EventSink::is_reduced(&run) {
        for event in events {
            let answer = match event {
                Recorded::Item(moment, item) => run.send_at(moment, item),
                Recorded::End(moment) => return run.close_at(moment),
            };
            if answer.is_break() {
                break;
            }
        }
    }
    run.close()
}
