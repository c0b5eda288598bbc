use super::EventSink;
use crate::kernel::Step;

/// Makes a sink that sends each item to `sink`, which stays the caller's.
///
/// Closing it leaves `sink` open, for another pipeline after this one. A closure needs no such thing: `&mut f` is a
/// closure, too.
///
/// - **Ends**: when `sink` wants no more.
/// - **Like**: `Iterator::by_ref`, [`io::Write::by_ref`](std::io::Write::by_ref).
///
/// ```
/// use transducer::{EventSink, prelude::*};
///
/// let mut all = collection_sink(vec![]);
/// iterable_source(1..=2, reactive_transduce(mapping(|x| x * 10), borrowed_sink(&mut all)));
/// iterable_source(3..=9, reactive_transduce(taking(2), borrowed_sink(&mut all)));
/// assert_eq!(EventSink::<i32>::close(all), [10, 20, 3, 4]);
/// ```
#[doc(alias = "by_ref")]
pub fn borrowed_sink<S>(sink: &mut S) -> BorrowedSink<'_, S> {
    BorrowedSink { sink }
}

/// The sink of [`borrowed_sink`].
#[derive(Debug)]
pub struct BorrowedSink<'a, S> {
    sink: &'a mut S,
}

impl<T, S: EventSink<T>> EventSink<T> for BorrowedSink<'_, S> {
    type Output = ();

    #[inline]
    fn send(&mut self, item: T) -> Step {
        self.sink.send(item)
    }

    fn is_reduced(&self) -> bool {
        self.sink.is_reduced()
    }

    fn close(self) {}
}
