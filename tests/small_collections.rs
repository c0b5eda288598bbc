//! Small batches and windows need no heap: how often each allocates, beside a `Vec`.

use std::collections::BTreeSet;

use allocation_counter::measure;
use smallvec::SmallVec;
use transducer::*;

const ITEMS: u64 = 1_000;

/// How often a run over the items allocates.
fn allocations<X: Transducer<u64>>(xf: X) -> u64 {
    measure(|| {
        transduce(&xf, counting(), 0..ITEMS);
    })
    .count_total
}

#[test]
fn a_batch_in_a_small_vec_or_an_array_allocates_nothing() {
    assert_eq!(allocations(batching(4)), ITEMS / 4, "a `Vec` allocates for each");
    assert_eq!(allocations(batching(4).collect_into::<SmallVec<[u64; 4]>>()), 0);
    assert_eq!(allocations(batching_array::<4>()), 0);
    assert_eq!(allocations(pipeline().chunks(4).collect_into::<SmallVec<[u64; 4]>>()), 0);
}

#[test]
fn a_window_in_an_array_allocates_nothing_and_one_in_a_small_vec_nothing_an_output() {
    let buffer = allocations(windowing_with(4, |window: &[u64]| window[0]));
    assert!(buffer <= 2, "{buffer}");
    assert_eq!(allocations(windowing(4)), buffer + ITEMS - 3, "a `Vec` allocates for each");
    assert_eq!(allocations(windowing(4).collect_into::<SmallVec<[u64; 4]>>()), buffer);
    assert_eq!(allocations(windowing_array::<4>()), 0);
}

#[test]
fn a_pipeline_a_batch_or_a_run_allocates_nothing_of_its_own() {
    assert_eq!(allocations(by_batch(4, reducing(summing::<u64>()))), 0);
    assert_eq!(allocations(by_run(|x: &u64| x / 4, reducing(summing::<u64>()))), 0);
    assert_eq!(allocations(batching_by(|x: &u64| x / 4)), ITEMS / 2, "its twin collects the items");
}

#[test]
fn what_is_too_much_for_a_small_vec_goes_to_the_heap() {
    let batches = (0..ITEMS).transduce(batching(4).collect_into::<SmallVec<[u64; 2]>>());
    let items: Vec<u64> = batches.inspect(|batch| assert!(batch.spilled())).flatten().collect();
    assert_eq!(items, (0..ITEMS).collect::<Vec<_>>());
}

#[test]
fn a_batch_is_of_so_many_different_items_in_a_set() {
    let sets = [1, 1, 2, 2, 2, 3].into_iter().transduce(batching(2).collect_into::<BTreeSet<u64>>());
    assert_eq!(sets.collect::<Vec<_>>(), [BTreeSet::from([1, 2]), BTreeSet::from([2, 3])]);
}

#[test]
fn nothing_of_a_shorter_last_array_is_lost() {
    for items in 0..10u64 {
        let arrays: Vec<_> = (0..items).transduce(batching_array::<4>()).collect();
        let whole = arrays.iter().filter(|array| array.is_ok()).count() as u64;
        assert_eq!(whole, items / 4);
        let seen = arrays.into_iter().flat_map(|array| array.map_or_else(SmallVec::into_vec, |array| array.to_vec()));
        assert_eq!(seen.collect::<Vec<_>>(), (0..items).collect::<Vec<_>>());
    }
    // As an error, where it is one.
    let pairs = || compose((batching_array::<2>(), on_ok(mapping(|[x, y]: [u64; 2]| x * y))));
    assert_eq!(transduce(pairs(), trying(summing::<u64>()), [1, 2, 3, 4]), Ok(14));
    assert_eq!(transduce(pairs(), trying(summing::<u64>()), [1, 2, 3]), Err(SmallVec::from_vec(vec![3])));
}
