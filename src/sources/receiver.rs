use std::sync::mpsc::Receiver;

use super::iterable::iterable_source;
use crate::sinks::EventSink;

/// Sends the items that come over a channel to `sink`, then closes the sink and gives its output.
///
/// Blocks the calling thread while the channel is empty. The receiver is dropped at the end, so that senders notice. To
/// keep it, pass `&receiver` to [`iterable_source`].
///
/// - **Ends**: when all senders are gone, or the sink wants no more.
/// - **Like**: `for item in receiver`.
///
/// ```
/// use std::{sync::mpsc, thread};
/// use transducer::prelude::*;
///
/// let (sender, receiver) = mpsc::channel();
/// thread::spawn(move || (1..=3).try_for_each(|event| sender.send(event)));
/// let doubled = receiver_source(receiver, reactive_transduce(mapping(|x: i32| x * 2), collection_sink(vec![])));
/// assert_eq!(doubled, [2, 4, 6]);
/// ```
pub fn receiver_source<T, S: EventSink<T>>(receiver: Receiver<T>, sink: S) -> S::Output {
    iterable_source(receiver, sink)
}
