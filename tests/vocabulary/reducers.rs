//! Every reducer of the table against its equivalent, and what a table cannot say of them.

use crate::table::{Combines, REDUCERS, config, files_of};
use proptest::{collection::vec, prelude::*};
use transducer::{
    Combine, Reducer, Transducer, appending, collecting, first_of, mapping, reducers::Statistics, reservoir,
    statistics, summing, taking, top, transduce, transduce_from, trying,
};

/// The reducers that are no `Combine`, and why not.
const WITHOUT_COMBINE: &[(&str, &str)] = &[
    ("folding", "a closure that takes an item doesn't tell how to put two accumulators together"),
    ("folding_mut", "as `folding`"),
    ("sending", "two sinks are not one"),
];

proptest! {
    #![proptest_config(config(512))]

    /// Each case is one way to split for each reducer and parameter.
    #[test]
    fn every_reducer_is_combine_or_says_why_not_and_any_split_is_the_whole(
        input in vec(-9..9i64, 0..16),
        cuts in vec(any::<u8>(), 0..6),
        order in vec(any::<u8>(), 12),
    ) {
        for row in REDUCERS {
            let without = WITHOUT_COMBINE.iter().any(|(name, _)| *name == row.name);
            let expected = if without { Combines::No } else { Combines::Yes };
            for n in 0..6 {
                let found = (row.combine)(n, &input, &cuts, &order);
                prop_assert_eq!(found, expected, "{}: implement `Combine`, or add it to WITHOUT_COMBINE", row.name);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn every_reducer_is_its_equivalent_and_takes_as_much_input(input in vec(-9..9i64, 0..12)) {
        for row in REDUCERS {
            (0..6).for_each(|n| (row.check)(n, &input));
        }
    }

    #[test]
    fn merged_statistics_are_those_of_all(left in vec(-1e6..1e6, 0..20), right in vec(-1e6..1e6, 0..20)) {
        let of = |items: &[f64]| transduce(mapping(|x: f64| x), statistics(), items.iter().copied());
        let all = of(&[&*left, &*right].concat());
        let merged = of(&left).merge(of(&right));
        prop_assert_eq!(merged.count(), all.count());
        prop_assert_eq!(merged.minimum(), all.minimum());
        prop_assert_eq!(merged.maximum(), all.maximum());
        for (merged, all, scale) in [
            (merged.mean(), all.mean(), 1e6),
            (merged.variance(), all.variance(), 1e12),
            (merged.sample_standard_deviation(), all.sample_standard_deviation(), 1e6),
        ] {
            prop_assert_eq!(merged.is_some(), all.is_some());
            prop_assert!((merged.unwrap_or(0.0) - all.unwrap_or(0.0)).abs() < 1e-9 * scale, "{:?}, {:?}", merged, all);
        }
    }
}

#[test]
fn every_reducer_has_a_row_and_every_row_a_reducer() {
    // Files whose reducers have other names than the file.
    let of_other_names = [
        ("end_of", &["first_of", "last_of"][..]),
        ("extremum", &["minimum", "maximum"]),
        ("quantifier", &["any_of", "all_of"]),
        ("totalling", &["summing", "multiplying"]),
        ("tuples", &["tuple of reducers"]),
    ];
    let mut stems = vec![];
    for file in files_of("reducers").into_iter().filter(|file| file != "mod") {
        match of_other_names.iter().find(|(other, _)| *other == file) {
            Some((_, names)) => stems.extend(names.iter().map(|name| name.to_string())),
            None => stems.push(file),
        }
    }
    for stem in &stems {
        assert!(REDUCERS.iter().any(|row| row.name == stem), "{stem} has no row");
    }
    for row in REDUCERS {
        assert!(stems.iter().any(|stem| row.name.starts_with(stem)), "{} is in no file of its name", row.name);
    }
    let mut names: Vec<_> = REDUCERS.iter().map(|row| row.name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), REDUCERS.len(), "rows have names of their own");
}

#[test]
fn the_variance_of_large_numbers_close_together_is_not_lost() {
    // The mean of the squares less the square of the mean would be off by thousands, or negative.
    let near_a_billion = [4.0, 7.0, 13.0, 16.0].map(|x| x + 1e9);
    let seen: Statistics = transduce(mapping(|x: f64| x), statistics(), near_a_billion);
    assert_eq!((seen.mean(), seen.variance(), seen.sample_variance()), (Some(1e9 + 10.0), Some(22.5), Some(30.0)));
    assert_eq!(seen.standard_deviation(), Some(22.5f64.sqrt()));
}

#[test]
fn statistics_of_nothing_and_of_one() {
    let none = Statistics::new();
    assert_eq!(
        (none.count(), none.mean(), none.variance(), none.minimum(), none.maximum()),
        (0, None, None, None, None)
    );
    let one = transduce(mapping(|x: f64| x), statistics(), [3.0]);
    assert_eq!((one.mean(), one.variance(), one.sample_variance()), (Some(3.0), Some(0.0), None));
    assert_eq!(one.merge(none), one);
    assert_eq!(none.merge(one), one);
}

#[test]
fn nan_is_passed_over_by_minimum_and_maximum_and_taints_the_mean() {
    let seen = transduce(mapping(|x: f64| x), statistics(), [f64::NAN, 2.0, 1.0]);
    assert!(seen.mean().unwrap().is_nan() && seen.variance().unwrap().is_nan());
    assert_eq!((seen.count(), seen.minimum(), seen.maximum()), (3, Some(1.0), Some(2.0)));
}

#[test]
fn a_reservoir_draws_each_position_equally_often() {
    // 20 000 samples of 5 of 20: each position 5 000 times, with a standard deviation of 61.
    let mut drawn = [0; 20];
    for seed in 0..20_000 {
        let sample = transduce(mapping(|x: usize| x), reservoir(5, seed), 0..20);
        assert_eq!(sample.len(), 5);
        assert!(sample.is_sorted_by(|a, b| a < b));
        sample.into_iter().for_each(|place| drawn[place] += 1);
    }
    assert!(drawn.iter().all(|times| (4_700..5_300).contains(times)), "{drawn:?}");
}

#[test]
fn a_tuple_goes_on_while_one_of_its_reducers_wants_more_and_ends_with_the_last() {
    let mut source = 1..;
    let (first, three, none) =
        transduce(mapping(|x: i32| x), (first_of(), taking(3).apply(appending()), top(0)), source.by_ref());
    assert_eq!((first, three, none), (Some(1), vec![1, 2, 3], vec![]));
    assert_eq!(source.next(), Some(4));
}

#[test]
fn tuples_of_one_and_of_twelve() {
    assert_eq!(transduce(taking(2), (summing::<i32>(),), 1..), (3,));
    let s = || summing::<i32>();
    let twelve = (s(), s(), s(), s(), s(), s(), s(), s(), s(), s(), s(), first_of());
    assert_eq!(transduce(taking(3), twelve, 1..), (6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, Some(1)));
}

#[test]
fn a_tuple_that_wants_nothing_takes_nothing() {
    let mut source = 1..;
    assert_eq!(transduce(mapping(|x: i32| x), (top(0), top(0)), source.by_ref()), (vec![], vec![]));
    assert_eq!(source.next(), Some(1));
}

#[test]
fn a_reducer_goes_on_from_an_accumulator() {
    assert_eq!(transduce_from(mapping(|x: i32| x), collecting::<Vec<_>>(), [2], vec![1]), [1, 2]);
    let reducer = trying::<_>(summing::<i32>());
    let mut acc = Reducer::<Result<i32, ()>>::initial(&reducer);
    let _ = reducer.step(&mut acc, Ok(1));
    assert_eq!(transduce_from(mapping(|x: Result<i32, ()>| x), reducer, [Ok(2)], acc), Ok(3));
}

#[test]
fn a_reservoir_of_several_pieces_draws_each_pair_of_positions_equally_often() {
    let mut drawn = [[0; 20]; 20];
    for seed in 0..20_000 {
        let reducer = reservoir(5, seed);
        let piece = |number, positions: std::ops::Range<usize>| {
            let mut acc = reducer.initial_of_piece(number);
            let _ = reducer.step_all(&mut acc, positions);
            acc
        };
        // Full and not full, in two bracketings; then it goes on.
        let mut acc = piece(0, 0..7);
        let mut later = piece(1, 7..9);
        if seed % 2 == 0 {
            let _ = reducer.combine(&mut later, piece(2, 9..16));
            let _ = reducer.combine(&mut acc, later);
        } else {
            let _ = reducer.combine(&mut acc, later);
            let _ = reducer.combine(&mut acc, piece(2, 9..16));
        }
        let _ = reducer.step_all(&mut acc, 16..20);
        let sample = reducer.complete(acc);
        assert_eq!(sample.len(), 5);
        assert!(sample.is_sorted_by(|a, b| a < b));
        for (a, b) in sample.iter().flat_map(|a| sample.iter().map(move |b| (*a, *b))) {
            drawn[a][b] += 1;
        }
    }
    for (a, b) in (0..20).flat_map(|a| (0..20).map(move |b| (a, b))) {
        // A position 5 000 times, with a standard deviation of 61; a pair 1 053 times, of 32.
        let expected = if a == b { 4_700..5_300 } else { 880..1_225 };
        assert!(expected.contains(&drawn[a][b]), "{a} and {b}: {}", drawn[a][b]);
    }
}
