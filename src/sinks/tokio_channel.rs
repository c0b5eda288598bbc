use core::ops::ControlFlow;

use tokio::sync::mpsc::UnboundedSender;

use super::EventSink;
use crate::kernel::{Reduced, Step};

/// Sends each event over the channel, and has had enough when the receiver is gone. Closing drops
/// this sender.
///
/// A bounded channel can make a sender wait, which an event sink cannot. It belongs at the end of a `Sink`, or of
/// `transduce_into`: tokio-util's `PollSender` makes one of it.
///
/// ```
/// use tokio::sync::mpsc;
/// use transducer::{mapping, reactive_transduce};
///
/// let (sender, mut receiver) = mpsc::unbounded_channel();
/// let mut doubled = reactive_transduce(mapping(|x: i32| x * 2), sender);
/// let _ = doubled.send(1);
/// doubled.close();
/// assert_eq!(receiver.blocking_recv(), Some(2));
/// assert_eq!(receiver.blocking_recv(), None);
/// ```
impl<T> EventSink<T> for UnboundedSender<T> {
    type Output = ();

    fn send(&mut self, item: T) -> Step {
        UnboundedSender::send(self, item).map_or(ControlFlow::Break(Reduced), ControlFlow::Continue)
    }

    fn close(self) {}
}
