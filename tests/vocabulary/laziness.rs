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

/// What a stage makes of an item without end, or as often as is said: clones of it, which are counted.
#[derive(Clone)]
pub(crate) struct Clones {
    made: Arc<AtomicUsize>,
    of_each: usize,
}

impl Clones {
    pub(crate) fn times(of_each: usize) -> Self {
        Self { made: Arc::default(), of_each }
    }

    fn endless() -> Self {
        Self::times(usize::MAX)
    }

    fn of(&self, item: Value) -> impl Iterator<Item = Value> + Clone + Send + Sync + use<> {
        let made = Arc::clone(&self.made);
        std::iter::repeat_n(item, self.of_each).inspect(move |_| {
            made.fetch_add(1, Ordering::Relaxed);
        })
    }

    fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }
}

/// The stage with one behind it that makes clones of each item.
fn expanded<X>(stage: X, clones: Clones) -> impl Transducer<Value, Out = Value, State: Send> + Send + Sync
where
    X: Transducer<Value, Out = Value, State: Send> + Send + Sync,
{
    compose((stage, flat_mapping(move |item| clones.of(item))))
}

/// The same, inside wrappers inside wrappers.
pub(crate) fn nested<X>(stage: X, clones: Clones) -> Stage
where
    X: Transducer<Value, Out = Value, State: Send> + Send + Sync + 'static,
{
    all_around(expanded(stage, clones))
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
        let outputs = stream::iter(input()).transduce(xf);
        block_on(outputs.take(wanted).for_each(|_| async {}));
    }),
    ("as a sink", |xf, wanted| {
        let mut sink = (Narrow { room: wanted }).with_transducer(xf);
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
fn check(name: &str, pipeline: impl Fn(Clones) -> Stage) {
    for (driver, run) in DRIVERS {
        for wanted in [1, 4] {
            let clones = Clones::endless();
            run(&pipeline(clones.clone()), wanted);
            let made = clones.made();
            assert!(made <= wanted + 1, "{name}, {driver}: {made} items were made for {wanted}");
        }
    }
}

/// Checks a pipeline by itself, in every wrapper, and in every wrapper inside every wrapper.
fn check_wrapped(name: &str, pipeline: impl Fn(Clones) -> Stage) {
    check(name, &pipeline);
    for inner in WRAPPERS {
        check(&format!("{name} in {}", inner.name), |clones| (inner.wrap)(pipeline(clones)));
        for outer in WRAPPERS {
            let name = format!("{name} in {} in {}", inner.name, outer.name);
            check(&name, |clones| (outer.wrap)((inner.wrap)(pipeline(clones))));
        }
    }
}

#[test]
fn one_output_makes_about_one_inner_item_behind_every_stage_inside_every_wrapper() {
    for row in rows() {
        for n in [0, 1, 3] {
            let name = format!("{} with n = {n}", row.name);
            check_wrapped(&name, |clones| boxed(expanded((row.stage)(n), clones)));
            check(&format!("{name}, nested"), |clones| (row.checks.nested)(n, clones));
        }
    }
}

#[test]
fn one_output_makes_about_one_leftover_behind_every_stage_inside_every_wrapper() {
    for row in rows() {
        for n in [0, 1, 3] {
            let name = format!("following {} with n = {n}", row.name);
            check_wrapped(&name, |clones| boxed(compose(((row.stage)(n), following_with(clones.of(Value::Int(7)))))));
            let name = format!("ahead of {} with n = {n}", row.name);
            check_wrapped(&name, |clones| boxed(compose(((row.stage)(n), prepending(clones.of(Value::Int(7)))))));
        }
    }
}

#[test]
fn as_much_is_made_as_is_asked_for_where_something_is_made() {
    // Else the checks above could pass for want of outputs.
    for (driver, run) in DRIVERS {
        let clones = Clones::endless();
        run(&boxed(expanded(mapping(|item| item), clones.clone())), 4);
        // A sink has the next item at hand before it waits.
        let ahead = usize::from(driver == "as a sink");
        assert_eq!(clones.made(), 4 + ahead, "{driver}");
    }
}
