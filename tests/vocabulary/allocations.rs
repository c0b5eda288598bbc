//! Memory: none for an empty run, none an item, and no more for many items than for few, in every driver, as the rows
//! promise. Allocations are counted a thread.
//!
//! `TRANSDUCER_ITEMS` says how many items are many: `TRANSDUCER_ITEMS=100000000 cargo test --release
//! --test vocabulary allocations` takes a while.

use std::{
    ops::ControlFlow,
    task::{Context, Poll, Waker},
};

use allocation_counter::{AllocationInfo, measure};
use futures::{SinkExt, StreamExt, sink, stream};
use transducer::*;

use crate::table::{GROUPS, Promise, Value};

const FEW: u64 = 1_000;

/// Long enough to tell what grows; short enough for a debug build.
fn many() -> u64 {
    let usual = if cfg!(debug_assertions) { 10_000 } else { 1_000_000 };
    std::env::var("TRANSDUCER_ITEMS").map_or(usual, |items| items.parse().expect("TRANSDUCER_ITEMS"))
}

/// Runs of equal numbers, rising from run to run, so far apart that sessions end: for stages that compare, and go by time.
fn source(items: u64) -> impl Iterator<Item = Value> {
    (0..items).map(|place| Value::Int(place as i64 / 3 * 9))
}

/// What one driver allocates for a run over `items` items.
type Driver<X> = fn(&X, u64) -> AllocationInfo;

fn drivers<X: Transducer<Value>>() -> [(&'static str, Driver<X>); 6] {
    [
        ("eager", |xf, items| {
            measure(|| {
                transduce(xf, counting(), source(items));
            })
        }),
        ("lazy, for", |xf, items| {
            measure(|| {
                for out in source(items).transduce(xf) {
                    drop(out);
                }
            })
        }),
        ("lazy, fold", |xf, items| measure(|| source(items).transduce(xf).for_each(drop))),
        ("push", |xf, items| {
            measure(|| {
                let mut push = reactive_transduce(xf, drop::<X::Out>);
                let _: ControlFlow<Reduced> = source(items).try_for_each(|item| push.send(item).into_step());
                push.close();
            })
        }),
        ("stream", |xf, items| {
            measure(|| {
                let mut outputs = stream::iter(source(items)).transduce(xf);
                while ready(|context| outputs.poll_next_unpin(context)).is_some() {}
            })
        }),
        ("sink", |xf, items| {
            measure(|| {
                let mut outputs = sink::drain::<X::Out>().with_transducer(xf);
                for item in source(items) {
                    let Ok(()) = ready(|context| outputs.poll_ready_unpin(context));
                    if outputs.is_reduced() {
                        break;
                    }
                    let Ok(()) = outputs.start_send_unpin(item);
                }
                let Ok(()) = ready(|context| outputs.poll_close_unpin(context));
            })
        }),
    ]
}

/// Polls until there is an answer; nothing here has to be waited for.
pub(crate) fn ready<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    loop {
        if let Poll::Ready(answer) = poll(&mut Context::from_waker(Waker::noop())) {
            return answer;
        }
    }
}

/// What the stage keeps to, at the least, under every driver.
pub(crate) fn observed<X: Transducer<Value>>(name: &str, n: usize, xf: X) -> Promise {
    let promises = drivers::<X>().map(|(driver, run)| {
        let (none, few, many) = (run(&xf, 0), run(&xf, FEW), run(&xf, many()));
        assert_eq!(none.count_total, 0, "{name} with n = {n}, {driver}, allocates in an empty run");
        assert_eq!(many.count_current, 0, "{name} with n = {n}, {driver}, leaves something allocated");
        match (many.count_total, many.bytes_max) {
            (0, _) => Promise::Nothing,
            (total, most) if total == few.count_total && most == few.bytes_max => Promise::OnceARun,
            (_, most) if most <= few.bytes_max => Promise::AnOutput,
            _ => Promise::WhatComes,
        }
    });
    promises.into_iter().max().expect("some drivers")
}

#[test]
fn stages_keep_what_they_promise_of_memory() {
    let mut broken = vec![];
    for (group, rows) in GROUPS {
        // The parameter doesn't say how much these make or keep; some end sooner with a small one.
        let parameters: &[usize] = match *group {
            "One to one" | "Choosing" | "Ending" => &[0, 6, 1_000_000],
            _ => &[0, 6],
        };
        for row in *rows {
            let observed = parameters.iter().map(|n| (row.checks.allocations)(*n)).max().expect("some parameters");
            if observed != row.facts.allocates {
                broken.push((row.name, row.facts.allocates, observed));
            }
        }
    }
    assert!(broken.is_empty(), "stage, promised, observed: {broken:#?}");
}

#[test]
fn compositions_allocate_nothing_of_their_own() {
    fn check<X: Transducer<Value>>(xf: X) {
        for (driver, run) in drivers() {
            assert_eq!(run(&xf, FEW).count_total, 0, "{driver}");
        }
    }
    let numbers = || mapping(|item: Value| item.weight());
    check(pipeline().then(numbers()).map(|x| x ^ 5).filter(|x| !x.is_multiple_of(3)).skip(5).dedup().take(usize::MAX));
    check(compose((numbers(), compose((filtering(|x: &usize| !x.is_multiple_of(3)), deduping())))));
    check(compose((numbers(), repeating(2), interspersing(7), fan_out((repeating(2), last())), repeating(2))));
}

/// The most bytes that were allocated at a time while `run` ran.
fn peak<T>(run: impl FnOnce() -> T) -> u64 {
    measure(|| drop(run())).bytes_max
}

#[test]
fn what_is_kept_to_the_end_is_not_kept_twice_when_it_is_emitted() {
    const ITEMS: u64 = 1 << 13;
    let bytes = ITEMS * size_of::<u64>() as u64;
    /// The peaks of a run by `next`, of a stream and of a sink.
    fn peaks<X: Transducer<u64>>(xf: X) -> [u64; 3] {
        [
            peak(|| (0..ITEMS).rev().transduce(&xf).by_ref().map(drop).count()),
            peak(|| {
                let mut outputs = stream::iter((0..ITEMS).rev()).transduce(&xf);
                while ready(|context| outputs.poll_next_unpin(context)).is_some() {}
            }),
            peak(|| {
                let mut outputs = sink::drain::<X::Out>().with_transducer(&xf);
                for item in (0..ITEMS).rev() {
                    let Ok(()) = ready(|context| outputs.poll_ready_unpin(context));
                    let Ok(()) = outputs.start_send_unpin(item);
                }
                let Ok(()) = ready(|context| outputs.poll_close_unpin(context));
            }),
        ]
    }
    // A `Vec` that grows to its last size has half as much beside it, and a sort takes as much again for a while.
    for (name, peaks, most) in [
        ("reversing", peaks(reversing()), bytes * 3 / 2),
        ("taking_last", peaks(taking_last(usize::MAX)), bytes * 3 / 2),
        ("sorting", peaks(sorting()), bytes * 2),
        ("on_some", peaks(compose((mapping(Some), on_some(reversing())))), bytes * 3 / 2),
        ("by_key", peaks(by_key(|_: &u64| (), reversing())), bytes * 3 / 2 + 1_000),
    ] {
        assert!(
            peaks.iter().all(|peak| (bytes..=most).contains(peak)),
            "{name}: {peaks:?} bytes at a time for {bytes}"
        );
    }
}

#[test]
fn memory_is_counted_at_all() {
    let kept = measure(|| drop(transduce(sorting(), appending(), source(FEW))));
    assert!(kept.count_total > 0 && kept.bytes_max >= FEW * 8, "{kept:?}");
}
