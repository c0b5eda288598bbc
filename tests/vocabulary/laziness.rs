//! Whoever takes one output at a time has about one made at a time, whatever is inside of what, in every driver that takes
//! one at a time.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use futures::{Sink, SinkExt, StreamExt, executor::block_on, stream};
use transducer::*;

use crate::{
    table::{Stage, Value, rows},
    wrappers::{WRAPPERS, all_around},
};

/// A stage that makes items of one without end, and counts them.
#[derive(Clone, Default)]
pub(crate) struct Endless {
    made: Arc<AtomicUsize>,
}

impl Endless {
    fn items(&self) -> impl Iterator<Item = Value> + Clone + Send + Sync + use<> {
        let made = Arc::clone(&self.made);
        (0i64..).map(Value::Int).inspect(move |_| {
            made.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }
}

/// The stage with an endless one behind it.
fn expanded<X>(stage: X, endless: Endless) -> impl Transducer<Value, Out = Value, State: Send> + Send + Sync
where
    X: Transducer<Value, Out = Value, State: Send> + Send + Sync,
{
    compose((stage, flat_mapping(move |_: Value| endless.items())))
}

/// The same, inside wrappers inside wrappers.
pub(crate) fn nested<X>(stage: X, endless: Endless) -> Stage
where
    X: Transducer<Value, Out = Value, State: Send> + Send + Sync + 'static,
{
    all_around(expanded(stage, endless))
}

/// Takes what comes until there are `room` items, and then is not ready.
struct Narrow {
    room: usize,
}

impl Sink<Value> for Narrow {
    type Error = ();

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        if self.room == 0 { Poll::Pending } else { Poll::Ready(Ok(())) }
    }

    fn start_send(mut self: Pin<&mut Self>, _: Value) -> Result<(), ()> {
        self.room -= 1;
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }
}

/// Takes up to `wanted` outputs, one at a time.
type Driver = fn(&Stage, wanted: usize);

const DRIVERS: [(&str, Driver); 3] = [
    ("lazily", |xf, wanted| input().transduce(xf).take(wanted).for_each(drop)),
    ("as a stream", |xf, wanted| {
        let outputs = TransduceStream::transduce(stream::iter(input()), xf);
        block_on(outputs.take(wanted).for_each(|_| async {}));
    }),
    ("as a sink", |xf, wanted| {
        let mut sink = TransduceSink::transduce(Narrow { room: wanted }, xf);
        let context = &mut Context::from_waker(Waker::noop());
        for item in input() {
            if sink.poll_ready_unpin(context).is_pending() {
                return;
            }
            sink.start_send_unpin(item).expect("room");
        }
        let _ = sink.poll_close_unpin(context);
    }),
];

fn input() -> impl Iterator<Item = Value> {
    [3, 3, 0, 5, 4, 4, 1].into_iter().map(Value::Int)
}

/// Fails if more than about as many items were made as were asked for.
fn check(name: &str, pipeline: impl Fn(Endless) -> Stage) {
    for (driver, run) in DRIVERS {
        for wanted in [1, 4] {
            let endless = Endless::default();
            run(&pipeline(endless.clone()), wanted);
            let made = endless.made();
            assert!(made <= wanted + 1, "{name}, {driver}: {made} items were made for {wanted}");
        }
    }
}

/// Checks a pipeline by itself, in every wrapper, and in every wrapper inside every wrapper.
fn check_wrapped(name: &str, pipeline: impl Fn(Endless) -> Stage) {
    check(name, &pipeline);
    for inner in WRAPPERS {
        check(&format!("{name} in {}", inner.name), |endless| (inner.wrap)(pipeline(endless)));
        for outer in WRAPPERS {
            let name = format!("{name} in {} in {}", inner.name, outer.name);
            check(&name, |endless| (outer.wrap)((inner.wrap)(pipeline(endless))));
        }
    }
}

#[test]
fn one_output_makes_about_one_inner_item_behind_every_stage_inside_every_wrapper() {
    for row in rows() {
        for n in [0, 1, 3] {
            let name = format!("{} with n = {n}", row.name);
            check_wrapped(&name, |endless| boxed(expanded((row.stage)(n), endless)));
            check(&format!("{name}, nested"), |endless| (row.checks.nested)(n, endless));
        }
    }
}

#[test]
fn one_output_makes_about_one_leftover_behind_every_stage_inside_every_wrapper() {
    for row in rows() {
        for n in [0, 1, 3] {
            let name = format!("following {} with n = {n}", row.name);
            check_wrapped(&name, |endless| boxed(compose(((row.stage)(n), following_with(endless.items())))));
            let name = format!("ahead of {} with n = {n}", row.name);
            check_wrapped(&name, |endless| boxed(compose(((row.stage)(n), prepending(endless.items())))));
        }
    }
}

#[test]
fn as_much_is_made_as_is_asked_for_where_something_is_made() {
    // Else the checks above could pass for want of outputs.
    for (driver, run) in DRIVERS {
        let endless = Endless::default();
        run(&boxed(expanded(mapping(|item| item), endless.clone())), 4);
        // A sink has the next item at hand before it waits.
        let ahead = usize::from(driver == "as a sink");
        assert_eq!(endless.made(), 4 + ahead, "{driver}");
    }
}
