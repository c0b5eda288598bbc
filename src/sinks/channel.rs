use core::ops::ControlFlow;
use std::sync::mpsc::{Sender, SyncSender};

use super::EventSink;
use crate::kernel::{Reduced, Step};

/// Sends each item over the channel, and wants no more once the receiver is gone. Closing drops this sender.
impl<T> EventSink<T> for Sender<T> {
    type Output = ();

    fn send(&mut self, item: T) -> Step {
        Sender::send(self, item).map_or(ControlFlow::Break(Reduced), ControlFlow::Continue)
    }

    fn close(self) {}
}

/// Sends each item over the channel, waiting while it is full, and wants no more once the receiver is gone. Closing
/// drops this sender.
impl<T> EventSink<T> for SyncSender<T> {
    type Output = ();

    fn send(&mut self, item: T) -> Step {
        SyncSender::send(self, item).map_or(ControlFlow::Break(Reduced), ControlFlow::Continue)
    }

    fn close(self) {}
}
