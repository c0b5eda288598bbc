//! Windows by the items' own time, where the table of stages does not reach: the ends of time, other
//! units, and what becomes of items that come late.

use std::time::Duration;

use itertools::{Either, Itertools};
use transducer::{
    stages::{EventTime, FoldedWindow, Late, TimeWindow},
    *,
};

/// What is easily read of windows: start, end, number of items, number of late ones.
fn summary<T, In>(windows: Vec<TimeWindow<T, In>>) -> Vec<(T, T, usize, usize)> {
    windows.into_iter().map(|window| (window.start, window.end, window.items.len(), window.late)).collect()
}

fn run<X, In, T>(xf: X, items: impl IntoIterator<Item = In>) -> Vec<(T, T, usize, usize)>
where
    X: Transducer<In, Out = TimeWindow<T, In>>,
{
    summary(transduce(xf, appending(), items))
}

fn itself<T: Copy>(time: &T) -> T {
    *time
}

#[test]
fn every_item_is_in_a_window_or_counted_as_late() {
    let mut random = fastrand::Rng::with_seed(1);
    for lateness in [0, 3, 30] {
        let times: Vec<i64> = (0..1_000).map(|now| now - random.i64(0..50)).collect();
        let in_order = |windows: Vec<TimeWindow<i64, i64>>| {
            assert!(windows.iter().all(|window| !window.items.is_empty()));
            assert!(windows.iter().all(|window| window.items.iter().all(|t| (window.start..window.end).contains(t))));
            windows.iter().map(|window| window.items.len() + window.late).sum::<usize>()
        };
        let tumbling = batching_by_time(10, itself).waiting(lateness);
        assert_eq!(in_order(transduce(tumbling, appending(), times.clone())), 1_000);
        let sliding_without_overlap = windowing_by_time(10, 10, itself).waiting(lateness);
        assert_eq!(in_order(transduce(sliding_without_overlap, appending(), times.clone())), 1_000);
        let sessions = sessioning(2, itself).waiting(lateness);
        assert!(in_order(transduce(sessions, appending(), times)) >= 1_000);
    }
}

#[test]
fn late_items_at_the_very_end_are_counted_in_the_last_window() {
    assert_eq!(run(batching_by_time(10, itself), [25, 3, 4]), [(20, 30, 1, 2)]);
    assert_eq!(run(windowing_by_time(10, 10, itself), [25, 3, 4]), [(20, 30, 1, 2)]);
    assert_eq!(run(sessioning(5, itself), [25, 3, 4]), [(25, 30, 1, 2)]);
}

#[test]
fn an_item_late_for_one_window_is_in_those_that_are_open() {
    // 14 belongs to 5..15, which is over, and to 10..20, which is not.
    let windows = transduce(windowing_by_time(10, 5, itself), appending(), [12, 16, 14]);
    assert_eq!(
        windows,
        [
            TimeWindow { start: 5, end: 15, items: vec![12], late: 0 },
            TimeWindow { start: 10, end: 20, items: vec![12, 16, 14], late: 1 },
            TimeWindow { start: 15, end: 25, items: vec![16], late: 0 },
        ]
    );
    // 11 is within the gap of the session before, which is over, and of the one that is open: it isn't late.
    let sessions = transduce(sessioning(10, itself), appending(), [5, 20, 11]);
    assert_eq!(
        sessions,
        [
            TimeWindow { start: 5, end: 15, items: vec![5], late: 0 },
            TimeWindow { start: 11, end: 30, items: vec![20, 11], late: 0 },
        ]
    );
}

#[test]
fn windows_without_items_are_not_emitted_however_many_there_are() {
    let far_apart = [0, i64::MAX / 2];
    assert_eq!(run(batching_by_time(1, itself), far_apart).len(), 2);
    assert_eq!(run(windowing_by_time(2, 1, itself), far_apart).len(), 4);
    assert_eq!(run(sessioning(1, itself), far_apart).len(), 2);
}

#[test]
fn the_ends_of_time_are_no_overflow() {
    let (first, last) = (i64::MIN, i64::MAX);
    let ends = [first, first + 1, last - 1, last];
    assert_eq!(run(batching_by_time(10, itself), ends), [(first, first + 8, 2, 0), (last - 7, last, 2, 0)]);
    assert_eq!(run(sessioning(10, itself), ends), [(first, first + 11, 2, 0), (last - 1, last, 2, 0)]);
    let halves = run(windowing_by_time(10, 5, itself), ends);
    assert_eq!(halves.len(), 4);
    assert_eq!(halves[0], (first, first + 3, 2, 0));
    assert_eq!(halves[3], (last - 2, last, 2, 0));
    // The longest widths and latenesses there are.
    assert_eq!(run(batching_by_time(last, itself).waiting(last), ends).len(), 4);
    assert_eq!(run(windowing_by_time(last, last, itself).waiting(last), ends).len(), 4);
    assert_eq!(
        run(sessioning(last, itself).waiting(last), ends),
        [(first, first + 1 + last, 2, 0), (last - 1, last, 2, 0)]
    );
    // Before the first moment of an unsigned time there is nothing.
    assert_eq!(run(windowing_by_time(10u64, 5, itself), [1]), [(0, 5, 1, 0), (0, 10, 1, 0)]);
    assert_eq!(run(batching_by_time(Duration::MAX, itself), [Duration::ZERO, Duration::MAX]).len(), 2);
    assert_eq!(run(sessioning(Duration::MAX, itself), [Duration::MAX]), [(Duration::MAX, Duration::MAX, 1, 0)]);
}

#[test]
fn size_hints_of_narrow_steps_do_not_overflow() {
    let mut windows = [1, 2].into_iter().transduce(windowing_by_time(i64::MAX, 1, itself));
    let (least, most) = windows.size_hint();
    assert_eq!(least, 1);
    assert!(most.is_none_or(|most| most >= i64::MAX as usize));
    assert_eq!(windows.next().map(|window| window.items), Some(vec![1]));
}

#[test]
fn a_negative_lateness_counts_as_none() {
    let times = [1, 9, 10, 20];
    assert_eq!(run(batching_by_time(10, itself).waiting(-5), times), run(batching_by_time(10, itself), times));
    assert_eq!(run(windowing_by_time(10, 5, itself).waiting(-5), times), run(windowing_by_time(10, 5, itself), times));
    assert_eq!(run(sessioning(5, itself).waiting(-5), times), run(sessioning(5, itself), times));
}

#[test]
fn tumbling_and_session_windows_take_items_that_cannot_be_cloned() {
    struct Event(u32);
    assert_eq!(run(batching_by_time(10, |event: &Event| event.0), [Event(1), Event(2)]), [(0, 10, 2, 0)]);
    assert_eq!(run(sessioning(10, |event: &Event| event.0), [Event(1), Event(2)]), [(1, 12, 2, 0)]);
}

#[test]
fn a_duration_has_all_the_nanoseconds_that_it_can_hold() {
    let most = Duration::MAX.as_nanos() as i128;
    for nanos in [0, 1, 999_999_999, 1_000_000_000, 1_000_000_001, most - 1, most] {
        assert_eq!(Duration::from_ticks(nanos).ticks(), nanos);
        assert_eq!(Time::from_nanos(nanos).since(Time::from_nanos(0)).as_nanos() as i128, nanos);
    }
    for (nanos, nearest) in [(i128::MIN, Duration::ZERO), (-1, Duration::ZERO), (most + 1, Duration::MAX)] {
        assert_eq!(Duration::from_ticks(nanos), nearest);
        assert_eq!(Time::from_nanos(nanos).since(Time::from_nanos(0)), nearest);
    }
    assert_eq!(Time::END.since(Time::START), Duration::MAX);
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A user, and a moment.
type Click = (&'static str, Duration);

fn user(click: &Click) -> &'static str {
    click.0
}

fn moment(click: &Click) -> Duration {
    click.1
}

#[test]
fn late_items_are_emitted_in_their_order_and_none_twice() {
    let mut random = fastrand::Rng::with_seed(2);
    let times: Vec<i64> = (0..1_000).map(|now| now - random.i64(0..50)).collect();
    fn check<X>(name: &str, xf: X, counted: Vec<TimeWindow<i64, i64>>, times: &[i64])
    where
        X: Transducer<i64, Out = Result<TimeWindow<i64, i64>, Late<i64>>>,
    {
        let outputs = transduce(xf, appending(), times.iter().copied());
        let (windows, late): (Vec<_>, Vec<_>) = outputs.into_iter().partition_map(|output| match output {
            Ok(window) => Either::Left(window),
            Err(Late(item)) => Either::Right(item),
        });
        assert!(windows.iter().all(|window| window.late == 0), "{name}");
        assert_eq!(late.len(), counted.iter().map(|window| window.late).sum::<usize>(), "{name}");
        let items = |windows: Vec<TimeWindow<i64, i64>>| {
            windows.into_iter().map(|window| (window.start, window.items)).collect::<Vec<_>>()
        };
        let mut all: Vec<i64> = windows.iter().flat_map(|window| window.items.clone()).chain(late).collect();
        assert_eq!(items(windows), items(counted), "{name}");
        all.sort_unstable();
        assert_eq!(all, times.iter().copied().sorted().collect::<Vec<_>>(), "{name}");
    }
    let windows = || batching_by_time(10, itself).waiting(3);
    check("tumbling", windows().with_late(), transduce(windows(), appending(), times.clone()), &times);
    let windows = || windowing_by_time(10, 10, itself).waiting(3);
    check("sliding", windows().with_late(), transduce(windows(), appending(), times.clone()), &times);
    let sessions = || sessioning(2, itself).waiting(3);
    check("sessions", sessions().with_late(), transduce(sessions(), appending(), times.clone()), &times);
}

#[test]
fn a_late_item_is_told_at_once_where_no_window_is_open() {
    let late = |xf| {
        let mut run = timed_transduce(xf, collection_sink(vec![]));
        let _ = run.advance(seconds(100).into());
        let _ = run.send(("ann", seconds(5)));
        run.suspend().1.close()
    };
    let window = |start, end| TimeWindow { start: seconds(start), end: seconds(end), items: vec![], late: 1 };
    assert_eq!(late(boxed_timed(batching_by_time(seconds(10), moment).timed())), [window(0, 10)]);
    assert_eq!(late(boxed_timed(windowing_by_time(seconds(10), seconds(5), moment).timed())), [window(5, 15)]);
    assert_eq!(late(boxed_timed(sessioning(seconds(10), moment).timed())), [window(5, 15)]);
}

#[test]
fn time_closes_every_users_session_whoever_brought_it_and_idle_users_are_forgotten() {
    let mut run = timed_transduce(by_key(user, sessioning(seconds(30), moment).timed()), collection_sink(vec![]));
    for (click, at) in [("ann", 0), ("bob", 10), ("ann", 20), ("cid", 100)] {
        let _ = run.send_at(seconds(at).into(), (click, seconds(at)));
    }
    assert_eq!(run.deadline(), Some(seconds(130).into()));
    let (snapshot, sink) = run.suspend();
    let summary = |sessions: Vec<(&'static str, TimeWindow<Duration, Click>)>| {
        let of = |(user, session): (_, TimeWindow<Duration, Click>)| (user, session.end, session.items.len());
        sessions.into_iter().map(of).collect::<Vec<_>>()
    };
    // Cid's click closed the sessions of both others, in the order of their ends.
    assert_eq!(summary(sink.close()), [("bob", seconds(40), 1), ("ann", seconds(50), 2)]);
    // Of whom nothing is known any more.
    let state = serde_json::to_string(&snapshot).unwrap();
    assert!(state.contains("cid") && !state.contains("ann") && !state.contains("bob"), "{state}");

    let by_user = by_key(user, sessioning(seconds(30), moment).timed());
    let mut run = snapshot.resume_timed(by_user, collection_sink(vec![])).unwrap();
    let _ = run.advance(seconds(129).into());
    assert_eq!(run.deadline(), Some(seconds(130).into()));
    // Nobody has to come for the last session to end.
    let _ = run.advance(seconds(130).into());
    assert_eq!(run.deadline(), None);
    let (snapshot, sink) = run.suspend();
    assert_eq!(summary(sink.close()), [("cid", seconds(130), 1)]);
    assert!(!serde_json::to_string(&snapshot).unwrap().contains("cid"));
}

#[test]
fn keys_within_keys_close_by_the_same_time() {
    let by_page = by_key(|click: &Click| click.1.as_secs() % 2, sessioning(seconds(3), moment).timed());
    let clicks = [("ann", seconds(0)), ("ann", seconds(1)), ("bob", seconds(9)), ("ann", seconds(10))];
    let sessions = by_event_time(moment, Duration::ZERO, by_key(user, by_page));
    let outputs: Vec<_> = clicks.into_iter().transduce(sessions).map(|(user, (page, w))| (user, page, w.end)).collect();
    let expected = [("ann", 0, 3), ("ann", 1, 4), ("bob", 1, 12), ("ann", 0, 13)];
    assert_eq!(outputs, expected.map(|(user, page, end)| (user, page, seconds(end))));
}

#[test]
fn folded_windows_keep_no_item_and_sessions_join_what_they_folded() {
    struct Trade(i64, u32);
    let trades = [Trade(0, 4), Trade(59, 9), Trade(61, 2), Trade(60, 7)];
    let high = mapping(|trade: Trade| trade.1).apply((first_of(), maximum(), minimum(), last_of(), counting()));
    let bars = transduce(batching_by_time(60, |trade: &Trade| trade.0).folding(high), appending(), trades);
    let bar = |start, output| FoldedWindow { start, end: start + 60, output, late: 0 };
    assert_eq!(
        bars,
        [bar(0, (Some(4), Some(9), Some(4), Some(9), 2)), bar(60, (Some(2), Some(7), Some(2), Some(7), 2))]
    );
    // 5 joins both sessions, of which the earlier one comes first.
    let sessions = sessioning(4, itself::<i64>).waiting(20).folding((first_of(), last_of(), summing::<i64>()));
    let sessions = transduce(sessions, appending(), [2, 8, 5]);
    assert_eq!(sessions, [FoldedWindow { start: 2, end: 12, output: (Some(2), Some(8), 15), late: 0 }]);
    // A reducer that ends takes no more items of its window, and the window stays open.
    let firsts = transduce(batching_by_time(10, itself).folding(first_of()), appending(), [3, 4, 12]);
    assert_eq!(firsts.into_iter().map(|window| window.output).collect::<Vec<_>>(), [Some(3), Some(12)]);
}

#[test]
fn windows_begin_where_they_are_aligned_to() {
    let starts = |origin| {
        let windows = batching_by_time(7, itself).aligned_to(origin).waiting(100);
        run(windows, [1, 2, 6, 7]).into_iter().map(|window| window.0).collect::<Vec<i64>>()
    };
    assert_eq!(starts(0), [0, 7]);
    assert_eq!(starts(3), [-4, 3]);
    // Origins a width apart are the same.
    for origin in [-2, 5, 5 + 7 * 1_000, -2 - 7 * 1_000] {
        assert_eq!(starts(origin), [-2, 5], "{origin}");
    }
    let sliding = run(windowing_by_time(10, 5, itself).aligned_to(-3), [0]);
    assert_eq!(sliding.into_iter().map(|window| window.0).collect::<Vec<i64>>(), [-8, -3]);
    // A run goes on with windows that begin elsewhere only if they are the same.
    let (snapshot, sink) = reactive_transduce(batching_by_time(7, itself::<i64>), collection_sink(vec![])).suspend();
    let text = serde_json::to_string(&snapshot).unwrap();
    let refused = snapshot.resume(batching_by_time(7, itself::<i64>).aligned_to(3), sink).unwrap_err();
    assert!(refused.to_string().contains("origin"), "{refused}");
    let snapshot: Snapshot<_> = serde_json::from_str(&text).unwrap();
    assert!(snapshot.resume(batching_by_time(7, itself::<i64>).aligned_to(14), collection_sink(vec![])).is_ok());
}
