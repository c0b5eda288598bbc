//! Every stage of the table: the laws, its equivalent, its fluent method.

use std::{
    cell::Cell,
    num::NonZero,
    ops::ControlFlow,
    rc::Rc,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::table::{Hint, Row, Source, Stage, Value, cases, config, files_of, inputs, rows};
use proptest::prelude::*;
use transducer::{
    TransduceIterator, appending,
    kernel::{Outline, RunState},
    laws::Law,
    transduce, unbounded,
};

/// Checks each row.
fn on_all_cores(check: impl Fn(&Row) + Sync) {
    let (rows, next) = (rows().collect::<Vec<_>>(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(row);
                }
            });
        }
    });
}

/// With runs of equal items, and of all weights.
const INPUT: [i64; 10] = [3, 3, 0, 5, 4, 4, 1, 0, 0, 2];

#[test]
fn every_stage_keeps_every_law_under_every_driver() {
    on_all_cores(|row| (0..6).for_each(|n| (row.checks.laws)(n, row.facts.hint)));
    let combinations = rows().count() * Law::ALL.iter().map(|law| law.drivers().len()).sum::<usize>();
    println!("{combinations} combinations of stage, law and driver, each over 6 parameters and {} inputs", cases(32));
}

#[test]
fn every_stage_has_a_row_and_every_row_a_stage() {
    // Files without a stage of their own.
    let helpers = [
        "ahead",
        "closing",
        "countdown",
        "deadlines",
        "due",
        "kept",
        "key",
        "make",
        "mod",
        "recency",
        "time_window",
        "two_stacks",
    ];
    let files: Vec<String> = files_of("stages").into_iter().filter(|file| !helpers.contains(&&**file)).collect();
    for file in &files {
        assert!(rows().any(|row| row.name == file), "{file} has no row");
    }
    for row in rows() {
        assert!(files.iter().any(|file| row.name.starts_with(file)), "{} is in no file of its name", row.name);
    }
    let mut names: Vec<_> = rows().map(|row| row.name).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all, "rows have names of their own");
}

/// The stages that are others with another setting, and which.
const MADE_OF_OTHERS: &[(&str, &str)] = &[
    ("batching_array", "batching"),
    ("element_at", "taking"),
    ("first", "taking"),
    ("first_where", "taking"),
    ("windowing_array", "windowing"),
];

#[test]
fn every_stage_has_its_name_in_the_outline_that_snapshots_are_known_by() {
    for row in rows() {
        let outline = Outline::of(&(row.stage)(1)).to_string();
        let name = row.name.split(' ').next().expect("a name");
        let of_other = MADE_OF_OTHERS.iter().find(|(made, _)| *made == name);
        let name = of_other.map_or(name, |(_, other)| other);
        assert!(outline.contains(name), "{}: {outline}", row.name);
    }
}

#[test]
fn every_stage_has_the_shape_of_its_row() {
    for row in rows() {
        assert_eq!((row.checks.shape)(), row.facts.shape, "{}", row.name);
    }
}

/// The most that can be said of the size hints before each output.
fn observed_hint(row: &Row) -> Hint {
    let mut observed = Hint::Exact;
    for n in 0..6 {
        for count in 0..INPUT.len() {
            let input = || INPUT[..count].iter().copied().map(Value::Int);
            let outputs = input().transduce((row.stage)(n)).count();
            let mut run = input().transduce((row.stage)(n));
            for left in (0..=outputs).rev() {
                let hint = match run.size_hint() {
                    exact if exact == (left, Some(left)) => Hint::Exact,
                    (_, Some(_)) => Hint::Bounded,
                    (_, None) => Hint::Open,
                };
                observed = observed.max(hint);
                run.next();
            }
        }
    }
    observed
}

#[test]
fn every_size_hint_is_as_narrow_as_its_row_says() {
    for row in rows() {
        assert_eq!(observed_hint(row), row.facts.hint, "{}", row.name);
    }
}

/// A run of the first items, and all that comes of the others.
fn continued(xf: &Stage, first: &[i64], others: &[i64]) -> (bool, Vec<Value>) {
    let mut run = RunState::new(xf);
    let feed = |run: &mut RunState<_>, items: &[i64]| {
        let mut outputs = vec![];
        let mut out = unbounded(|item| {
            outputs.push(item);
            ControlFlow::Continue(())
        });
        for item in items {
            let _ = run.step(xf, Value::Int(*item), &mut out);
        }
        outputs
    };
    feed(&mut run, first);
    let is_idle = run.is_idle(xf);
    let mut outputs = feed(&mut run, others);
    let _ = run.complete(
        xf,
        &mut unbounded(|item| {
            outputs.push(item);
            ControlFlow::Continue(())
        }),
    );
    (is_idle, outputs)
}

/// The stages whose new state could say that it is idle, and doesn't, and why not.
const NEVER_IDLE: &[(&str, &str)] = &[
    ("recording", "the end is recorded too"),
    ("running", "the accumulator is the reducer's"),
    ("scanning", "the state is the closure's"),
    ("sorting_by_time", "it remembers the latest time"),
    ("zipping", "its other iterator may have gone on"),
];

#[test]
fn a_new_state_is_idle_unless_something_comes_of_completing_it() {
    let busy = |row: &&Row| NEVER_IDLE.iter().any(|(name, _)| row.name.starts_with(name));
    for row in rows().filter(|row| !busy(row)) {
        // With 0, what some stages have beside the input is empty, and they can't know.
        for n in 1..6 {
            let xf = (row.stage)(n);
            if RunState::new(&xf).wants_input() {
                let (is_idle, outputs) = continued(&xf, &[], &[]);
                assert_eq!(is_idle, outputs.is_empty(), "{} with n = {n}, which emits {outputs:?}", row.name);
            }
        }
    }
}

#[test]
fn an_idle_state_goes_on_like_a_new_one() {
    let mut seen = 0;
    for row in rows() {
        for (n, count) in (0..6).flat_map(|n| (0..INPUT.len()).map(move |count| (n, count))) {
            let (first, others) = INPUT.split_at(count);
            let xf = (row.stage)(n);
            for others in [others, &[]] {
                let (is_idle, outputs) = continued(&xf, first, others);
                if is_idle {
                    let name = format!("{} with n = {n} after {first:?}", row.name);
                    assert_eq!(outputs, continued(&xf, &[], others).1, "{name}");
                    assert!(!others.is_empty() || outputs.is_empty(), "{name} completing emits {outputs:?}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 0);
}

/// The outputs of the first `cut` items, and those of the others.
fn outputs_of_two_runs(row: &Row, n: usize, input: &[Value], cut: usize) -> Vec<Value> {
    let (first, second) = input.split_at(cut);
    let run = |part: &[Value]| transduce((row.stage)(n), appending(), part.iter().cloned());
    [run(first), run(second)].concat()
}

/// The stages whose outputs don't depend on where the input is cut, and that are not marked all the same, and why not.
const SPLIT_WITHOUT_MARK: &[(&str, &str)] = &[
    ("delaying", "it is told the time, and each piece would be told another"),
    ("recording", "it is told the time, and each piece would be told another"),
    (
        "by_key restarting taking",
        "`taking(1)` begun anew for each item leaves nothing behind, but its type doesn't say so",
    ),
    ("by_batch flat_mapping", "where batches make no difference, nobody needs them"),
];

#[test]
fn the_stages_that_can_be_split_are_splittable_and_no_others() {
    for row in rows() {
        let without = SPLIT_WITHOUT_MARK.iter().any(|(name, _)| *name == row.name);
        assert_eq!((row.checks.splittable)(), row.facts.splits && !without, "{}", row.name);
    }
}

#[test]
fn a_stage_that_cannot_be_split_shows_it() {
    let input = INPUT.map(Value::Int);
    for row in rows().filter(|row| !row.facts.splits) {
        let differs = |n| {
            let whole = transduce((row.stage)(n), appending(), input.iter().cloned());
            (0..=input.len()).any(|cut| outputs_of_two_runs(row, n, &input, cut) != whole)
        };
        assert!((0..6).any(differs), "{} can be split", row.name);
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn the_outputs_of_a_split_input_are_those_of_the_whole(input in inputs(), n in 0..6usize, cut in 0..12usize) {
        for row in rows().filter(|row| row.facts.splits) {
            let whole = transduce((row.stage)(n), appending(), input.iter().cloned());
            let parts = outputs_of_two_runs(row, n, &input, cut.min(input.len()));
            prop_assert_eq!(parts, whole, "{}", row.name);
        }
    }

    #[test]
    fn fluent_methods_are_the_free_functions(input in inputs(), n in 0..6usize) {
        for row in rows() {
            let run = |xf: Stage| transduce(xf, appending(), input.iter().cloned());
            prop_assert_eq!(run((row.fluent)(n)), run((row.stage)(n)), "{} and {}", row.method, row.name);
        }
    }

    #[test]
    fn stages_take_no_more_input_than_iterator_adaptors_for_the_same_outputs(
        input in inputs(),
        n in 0..6usize,
        wanted in 0..6usize,
    ) {
        for row in rows() {
            let counted = || {
                let pulled = Rc::new(Cell::new(0));
                let counter = Rc::clone(&pulled);
                (Box::new(input.clone().into_iter().inspect(move |_| counter.set(counter.get() + 1))) as Source, pulled)
            };
            let (ours, pulled_by_us) = counted();
            let (theirs, pulled_by_them) = counted();
            let seen: Vec<_> = ours.transduce((row.stage)(n)).take(wanted).collect();
            let expected: Vec<_> = (row.equivalent)(n, theirs).take(wanted).collect();
            prop_assert_eq!(seen, expected, "{}", row.name);
            prop_assert!(pulled_by_us <= pulled_by_them, "{}: {:?} > {:?}", row.name, pulled_by_us, pulled_by_them);
        }
    }
}
