use core::ops::ControlFlow;

use futures_channel::mpsc::UnboundedSender;

use super::EventSink;
use crate::kernel::{Reduced, Step};

/// Sends each item over the channel, and wants no more once the receiver is gone. Closing drops this sender.
///
/// The sender of a bounded channel is a `Sink`: see [`TransduceSink`](crate::TransduceSink).
///
/// ```
/// use futures::{StreamExt, channel::mpsc, executor::block_on};
/// use transducer::prelude::*;
///
/// let (sender, receiver) = mpsc::unbounded();
/// let mut doubled = reactive_transduce(mapping(|x: i32| x * 2), sender);
/// doubled.send(1);
/// doubled.send(2);
/// doubled.close();
/// assert_eq!(block_on(receiver.collect::<Vec<_>>()), [2, 4]);
/// ```
impl<T> EventSink<T> for UnboundedSender<T> {
    type Output = ();

    fn send(&mut self, item: T) -> Step {
        self.unbounded_send(item).map_or(ControlFlow::Break(Reduced), ControlFlow::Continue)
    }

    fn close(self) {}
}
