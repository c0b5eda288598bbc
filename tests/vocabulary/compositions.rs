//! Stages stacked on each other, against their equivalents stacked on each other.

use std::{cell::Cell, ops::ControlFlow};

use crate::table::{Row, Source, Value, config, inputs, rows};
use proptest::{arbitrary::any, collection::vec, prelude::*};
use transducer::*;

/// A reducer and sink that holds its driver to the rules: it fails on a step after `Break`, and notes
/// how often it was completed. It has had enough after `wanted` items.
struct Poison<'a> {
    wanted: usize,
    completions: &'a Cell<usize>,
}

impl Reducer<Value> for Poison<'_> {
    type Acc = Vec<Value>;
    type Output = Vec<Value>;

    fn initial(&self) -> Vec<Value> {
        vec![]
    }

    fn step(&self, items: &mut Vec<Value>, item: Value) -> Step {
        assert!(items.len() < self.wanted, "stepped after Break");
        assert_eq!(self.completions.get(), 0, "stepped after completion");
        items.push(item);
        if items.len() == self.wanted { ControlFlow::Break(Reduced) } else { ControlFlow::Continue(()) }
    }

    fn complete(&self, items: Vec<Value>) -> Vec<Value> {
        assert_eq!(self.completions.replace(1), 0, "completed twice");
        items
    }

    fn is_reduced(&self, _: &Vec<Value>) -> bool {
        self.wanted == 0
    }
}

impl EventSink<Value> for (Poison<'_>, Vec<Value>) {
    type Output = Vec<Value>;

    fn send(&mut self, item: Value) -> Step {
        self.0.step(&mut self.1, item)
    }

    fn is_reduced(&self) -> bool {
        self.0.wanted == 0
    }

    fn close(self) -> Vec<Value> {
        self.0.complete(self.1)
    }
}

/// Runs the pipeline under every driver with a downstream that wants so many items, and compares.
fn hold_to_the_laws(xf: &Boxed<'_, Value, Value>, input: &[Value], expected: &[Value], wanted: usize, name: &str) {
    let expected = &expected[..expected.len().min(wanted)];
    let source = || input.iter().cloned();
    let completions = Cell::new(0);
    let poison = || {
        completions.set(0);
        Poison { wanted, completions: &completions }
    };

    assert_eq!(transduce(xf, poison(), source()), expected, "{name}, eagerly");
    assert_eq!(completions.get(), 1, "{name}, eagerly");
    let lazily: Vec<_> = source().transduce(xf).take(wanted).collect();
    assert_eq!(lazily, expected, "{name}, lazily");
    let pushed = iterable_source(source(), reactive_transduce(xf, (poison(), vec![])));
    assert_eq!(pushed, expected, "{name}, pushed");
    assert_eq!(completions.get(), 1, "{name}, pushed");
    drop(reactive_transduce::<Value, _, _>(xf, (poison(), vec![])));
    assert_eq!(completions.get(), 1, "{name}, dropped");
}

fn stacked(rows: &[&Row], n: usize) -> Boxed<'static, Value, Value> {
    rows.iter().map(|row| (row.stage)(n)).reduce(|first, next| boxed(compose((first, next)))).expect("a stage")
}

/// The interpreter that pipelines are compared with: one full pass over a `Vec` a stage.
fn interpreted(rows: &[&Row], n: usize, input: &[Value]) -> Vec<Value> {
    rows.iter().fold(input.to_vec(), |items, row| (row.equivalent)(n, Box::new(items.into_iter()) as Source).collect())
}

fn names(rows: &[&Row]) -> String {
    rows.iter().map(|row| row.name).collect::<Vec<_>>().join(" | ")
}

const INPUT: [i64; 7] = [3, 3, 0, 5, 4, 4, 1];

#[test]
fn no_composition_of_two_stages_steps_a_poison_reducer() {
    let input = INPUT.map(Value::Int);
    let mut count = 0;
    for first in rows() {
        for second in rows() {
            let both = [first, second];
            for n in [0, 1, 2, 3] {
                let (xf, expected) = (stacked(&both, n), interpreted(&both, n, &input));
                for wanted in [0, 1, 2, 3, usize::MAX] {
                    hold_to_the_laws(&xf, &input, &expected, wanted, &names(&both));
                    count += 1;
                }
            }
        }
    }
    println!("{count} compositions of two stages, each under 3 drivers");
}

#[test]
fn no_composition_of_three_stages_steps_a_poison_reducer() {
    let input = INPUT.map(Value::Int);
    let mut count = 0;
    for first in rows() {
        for second in rows() {
            for third in rows() {
                let all = [first, second, third];
                // A parameter and a downstream for each, in turn: all of them would take minutes.
                let (n, wanted) = (count % 3 + 1, [1, 2, usize::MAX][count / 3 % 3]);
                hold_to_the_laws(&stacked(&all, n), &input, &interpreted(&all, n, &input), wanted, &names(&all));
                count += 1;
            }
        }
    }
    println!("{count} compositions of three stages, each under 3 drivers");
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn random_pipelines_of_up_to_eight_stages_agree_with_the_interpreter(
        picks in vec(any::<prop::sample::Index>(), 1..=8),
        n in 0..6usize,
        input in inputs(),
        wanted in prop_oneof![0..6usize, Just(usize::MAX)],
    ) {
        let rows: Vec<&Row> = rows().collect();
        let stages: Vec<&Row> = picks.iter().map(|pick| *pick.get(&rows)).collect();
        let expected = interpreted(&stages, n, &input);
        hold_to_the_laws(&stacked(&stages, n), &input, &expected, wanted, &names(&stages));
    }

    #[test]
    fn brackets_make_no_difference(picks in vec(any::<prop::sample::Index>(), 3), n in 0..6usize, input in inputs()) {
        let rows: Vec<&Row> = rows().collect();
        let stage = |pick: usize| (picks[pick].get(&rows).stage)(n);
        let left = compose((compose((stage(0), stage(1))), stage(2)));
        let right = compose((stage(0), compose((stage(1), stage(2)))));
        let flat = compose((stage(0), stage(1), stage(2)));
        let outputs = transduce(&left, appending(), input.iter().cloned());
        prop_assert_eq!(&transduce(&right, appending(), input.iter().cloned()), &outputs);
        prop_assert_eq!(&transduce(&flat, appending(), input.iter().cloned()), &outputs);
    }
}
