use std::sync::mpsc::Receiver;

use super::iterable::iterable_source;
use crate::sinks::EventSink;

/// Sends what comes over a channel to `sink`, until all senders are gone or the sink has had enough.
///
/// Waits while the channel is empty. Gives what closing the sink gives. The receiver is dropped at
/// the end, so that senders learn of it; keep it with `&receiver` and [`iterable_source`].
///
/// ```
/// use std::{sync::mpsc, thread};
/// use transducer::{collection_sink, mapping, reactive_transduce, receiver_source};
///
/// let (sender, receiver) = mpsc::channel();
/// thread::spawn(move || (1..=3).try_for_each(|event| sender.send(event)));
/// let doubled = receiver_source(receiver, reactive_transduce(mapping(|x: i32| x * 2), collection_sink(vec![])));
/// assert_eq!(doubled, [2, 4, 6]);
/// ```
pub fn receiver_source<T, S: EventSink<T>>(receiver: Receiver<T>, sink: S) -> S::Output {
    iterable_source(receiver, sink)
}
