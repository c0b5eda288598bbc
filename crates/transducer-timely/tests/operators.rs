//! On timely comes out what a sequential run gives, on any number of workers; leftovers have the timestamp that is promised;
//! and an ended run holds nothing.

use std::{
    collections::BTreeMap,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use timely::{
    dataflow::{
        InputHandle, Scope, StreamVec,
        operators::{Capture, Enter, Input, Leave, Probe, capture::Event},
    },
    order::Product,
    worker::Worker,
};
use transducer::{Boxed, TimedBoxed, boxed_timed, kernel::RunState, prelude::*, reducers::IndexMap};
use transducer_timely::{Cluster, Moment, Stop, Transduce, WhenEnded, source, source_at_times};

/// What each worker has seen, in order.
type Seen<D> = Vec<Vec<(u64, D)>>;

/// Runs a dataflow on so many threads.
fn on<D: Clone + Send + 'static>(
    threads: usize,
    build: impl for<'scope> Fn(Scope<'scope, u64>) -> StreamVec<'scope, u64, D> + Send + Sync + 'static,
) -> Seen<D> {
    let seen = Cluster::threads(threads).run(move |worker| {
        let events = worker.dataflow(|scope| build(scope).capture());
        while worker.has_dataflows() {
            worker.step_or_park(None);
        }
        let mut seen = vec![];
        for event in events {
            if let Event::Messages(stamp, items) = event {
                seen.extend(items.into_iter().map(|item| (*stamp.expect_singleton(), item)));
            }
        }
        seen
    });
    seen.unwrap()
}

/// The items that worker `index` of `peers` has.
fn part<D: Clone>(items: &[D], index: usize, peers: usize) -> Vec<D> {
    items.iter().skip(index).step_by(peers).cloned().collect()
}

fn steps(worker: &mut Worker, steps: usize) {
    for _ in 0..steps {
        worker.step();
    }
}

/// The items of this worker, as a stream.
fn mine<'scope, D: Clone + 'static>(scope: Scope<'scope, u64>, items: &[(u64, D)]) -> StreamVec<'scope, u64, D> {
    source_at_times(scope, part(items, scope.index(), scope.peers()), &Stop::new())
}

/// All that was seen, in an order that tells nothing.
fn together<D: Ord>(seen: Seen<D>) -> Vec<(u64, D)> {
    let mut together: Vec<_> = seen.into_iter().flatten().collect();
    together.sort();
    together
}

fn values<D>(seen: Vec<(u64, D)>) -> Vec<D> {
    seen.into_iter().map(|(_, item)| item).collect()
}

#[derive(Clone, Debug)]
enum Stage {
    Add(u64),
    Divisible(u64),
    Taking(usize),
    Skipping(usize),
    Pairs,
    Repeating(usize),
    Deduping,
    Distinct,
    Batches(usize),
    Last(usize),
    Sorting,
    Prepending(u64),
    FollowingWith(u64),
}

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![
        (0..5_u64).prop_map(Stage::Add),
        (1..4_u64).prop_map(Stage::Divisible),
        (0..20_usize).prop_map(Stage::Taking),
        (0..5_usize).prop_map(Stage::Skipping),
        Just(Stage::Pairs),
        (0..4_usize).prop_map(Stage::Repeating),
        Just(Stage::Deduping),
        Just(Stage::Distinct),
        (1..5_usize).prop_map(Stage::Batches),
        (0..5_usize).prop_map(Stage::Last),
        Just(Stage::Sorting),
        (0..9_u64).prop_map(Stage::Prepending),
        (0..9_u64).prop_map(Stage::FollowingWith),
    ]
}

type AnyPipeline = Boxed<'static, u64, u64>;

fn pipeline_of(stages: &[Stage]) -> AnyPipeline {
    let sum = |items: Vec<u64>| items.into_iter().fold(0, u64::wrapping_add);
    stages.iter().fold(boxed(mapping(|x: u64| x)), |before, stage| match *stage {
        Stage::Add(n) => boxed(compose((before, mapping(move |x: u64| x.wrapping_add(n))))),
        Stage::Divisible(n) => boxed(compose((before, filtering(move |x: &u64| x % n == 0)))),
        Stage::Taking(n) => boxed(compose((before, taking(n)))),
        Stage::Skipping(n) => boxed(compose((before, skipping(n)))),
        Stage::Pairs => boxed(compose((before, pairing(), mapping(|(a, b): (u64, u64)| a.wrapping_mul(3) ^ b)))),
        Stage::Repeating(n) => boxed(compose((before, repeating(n)))),
        Stage::Deduping => boxed(compose((before, deduping()))),
        Stage::Distinct => boxed(compose((before, distinct()))),
        Stage::Batches(n) => boxed(compose((before, batching(n), mapping(sum)))),
        Stage::Last(n) => boxed(compose((before, taking_last(n)))),
        Stage::Sorting => boxed(compose((before, sorting()))),
        Stage::Prepending(x) => boxed(compose((before, prepending([x, x])))),
        Stage::FollowingWith(x) => boxed(compose((before, following_with([x, x, x])))),
    })
}

fn timed_items() -> impl Strategy<Value = Vec<(u64, u64)>> {
    vec((0..8_u64, 0..12_u64), 0..60).prop_map(|mut items| {
        items.sort_by_key(|(time, _)| *time);
        items
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_worker_s_run_is_a_sequential_one(stages in vec(stage(), 0..6), items in timed_items(), threads in 1..4_usize) {
        let (items, stages) = (Arc::new(items), Arc::new(stages));
        let seen = on(threads, {
            let (items, stages) = (Arc::clone(&items), Arc::clone(&stages));
            move |scope| mine(scope, &items).transduce(pipeline_of(&stages))
        });
        for (index, seen) in seen.into_iter().enumerate() {
            let part = part(&items, index, threads);
            // Each output with the time of the item that it came with: of the latest one, or of none, at the end.
            let mut expected = vec![];
            let mut now = 0;
            let mut run = reactive_transduce(pipeline_of(&stages), collection_sink(vec![]));
            let mut closed = None;
            // One that wants no item is over before the first.
            let wants = RunState::new(&pipeline_of(&stages)).wants_input();
            for (time, item) in part.into_iter().filter(|_| wants) {
                now = time;
                let answer = run.send(item);
                let made = run.sink().get_ref().len();
                expected.resize(made, now);
                if answer.is_break() {
                    closed = Some(now);
                    break;
                }
            }
            let outputs = run.close();
            expected.resize(outputs.len(), closed.unwrap_or(now));
            let expected: Vec<_> = expected.into_iter().zip(outputs).collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_timestamp_s_run_is_a_sequential_one(stages in vec(stage(), 0..6), items in timed_items(), threads in 1..4_usize) {
        let (items, stages) = (Arc::new(items), Arc::new(stages));
        let seen = on(threads, {
            let (items, stages) = (Arc::clone(&items), Arc::clone(&stages));
            move |scope| mine(scope, &items).transduce_each_time(pipeline_of(&stages))
        });
        for (index, mut seen) in seen.into_iter().enumerate() {
            let mut by_time = BTreeMap::<u64, Vec<u64>>::new();
            for (time, item) in part(&items, index, threads) {
                by_time.entry(time).or_default().push(item);
            }
            let mut expected = vec![];
            for (time, items) in by_time {
                expected.extend(items.into_iter().transduce(pipeline_of(&stages)).map(|output| (time, output)));
            }
            // Another time may be on its way while leftovers come.
            seen.sort_by_key(|(time, _)| *time);
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_key_s_run_is_a_sequential_one(stages in vec(stage(), 0..4), times in vec(0..12_u64, 0..60), threads in 1..4_usize) {
        // No two items have the same time, so that their order is known.
        let items: Arc<Vec<(u64, u64)>> =
            Arc::new(times.into_iter().enumerate().map(|(time, item)| (time as u64, item)).collect());
        let stages = Arc::new(stages);
        let seen = on(threads, {
            let (items, stages) = (Arc::clone(&items), Arc::clone(&stages));
            move |scope| mine(scope, &items).transduce_by_key(|x| x % 5, pipeline_of(&stages))
        });
        let mut expected = vec![];
        for key in 0..5 {
            let items: Vec<_> = items.iter().filter(|(_, x)| x % 5 == key).collect();
            let mut now = 0;
            let mut times = vec![];
            let mut run = reactive_transduce(pipeline_of(&stages), collection_sink(vec![]));
            if items.is_empty() {
                continue;
            }
            for (time, item) in items {
                now = *time;
                let answer = run.send(*item);
                times.resize(run.sink().get_ref().len(), now);
                if answer.is_break() {
                    break;
                }
            }
            let outputs = run.close();
            times.resize(outputs.len(), now);
            expected.extend(times.into_iter().zip(outputs).map(|(time, output)| (time, (key, output))));
        }
        expected.sort();
        prop_assert_eq!(together(seen), expected);
    }

    #[test]
    fn the_items_of_one_worker_keep_their_order_on_their_way(items in timed_items(), threads in 1..4_usize) {
        let items = Arc::new(items);
        let shared = Arc::clone(&items);
        let seen = on(threads, move |scope| {
            let items = if scope.index() == 0 { shared.to_vec() } else { vec![] };
            source_at_times(scope, items, &Stop::new()).transduce_by_key(|x| x % 3, batching(2))
        });
        let expected = items.iter().map(|(_, x)| *x).transduce(by_key(|x: &u64| x % 3, batching(2)));
        let mut expected: Vec<_> = expected.collect();
        let mut seen = values(seen.into_iter().flatten().collect());
        // Of each key in order; leftovers come last.
        expected.sort_by_key(|(key, _)| *key);
        seen.sort_by_key(|(key, _)| *key);
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn combined_is_folded(items in timed_items(), threads in 1..4_usize) {
        let items = Arc::new(items);
        // `appending` doesn't commute: the items of worker 0, then those of worker 1, and so on.
        let all: Vec<_> = (0..threads).flat_map(|index| part(&items, index, threads)).collect();
        let latest = items.iter().map(|(time, _)| *time).max().unwrap_or(0);
        let shared = Arc::clone(&items);
        let seen = on(threads, move |scope| mine(scope, &shared).combine((appending(), first_of(), counting())));
        let numbers: Vec<_> = all.iter().map(|(_, x)| *x).collect();
        let expected = (numbers.clone(), numbers.first().copied(), numbers.len());
        prop_assert_eq!(together(seen), [(latest, expected)]);

        let shared = Arc::clone(&items);
        let seen = on(threads, move |scope| mine(scope, &shared).combine_each_time(appending()));
        let mut by_time = BTreeMap::<u64, Vec<u64>>::new();
        all.iter().for_each(|(time, x)| by_time.entry(*time).or_default().push(*x));
        prop_assert_eq!(together(seen), by_time.into_iter().collect::<Vec<_>>());

        let shared = Arc::clone(&items);
        let seen = on(threads, move |scope| mine(scope, &shared).combine_by_key(|x| x % 5, appending()));
        let mut by_key = BTreeMap::<u64, (u64, Vec<u64>)>::new();
        for (time, x) in &all {
            let (latest, items) = by_key.entry(x % 5).or_default();
            *latest = (*latest).max(*time);
            items.push(*x);
        }
        let mut expected: Vec<_> = by_key.into_iter().map(|(key, (time, items))| (time, (key, items))).collect();
        expected.sort();
        prop_assert_eq!(together(seen), expected);

        let shared = Arc::clone(&items);
        let seen = on(threads, move |scope| mine(scope, &shared).combine_by_key_each_time(|x| x % 5, appending()));
        let mut by_both = BTreeMap::<(u64, u64), Vec<u64>>::new();
        all.iter().for_each(|(time, x)| by_both.entry((*time, x % 5)).or_default().push(*x));
        let expected: Vec<_> = by_both.into_iter().map(|((time, key), items)| (time, (key, items))).collect();
        prop_assert_eq!(together(seen), expected);
    }

    #[test]
    fn time_is_the_frontier_however_it_moves(
        items in timed_items(), steps in vec(0..30_u64, 0..12), end in 0..30_u64, threads in 1..4_usize, which in 0..4_u8,
    ) {
        let pipeline = move || -> TimedBoxed<'static, u64, Vec<u64>> {
            let nanos = Duration::from_nanos;
            match which {
                0 => boxed_timed(batching_within(3, nanos(2))),
                1 => boxed_timed(compose((debouncing(nanos(2)), mapping(|x| vec![x])))),
                2 => boxed_timed(compose((ticking(nanos(3), || 99), batching(2)))),
                _ => boxed_timed(compose((by_key(|x: &u64| x % 3, sampling_every(nanos(2))), taking(9), batching_within(2, nanos(1)), mapping(|pairs: Vec<(u64, u64)>| pairs.into_iter().map(|(key, x)| key * 100 + x).collect())))),
            }
        };
        let (shared, steps) = (Arc::new(items), Arc::new(steps));
        let items = Arc::clone(&shared);
        let guards = Cluster::threads(threads).run(move |worker| {
            let mut input = InputHandle::new();
            let (index, peers) = (worker.index(), worker.peers());
            let events = worker.dataflow(|scope| {
                scope.input_from(&mut input).transduce_timed(pipeline(), end).capture()
            });
            let mut frontiers: Vec<u64> = steps.iter().copied().collect();
            frontiers.sort();
            let mut frontiers = frontiers.into_iter().peekable();
            for (time, item) in part(&shared, index, peers) {
                while let Some(step) = frontiers.next_if(|step| *step <= time) {
                    input.advance_to(step);
                    worker.step();
                }
                input.advance_to(time);
                input.send(item);
            }
            for step in frontiers {
                input.advance_to(step);
                worker.step();
            }
            input.close();
            while worker.has_dataflows() {
                worker.step_or_park(None);
            }
            let mut seen = vec![];
            for event in events {
                if let Event::Messages(stamp, items) = event {
                    seen.extend(items.into_iter().map(|item| (*stamp.expect_singleton(), item)));
                }
            }
            seen
        });
        for (index, seen) in guards.unwrap().into_iter().enumerate() {
            let mut run = timed_transduce(pipeline(), collection_sink(vec![]));
            for (time, item) in part(&items, index, threads) {
                run.send_at(time.moment(), item);
            }
            let expected = run.close_at(end.moment());
            prop_assert!(seen.is_sorted_by_key(|(time, _)| *time), "{:?}", seen);
            prop_assert_eq!(values(seen), expected);
        }
    }
}

#[test]
fn leftovers_have_the_time_of_the_latest_item_and_of_none_the_least() {
    let seen = on(1, |scope| mine(scope, &[(1, 'a'), (3, 'b'), (5, 'c')]).transduce(batching(2)));
    assert_eq!(seen, [[(3, vec!['a', 'b']), (5, vec!['c'])]]);
    let seen = on(1, |scope| mine(scope, &[]).transduce(following_with([1, 2])));
    assert_eq!(seen, [[(0, 1), (0, 2)]]);
    let seen = on(1, |scope| mine(scope, &[(4, 7)]).transduce(compose((taking(0), following_with([1, 2])))));
    assert_eq!(seen, [[(0, 1), (0, 2)]]);
}

#[test]
fn deadlines_have_their_own_timestamp() {
    let seen = on(1, |scope| {
        mine(scope, &[(10, 'a'), (11, 'b'), (20, 'c')]).transduce_timed(debouncing(Duration::from_nanos(5)), 100)
    });
    assert_eq!(seen, [[(16, 'b'), (25, 'c')]]);
}

#[test]
fn nothing_folded_is_one_output() {
    for threads in 1..4 {
        let seen = on(threads, |scope| mine::<u64>(scope, &[]).combine(counting()));
        assert_eq!(together(seen), [(0, 0)]);
        let seen = on(threads, |scope| mine::<u64>(scope, &[]).combine_each_time(counting()));
        assert_eq!(together(seen), []);
    }
}

#[test]
fn an_ended_run_stops_its_source_and_gives_up_everything() {
    timely::execute_directly(|worker| {
        let alive = Rc::new(());
        let (mut open, probe, events) = worker.dataflow::<u64, _, _>(|scope| {
            // An input that stays open all the while, behind a run that has ended.
            let (open, items) = scope.new_input::<Vec<u64>>();
            let kept = Rc::clone(&alive);
            let (probe, stream) =
                items.transduce(compose((mapping(move |x| (x, Rc::clone(&kept))), batching(2), taking(2)))).probe();
            (open, probe, stream.capture())
        });
        for x in 0..7 {
            open.send(x);
            open.flush();
            steps(worker, 5);
        }
        // Behind a run that is open, time would stand still at 0, for the leftovers.
        open.advance_to(5);
        steps(worker, 5);
        assert!(!probe.less_than(&5));
        let batches: Vec<_> = events
            .try_iter()
            .filter_map(|event| if let Event::Messages(_, items) = event { Some(items) } else { None })
            .flatten()
            .map(|batch| batch.into_iter().map(|(x, _)| x).collect::<Vec<_>>())
            .collect();
        assert_eq!(batches, [[0, 1], [2, 3]]);
        // The recipe and this function have one each, and no state and no item has any.
        assert_eq!(Rc::strong_count(&alive), 2);
    });
}

#[test]
fn a_source_stops_when_all_its_runs_have_ended() {
    for threads in 1..4 {
        let guards = Cluster::threads(threads).run(|worker| {
            let made = Rc::new(std::cell::Cell::new(0_u64));
            let counter = Rc::clone(&made);
            let stop = Stop::new();
            worker.dataflow::<u64, _, _>(|scope| {
                let numbers = source(scope, (0..3_000_000_u64).inspect(move |_| counter.set(counter.get() + 1)), &stop);
                numbers.clone().when_ended(&stop).transduce(taking(10));
                numbers.when_ended(&stop).transduce(compose((filtering(|x| x % 2 == 0), taking(10_000))));
            });
            while worker.has_dataflows() {
                worker.step_or_park(None);
            }
            assert!(stop.is_stopped());
            made.get()
        });
        for made in guards.unwrap() {
            assert!((20_000..20_000 + 2_048).contains(&made), "{made}");
        }
    }
}

#[test]
fn a_fold_that_has_ended_stops_its_source() {
    let made = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&made);
    let seen = on(3, move |scope| {
        let (stop, counter) = (Stop::new(), Arc::clone(&counter));
        let numbers = (0..1_000_000_u64).inspect(move |_| _ = counter.fetch_add(1, Ordering::Relaxed));
        source(scope, numbers, &stop).when_ended(&stop).combine(any_of(|x: u64| x == 5_000))
    });
    let made = made.load(Ordering::Relaxed);
    assert!((15_003..15_003 + 3 * 2_048).contains(&made), "{made}");
    assert_eq!(together(seen), [(0, true)]);
}

#[test]
fn a_timestamp_is_flushed_while_later_ones_are_open() {
    timely::execute_directly(|worker| {
        let (mut input, batches, sums, keyed) = worker.dataflow::<u64, _, _>(|scope| {
            let (input, items) = scope.new_input::<Vec<u64>>();
            let batches = items.clone().transduce_each_time(batching(2)).capture();
            let keyed = items.clone().combine_by_key_each_time(|x| x % 2, summing::<u64>()).capture();
            (input, batches, items.combine_each_time(summing::<u64>()).capture(), keyed)
        });
        input.send(1);
        input.send(2);
        input.send(3);
        input.advance_to(1);
        input.send(4);
        steps(worker, 20);
        fn so_far<D>(events: &std::sync::mpsc::Receiver<Event<u64, Vec<D>>>) -> Vec<D> {
            let batches = events.try_iter().filter_map(|event| match event {
                Event::Messages(_, items) => Some(items),
                Event::Progress(_) => None,
            });
            batches.flatten().collect()
        }
        assert_eq!(so_far(&batches), [vec![1, 2], vec![3]]);
        assert_eq!(so_far(&sums), [6]);
        assert_eq!(so_far(&keyed), [(1, 4), (0, 2)]);
    });
}

#[test]
fn the_frontier_passes_what_holds_nothing_back() {
    timely::execute_directly(|worker| {
        let (mut input, plain, held) = worker.dataflow::<u64, _, _>(|scope| {
            let (input, items) = scope.new_input::<Vec<u64>>();
            let (plain, _) = items.clone().transduce(mapping(|x| x + 1)).probe();
            let (held, _) = items.transduce(batching(2)).probe();
            (input, plain, held)
        });
        input.send(1);
        input.advance_to(3);
        input.send(2);
        input.advance_to(9);
        steps(worker, 20);
        assert!(!plain.less_than(&9));
        // A leftover could still have the time of the latest item.
        assert!(held.less_equal(&3) && !held.less_than(&3));
        input.close();
        steps(worker, 20);
        assert!(plain.done() && held.done());
    });
}

#[test]
fn timestamps_of_loops_which_have_no_order_are_taken_one_by_one() {
    let seen = on(2, |scope| {
        let items = mine(scope, &[(0, 1_u64), (0, 2), (1, 3), (1, 4), (1, 5)]);
        scope.iterative::<u64, _, _>(|inner| {
            let inner_items: StreamVec<'_, Product<u64, u64>, u64> = items.enter(inner);
            inner_items.combine_each_time(summing::<u64>()).transduce_each_time(batching(9)).leave(scope)
        })
    });
    assert_eq!(together(seen), [(0, vec![3]), (1, vec![12])]);
}

#[test]
fn keys_come_together_on_one_worker() {
    let seen = on(3, |scope| {
        let items: Vec<(u64, u64)> = (0..900).map(|x| (0, x)).collect();
        let index = scope.index();
        mine(scope, &items).exchange_by_key(|x| x % 30).transduce(mapping(move |x| (x % 30, index)))
    });
    let mut owners = IndexMap::<u64, usize>::default();
    for (_, (key, index)) in seen.into_iter().flatten() {
        assert_eq!(*owners.entry(key).or_insert(index), index);
    }
    let workers = owners.values().copied().transduce(distinct()).count();
    assert_eq!((owners.len(), workers), (30, 3));
}

#[test]
#[should_panic(expected = "`items` must come in the order of their timestamps: 1 came after 2")]
fn a_source_refuses_time_that_goes_back() {
    timely::example(|scope| {
        source_at_times(scope, [(2_u64, ()), (1, ())], &Stop::new());
    });
}
