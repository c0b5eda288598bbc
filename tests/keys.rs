//! Stages and reducers that keep keys: how these are hashed, and how many are remembered.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use allocation_counter::measure;
use serde::{Serialize, de::DeserializeOwned};
use transducer::{hash::FastHash, *};

/// Counts how often it is asked; all keys collide.
#[derive(Clone, Debug, Default)]
struct Colliding {
    asked: Arc<AtomicUsize>,
}

struct Same;

impl BuildHasher for Colliding {
    type Hasher = Same;

    fn build_hasher(&self) -> Same {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Same
    }
}

impl Hasher for Same {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        7
    }
}

const ITEMS: [u32; 9] = [3, 1, 3, 2, 5, 1, 8, 3, 4];

/// Runs the pipelines, which differ by their hash, and sets the run of each aside half-way. Each goes on from the snapshot of
/// the other.
fn hash_makes_no_difference<X, Y>(one: X, other: Y)
where
    X: Transducer<u32, Out: Debug + PartialEq, State: Serialize + DeserializeOwned>,
    Y: Transducer<u32, Out = X::Out, State: Serialize + DeserializeOwned>,
{
    let whole = transduce(&one, appending(), ITEMS);
    assert_eq!(transduce(&other, appending(), ITEMS), whole);
    let (made, json) = half(&one);
    assert_eq!(half(&other), (made, json.clone()));
    assert_eq!(rest(&other, &json), whole[made..]);
    assert_eq!(rest(&one, &json), whole[made..]);
}

/// How many outputs the first half of the items makes, and the snapshot.
fn half<X: Transducer<u32, State: Serialize>>(xf: &X) -> (usize, String) {
    let mut run = reactive_transduce(xf, collection_sink(vec![]));
    for item in &ITEMS[..4] {
        let _ = run.send(*item);
    }
    let (snapshot, outputs) = run.suspend();
    (outputs.close().len(), serde_json::to_string(&snapshot).unwrap())
}

/// What the other half makes.
fn rest<X: Transducer<u32, State: DeserializeOwned>>(xf: &X, json: &str) -> Vec<X::Out> {
    let snapshot: Snapshot<X::State> = serde_json::from_str(json).unwrap();
    let mut run = snapshot.resume(xf, collection_sink(vec![])).unwrap();
    for item in &ITEMS[4..] {
        let _ = run.send(*item);
    }
    run.close()
}

fn third(item: &u32) -> u32 {
    item % 3
}

#[test]
fn no_hash_is_seen_in_outputs_or_snapshots() {
    hash_makes_no_difference(distinct(), distinct().with_hasher(RandomState::new()));
    hash_makes_no_difference(distinct(), distinct().with_hasher(Colliding::default()));
    hash_makes_no_difference(distinct().remembering(2), distinct().remembering(2).with_hasher(RandomState::new()));
    hash_makes_no_difference(distinct_by_key(third), distinct_by_key(third).with_hasher(RandomState::new()));
    hash_makes_no_difference(by_key(third, batching(2)), by_key(third, batching(2)).with_hasher(Colliding::default()));
    let latest = || by_key(third, batching(2)).remembering(2);
    hash_makes_no_difference(latest(), latest().with_hasher(RandomState::new()));
    let groups = || grouping(third, appending());
    hash_makes_no_difference(
        reducing(groups().map_output(|groups| groups.into_iter().collect::<Vec<_>>())),
        reducing(groups().with_hasher(RandomState::new()).map_output(|groups| groups.into_iter().collect::<Vec<_>>())),
    );
    hash_makes_no_difference(
        reducing(frequencies().map_output(|counts| counts.into_iter().collect::<Vec<_>>())),
        reducing(
            frequencies().with_hasher(Colliding::default()).map_output(|counts| counts.into_iter().collect::<Vec<_>>()),
        ),
    );
}

/// How often a hash is asked in a run that goes on from a snapshot.
fn asked_after_resuming<X: Transducer<u32, State: Serialize + DeserializeOwned>>(
    recipe: impl Fn(Colliding) -> X,
) -> usize {
    let (_, json) = half(&recipe(Colliding::default()));
    let hasher = Colliding::default();
    let asked = Arc::clone(&hasher.asked);
    rest(&recipe(hasher), &json);
    asked.load(Ordering::Relaxed)
}

#[test]
fn a_run_goes_on_under_the_hash_of_its_recipe() {
    // Once at least for each of the five items.
    assert!(asked_after_resuming(|hasher| distinct().with_hasher(hasher)) >= 5);
    assert!(asked_after_resuming(|hasher| by_key(third, batching(2)).with_hasher(hasher)) >= 5);
    assert!(asked_after_resuming(|hasher| reducing(frequencies().with_hasher(hasher))) >= 5);
    assert!(asked_after_resuming(|hasher| reducing(grouping(third, counting()).with_hasher(hasher))) >= 5);
}

#[test]
fn a_fast_hash_has_seeds_of_its_own_and_tells_none() {
    let (one, other) = (FastHash::default(), FastHash::default());
    assert_eq!(one.hash_one("key"), one.hash_one("key"));
    assert_ne!(one.hash_one("key"), other.hash_one("key"), "another recipe, another seed");
    assert_eq!(format!("{one:?} {:?}", one.build_hasher()), "FastHash FastHasher");
}

#[test]
fn numbers_of_every_width_have_hashes_that_differ() {
    fn differ<T: Hash>(hash: FastHash, numbers: impl IntoIterator<Item = T>) {
        let hashes: std::collections::BTreeSet<u64> = numbers.into_iter().map(|number| hash.hash_one(number)).collect();
        assert_eq!(hashes.len(), 100);
    }
    let hash = FastHash::default();
    differ(hash, 0..100u8);
    differ(hash, 0..100u16);
    differ(hash, 0..100u32);
    differ(hash, 0..100u64);
    differ(hash, 0..100u128);
    differ(hash, 0..100usize);
    differ(hash, (0..100).map(|number| number.to_string()));
}

/// The most bytes at a time of a run over so many different items.
fn peak<X: Transducer<u64>>(xf: X, items: u64) -> u64 {
    measure(|| {
        transduce(&xf, counting(), 0..items);
    })
    .bytes_max
}

#[test]
fn what_is_bounded_keeps_no_more_of_many_keys_than_of_few() {
    fn is_bounded<X: Transducer<u64>>(name: &str, xf: impl Fn() -> X) {
        let (few, many) = (peak(xf(), 1_000), peak(xf(), 100_000));
        assert_eq!(few, many, "{name}");
    }
    is_bounded("distinct", || distinct().remembering(100));
    is_bounded("by_key", || by_key(|x: &u64| *x, last()).remembering(100));
    is_bounded("by_key, restarting", || by_key(|x: &u64| *x, first()).restarting());
    assert!(peak(distinct(), 100_000) > 50 * peak(distinct().remembering(100), 100_000), "as it isn't otherwise");
}

#[test]
fn fewer_or_more_keys_are_remembered_when_a_run_goes_on() {
    let run = |xf: &_, now: &_, before: &[u32], after: &[u32]| {
        let mut run = reactive_transduce(xf, collection_sink(vec![]));
        for item in before {
            let _ = run.send(*item);
        }
        let (snapshot, sink) = run.suspend();
        let json = serde_json::to_string(&snapshot).unwrap();
        let snapshot: Snapshot<<stages::Distinct as Transducer<u32>>::State> = serde_json::from_str(&json).unwrap();
        let mut run = snapshot.resume(now, sink).unwrap();
        for item in after {
            let _ = run.send(*item);
        }
        run.close()
    };
    // Of 1, 2 and 3, two are remembered. 1 is the latest; but a run that remembers all knows only which came first.
    let before = [1, 2, 3, 1];
    assert_eq!(run(&distinct(), &distinct().remembering(2), &before, &[3, 2, 1]), [1, 2, 3, 1]);
    assert_eq!(run(&distinct().remembering(3), &distinct().remembering(2), &before, &[3, 1, 2]), [1, 2, 3, 2]);
    assert_eq!(run(&distinct().remembering(3), &distinct(), &before, &[3, 1, 2, 4]), [1, 2, 3, 4]);
}

#[test]
fn runs_that_are_too_many_when_a_run_goes_on_are_completed_with_the_next_item() {
    let runs = by_key(|x: &u32| *x, compose((batching(5), flattening())));
    let one = runs.remembering(1);
    let mut run = reactive_transduce(&runs, collection_sink(vec![]));
    for item in [1, 2, 3] {
        let _ = run.send(item);
    }
    let (snapshot, sink) = run.suspend();
    let mut run = snapshot.resume(&one, sink).unwrap();
    let _ = run.send(4);
    let (_, sink) = run.suspend();
    assert_eq!(*sink.get_ref(), [(1, 1), (2, 2), (3, 3)]);
}

#[test]
fn the_least_recently_used_is_forgotten_whatever_the_order() {
    // Against a list of the latest, for pseudo-random items and bounds.
    let mut hasher = DefaultHasher::new();
    for most in 1..8usize {
        let items: Vec<u64> = (0..500u64)
            .map(|place| {
                place.hash(&mut hasher);
                hasher.finish() % 12
            })
            .collect();
        let mut latest: Vec<u64> = vec![];
        let mut expected = vec![];
        for item in &items {
            match latest.iter().position(|other| other == item) {
                Some(place) => {
                    latest.remove(place);
                }
                None => expected.push(*item),
            }
            latest.push(*item);
            if latest.len() > most {
                latest.remove(0);
            }
        }
        let seen: Vec<u64> = items.iter().copied().transduce(distinct().remembering(most)).collect();
        assert_eq!(seen, expected, "of {most}");
    }
}

#[test]
fn every_item_comes_out_once_whichever_runs_are_forgotten_or_start_anew() {
    let items: Vec<u64> = (0..500).map(|x| x * 7919 % 101).collect();
    for most in 1..8 {
        let batches = by_key(|x: &u64| x % 13, compose((taking(3), batching(2)))).remembering(most).restarting();
        let mut seen = BTreeMap::<u64, usize>::new();
        // One at a time, so that it pauses within what is forgotten.
        for (key, batch) in items.iter().copied().transduce(batches) {
            for item in batch {
                assert_eq!(item % 13, key);
                *seen.entry(item).or_default() += 1;
            }
        }
        let mut expected = BTreeMap::<u64, usize>::new();
        items.iter().for_each(|item| *expected.entry(*item).or_default() += 1);
        assert_eq!(seen, expected, "of {most}");
    }
}

#[test]
#[should_panic = "`count` must be at least 1"]
fn no_keys_are_no_number_to_remember() {
    let _ = by_key(|x: &u32| *x, first()).remembering(0);
}

#[test]
#[should_panic = "`count` must be at least 1"]
fn no_items_are_no_number_to_remember() {
    let _ = distinct().remembering(0);
}

#[test]
fn a_restarting_run_is_forgotten_when_it_has_ended_and_not_before() {
    let pairs = by_key(|x: &u64| x % 2, compose((taking(2), enumerating()))).restarting();
    let numbered: Vec<_> = [2, 4, 6, 3, 8].into_iter().transduce(pairs).collect();
    assert_eq!(numbered, [(0, (0, 2)), (0, (1, 4)), (0, (0, 6)), (1, (0, 3)), (0, (1, 8))]);
}
