//! Runs under the asynchronous drivers, polled until they have no more to give. A source that is ready
//! now and again, and a sink that can take one item a turn, have them stop and go on at every point.

use alloc::{vec, vec::Vec};
use core::{
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use futures_core::Stream;
use futures_sink::Sink;

use crate::{
    drivers::root::{TransduceSink, TransduceStream},
    kernel::Transducer,
};

pub(super) fn through_a_stream<I, X>(source: I, xf: X, wanted: usize) -> Vec<X::Out>
where
    I: Iterator,
    X: Transducer<I::Item>,
{
    let mut context = Context::from_waker(Waker::noop());
    let mut source = source.fuse();
    let mut ready = false;
    let hesitant = futures_util::stream::poll_fn(move |_| {
        ready = !ready;
        if ready { Poll::Pending } else { Poll::Ready(source.next()) }
    });
    let mut items = pin!(hesitant.transduce(xf));
    let mut outputs = vec![];
    while outputs.len() < wanted {
        match items.as_mut().poll_next(&mut context) {
            Poll::Ready(Some(out)) => outputs.push(out),
            Poll::Ready(None) => break,
            Poll::Pending => {}
        }
    }
    outputs
}

pub(super) fn into_a_sink<I, X>(mut source: I, xf: X, wanted: usize) -> Vec<X::Out>
where
    I: Iterator,
    X: Transducer<I::Item>,
{
    let mut context = Context::from_waker(Waker::noop());
    let mut behind = OneATurn { items: vec![], ready: false };
    let mut sink = pin!((&mut behind).with_transducer(xf));
    let mut ended = false;
    while sink.get_ref().items.len() < wanted {
        let polled =
            if ended { sink.as_mut().poll_close(&mut context) } else { sink.as_mut().poll_ready(&mut context) };
        match polled {
            Poll::Pending => {}
            Poll::Ready(Ok(())) if ended => break,
            Poll::Ready(Ok(())) if sink.is_reduced() => ended = true,
            Poll::Ready(Ok(())) => match source.next() {
                Some(item) => {
                    let Ok(()) = sink.as_mut().start_send(item);
                }
                None => ended = true,
            },
        }
    }
    behind.items
}

/// A sink that is ready every other time it is asked.
struct OneATurn<T> {
    items: Vec<T>,
    ready: bool,
}

impl<T> Unpin for OneATurn<T> {}

impl<T> Sink<T> for OneATurn<T> {
    type Error = core::convert::Infallible;

    fn poll_ready(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.ready = !self.ready;
        if self.ready { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn start_send(mut self: Pin<&mut Self>, item: T) -> Result<(), Self::Error> {
        assert!(self.ready, "an item was sent to a sink that is not ready");
        self.items.push(item);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }
}
