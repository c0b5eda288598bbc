use core::ops::ControlFlow;

use tokio::sync::mpsc::UnboundedSender;

use super::EventSink;
use crate::kernel::{Reduced, Step};

/// Sends each item over the channel, and wants no more once the receiver is gone. Closing drops this sender.
///
/// The sender of a bounded channel may have to wait, which an event sink cannot. Use it at the end of a `Sink`, or of
/// `transduce_into`: tokio-util's `PollSender` makes a `Sink` of it.
///
/// ```
/// use tokio::sync::mpsc;
/// use transducer::prelude::*;
///
/// let (sender, mut receiver) = mpsc::unbounded_channel();
/// let mut doubled = reactive_transduce(mapping(|x: i32| x * 2), sender);
/// doubled.send(1);
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
