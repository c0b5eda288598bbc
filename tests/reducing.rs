//! Reducers in programs, beside the plain version: the same results, in how many lines; and what reducers keep.

use std::{
    cell::Cell,
    collections::BTreeMap,
    hash::{Hash, Hasher},
};

use allocation_counter::measure;
use itertools::Itertools;
use transducer::{
    prelude::*,
    reducers::{IndexMap, Route},
};

/// Rows of a shop, among them such that are none. A `csv::Error` is not `Clone`.
const SALES: &str = "shop,cents\nann,5\nbob,7\nann,three\ncid\nbob,2\n";

type Sale = (String, u32);

fn rows(text: &str) -> csv::DeserializeRecordsIntoIter<&[u8], Sale> {
    csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes()).into_deserialize()
}

// begin: oks and errors, a pipeline
fn by_shop(text: &str) -> (IndexMap<String, u32>, Vec<String>) {
    let cents = mapping(|(_, cents): Sale| cents).apply(summing::<u32>());
    let sums = grouping_by_ref(|(shop, _): &Sale| shop, cents);
    let lines = mapping(|error: csv::Error| error.to_string()).apply(appending());
    transduce(pipeline(), partitioning(sums, lines), rows(text))
}
// end

// begin: oks and errors, by hand
fn by_shop_by_hand(text: &str) -> (BTreeMap<String, u32>, Vec<String>) {
    let mut sums = BTreeMap::new();
    let mut lines = vec![];
    for row in rows(text) {
        match row {
            Ok((shop, cents)) => match sums.get_mut(&shop) {
                Some(sum) => *sum += cents,
                None => {
                    sums.insert(shop, cents);
                }
            },
            Err(error) => lines.push(error.to_string()),
        }
    }
    (sums, lines)
}
// end

#[test]
fn rows_and_errors_of_a_file_in_one_pass() {
    let (sums, errors) = by_shop(SALES);
    assert_eq!(sums.iter().map(|(shop, sum)| (shop.as_str(), *sum)).collect_vec(), [("ann", 5), ("bob", 9)]);
    assert_eq!(errors.len(), 2);
    let (by_hand, errors_by_hand) = by_shop_by_hand(SALES);
    assert_eq!((sums.into_iter().collect(), errors), (by_hand, errors_by_hand));
}

// begin: top ten a key, a pipeline
fn top_ten(scores: &[(u32, u64)]) -> IndexMap<u32, Vec<u64>> {
    let best = mapping(|(_, score)| score).apply(top(10));
    transduce(pipeline(), grouping(|(player, _): &(u32, u64)| *player, best), scores.iter().copied())
}
// end

// begin: top ten a key, by hand
fn top_ten_by_hand(scores: &[(u32, u64)]) -> BTreeMap<u32, Vec<u64>> {
    let mut best = BTreeMap::<u32, std::collections::BinaryHeap<_>>::new();
    for (player, score) in scores {
        let heap = best.entry(*player).or_default();
        if heap.len() < 10 {
            heap.push(std::cmp::Reverse(*score));
        } else if let Some(mut least) = heap.peek_mut() {
            if *score > least.0 {
                *least = std::cmp::Reverse(*score);
            }
        }
    }
    let sorted = |heap: std::collections::BinaryHeap<std::cmp::Reverse<u64>>| {
        heap.into_sorted_vec().into_iter().map(|score| score.0).collect()
    };
    best.into_iter().map(|(player, heap)| (player, sorted(heap))).collect()
}
// end

#[test]
fn the_ten_best_of_each_player() {
    let scores = (0..5_000u64).map(|n| ((n * 31 % 17) as u32, n * n % 7_919)).collect_vec();
    assert_eq!(top_ten(&scores).into_iter().collect::<BTreeMap<_, _>>(), top_ten_by_hand(&scores));
}

/// How many lines of this file are between `// begin: name` and `// end`.
fn lines_of(name: &str) -> usize {
    let begin = format!("// begin: {name}");
    let part = include_str!("reducing.rs").lines().skip_while(|line| *line != begin).skip(1);
    part.take_while(|line| *line != "// end").filter(|line| !line.is_empty()).count()
}

#[test]
fn the_pipelines_take_fewer_lines() {
    let programs = ["oks and errors", "top ten a key"];
    let counts = programs.map(|name| [lines_of(&format!("{name}, a pipeline")), lines_of(&format!("{name}, by hand"))]);
    assert_eq!(counts, [[6, 16], [4, 17]]);
}

/// A key that counts how often it is cloned.
struct Counted<'a> {
    name: &'static str,
    clones: &'a Cell<usize>,
}

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        self.clones.set(self.clones.get() + 1);
        Self { ..*self }
    }
}

impl Hash for Counted<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.name.hash(hasher);
    }
}

impl PartialEq for Counted<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Counted<'_> {}

#[test]
fn a_key_by_reference_is_cloned_once() {
    let clones = Cell::new(0);
    let items = || (0..1_000).map(|n| Counted { name: ["a", "b", "c"][n % 3], clones: &clones });
    assert_eq!(transduce(pipeline(), grouping_by_ref(|key: &Counted| key, counting()), items()).len(), 3);
    assert_eq!(clones.replace(0), 3);
    assert_eq!(transduce(pipeline(), grouping(|key: &Counted| key.clone(), counting()), items()).len(), 3);
    assert_eq!(clones.get(), 1_000);
}

#[test]
fn several_aggregates_of_items_that_cannot_be_cloned() {
    struct Sale {
        shop: String,
        cents: u32,
    }
    let sales = || [("ann", 5), ("bob", 7)].map(|(shop, cents)| Sale { shop: shop.into(), cents });
    // By reference: a reference can be copied.
    let cents = mapping(|sale: &Sale| sale.cents);
    let longest = maximum_by_key(|sale: &&Sale| sale.shop.len());
    let kept = sales();
    let (count, sum, longest) = transduce(pipeline(), (counting(), cents.apply(summing::<u32>()), longest), &kept);
    assert_eq!((count, sum, longest.map(|sale| &*sale.shop)), (2, 12, Some("bob")));
    // By value: take the item apart, and give a part to each.
    let parts = mapping(|sale: Sale| (sale.shop, sale.cents));
    assert_eq!(transduce(parts, unzipping(joining(" "), summing::<u32>()), sales()), ("ann bob".to_owned(), 12));
}

#[test]
fn quantiles_of_numbers_that_are_far_apart_are_between_them() {
    let median = |numbers: [f64; 2]| transduce(pipeline(), quantiles([0.5]), numbers).unwrap()[0];
    assert_eq!(median([-1e308, 1e308]), 0.0);
    assert_eq!(median([1.0, 2.0]), 1.5);
    assert!(median([1.0, f64::NAN]).is_nan());
    assert_eq!(median([f64::INFINITY, f64::INFINITY]), f64::INFINITY);
}

#[test]
fn sizes_from_data_that_cannot_work_are_errors() {
    assert_eq!(try_histogram(6).unwrap_err().argument(), "digits");
    assert_eq!(try_quantiles([0.5, 1.5]).unwrap_err().argument(), "fractions");
    assert!(try_quantiles([f64::NAN]).is_err());
}

#[test]
fn a_histogram_of_any_digits_takes_any_number_in_bounded_memory() {
    for digits in 0..=5 {
        let seen = transduce(pipeline(), histogram(digits), [0, 1, 1_000, u64::MAX]);
        assert_eq!(seen.len(), 4);
    }
    let kept = measure(|| {
        transduce(pipeline(), histogram(3), (0..64).map(|bit| 1u64 << bit).chain(0..10_000));
    });
    assert!(kept.bytes_max < 1_000_000, "{}", kept.bytes_max);
    assert!(kept.bytes_current == 0);
}

#[test]
fn top_keeps_no_more_than_twice_its_count() {
    let kept = measure(|| {
        transduce(pipeline(), top(1_000), 0..100_000u64);
    });
    assert!(kept.bytes_max <= 2 * 2_000 * 16, "{}", kept.bytes_max);
}

#[test]
fn routes_are_of_any_number_up_to_eight() {
    let three = routing(
        |x: u32| match x % 3 {
            0 => Route::First(x),
            1 => Route::Second(x.to_string()),
            _ => Route::Third(()),
        },
        (summing::<u32>(), joining("-"), counting()),
    );
    assert_eq!(transduce(pipeline(), three, 0..9), (9, "1-4-7".to_owned(), 3));
    // A way whose reducer has ended drops what comes on it; all ended end the run.
    let mut source = 0..;
    let firsts =
        routing(|x: u32| if x % 2 == 0 { Route::First(x) } else { Route::Second(x) }, (first_of(), first_of()));
    assert_eq!(transduce(pipeline(), firsts, source.by_ref()), (Some(0), Some(1)));
    assert_eq!(source.next(), Some(2));
}

#[test]
fn deviations_are_the_roots_of_variances() {
    let numbers = transduce(pipeline::<f64>(), statistics(), [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
    assert_eq!(numbers.standard_deviation(), Some(2.0));
    assert_eq!(numbers.sample_standard_deviation(), Some((32.0f64 / 7.0).sqrt()));
    assert_eq!(transduce(pipeline::<f64>(), statistics(), [1.0]).sample_standard_deviation(), None);
}

#[test]
fn statistics_of_nothing_change_none_they_are_merged_with() {
    let endless = transduce(pipeline::<f64>(), statistics(), [f64::INFINITY]);
    let nothing = transduce(pipeline::<f64>(), statistics(), []);
    assert_eq!(endless.merge(nothing).mean(), Some(f64::INFINITY));
    assert_eq!(nothing.merge(endless).mean(), Some(f64::INFINITY));
}

#[test]
fn reducers_of_several_sides_have_ended_once_all_sides_have() {
    fn ends<T: Clone, R: Reducer<T>>(reducer: R, [first, second]: [T; 2]) {
        let mut acc = reducer.initial();
        assert!(!reducer.is_reduced(&acc));
        assert!(reducer.step(&mut acc, first.clone()).is_continue() && !reducer.is_reduced(&acc));
        assert!(reducer.step(&mut acc, second).is_break() && reducer.is_reduced(&acc));
    }
    ends(partitioning(first_of(), first_of()), [Ok(1), Err("one")]);
    ends(partitioning(first_of(), first_of()), [Err("one"), Ok(1)]);
    ends(unzipping(first_of(), taking(2).apply(appending())), [(1, 'a'), (2, 'b')]);
    ends(unzipping(taking(2).apply(appending()), first_of()), [(1, 'a'), (2, 'b')]);
    let sides = |x: u32| if x % 2 == 0 { Route::First(x) } else { Route::Second(x) };
    ends(routing(sides, (first_of(), first_of())), [0, 1]);
    ends(routing(sides, (first_of(), first_of())), [1, 0]);
}

#[test]
fn top_is_sorted_out_once_in_as_many_items_as_it_keeps() {
    let compared = Cell::new(0);
    let counted = top_by(100, |a: &u32, b: &u32| {
        compared.set(compared.get() + 1);
        a.cmp(b)
    });
    let found = transduce(pipeline(), counted, 0..10_000);
    assert_eq!(found, (9_900..10_000).rev().collect::<Vec<_>>());
    // To look for the hundred greatest with every item would be hundreds of comparisons an item.
    assert!(compared.get() < 20 * 10_000, "{}", compared.get());
}

#[test]
fn reducers_print_what_they_do() {
    assert_eq!(format!("{:?}, {:?}", summing::<u8>(), multiplying::<u8>()), "Summing, Multiplying");
}
