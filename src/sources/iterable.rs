use crate::{kernel::call, sinks::EventSink};

/// Sends each item of `iterable` to `sink`, then closes the sink and gives its output.
///
/// - **Ends**: with the iterable, or when the sink wants no more. What is left of an iterator passed `by_ref()` is
///   still there.
/// - **Like**: `Iterator::try_for_each`; RxJS `from`.
///
/// ```
/// use transducer::prelude::*;
///
/// let mut numbers = 1..10;
/// let sink = reactive_transduce(taking(3), collection_sink(Vec::new()));
/// assert_eq!(iterable_source(numbers.by_ref(), sink), [1, 2, 3]);
/// assert_eq!(numbers.next(), Some(4));
/// ```
#[doc(alias = "from_iter")]
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
