use crate::{kernel::call, sinks::EventSink};

/// Sends each item of `iterable` to `sink`, one after the other, then closes it.
///
/// Gives what closing gives. Stops when the sink has had enough; what is left of an iterator passed
/// `by_ref()` is still there.
///
/// ```
/// use transducer::{collection_sink, iterable_source, reactive_transduce, taking};
///
/// let mut numbers = 1..10;
/// let sink = reactive_transduce(taking(3), collection_sink(Vec::new()));
/// assert_eq!(iterable_source(numbers.by_ref(), sink), [1, 2, 3]);
/// assert_eq!(numbers.next(), Some(4));
/// ```
#[inline]
pub fn iterable_source<I, S>(iterable: I, mut sink: S) -> S::Output
where
    I: IntoIterator,
    S: EventSink<I::Item>,
{
    if !sink.is_reduced() {
        let _ = call::each(iterable.into_iter(), |item| sink.send(item));
    }
    sink.close()
}
