//! Drivers that tell the time: streams with a timer, a thread with a channel, and recordings.

use std::{cell::RefCell, pin::pin, rc::Rc, sync::mpsc as threads, task::Context, thread, time::Duration};

use futures::{
    FutureExt, Stream, StreamExt,
    channel::mpsc,
    executor::block_on,
    stream,
    task::{Poll, noop_waker},
};
use proptest::{collection::vec, prelude::*};
use transducer::{
    drivers::{ManualTimer, TokioTimer},
    prelude::*,
    sources::Recorded,
    *,
};

fn at(seconds: i64) -> Time {
    Time::from_secs(seconds)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What a stream gives until it waits, and whether it has ended.
fn drain<S: Stream + Unpin>(stream: &mut S) -> (Vec<S::Item>, bool) {
    let waker = noop_waker();
    let mut context = Context::from_waker(&waker);
    let mut seen = vec![];
    loop {
        match stream.poll_next_unpin(&mut context) {
            Poll::Ready(Some(out)) => seen.push(out),
            Poll::Ready(None) => return (seen, true),
            Poll::Pending => return (seen, false),
        }
    }
}

#[test]
fn a_stream_wakes_at_a_deadline_when_no_item_comes() {
    let timer = ManualTimer::new(at(0));
    let (items, source) = mpsc::unbounded();
    let mut settled = source.transduce_timed(debouncing(secs(3)), timer.clone());
    items.unbounded_send('a').unwrap();
    assert_eq!(drain(&mut settled), (vec![], false));
    timer.turn_to(at(2));
    assert_eq!(drain(&mut settled), (vec![], false));
    // Only the timer can wake this one: nobody polls it by hand.
    let turn = async { timer.turn_to(at(3)) };
    let (next, ()) = block_on(async { futures::join!(settled.next(), turn) });
    assert_eq!(next, Some('a'));
    drop(items);
    assert_eq!(drain(&mut settled), (vec![], true));
}

#[test]
fn what_is_due_goes_before_the_item_of_a_source_that_is_always_ready() {
    let timer = ManualTimer::new(at(0));
    let clock = timer.clone();
    // An item a second, and never a wait.
    let busy = stream::iter(1..=1_000).inspect(move |second| clock.turn_to(at(*second)));
    let batches = block_on(busy.transduce_timed(batching_within(1_000, secs(10)), timer).collect::<Vec<_>>());
    assert_eq!(batches.iter().map(Vec::len).max(), Some(10));
    assert_eq!(batches.concat(), (1..=1_000).collect::<Vec<_>>());
}

#[test]
fn what_is_due_is_held_while_nobody_asks() {
    let timer = ManualTimer::new(at(0));
    let (items, source) = mpsc::unbounded();
    let mut late = source.transduce_timed(delaying(secs(5)), timer.clone());
    (0..100).for_each(|item| items.unbounded_send(item).unwrap());
    assert_eq!(drain(&mut late), (vec![], false));
    timer.turn_to(at(1_000));
    for item in 0..100 {
        assert_eq!(late.next().now_or_never(), Some(Some(item)));
    }
    assert_eq!(late.next().now_or_never(), None);
}

#[test]
fn a_run_that_time_ends_drops_its_source() {
    let timer = ManualTimer::new(at(0));
    let (items, source) = mpsc::unbounded();
    let mut first = source.transduce_timed(taking_for(secs(5)), timer.clone());
    items.unbounded_send('a').unwrap();
    assert_eq!(drain(&mut first), (vec!['a'], false));
    assert!(!items.is_closed());
    timer.turn_to(at(5));
    assert_eq!(drain(&mut first), (vec![], true));
    assert!(items.is_closed());
}

#[tokio::test(start_paused = true)]
async fn tokio_tells_the_time_and_may_be_paused() {
    let (items, source) = mpsc::unbounded();
    let timer = TokioTimer::starting_at(at(0));
    let mut batches = pin!(source.transduce_timed(compose((batching_within(3, secs(60)), stamping())), timer));
    items.unbounded_send('a').unwrap();
    // The runtime turns the paused clock to what is waited for.
    assert_eq!(batches.next().await, Some((at(60), vec!['a'])));
    tokio::time::advance(secs(40)).await;
    "bcd".chars().for_each(|item| items.unbounded_send(item).unwrap());
    assert_eq!(batches.next().await, Some((at(100), vec!['b', 'c', 'd'])));
}

#[test]
fn a_thread_with_a_channel_is_told_the_time_when_nothing_comes() {
    let (items, receiver) = threads::channel();
    let (settled, seen) = threads::channel();
    let thread = thread::spawn(move || {
        let run = timed_transduce(debouncing(Duration::from_millis(1)), settled);
        timed_receiver_source(receiver, run, monotonic_clock());
    });
    for item in 0..3 {
        items.send(item).unwrap();
        // It comes although no other item does.
        assert_eq!(seen.recv(), Ok(item));
    }
    drop(items);
    thread.join().unwrap();
    assert!(seen.recv().is_err());
}

#[test]
fn a_thread_is_left_when_no_more_is_wanted() {
    let (items, receiver) = threads::channel();
    items.send(1).unwrap();
    let none = timed_receiver_source(receiver, timed_transduce(taking(0), collection_sink(vec![])), monotonic_clock());
    assert_eq!(none, [0; 0]);
    assert!(items.send(2).is_err());
}

/// Items after some wait each, and what is waited for at the end.
fn moments() -> impl Strategy<Value = (Vec<(u8, u64)>, u64)> {
    let wait = || prop_oneof![Just(0), 0..4_u64, 0..60_u64];
    (vec((any::<u8>(), wait()), 0..40), wait())
}

/// Holds a pipeline to law 10: live over a stream, recorded and replayed, and pushed, it gives the same.
macro_rules! live_is_replayed {
    ($($name:ident: $xf:expr;)*) => {$(
        proptest! {
            #[test]
            fn $name((input, tail) in moments(), steps in 1..4_u64) {
                let log = Rc::new(RefCell::new(vec![]));
                let noted = log.clone();
                let timer = ManualTimer::new(at(0));
                let (items, source) = mpsc::unbounded();
                let watched =
                    compose((recording(move |event: Recorded<&u8>| noted.borrow_mut().push(event.cloned())), $xf));
                let mut live = source.transduce_timed(watched, timer.clone());
                let mut seen = vec![];
                let mut now = 0;
                let mut wait = |seconds: u64, seen: &mut Vec<_>, live: &mut _| {
                    // The clock is seen now and then, not each second.
                    for elapsed in 1..=seconds {
                        if elapsed % steps == 0 || elapsed == seconds {
                            timer.turn_to(at((now + elapsed) as i64));
                            seen.extend(drain(live).0);
                        }
                    }
                    now += seconds;
                    now
                };
                let mut pushed = timed_transduce($xf, collection_sink(vec![]));
                for &(item, seconds) in &input {
                    let now = wait(seconds, &mut seen, &mut live);
                    let _ = items.unbounded_send(item);
                    seen.extend(drain(&mut live).0);
                    pushed.send_at(at(now as i64), item);
                }
                let end = wait(tail, &mut seen, &mut live);
                drop(items);
                let (rest, ended) = drain(&mut live);
                prop_assert!(ended);
                seen.extend(rest);
                prop_assert_eq!(&pushed.close_at(at(end as i64)), &seen);

                // Through JSON, as a file would have it.
                let log = serde_json::to_string(&*log.borrow()).unwrap();
                let log: Vec<Recorded<u8>> = serde_json::from_str(&log).unwrap();
                let replayed = recorded_source(log, timed_transduce($xf, collection_sink(vec![])));
                prop_assert_eq!(&replayed, &seen);
            }
        }
    )*};
}

live_is_replayed! {
    debounced_live_and_replayed: debouncing(secs(3)).at_most(secs(9));
    throttled_live_and_replayed: throttling(secs(3)).trailing();
    sampled_live_and_replayed: sampling_every(secs(5));
    batched_live_and_replayed: batching_within(3, secs(4));
    delayed_live_and_replayed: compose((delaying(secs(5)), batching_within(4, secs(2)), stamping()));
    timed_out_live_and_replayed: compose((ticking(secs(7), || 255), timing_out(secs(20)), stamping()));
    by_key_live_and_replayed: by_key(|item: &u8| item % 3, compose((debouncing(secs(2)), taking_for(secs(30)))));
    ended_live_and_replayed: compose((throttling(secs(2)), taking(3), batching_within(2, secs(1))));
}
