//! On all cores: what comes out is what comes out of one, whoever steals what; an early end reaches every piece; nothing
//! waits in rayon's pool.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use proptest::{collection::vec, prelude::*};
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use transducer::{
    drivers::Pieces,
    reducers::{ExpectedSingle, IndexMap},
    *,
};

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// Runs `test` in pools of 1, 2 and 4 threads, and in the middle of other work of such a pool.
fn in_pools(test: impl Fn() + Sync) {
    for threads in [1, 2, 4] {
        let pool = pool(threads);
        pool.install(&test);
        pool.install(|| (0..4).into_par_iter().for_each(|_| test()));
        pool.install(|| rayon::join(|| rayon::scope(|scope| scope.spawn(|_| test())), &test));
    }
}

/// A source with an index.
fn range(end: u32) -> rayon::range::Iter<u32> {
    (0..end).into_par_iter()
}

/// Makes none, one or many of an item, now and then slowly, so that pieces are stolen.
fn uneven() -> impl Transducer<u64, Out = u64> + Splittable + Copy + Send + Sync {
    compose((
        filtering(|x: &u64| x % 7 != 0),
        flat_mapping(|x: u64| {
            if x % 501 == 0 {
                thread::yield_now();
            }
            (0..x % 4).map(move |y| x * 10 + y)
        }),
        mapping(|x: u64| x ^ 5),
    ))
}

#[test]
fn a_parallel_iterator_gives_what_a_sequential_one_does_in_order() {
    in_pools(|| {
        let expected: Vec<u64> = (0..5_000).transduce(uneven()).collect();
        let indexed: Vec<u64> = (0..5_000u64).into_par_iter().transduce(uneven()).collect();
        assert_eq!(indexed, expected);
        for grain in [1, 7, 1_000, 10_000] {
            let outputs: Vec<u64> = range(5_000).with_min_len(grain).map(u64::from).transduce(uneven()).collect();
            assert_eq!(outputs, expected);
            let fine: Vec<u64> = range(5_000).with_max_len(grain).map(u64::from).transduce(uneven()).collect();
            assert_eq!(fine, expected);
        }
        // A source without an index.
        let filtered = (0..10_000u64).into_par_iter().filter(|x| x % 2 == 0).map(|x| x / 2);
        assert_eq!(filtered.transduce(uneven()).collect::<Vec<_>>(), expected);
        let bridged: BTreeSet<u64> = (0..5_000u64).par_bridge().transduce(uneven()).collect();
        assert_eq!(bridged, expected.iter().copied().collect());
        // Behind and in front of rayon's own.
        let count = (0..5_000u64).into_par_iter().map(|x| x + 1).transduce(uneven()).filter(|x| x % 3 == 0).count();
        assert_eq!(count, (1..5_001).transduce(uneven()).filter(|x| x % 3 == 0).count());
    });
}

#[test]
fn one_output_an_item_is_collected_in_place() {
    let doubles = mapping(|x: u32| 2 * x);
    assert_eq!((0..10u32).into_par_iter().transduce(doubles).opt_len(), Some(10));
    assert_eq!((0..10u32).into_par_iter().transduce(filtering(|x: &u32| *x > 1)).opt_len(), None);
    assert_eq!((0..10u32).into_par_iter().filter(|x| *x > 1).transduce(doubles).opt_len(), None);
    let mut into = vec![];
    (0..1_000u32).into_par_iter().transduce(&doubles).collect_into_vec_or_extend(&mut into);
    assert_eq!(into, (0..1_000).map(|x| 2 * x).collect::<Vec<_>>());
}

/// `collect_into_vec` is for types that are indexed, which a transduced one isn't to the compiler; `par_extend` does the same.
trait Extends<T> {
    fn collect_into_vec_or_extend(self, into: &mut Vec<T>);
}

impl<T: Send, I: ParallelIterator<Item = T>> Extends<T> for I {
    fn collect_into_vec_or_extend(self, into: &mut Vec<T>) {
        into.par_extend(self);
    }
}

#[test]
fn an_endless_inner_iterator_stops_when_downstream_has_all_it_wants() {
    in_pools(|| {
        let endless = flat_mapping(|x: u64| (0..).map(move |y| (x, y)));
        let found = (0..100u64).into_par_iter().transduce(endless).find_first(|(_, y)| *y == 1_000);
        assert_eq!(found, Some((0, 1_000)));
        assert_eq!(par_transduce(endless, first_of(), 0..100u64), Some((0, 0)));
        assert!(par_transduce(endless, any_of(|(_, y)| y > 1_000), 0..100u64));
    });
    // One thread makes in vain of an item, until another has found what decides.
    let endless = flat_mapping(|x: u32| (0..).map(move |y| x > 0 && y > 1_000));
    assert!(pool(2).install(|| par_transduce(endless, any_of(|found| found), range(100).with_max_len(1))));
}

/// Everything that can be asked of some numbers at once.
type Everything = (
    (Vec<u64>, usize, u64, Option<u64>, Option<u64>),
    (Option<u64>, Option<u64>, bool, bool, Vec<u64>, Result<u64, ExpectedSingle>),
    Vec<(u64, (usize, Vec<u64>))>,
    Vec<(u64, usize)>,
);

fn everything() -> impl Combine<u64, Acc: Send, Output = Everything> + Sync {
    let groups = grouping(|x: &u64| x % 13, filtering(|x: &u64| x % 2 == 0).apply((counting(), top(3))));
    (
        (appending(), counting(), summing::<u64>(), minimum(), maximum_by_key(|x: &u64| x % 100)),
        (first_of(), last_of(), any_of(|x| x == 777), all_of(|x| x < 2_000), top(10), expecting_single()),
        groups.map_output(|groups: IndexMap<_, _>| groups.into_iter().collect()),
        mapping(|x: u64| x % 10).apply(frequencies().map_output(|counts: IndexMap<_, _>| counts.into_iter().collect())),
    )
}

#[test]
fn a_parallel_fold_is_the_sequential_one_at_every_grain() {
    in_pools(|| {
        let expected = transduce(uneven(), everything(), 0..3_000);
        for grain in [1, 10, 300, 5_000] {
            let source = range(3_000).with_max_len(grain).map(u64::from);
            assert_eq!(par_transduce(uneven(), everything(), source), expected, "pieces of up to {grain}");
        }
        assert_eq!(par_transduce(uneven(), everything(), (0..3_000u64).into_par_iter().map(|x| x)), expected);
        // rayon's own `flat_map` cuts parts off and never asks for the last.
        let nested = (0..30u64).into_par_iter().flat_map(|x| (x * 100..x * 100 + 100).into_par_iter());
        assert_eq!(par_transduce(uneven(), everything(), nested), expected);
        let chained = (0..1_000u64).into_par_iter().chain((1_000..3_000u64).into_par_iter().filter(|_| true));
        assert_eq!(par_transduce(uneven(), everything(), chained), expected);
        assert_eq!(par_transduce(uneven(), everything(), 0..0u64), transduce(uneven(), everything(), 0..0));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_source_cut_anyhow_gives_the_sequential_result(
        input in vec(0..50u64, 0..300),
        grain in 1..40usize,
        threads in 1..5usize,
    ) {
        let expected = transduce(uneven(), everything(), input.iter().copied());
        let found = pool(threads)
            .install(|| par_transduce(uneven(), everything(), input.par_iter().with_max_len(grain).copied()));
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn the_first_error_is_the_one_of_the_sequential_run() {
    in_pools(|| {
        let read = mapping(|x: u64| if x % 1_000 == 999 { Err(x) } else { Ok(x) });
        for _ in 0..20 {
            assert_eq!(par_transduce(read, trying(summing::<u64>()), 0..100_000u64), Err(999));
            assert_eq!(par_transduce(read, trying(summing::<u64>()), 0..999u64), Ok(998 * 999 / 2));
        }
    });
}

#[test]
fn an_early_end_reaches_the_pieces_that_matter() {
    let pool = pool(2);
    let seen = AtomicUsize::new(0);
    let counted = |_: &u64| {
        seen.fetch_add(1, Ordering::Relaxed);
    };
    let source = || (0..1u64 << 40).into_par_iter();
    // Sequentially these would take hours.
    let first = pool.install(|| par_transduce(inspecting(counted), filtering(|x| *x > 9).apply(first_of()), source()));
    assert_eq!(first, Some(10));
    assert!(pool.install(|| par_transduce(inspecting(counted), any_of(|x| x % 1_000_003 == 1_000_002), source())));
    let wrong = mapping(|x: u64| if x > 5 { Err(x) } else { Ok(x) });
    assert_eq!(pool.install(|| par_transduce(wrong, trying(counting()), source())), Err(6));
    assert!(seen.load(Ordering::Relaxed) < 1 << 30);
}

#[test]
fn a_reducer_that_wants_nothing_takes_nothing() {
    let panics = mapping(|_: u64| -> u64 { panic!("an item was taken") });
    assert_eq!(par_transduce(panics, top(0), 0..100u64), Vec::<u64>::new());
    assert_eq!(par_transduce_in_order(panics, taking(0), counting(), 0..100, Pieces::default()), 0);
    assert_eq!(
        par_transduce_in_order(panics, mapping(|x: u64| x), top(0), 0..100, Pieces::default()),
        Vec::<u64>::new()
    );
}

#[test]
fn a_sample_of_many_pieces_has_other_positions_in_each() {
    let sample =
        par_transduce(mapping(|x: u64| x), reservoir(50, 1), range(100_000).with_max_len(1_000).map(u64::from));
    assert_eq!(sample.len(), 50);
    assert!(sample.is_sorted_by(|a, b| a < b));
    let in_their_pieces: BTreeSet<u64> = sample.iter().map(|x| x % 1_000).collect();
    assert!(in_their_pieces.len() > 40, "{in_their_pieces:?}");
}

#[test]
fn a_float_sum_is_as_good_as_the_sequential_one() {
    let sum = par_transduce(mapping(|x: u32| 1.0 / f64::from(x)), summing::<f64>(), (1..=1_000_000u32).into_par_iter());
    assert!((sum - 14.392_726_722_865_724).abs() < 1e-10, "{sum}");
}

#[test]
fn a_panic_comes_out_and_the_recipe_stays_usable() {
    in_pools(|| {
        let careful = mapping(|x: u64| if x == 1_234 { panic!("of {x}") } else { x });
        let message = |run: &mut dyn FnMut()| {
            *catch_unwind(AssertUnwindSafe(run)).unwrap_err().downcast::<String>().expect("a message")
        };
        assert_eq!(
            message(&mut || {
                par_transduce(careful, counting(), 0..5_000u64);
            }),
            "of 1234"
        );
        assert_eq!(par_transduce(careful, counting(), 0..1_000u64), 1_000);
        let rest = || inspecting(|_: &u64| ());
        let run = |end| par_transduce_in_order(careful, rest(), counting(), 0..end, Pieces::of(10));
        assert_eq!(
            message(&mut || {
                run(5_000);
            }),
            "of 1234"
        );
        assert_eq!(run(1_000), 1_000);
        // In the part behind, and in the source.
        let keep = mapping(|x: u64| x);
        let behind = || par_transduce_in_order(keep, careful, counting(), 0..5_000u64, Pieces::of(10));
        assert_eq!(
            message(&mut || {
                behind();
            }),
            "of 1234"
        );
        let source = || (0..5_000u64).map(|x| if x == 1_234 { panic!("of {x}") } else { x });
        let read = || par_transduce_in_order(keep, rest(), counting(), source(), Pieces::of(10));
        assert_eq!(
            message(&mut || {
                read();
            }),
            "of 1234"
        );
    });
}

/// What can't be split.
fn rest() -> impl Transducer<u64, Out = Vec<(usize, u64)>, State: Send> + Copy + Sync {
    compose((deduping(), enumerating(), batching(3)))
}

#[test]
fn a_prefix_on_all_cores_and_the_rest_in_order_are_the_sequential_run() {
    in_pools(|| {
        let expected = transduce(compose((uneven(), rest())), appending(), 0..2_000);
        for pieces in
            [Pieces::of(1), Pieces::of(7).in_flight(1), Pieces::of(64), Pieces::of(5_000), Pieces::of(3).in_flight(100)]
        {
            let found = par_transduce_in_order(uneven(), rest(), appending(), 0..2_000, pieces);
            assert_eq!(found, expected, "{pieces:?}");
        }
        let none: [u64; 0] = [];
        assert_eq!(
            par_transduce_in_order(uneven(), rest(), appending(), none, Pieces::default()),
            Vec::<Vec<_>>::new()
        );
    });
}

#[test]
fn a_stage_behind_that_uses_the_pool_itself_blocks_nobody() {
    in_pools(|| {
        // While `rayon::join` waits, this thread makes other pieces.
        let sums = mapping(|x: u64| (0..x % 50).into_par_iter().map(|y| y + 1).sum::<u64>());
        let found = par_transduce_in_order(sums, compose((sums, enumerating())), appending(), 0..500, Pieces::of(5));
        assert_eq!(found, transduce(compose((sums, sums, enumerating())), appending(), 0..500));
        // One inside the other.
        let inner = mapping(|x: u64| par_transduce_in_order(uneven(), rest(), counting(), 0..x % 30, Pieces::of(4)));
        let found = par_transduce_in_order(inner, enumerating(), appending(), 0..200, Pieces::of(5));
        assert_eq!(found, transduce(compose((inner, enumerating())), appending(), 0..200));
    });
}

#[test]
fn an_endless_source_is_read_no_further_than_the_pieces_in_flight() {
    for threads in [1, 2, 4] {
        let (size, in_flight, wanted) = (16, 8, 1_000);
        let read = AtomicUsize::new(0);
        let made = AtomicUsize::new(0);
        let costly = mapping(|x: usize| {
            made.fetch_add(1, Ordering::Relaxed);
            x
        });
        let source = (0..).inspect(|_| {
            read.fetch_add(1, Ordering::Relaxed);
        });
        let pieces = Pieces::of(size).in_flight(in_flight);
        let found =
            pool(threads).install(|| par_transduce_in_order(costly, taking(wanted), counting(), source, pieces));
        assert_eq!(found, wanted);
        let (read, made) = (read.load(Ordering::Relaxed), made.load(Ordering::Relaxed));
        assert!(made <= read && read < wanted + size * (in_flight + 1), "{made} of {read} with {threads} threads");
    }
}

#[test]
fn memory_is_bounded_by_the_pieces_in_flight() {
    // While the first piece takes its time, no more than the pieces in flight are read.
    let (size, in_flight) = (4, 6);
    let read = AtomicUsize::new(0);
    let most_ahead = AtomicUsize::new(0);
    let drained = AtomicUsize::new(0);
    let slow = mapping(|x: usize| {
        if x < 4 {
            thread::sleep(Duration::from_millis(5));
        }
        x
    });
    let source = (0..400).inspect(|_| {
        let ahead = read.fetch_add(1, Ordering::SeqCst) + 1 - drained.load(Ordering::SeqCst);
        most_ahead.fetch_max(ahead, Ordering::SeqCst);
    });
    let rest = inspecting(|_: &usize| {
        drained.fetch_add(1, Ordering::SeqCst);
    });
    let pieces = Pieces::of(size).in_flight(in_flight);
    let order = Mutex::new(vec![]);
    let noted = for_each(|x: usize| order.lock().unwrap().push(x));
    pool(4).install(|| par_transduce_in_order(slow, rest, noted, source, pieces));
    assert_eq!(order.into_inner().unwrap(), (0..400).collect::<Vec<_>>());
    let ahead = most_ahead.into_inner();
    assert!(ahead <= size * in_flight, "{ahead} items read and not drained");
}

#[test]
fn keys_on_all_cores_give_the_sequential_outputs_and_a_run_to_go_on_with() {
    in_pools(|| {
        let xf = by_key(|x: &u64| x % 37, compose((filtering(|x: &u64| x % 3 != 0), taking(9), batching(2))));
        let input: Vec<u64> = (0..2_000).map(|x: u64| x.wrapping_mul(2_654_435_761) % 10_000).collect();
        let (first, second) = input.split_at(300);
        let expected = transduce(&xf, appending(), input.iter().copied());
        let (outputs, snapshot) = par_by_key(&xf, first.to_vec());
        let json = serde_json::to_string(&snapshot).unwrap();
        let snapshot: Snapshot<_> = serde_json::from_str(&json).unwrap();
        let mut run = snapshot.resume(&xf, collection_sink(outputs)).unwrap();
        let _ = second.iter().try_for_each(|item| run.send(*item).into_step());
        assert_eq!(run.close(), expected);
        let (outputs, snapshot) = par_by_key(&xf, input.clone());
        assert_eq!(snapshot.resume(&xf, collection_sink(outputs)).unwrap().close(), expected);
    });
}
