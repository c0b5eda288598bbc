//! Memory: none for an empty run, none an item, and no more for many items than for few, in every driver.
//!
//! `TRANSDUCER_ITEMS` says how many items are many: `TRANSDUCER_ITEMS=100000000 cargo test --release
//! --test allocations` takes a while.

use std::{
    ops::ControlFlow,
    task::{Context, Poll, Waker},
};

use allocation_counter::{AllocationInfo, measure};
use futures::{SinkExt, StreamExt, sink, stream};
use transducer::*;

const FEW: u64 = 1_000;

/// Long enough to tell what grows; short enough for a debug build.
fn many() -> u64 {
    let usual = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };
    std::env::var("TRANSDUCER_ITEMS").map_or(usual, |items| items.parse().expect("TRANSDUCER_ITEMS"))
}

/// Runs of equal numbers, all different from run to run: for stages that compare.
fn source(items: u64) -> impl Iterator<Item = u64> {
    (0..items).map(|place| place / 3)
}

/// What one driver allocates for a run over `items` items.
type Driver<X> = fn(&X, u64) -> AllocationInfo;

fn drivers<X: Transducer<u64>>() -> [(&'static str, Driver<X>); 6] {
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
                let _: ControlFlow<Reduced> = source(items).try_for_each(|item| push.send(item));
                push.close();
            })
        }),
        ("stream", |xf, items| {
            measure(|| {
                let mut outputs = TransduceStream::transduce(stream::iter(source(items)), xf);
                while ready(|context| outputs.poll_next_unpin(context)).is_some() {}
            })
        }),
        ("sink", |xf, items| {
            measure(|| {
                let mut outputs = TransduceSink::transduce(sink::drain::<X::Out>(), xf);
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
fn ready<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    loop {
        if let Poll::Ready(answer) = poll(&mut Context::from_waker(Waker::noop())) {
            return answer;
        }
    }
}

/// What a stage promises.
#[derive(Clone, Copy, PartialEq)]
enum Promise {
    /// Allocates nothing, however many items come.
    Nothing,
    /// Emits something of its own, also in an empty run, where the outputs of one step wait in a queue.
    EvenIfEmpty,
    /// Allocates for what it keeps, once; as much for few items as for many.
    OnceARun,
    /// Allocates for what it emits, and keeps no more for many items than for few.
    AnOutput,
    /// Keeps what comes: only an empty run allocates nothing.
    WhatComes,
}

fn check<X: Transducer<u64>>(name: &str, promise: Promise, xf: X) {
    for (driver, run) in drivers::<X>() {
        let none = run(&xf, 0);
        if promise != Promise::EvenIfEmpty || !["lazy, for", "stream", "sink"].contains(&driver) {
            assert_eq!(none.count_total, 0, "{name}, {driver}: allocations in an empty run");
        }
        if promise == Promise::WhatComes {
            continue;
        }
        let (few, many) = (run(&xf, FEW), run(&xf, many()));
        let (most, most_of_few) = (many.bytes_max, few.bytes_max);
        assert!(most <= most_of_few, "{name}, {driver}: {most} bytes at a time, and {most_of_few} for few items");
        assert_eq!(many.count_current, 0, "{name}, {driver}: allocations left");
        match promise {
            Promise::Nothing => assert_eq!(many.count_total, 0, "{name}, {driver}: allocations"),
            Promise::OnceARun | Promise::EvenIfEmpty => {
                assert_eq!(
                    many.count_total, few.count_total,
                    "{name}, {driver}: allocations, for many items and for few"
                );
            }
            _ => {}
        }
    }
}

/// Checks each stage under its own name.
macro_rules! check {
    ($promise:ident: $($stage:expr),* $(,)?) => {
        $(check(stringify!($stage), Promise::$promise, $stage);)*
    };
}

#[test]
fn stages_that_keep_at_most_an_item_allocate_nothing() {
    check!(Nothing:
        mapping(|x: u64| x + 1),
        enumerating(),
        inspecting(|x: &u64| assert!(*x < u64::MAX)),
        replacing(|x: &u64| (*x == 7).then_some(8)),
        scanning(0, |total: &mut u64, x: u64| { *total ^= x; Some(*total) }),
        filtering(|x: &u64| !x.is_multiple_of(2)),
        removing(|x: &u64| !x.is_multiple_of(2)),
        filter_mapping(|x: u64| x.checked_sub(9)),
        deduping(),
        deduping_by_key(|x: &u64| x / 2),
        stepping_by(3),
        sampling(0.5, 1),
        taking(usize::MAX),
        taking_while(|_: &u64| true),
        taking_until(|_: &u64| false),
        mapping_while(|x: u64| Some(x)),
        first(),
        first_where(|x: &u64| *x == u64::MAX),
        element_at(2_000),
        skipping(20),
        skipping_while(|x: &u64| *x < 10),
        last(),
        pairing(),
        zipping(0..),
        reducing(counting()),
        pipeline::<u64>().map(Some).on_some(filtering(|x: &u64| !x.is_multiple_of(2))),
        pipeline::<u64>().map(Ok::<u64, u64>).on_ok(filtering(|x: &u64| !x.is_multiple_of(2))),
        repeating(3),
        flat_mapping(|x: u64| x..x + 7),
        compose((mapping(|x: u64| [x; 5]), flattening())),
    );
}

#[test]
fn compositions_allocate_nothing_of_their_own() {
    check!(Nothing:
        pipeline::<u64>().map(|x| x ^ 5).filter(|x| !x.is_multiple_of(3)).skip(5).dedup().take(usize::MAX),
        compose((mapping(|x: u64| x ^ 5), compose((filtering(|x: &u64| !x.is_multiple_of(3)), deduping())))),
    );
}

#[test]
fn stages_that_keep_several_items_allocate_once_a_run() {
    check!(OnceARun:
        taking_last(20),
        skipping_last(20),
        batching_with(16, |batch: &[u64]| batch.len()),
        windowing_with(8, |window: &[u64]| window.len()),
        by_key(|x: &u64| x % 10, reducing(summing::<u64>())),
    );
}

#[test]
fn stages_that_emit_several_items_a_step_use_one_queue_a_run() {
    check!(OnceARun: interspersing(0), fan_out((mapping(|x: u64| x ^ 5), deduping())));
    check!(EvenIfEmpty: prepending([1, 2, 3]), following_with([1, 2, 3]));
}

#[test]
fn stages_that_emit_collections_keep_no_more_for_many_items_than_for_few() {
    check!(AnOutput:
        batching(16),
        batching_by(|x: &u64| x / 2),
        batching_by_time(10, |x: &u64| *x),
        windowing(8),
        windowing(3).step(5),
        windowing_by_time(10, 5, |x: &u64| *x),
        sessioning(1, |x: &u64| x * 2),
        compose((batching(16), mapping(|batch: Vec<u64>| batch.len()), windowing(2))),
    );
}

#[test]
fn stages_that_keep_all_that_comes_allocate_nothing_for_an_empty_run() {
    check!(WhatComes: sorting(), sorting_by_key(|x: &u64| x % 10), reversing(), distinct(), distinct_by_key(|x: &u64| x % 10));
}

#[test]
fn memory_is_counted_at_all() {
    let kept = measure(|| drop(transduce(sorting(), appending(), source(FEW))));
    assert!(kept.count_total > 0 && kept.bytes_max >= FEW * 8, "{kept:?}");
}
