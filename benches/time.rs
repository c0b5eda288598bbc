//! What waiting costs: sessions of very many users beside a loop written by hand with a map and a heap, in time and memory;
//! batches by size or time beside `chunks_timeout` of `tokio_stream`.
//!
//! ```text
//! cargo bench --bench time                      # the bench profile: one codegen unit, fat LTO
//! cargo bench --profile release --bench time    # the default one
//! ```

mod rounds;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    hint::black_box,
    time::Duration,
};

use allocation_counter::measure;
use rounds::{heading, median, ratio, run, times};
use tokio::runtime::Builder;
use tokio_stream::StreamExt as _;
use transducer::{
    Time,
    drivers::{Timer, TokioTimer},
    hash::FastHash,
    prelude::*,
    stages::FoldedWindow,
};

fn main() {
    println!("{}", heading());
    println!("\n## Sessions of each user, closed by the time of all\n");
    println!(
        "Two million clicks, a millisecond apart. A user's session is folded, and ends after the users' mean gap.\n"
    );
    println!("| users | by hand, ns a click | ours | ours to by hand | by hand, MB | ours, MB |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    for users in [1_000, 100_000, 1_000_000] {
        sessions(users);
    }
    println!("\n## Batches of 100, or of what comes within a second, from a stream that is always ready\n");
    println!("| | ns an item | to `chunks_timeout` |\n| --- | ---: | ---: |");
    batches();
}

const CLICKS: u64 = 2_000_000;

/// A user, and a moment in milliseconds.
type Click = (u64, i64);

/// Clicks of users at random.
fn clicks(users: u64) -> impl Iterator<Item = Click> {
    let mut state = 1u64;
    (0..CLICKS as i64).map(move |at| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        ((state >> 33) % users, at)
    })
}

fn moment(click: &Click) -> Time {
    Time::from_millis(click.1)
}

fn sessions(users: u64) {
    let gap = users as i64;
    let by_user =
        by_key(|click: &Click| click.0, sessioning(Time::from_millis(gap), moment).timed().folding(counting()));
    let xf = by_event_time(moment, Duration::ZERO, by_user);
    let digest = |sum: u64, (user, end, count): (u64, i64, u64)| {
        sum.wrapping_add((user ^ end as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_mul(count))
    };
    let ours = || {
        let add = |sum: u64, (user, session): (u64, FoldedWindow<Time, usize>)| {
            digest(sum, (user, (session.end.as_nanos() / 1_000_000) as i64, session.output as u64))
        };
        transduce(&xf, folding(0, add), clicks(users))
    };
    let by_hand = || {
        let mut sum = 0;
        by_hand(clicks(users), gap, |session| sum = digest(sum, session));
        sum
    };
    let [hand, our] = times(&[run(by_hand), run(ours)], CLICKS).try_into().expect("two");
    let megabytes = |run: &dyn Fn() -> u64| {
        measure(|| {
            black_box(run());
        })
        .bytes_max as f64
            / 1e6
    };
    println!(
        "| {users} | {:.1} | {:.1} | {:.2} | {:.1} | {:.1} |",
        median(hand.clone()),
        median(our.clone()),
        ratio(&our, &hand),
        megabytes(&by_hand),
        megabytes(&ours),
    );
}

/// The same with a map of the open sessions, and a heap of when they may end.
fn by_hand(clicks: impl Iterator<Item = Click>, gap: i64, mut emit: impl FnMut((u64, i64, u64))) {
    let mut open: HashMap<u64, (i64, u64), FastHash> = HashMap::default();
    let mut ends: BinaryHeap<Reverse<(i64, u64)>> = BinaryHeap::new();
    let mut close = |open: &mut HashMap<u64, (i64, u64), FastHash>, ends: &mut BinaryHeap<_>, now: i64| {
        while let Some(mut first) = ends.peek_mut() {
            let Reverse((end, user)): Reverse<(i64, u64)> = *first;
            if end > now {
                break;
            }
            let (real_end, count) = open[&user];
            if real_end > end {
                *first = Reverse((real_end, user));
                continue;
            }
            std::collections::binary_heap::PeekMut::pop(first);
            open.remove(&user);
            emit((user, end, count));
        }
    };
    for (user, at) in clicks {
        close(&mut open, &mut ends, at);
        let session = open.entry(user).or_insert_with(|| {
            ends.push(Reverse((at + gap, user)));
            (at + gap, 0)
        });
        *session = (at + gap, session.1 + 1);
    }
    close(&mut open, &mut ends, i64::MAX);
}

fn batches() {
    const ITEMS: u64 = 1_000_000;
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let within = Duration::from_secs(1);
    let add = |sum: u64, batch: Vec<u64>| async move { sum.wrapping_mul(31).wrapping_add(batch.iter().sum::<u64>()) };
    let theirs = || {
        runtime.block_on(async {
            let batches = futures::stream::iter(0..ITEMS).chunks_timeout(100, within);
            futures::StreamExt::fold(batches, 0, add).await
        })
    };
    let ours = || {
        runtime.block_on(async {
            let batches =
                futures::stream::iter(0..ITEMS).transduce_timed(batching_within(100, within), TokioTimer::new());
            futures::StreamExt::fold(batches, 0, add).await
        })
    };
    let [their, our] = times(&[run(theirs), run(ours)], ITEMS).try_into().expect("two");
    println!("| `chunks_timeout` | {:.1} | 1.00 |", median(their.clone()));
    println!("| `transduce_timed(batching_within(..))` | {:.1} | {:.2} |", median(our.clone()), ratio(&our, &their));
    // It is read for each item: no timer waits until a busy source is not.
    let timer = TokioTimer::new();
    let clock = run(|| (0..ITEMS).map(|_| u64::from(timer.now() == Time::END)).sum());
    let [clock] = times(&[clock], ITEMS).try_into().expect("one");
    println!("| of that, `TokioTimer::now` | {:.1} | |", median(clock));
}
