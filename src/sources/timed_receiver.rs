use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Instant, SystemTime},
};

use crate::{
    drivers::TimedTransduce,
    kernel::{Time, Transducer},
    sinks::EventSink,
};

/// Sends the items that come over a channel to `run`, each at the moment that `clock` shows, and tells it the time when
/// none comes; then closes it and gives its output.
///
/// Blocks the calling thread while the channel is empty and nothing is due. `clock` should be monotonic, as
/// [`monotonic_clock`] is.
///
/// - **Ends**: when all senders are gone, or `run` wants no more.
/// - **Like**: [`receiver_source`](crate::receiver_source), with the time.
///
/// ```
/// use std::{sync::mpsc, thread, time::Duration};
/// use transducer::prelude::*;
///
/// let (rows, receiver) = mpsc::channel();
/// let (batches, written) = mpsc::channel();
/// let writer = thread::spawn(move || {
///     let quickly = batching_within(100, Duration::from_millis(5));
///     timed_receiver_source(receiver, timed_transduce(quickly, batches), monotonic_clock());
/// });
/// rows.send(1)?;
/// assert_eq!(written.recv()?, [1]); // before another row comes
/// drop(rows);
/// writer.join().unwrap();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn timed_receiver_source<In, X, S>(
    receiver: Receiver<In>,
    mut run: TimedTransduce<In, X, S>,
    clock: impl Fn() -> Time,
) -> S::Output
where
    X: Transducer<In>,
    S: EventSink<X::Out>,
{
    while !EventSink::is_reduced(&run) {
        let received = match run.deadline() {
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(deadline) => receiver.recv_timeout(deadline.since(clock())),
        };
        match received {
            Ok(item) => run.send_at(clock(), item),
            Err(RecvTimeoutError::Timeout) => run.advance(clock()),
            Err(RecvTimeoutError::Disconnected) => return run.close_at(clock()),
        };
    }
    run.close()
}

/// Gives a clock for [`timed_receiver_source`] and the like: it begins at what the wall clock shows now, and never goes
/// back, whoever sets the computer's clock.
///
/// ```
/// use transducer::prelude::*;
///
/// let clock = monotonic_clock();
/// assert!(clock() <= clock());
/// ```
pub fn monotonic_clock() -> impl Fn() -> Time + Clone {
    let origin = Time::from(SystemTime::now());
    let began = Instant::now();
    move || origin.checked_add(began.elapsed()).unwrap_or(Time::END)
}
