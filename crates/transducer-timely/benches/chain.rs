//! What stages cost on timely: its own operators, one behind the other, beside one operator with as many stages of ours.
//!
//! ```text
//! cargo bench -p transducer-timely --bench chain
//! ```
//!
//! A stage is one of `map` and `filter` by turns. Both contenders have the same source and the same sink, timely's own, so
//! that a ratio is that of whole dataflows. They run in turn; a ratio is the median of those of the rounds, so that what else
//! the machine does strikes both.

use std::{fs, time::Instant};

use timely::{
    Config,
    dataflow::{
        Scope, StreamVec,
        channels::pact::Pipeline,
        operators::{
            ToStream,
            generic::Operator,
            vec::{Filter, Map},
        },
    },
};
use transducer::prelude::*;
use transducer_timely::Transduce;

const ROUNDS: usize = 31;
/// How many items each worker has.
const ITEMS: u64 = 4_000_000;

fn mix(x: u64) -> u64 {
    (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Most items.
fn most(x: &u64) -> bool {
    x % 16 != 0
}

type Numbers<'scope> = StreamVec<'scope, u64, u64>;

fn chain(numbers: Numbers<'_>, stages: usize) -> Numbers<'_> {
    (0..stages).fold(numbers, |numbers, stage| if stage % 2 == 0 { numbers.map(mix) } else { numbers.filter(most) })
}

fn fused(numbers: Numbers<'_>, stages: usize) -> Numbers<'_> {
    let two = || compose((mapping(mix), filtering(most)));
    match stages {
        1 => numbers.transduce(mapping(mix)),
        4 => numbers.transduce(compose((two(), two()))),
        10 => numbers.transduce(compose((two(), two(), two(), two(), two()))),
        _ => unreachable!("no such row"),
    }
}

/// How many nanoseconds an item took, and what came out.
fn run(workers: usize, build: impl Fn(Numbers<'_>) -> Numbers<'_> + Send + Sync + 'static) -> (f64, u64) {
    let config = if workers == 1 { Config::thread() } else { Config::process(workers) };
    let start = Instant::now();
    let guards = timely::execute(config, move |worker| {
        let (sender, result) = std::sync::mpsc::channel();
        worker.dataflow(|scope: Scope<'_, u64>| {
            let first = scope.index() as u64 * ITEMS;
            let mut sum = 0_u64;
            build((first..first + ITEMS).to_stream(scope)).sink(Pipeline, "Sum", move |(input, frontier)| {
                input.for_each(|_, items| sum = items.drain(..).fold(sum, |sum, x| sum.wrapping_mul(31) ^ x));
                if frontier.is_empty() {
                    let _ = sender.send(sum);
                }
            });
        });
        while worker.has_dataflows() {
            worker.step_or_park(None);
        }
        result.recv().expect("the sum")
    });
    let sums = guards.expect("threads").join().into_iter().map(|sum| sum.expect("no panic"));
    let sum = sums.fold(0, |sum: u64, x| sum.rotate_left(7) ^ x);
    (start.elapsed().as_nanos() as f64 / ITEMS as f64, sum)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn main() {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{}, {cores} cores, {}", model.trim_start_matches(['\t', ' ', ':']), jiff::Timestamp::now());
    println!("\n| workers | stages | timely's operators, ns an item | one of ours | ours to timely's |");
    println!("| ---: | ---: | ---: | ---: | ---: |");
    for workers in [1, 2] {
        for stages in [1, 4, 10] {
            let (mut theirs, mut ours, mut ratios) = (vec![], vec![], vec![]);
            for round in 0..=ROUNDS {
                let first = run(
                    workers,
                    move |numbers| if round % 2 == 0 { chain(numbers, stages) } else { fused(numbers, stages) },
                );
                let second = run(
                    workers,
                    move |numbers| if round % 2 == 0 { fused(numbers, stages) } else { chain(numbers, stages) },
                );
                assert_eq!(first.1, second.1, "both give the same");
                let (theirs_now, ours_now) = if round % 2 == 0 { (first.0, second.0) } else { (second.0, first.0) };
                // The first one warms up.
                if round > 0 {
                    theirs.push(theirs_now);
                    ours.push(ours_now);
                    ratios.push(ours_now / theirs_now);
                }
            }
            let (theirs, ours, ratio) = (median(theirs), median(ours), median(ratios));
            println!("| {workers} | {stages} | {theirs:.2} | {ours:.2} | {ratio:.2} |");
        }
    }
}
