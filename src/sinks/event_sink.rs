use crate::kernel::Step;

/// Takes items one by one, as they happen, until it is closed or wants no more.
///
/// | sink | made of | closing gives |
/// | --- | --- | --- |
/// | any `FnMut(T)`, or `FnMut(T) -> Step` | the closure itself | `()` |
/// | [`collection_sink`](crate::collection_sink) | anything that is [`Extend`], or `&mut` it | the collection |
/// | [`borrowed_sink`](crate::borrowed_sink) | `&mut` any sink | `()`; the sink stays open |
/// | [`boxed_sink`](crate::boxed_sink) | any sink, its type erased | what that gives |
/// | [`printing`](crate::printing) | an [`io::Write`](std::io::Write) | the writer, or the first error |
/// | [`mpsc::Sender`](std::sync::mpsc::Sender), `SyncSender` | the sender itself | `()` |
/// | `UnboundedSender` of futures (feature `async`) and of tokio (feature `tokio`) | the sender itself | `()` |
/// | [`null_sink`](crate::null_sink) | nothing | `()` |
/// | a push pipeline | [`reactive_transduce`](crate::reactive_transduce) | the output of its own sink |
///
/// ```
/// use std::ops::ControlFlow;
/// use transducer::{EventSink, Step, prelude::*};
///
/// /// Adds up its items, and wants no more once the sum is 100.
/// struct Hundred(u32);
///
/// impl EventSink<u32> for Hundred {
///     type Output = u32;
///
///     fn send(&mut self, item: u32) -> Step {
///         self.0 += item;
///         if self.0 >= 100 { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
///     }
///
///     fn close(self) -> u32 {
///         self.0
///     }
/// }
///
/// assert_eq!(iterable_source(40.., Hundred(0)), 40 + 41 + 42);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event sink for `{T}`",
    label = "`{T}` can't be sent here",
    note = "an event sink is a closure (`|item| ..`), `collection_sink(Vec::new())`, `printing(stdout())`, a channel's sender, \
            `borrowed_sink(&mut sink)`, or another push pipeline"
)]
pub trait EventSink<T> {
    /// What closing gives: a result, what was collected, or an error that happened on the way.
    type Output;

    /// Takes one item. Returns `Break` once the sink wants no more.
    fn send(&mut self, item: T) -> Step;

    /// Whether the sink wants no item at all. A source asks before it takes its first item.
    fn is_reduced(&self) -> bool {
        false
    }

    /// Ends the input and gives the output.
    fn close(self) -> Self::Output;
}
