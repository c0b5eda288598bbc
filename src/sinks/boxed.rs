use alloc::boxed::Box;
use core::fmt;

use super::EventSink;
use crate::kernel::Step;

/// Erases the type of `sink`: only its items and what closing gives are known.
///
/// - **Memory**: one allocation. An item costs a call through a pointer.
/// - **Ends**: when `sink` does.
/// - **Like**: `Box<dyn Write>`; [`boxed`](crate::boxed) for transducers. For a sink that isn't `Send`, use
///   [`boxed_local_sink`].
///
/// ```
/// use transducer::{prelude::*, sinks::BoxedSink};
///
/// let to = |place: &str| -> BoxedSink<'static, u32, ()> {
///     match place {
///         "nowhere" => boxed_sink(null_sink()),
///         _ => boxed_sink(|x| println!("{x}")),
///     }
/// };
/// let mut sinks: Vec<_> = ["nowhere", "here"].into_iter().map(|place| reactive_transduce(taking(2), to(place))).collect();
/// for sink in &mut sinks {
///     sink.send(7);
/// }
/// ```
#[doc(alias("dyn", "erase"))]
pub fn boxed_sink<'a, T, S: EventSink<T> + Send + 'a>(sink: S) -> BoxedSink<'a, T, S::Output> {
    BoxedSink { sink: Box::new(sink) }
}

/// Erases the type of a sink that stays on its thread: it need not be `Send`. See [`boxed_sink`].
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use transducer::{prelude::*, sinks::LocalBoxedSink};
///
/// let log = Rc::new(RefCell::new(vec![]));
/// let writer = Rc::clone(&log);
/// let sink: LocalBoxedSink<u32, ()> = boxed_local_sink(move |x| writer.borrow_mut().push(x));
/// iterable_source([1, 2], sink);
/// assert_eq!(*log.borrow(), [1, 2]);
/// ```
pub fn boxed_local_sink<'a, T, S: EventSink<T> + 'a>(sink: S) -> LocalBoxedSink<'a, T, S::Output> {
    LocalBoxedSink { sink: Box::new(sink) }
}

/// The sink of [`boxed_sink`].
pub struct BoxedSink<'a, T, Output> {
    sink: Box<dyn Erased<T, Output> + Send + 'a>,
}

/// The sink of [`boxed_local_sink`].
pub struct LocalBoxedSink<'a, T, Output> {
    sink: Box<dyn Erased<T, Output> + 'a>,
}

/// The object-safe form of an [`EventSink`].
trait Erased<T, Output> {
    fn send(&mut self, item: T) -> Step;
    fn is_reduced(&self) -> bool;
    fn close(self: Box<Self>) -> Output;
}

impl<T, S: EventSink<T>> Erased<T, S::Output> for S {
    fn send(&mut self, item: T) -> Step {
        EventSink::send(self, item)
    }

    fn is_reduced(&self) -> bool {
        EventSink::is_reduced(self)
    }

    fn close(self: Box<Self>) -> S::Output {
        EventSink::close(*self)
    }
}

macro_rules! erased {
    ($($Box:ident)*) => {$(
        impl<T, Output> EventSink<T> for $Box<'_, T, Output> {
            type Output = Output;

            fn send(&mut self, item: T) -> Step {
                self.sink.send(item)
            }

            fn is_reduced(&self) -> bool {
                self.sink.is_reduced()
            }

            fn close(self) -> Output {
                self.sink.close()
            }
        }

        impl<T, Output> fmt::Debug for $Box<'_, T, Output> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(stringify!($Box))
            }
        }
    )*};
}
erased! { BoxedSink LocalBoxedSink }
