//! Stages stacked on each other, in wrappers of every kind, against their equivalents stacked on each other.

use std::{cell::Cell, fmt, ops::ControlFlow};

use crate::{
    allocations::ready,
    laziness::Clones,
    table::{Row, Source, Stage, Value, cases, config, inputs, rows},
    wrappers::{WRAPPERS, Wrapper},
};
use futures::{SinkExt, StreamExt, stream};
use proptest::{arbitrary::any, prelude::*, sample::Index};
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

/// A pipeline that is run and interpreted.
enum Tree {
    Row(&'static Row),
    Stacked(Box<[Tree; 2]>),
    Wrapped(&'static Wrapper, Box<Tree>),
}

use Tree::{Stacked, Wrapped};

impl Tree {
    /// The rows, stacked from the left.
    fn stacked(rows: &[&'static Row]) -> Self {
        let trees = rows.iter().map(|row| Self::Row(row));
        trees.reduce(|first, next| Stacked(Box::new([first, next]))).expect("a stage")
    }

    fn pipeline(&self, n: usize) -> Stage {
        match self {
            Self::Row(row) => (row.stage)(n),
            Stacked(both) => boxed(compose((both[0].pipeline(n), both[1].pipeline(n)))),
            Wrapped(wrapper, inner) => (wrapper.wrap)(inner.pipeline(n)),
        }
    }

    /// What the pipeline should emit: one full pass over a `Vec` a stage.
    fn interpreted(&self, n: usize, items: Vec<Value>) -> Vec<Value> {
        match self {
            Self::Row(row) => (row.equivalent)(n, Box::new(items.into_iter()) as Source).collect(),
            Stacked(both) => both[1].interpreted(n, both[0].interpreted(n, items)),
            Wrapped(wrapper, _) if wrapper.needs_input() && items.is_empty() => vec![],
            Wrapped(_, inner) => inner.interpreted(n, items),
        }
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => out.write_str(row.name),
            Stacked(both) => write!(out, "({:?} | {:?})", both[0], both[1]),
            Wrapped(wrapper, inner) => write!(out, "{}[{inner:?}]", wrapper.name),
        }
    }
}

/// A case: the pipeline with its parameter, what goes in, and what should come out of it for a downstream that wants
/// so many items.
struct Case<'a> {
    tree: &'a Tree,
    n: usize,
    xf: Stage,
    input: &'a [Value],
    outputs: Vec<Value>,
}

impl<'a> Case<'a> {
    fn new(tree: &'a Tree, n: usize, input: &'a [Value]) -> Self {
        Self { xf: tree.pipeline(n), outputs: tree.interpreted(n, input.to_vec()), tree, n, input }
    }

    fn source(&self) -> impl Iterator<Item = Value> {
        self.input.iter().cloned()
    }

    fn expect(&self, outputs: &[Value], wanted: usize, how: &str) {
        let expected = &self.outputs[..self.outputs.len().min(wanted)];
        assert_eq!(
            outputs, expected,
            "{:?} with n = {}, {wanted} wanted, {how}, of {:?}",
            self.tree, self.n, self.input
        );
    }

    /// Runs the pipeline under every driver with a downstream that wants so many items, and compares; `first` of them are
    /// taken one by one where the others are folded.
    fn hold_to_the_laws(&self, wanted: usize, first: usize) {
        let xf = &self.xf;
        let completions = Cell::new(0);
        let poison = || {
            completions.set(0);
            Poison { wanted, completions: &completions }
        };
        let completed_once = |how: &str| assert_eq!(completions.get(), 1, "{:?}, {how}", self.tree);

        self.expect(&transduce(xf, poison(), self.source()), wanted, "eagerly");
        completed_once("eagerly");
        let pushed = iterable_source(self.source(), reactive_transduce(xf, (poison(), vec![])));
        self.expect(&pushed, wanted, "pushed");
        completed_once("pushed");
        drop(reactive_transduce::<Value, _, _>(xf, (poison(), vec![])));
        completed_once("dropped");

        // The others are ended by a stage.
        let ended = &compose((xf, taking(wanted)));
        self.expect(&one_by_one(self.source().transduce(ended)), wanted, "lazily");
        let mut lazily = self.source().transduce(ended);
        let mut outputs: Vec<Value> = lazily.by_ref().take(first).collect();
        lazily.for_each(|item| outputs.push(item));
        self.expect(&outputs, wanted, "lazily, some of it by fold");
        let mut streamed = stream::iter(self.source()).transduce(ended);
        let outputs = std::iter::from_fn(|| ready(|context| streamed.poll_next_unpin(context)));
        self.expect(&outputs.collect::<Vec<_>>(), wanted, "as a stream");
        self.expect(&self.sunk(ended), wanted, "as a sink");
    }

    /// What arrives behind a sink that is fed until it has had enough.
    fn sunk(&self, xf: impl Transducer<Value, Out = Value>) -> Vec<Value> {
        let mut outputs = vec![];
        let mut sink = (&mut outputs).with_transducer(xf);
        for item in self.source() {
            let Ok(()) = ready(|context| sink.poll_ready_unpin(context));
            if sink.is_reduced() {
                break;
            }
            let Ok(()) = sink.start_send_unpin(item);
        }
        let Ok(()) = ready(|context| sink.poll_close_unpin(context));
        outputs
    }
}

/// All items of an iterator, taken by `next`.
fn one_by_one(mut items: impl Iterator<Item = Value>) -> Vec<Value> {
    std::iter::from_fn(|| items.next()).collect()
}

fn ints<const N: usize>(input: [i64; N]) -> Vec<Value> {
    input.map(Value::Int).to_vec()
}

const INPUT: [i64; 7] = [3, 3, 0, 5, 4, 4, 1];

#[test]
fn every_composition_of_two_stages_is_that_of_their_equivalents() {
    let input = ints(INPUT);
    let mut count = 0;
    for first in rows() {
        for second in rows() {
            let tree = Tree::stacked(&[first, second]);
            for n in 0..4 {
                let case = Case::new(&tree, n, &input);
                for wanted in [0, 1, 2, 3, usize::MAX] {
                    case.hold_to_the_laws(wanted, count % 4);
                    count += 1;
                }
            }
        }
    }
    println!("{count} compositions of two stages, each under every driver");
}

#[test]
fn compositions_of_three_stages_are_those_of_their_equivalents() {
    let input = ints(INPUT);
    let rows: Vec<&Row> = rows().collect();
    // Some of them, spread evenly, with a parameter and a downstream in turn: all of them would take minutes.
    let all = rows.len().pow(3);
    let spread = (all / (200_000 * cases(1) as usize)).max(1);
    // A step that shares no factor with the number of rows comes to each of them as the first, the second and the third.
    let step = (spread..).find(|step| (2..=*step).all(|factor| step % factor > 0 || rows.len() % factor > 0));
    let step = step.expect("a prime is one");
    for (count, place) in (0..all).step_by(step).enumerate() {
        let stages = [place, place / rows.len(), place / rows.len().pow(2)].map(|place| rows[place % rows.len()]);
        let (n, wanted) = (count % 3 + 1, [1, 2, usize::MAX][count / 3 % 3]);
        Case::new(&Tree::stacked(&stages), n, &input).hold_to_the_laws(wanted, count % 4);
    }
    println!("{} compositions of three stages, each under every driver", all.div_ceil(step));
}

/// Pipelines of up to eight stages, in any brackets, with wrappers anywhere.
fn trees() -> impl Strategy<Value = Tree> {
    let rows: Vec<&Row> = rows().collect();
    let row = (0..rows.len()).prop_map(move |place| Tree::Row(rows[place]));
    row.prop_recursive(5, 16, 2, |inner| {
        let stacked = (inner.clone(), inner.clone()).prop_map(|(first, second)| Stacked(Box::new([first, second])));
        let wrapped = (any::<Index>(), inner).prop_map(|(pick, inner)| Wrapped(pick.get(WRAPPERS), Box::new(inner)));
        prop_oneof![3 => stacked, 1 => wrapped]
    })
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn random_pipelines_agree_with_the_interpreter(
        tree in trees(),
        n in 0..6usize,
        input in inputs(),
        wanted in prop_oneof![0..6usize, Just(usize::MAX)],
        first in 0..6usize,
    ) {
        Case::new(&tree, n, &input).hold_to_the_laws(wanted, first);
    }
}

#[test]
fn wrappers_make_no_difference() {
    let input = ints(INPUT);
    for row in rows() {
        for wrapper in WRAPPERS {
            let tree = Wrapped(wrapper, Box::new(Tree::Row(row)));
            for input in [&input[..], &input[..1], &[]] {
                for n in [0, 1, 3] {
                    let case = Case::new(&tree, n, input);
                    [1, 2, usize::MAX].into_iter().for_each(|wanted| case.hold_to_the_laws(wanted, 1));
                }
            }
        }
    }
}

#[test]
fn wrappers_inside_wrappers_without_a_box_make_no_difference() {
    let input = ints(INPUT);
    for row in rows() {
        let repeating = rows().find(|row| row.name == "repeating").expect("a row");
        let tree = Tree::stacked(&[row, repeating]);
        for n in [0, 1, 3] {
            let case = Case { xf: (row.checks.nested)(n, Clones::times(n)), ..Case::new(&tree, n, &input) };
            [1, 2, usize::MAX].into_iter().for_each(|wanted| case.hold_to_the_laws(wanted, 1));
        }
    }
}
