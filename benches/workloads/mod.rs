//! The workloads, written once: what each contender does for each of them.
//!
//! `instructions` and `report` measure these, and `tests/workloads.rs` sees to it that
//! all contenders of a workload come to the same result.

#![allow(dead_code, unreachable_pub)] // each of those uses a part
#![allow(clippy::redundant_closure, clippy::explicit_counter_loop)] // hand loops are written by hand

mod drivers;
mod input;
mod reducers;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hint::black_box,
};

use itertools::Itertools;
use smallvec::SmallVec;
use transducer::*;

use drivers::*;
pub use input::Input;
use reducers::{HISTOGRAM, Histogram};

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contender {
    Hand,
    StdFor,
    StdFold,
    Itertools,
    Eager,
    LazyFor,
    LazyFold,
    Pushed,
    Boxed,
}

impl Contender {
    pub const ALL: [Self; 9] = [
        Self::Hand,
        Self::StdFor,
        Self::StdFold,
        Self::Itertools,
        Self::Eager,
        Self::LazyFor,
        Self::LazyFold,
        Self::Pushed,
        Self::Boxed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand loop",
            Self::StdFor => "std, `for`",
            Self::StdFold => "std, `fold`",
            Self::Itertools => "itertools",
            Self::Eager => "eager",
            Self::LazyFor => "lazy, `for`",
            Self::LazyFold => "lazy, `fold`",
            Self::Pushed => "pushed",
            Self::Boxed => "boxed",
        }
    }
}

/// What a workload comes to. Handed over as it is, so that checking it costs no contender anything.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Number(u64),
    Numbers(Vec<u64>),
    Strings(Vec<String>),
    Fallible(Result<u64, u64>),
}

impl From<u64> for Outcome {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<u64>> for Outcome {
    fn from(numbers: Vec<u64>) -> Self {
        Self::Numbers(numbers)
    }
}

impl From<Vec<String>> for Outcome {
    fn from(strings: Vec<String>) -> Self {
        Self::Strings(strings)
    }
}

impl From<Result<u64, u64>> for Outcome {
    fn from(result: Result<u64, u64>) -> Self {
        Self::Fallible(result)
    }
}

/// One contender's way through a workload.
pub type Run = fn(&Input) -> Outcome;

/// A row of the report.
pub struct Workload {
    pub name: &'static str,
    /// How many items it is given; all that it can get, when `None`.
    pub items: Option<usize>,
    /// Whether it hashes with random keys.
    pub hashes: bool,
    runs: Vec<(Contender, Run)>,
}

impl Workload {
    pub fn runs(&self) -> impl Iterator<Item = (Contender, Run)> {
        self.runs.iter().copied()
    }

    pub fn run(&self, contender: Contender) -> Option<Run> {
        self.runs().find_map(|(of, run)| (of == contender).then_some(run))
    }

    /// The input that this workload is given, where `usual` items are to be had.
    pub fn input(&self, usual: usize) -> Input {
        Input::new(self.items.unwrap_or(usual))
    }
}

/// Runs one contender, with everything about it hidden from the optimizer but the loop itself.
///
/// Its name is what valgrind is told to count from and to.
#[inline(never)]
pub fn transducer_measured_region(run: Run, input: &Input) -> Outcome {
    black_box(black_box(run)(black_box(input)))
}

/// A workload, from the few things that its contenders differ in. What all have in common is where
/// items come from (`source`) and where they go (`reducer`, one step of which is also the body of the
/// `for` loops; `finish` says the same of a whole iterator).
macro_rules! workload {
    (
        $name:literal $(, items: $items:literal)? $(, hashes: $hashes:literal)?;
        source: |$input:ident| $source:expr;
        reducer: $reducer:expr;
        finish: |$outputs:ident| $finish:expr;
        hand: |$hand_source:ident, $hand_input:ident| $hand:expr;
        $(std: |$std_source:ident, $std_input:ident| $std:expr;)?
        $(itertools: |$it_source:ident, $it_input:ident| $it:expr;)?
        ours: |$our_input:ident| $ours:expr;
    ) => {{
        #[allow(unused_mut, unused_assignments)]
        let mut workload = Workload { name: $name, items: None, hashes: false, runs: vec![] };
        $(workload.items = Some($items);)?
        $(workload.hashes = $hashes;)?
        workload.runs.push((Contender::Hand, |$input: &Input| {
            let $hand_source = $source;
            let $hand_input = $input;
            let _ = $hand_input;
            Outcome::from($hand)
        }));
        $(
            workload.runs.push((Contender::StdFor, |$input: &Input| {
                let ($std_source, $std_input) = ($source, $input);
                let _ = $std_input;
                Outcome::from(by_for($std, $reducer))
            }));
            workload.runs.push((Contender::StdFold, |$input: &Input| {
                let ($std_source, $std_input) = ($source, $input);
                let _ = $std_input;
                let $outputs = $std;
                Outcome::from($finish)
            }));
        )?
        $(
            workload.runs.push((Contender::Itertools, |$input: &Input| {
                let ($it_source, $it_input) = ($source, $input);
                let _ = $it_input;
                Outcome::from($it)
            }));
        )?
        workload.runs.push((Contender::Eager, |$input: &Input| {
            let $our_input = $input;
            let _ = $our_input;
            Outcome::from(transduce($ours, $reducer, $source))
        }));
        workload.runs.push((Contender::LazyFor, |$input: &Input| {
            let $our_input = $input;
            let _ = $our_input;
            Outcome::from(by_for($source.transduce($ours), $reducer))
        }));
        workload.runs.push((Contender::LazyFold, |$input: &Input| {
            let $our_input = $input;
            let _ = $our_input;
            let $outputs = $source.transduce($ours);
            Outcome::from($finish)
        }));
        workload.runs.push((Contender::Pushed, |$input: &Input| {
            let $our_input = $input;
            let _ = $our_input;
            Outcome::from(pushed($ours, $reducer, $source))
        }));
        workload.runs.push((Contender::Boxed, |$input: &Input| {
            let $our_input = $input;
            let _ = $our_input;
            Outcome::from(transduce(black_box(boxed($ours)), $reducer, $source))
        }));
        workload
    }};
}

fn square(x: u64) -> u64 {
    x * x + 1
}

fn wanted(x: &u64) -> bool {
    !x.is_multiple_of(3)
}

fn even(x: &u64) -> bool {
    x.is_multiple_of(2)
}

fn checked(x: u64) -> Result<u64, u64> {
    if x > 2_000 { Err(x) } else { Ok(x + 1) }
}

fn total(sum: &mut u64, x: u64) -> Option<u64> {
    *sum += x;
    Some(*sum % 1_000)
}

/// What is done with a batch or a window: enough to need all of it, and not so much that it counts.
fn ends(items: &[u64]) -> u64 {
    match items {
        [first, .., last] => first + last,
        [only] => only * 2,
        [] => 0,
    }
}

/// The size is kept from the optimizer, as it is when it is an argument: a hand loop for one size alone
/// is unrolled whole, which no batcher is that can be told its size.
macro_rules! batches {
    ($name:literal, $size:literal) => {
        workload! {
            $name;
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let size = black_box($size);
                let (mut sum, mut batch) = (0, Vec::with_capacity(size));
                for x in source {
                    batch.push(x);
                    if batch.len() == size {
                        sum += ends(&black_box(std::mem::replace(&mut batch, Vec::with_capacity(size))));
                    }
                }
                if !batch.is_empty() {
                    sum += ends(&batch);
                }
                sum
            };
            itertools: |source, input| {
                let mut sum = 0;
                for batch in &source.chunks(black_box($size)) {
                    sum += ends(&black_box(batch.collect::<Vec<_>>()));
                }
                sum
            };
            ours: |input| pipeline::<u64>().chunks(black_box($size)).map(|batch| ends(&black_box(batch)));
        }
    };
}
macro_rules! ten_stages {
    ($name:literal $(, items: $items:literal)?) => {
        workload! {
            $name $(, items: $items)?;
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut skipped) = (0, 0);
                for (index, x) in source.enumerate() {
                    let x = x + index as u64;
                    if !wanted(&x) {
                        continue;
                    }
                    let x = x ^ 21;
                    if !even(&x) {
                        continue;
                    }
                    if skipped < 2 {
                        skipped += 1;
                        continue;
                    }
                    let x = square(x);
                    if x % 5 == 0 {
                        continue;
                    }
                    if x % 7 != 0 {
                        sum += x / 7 + 3;
                    }
                }
                sum
            };
            std: |source, input| source
                .enumerate()
                .map(|(index, x)| x + index as u64)
                .filter(wanted)
                .map(|x| x ^ 21)
                .filter(even)
                .skip(2)
                .map(square)
                .filter(|x| x % 5 != 0)
                .filter_map(|x| (x % 7 != 0).then_some(x / 7))
                .map(|x| x + 3);
            ours: |input| pipeline::<u64>()
                .enumerate()
                .map(|(index, x)| x + index as u64)
                .filter(wanted)
                .map(|x| x ^ 21)
                .filter(even)
                .skip(2)
                .map(square)
                .filter(|x| x % 5 != 0)
                .filter_map(|x| (x % 7 != 0).then_some(x / 7))
                .map(|x| x + 3);
        }
    };
}

/// Every workload, in the order of the report.
pub fn workloads() -> Vec<Workload> {
    vec![
        workload! {
            "map, filter, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut sum = 0;
                for x in source {
                    let x = square(x);
                    if wanted(&x) {
                        sum += x;
                    }
                }
                sum
            };
            std: |source, input| source.map(square).filter(wanted);
            ours: |input| pipeline::<u64>().map(square).filter(wanted);
        },
        workload! {
            "map, collect";
            source: |input| input.numbers.iter().copied();
            reducer: appending();
            finish: |outputs| outputs.collect::<Vec<_>>();
            hand: |source, input| {
                let mut squares = Vec::with_capacity(input.numbers.len());
                for x in source {
                    squares.push(square(x));
                }
                squares
            };
            std: |source, input| source.map(square);
            ours: |input| pipeline::<u64>().map(square);
        },
        workload! {
            "filter, map, collect";
            source: |input| input.numbers.iter().copied();
            reducer: appending();
            finish: |outputs| outputs.collect::<Vec<_>>();
            hand: |source, input| {
                let mut squares = Vec::new();
                for x in source {
                    if wanted(&x) {
                        squares.push(square(x));
                    }
                }
                squares
            };
            std: |source, input| source.filter(wanted).map(square);
            ours: |input| pipeline::<u64>().filter(wanted).map(square);
        },
        workload! {
            "filter, map, take, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut left) = (0, input.numbers.len() / 2);
                if left > 0 {
                    for x in source {
                        if wanted(&x) {
                            sum += square(x);
                            left -= 1;
                            if left == 0 {
                                break;
                            }
                        }
                    }
                }
                sum
            };
            std: |source, input| source.filter(wanted).map(square).take(input.numbers.len() / 2);
            ours: |input| pipeline::<u64>().filter(wanted).map(square).take(input.numbers.len() / 2);
        },
        workload! {
            "chain, flat_map, sum";
            source: |input| input.halves().0.iter().chain(input.halves().1).copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |_source, input| {
                let mut sum = 0;
                for half in [input.halves().0, input.halves().1] {
                    for &x in half {
                        for y in x..x + x % 8 {
                            sum += y ^ 5;
                        }
                    }
                }
                sum
            };
            std: |source, input| source.flat_map(|x| (x..x + x % 8).map(|y| y ^ 5));
            ours: |input| pipeline::<u64>().flat_map(|x| (x..x + x % 8).map(|y| y ^ 5));
        },
        workload! {
            "flat_map of a list, sum";
            source: |input| input.lists.iter();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut sum = 0;
                for list in source {
                    for &x in list {
                        sum += square(x);
                    }
                }
                sum
            };
            std: |source, input| source.flatten().map(|&x| square(x));
            ours: |input| pipeline::<&Vec<u64>>().flatten().map(|&x| square(x));
        },
        workload! {
            "repeat 3, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut sum = 0;
                for x in source {
                    for _ in 0..3 {
                        sum += x;
                    }
                }
                sum
            };
            std: |source, input| source.flat_map(|x| std::iter::repeat_n(x, 3));
            ours: |input| pipeline::<u64>().repeat(3);
        },
        batches!("batch 4 to Vec", 4),
        workload! {
            "batch 4 to SmallVec";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut batch) = (0, SmallVec::<[u64; 4]>::new());
                for x in source {
                    batch.push(x);
                    if batch.len() == 4 {
                        sum += ends(&black_box(std::mem::take(&mut batch)));
                    }
                }
                if !batch.is_empty() {
                    sum += ends(&black_box(batch));
                }
                sum
            };
            ours: |input| {
                pipeline::<u64>().chunks(4).collect_into::<SmallVec<[u64; 4]>>().map(|batch| ends(&black_box(batch)))
            };
        },
        batches!("batch 16 to Vec", 16),
        batches!("batch 64 to Vec", 64),
        workload! {
            "batching_with 64";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut batch) = (0, Vec::with_capacity(64));
                for x in source {
                    batch.push(x);
                    if batch.len() == 64 {
                        sum += ends(&batch);
                        batch.clear();
                    }
                }
                if !batch.is_empty() {
                    sum += ends(&batch);
                }
                sum
            };
            itertools: |source, input| {
                let mut sum = 0;
                for mut batch in &source.chunks(64) {
                    let first = batch.next().unwrap_or_default();
                    sum += first + batch.last().unwrap_or(first);
                }
                sum
            };
            ours: |input| pipeline::<u64>().chunks_with(64, |batch: &[u64]| ends(batch));
        },
        workload! {
            "window 8";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut latest) = (0, VecDeque::with_capacity(8));
                for x in source {
                    if latest.len() == 8 {
                        latest.pop_front();
                    }
                    latest.push_back(x);
                    if latest.len() == 8 {
                        let window: Vec<u64> = latest.iter().copied().collect();
                        sum += ends(&black_box(window));
                    }
                }
                sum
            };
            ours: |input| pipeline::<u64>().windows(8).map(|window| ends(&black_box(window)));
        },
        workload! {
            "dedup, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut current) = (0, None);
                for x in source {
                    if current != Some(x) {
                        current = Some(x);
                        sum += x;
                    }
                }
                sum
            };
            std: |source, input| {
                let mut current = None;
                source.filter(move |&x| current.replace(x) != Some(x))
            };
            itertools: |source, input| source.dedup().sum::<u64>();
            ours: |input| pipeline::<u64>().dedup();
        },
        workload! {
            "distinct, sum", hashes: true;
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut seen) = (0, HashSet::new());
                for x in source {
                    if seen.insert(x) {
                        sum += x;
                    }
                }
                sum
            };
            std: |source, input| {
                let mut seen = HashSet::new();
                source.filter(move |&x| seen.insert(x))
            };
            itertools: |source, input| source.unique().sum::<u64>();
            ours: |input| pipeline::<u64>().distinct();
        },
        workload! {
            "sum by key", hashes: true;
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut sums = HashMap::new();
                for x in source {
                    *sums.entry(x % 64).or_insert(0) += x;
                }
                sums.into_iter().map(|(key, sum)| key ^ sum).sum::<u64>()
            };
            itertools: |source, input| {
                let sums = source.into_grouping_map_by(|x| x % 64).sum();
                sums.into_iter().map(|(key, sum)| key ^ sum).sum::<u64>()
            };
            ours: |input| pipeline::<u64>().by_key(|x| x % 64, reducing(summing::<u64>())).map(|(key, sum)| key ^ sum);
        },
        workload! {
            "scan, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut state) = (0, 0);
                for x in source {
                    let Some(x) = total(&mut state, x) else { break };
                    sum += x;
                }
                sum
            };
            std: |source, input| source.scan(0, total);
            ours: |input| pipeline::<u64>().scan(0, total);
        },
        ten_stages!("ten stages, sum"),
        ten_stages!("ten stages, one item", items: 1),
        ten_stages!("ten stages, no item", items: 0),
        workload! {
            "4 KiB accumulator";
            source: |input| input.numbers.iter().copied();
            reducer: Histogram;
            finish: |outputs| Histogram.of(outputs.fold([0; HISTOGRAM], |mut counts, x| {
                counts[x as usize % HISTOGRAM] += 1;
                counts
            }));
            hand: |source, input| {
                let mut counts = [0; HISTOGRAM];
                for x in source {
                    let x = square(x);
                    if wanted(&x) {
                        counts[x as usize % HISTOGRAM] += 1;
                    }
                }
                Histogram.of(counts)
            };
            std: |source, input| source.map(square).filter(wanted);
            ours: |input| pipeline::<u64>().map(square).filter(wanted);
        },
        workload! {
            "strings, collect";
            source: |input| input.strings.iter();
            reducer: appending();
            finish: |outputs| outputs.collect::<Vec<_>>();
            hand: |source, input| {
                let mut long = Vec::new();
                for word in source {
                    if word.len() > 4 {
                        long.push(word.to_uppercase());
                    }
                }
                long
            };
            std: |source, input| source.filter(|word| word.len() > 4).map(|word| word.to_uppercase());
            ours: |input| pipeline::<&String>().filter(|word| word.len() > 4).map(|word| word.to_uppercase());
        },
        workload! {
            "fallible, trying";
            source: |input| input.numbers.iter().copied();
            reducer: trying(summing::<u64>());
            finish: |outputs| outputs.sum::<Result<u64, u64>>();
            hand: |source, input| {
                let mut sum = Ok(0);
                for x in source {
                    match (checked(x), &mut sum) {
                        (Ok(x), Ok(sum)) => *sum += x,
                        (Err(error), _) => {
                            sum = Err(error);
                            break;
                        }
                        (_, Err(_)) => break,
                    }
                }
                sum
            };
            std: |source, input| source.map(checked);
            itertools: |source, input| source.map(checked).process_results(|oks| oks.sum::<u64>());
            ours: |input| pipeline::<u64>().map(checked);
        },
        workload! {
            "fallible, on_ok";
            source: |input| input.numbers.iter().copied();
            reducer: trying(summing::<u64>());
            finish: |outputs| outputs.sum::<Result<u64, u64>>();
            hand: |source, input| {
                let mut sum = Ok(0);
                for x in source {
                    match (checked(x), &mut sum) {
                        (Ok(x), Ok(sum)) => {
                            if wanted(&x) {
                                *sum += square(x);
                            }
                        }
                        (Err(error), _) => {
                            sum = Err(error);
                            break;
                        }
                        (_, Err(_)) => break,
                    }
                }
                sum
            };
            std: |source, input| {
                source.map(checked).filter(|result| result.as_ref().map_or(true, wanted)).map(|result| result.map(square))
            };
            itertools: |source, input| {
                source.map(checked).filter_ok(wanted).map_ok(square).process_results(|oks| oks.sum::<u64>())
            };
            ours: |input| pipeline::<u64>().map(checked).on_ok(compose((filtering(wanted), mapping(square))));
        },
        workload! {
            "chain at the end, sum";
            source: |input| input.halves().0.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut sum = 0;
                for x in source {
                    sum += square(x);
                }
                for &x in input.halves().1 {
                    sum += square(x);
                }
                sum
            };
            std: |source, input| source.chain(input.halves().1.iter().copied()).map(square);
            ours: |input| pipeline::<u64>().chain(input.halves().1.iter().copied()).map(square);
        },
        workload! {
            "intersperse, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let (mut sum, mut begun) = (0, false);
                for x in source {
                    if begun {
                        sum += 7;
                    }
                    begun = true;
                    sum += x;
                }
                sum
            };
            itertools: |source, input| {
                let mut sum = 0;
                for x in Itertools::intersperse(source, 7) {
                    sum += x;
                }
                sum
            };
            ours: |input| pipeline::<u64>().intersperse(7);
        },
        workload! {
            "sort, sum";
            source: |input| input.numbers.iter().copied();
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut numbers = Vec::new();
                for x in source {
                    numbers.push(x);
                }
                numbers.sort();
                let mut sum = 0;
                for x in numbers {
                    sum += x;
                }
                sum
            };
            itertools: |source, input| by_for(source.sorted(), summing::<u64>());
            ours: |input| pipeline::<u64>().sorted();
        },
        workload! {
            "flat_map in on_some, sum";
            source: |input| input.numbers.iter().map(|&x| (x % 5 != 0).then_some(x));
            reducer: summing::<u64>();
            finish: |outputs| outputs.sum::<u64>();
            hand: |source, input| {
                let mut sum = 0;
                for item in source {
                    match item {
                        Some(x) => {
                            for y in [x, x ^ 1, x ^ 2] {
                                sum += y;
                            }
                        }
                        None => sum += 1,
                    }
                }
                sum
            };
            std: |source, input| {
                source
                    .flat_map(|item| match item {
                        Some(x) => itertools::Either::Left([x, x ^ 1, x ^ 2].into_iter().map(Some)),
                        None => itertools::Either::Right(std::iter::once(None)),
                    })
                    .map(|item| item.unwrap_or(1))
            };
            ours: |input| pipeline::<Option<u64>>().on_some(flat_mapping(|x| [x, x ^ 1, x ^ 2])).map(|x| x.unwrap_or(1));
        },
    ]
}
