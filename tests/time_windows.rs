//! Windows by the items' own time, where the table of stages does not reach: the ends of time, other
//! units, and what becomes of items that come late.

use std::time::Duration;

use transducer::{
    stages::{EventTime, TimeWindow},
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
    // 11 is within the gap of the session before, which is over, and of the one that is open.
    let sessions = transduce(sessioning(10, itself), appending(), [5, 20, 11]);
    assert_eq!(
        sessions,
        [
            TimeWindow { start: 5, end: 15, items: vec![5], late: 0 },
            TimeWindow { start: 11, end: 30, items: vec![20, 11], late: 1 },
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
