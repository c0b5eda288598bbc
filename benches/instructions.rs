//! Instructions of every contender over every workload, one gungraun benchmark each.
//!
//! Needs valgrind, and the runner: `cargo install gungraun-runner --version 0.20.0`. For one table of
//! them all, and without the runner: `cargo bench --bench report`.

#![allow(missing_docs)] // gungraun's macros make modules of their own

mod workloads;

use std::hint::black_box;

use gungraun::prelude::*;
use workloads::{Contender, Input, Outcome, Run, transducer_measured_region, workloads};

const ITEMS: usize = 20_000;

/// Each workload with each of its contenders.
fn runs() -> Vec<(&'static str, Contender)> {
    let runs = workloads().into_iter().map(|workload| (workload.name, workload.runs().collect::<Vec<_>>()));
    runs.flat_map(|(name, runs)| runs.into_iter().map(move |(contender, _)| (name, contender))).collect()
}

fn prepare((name, contender): (&'static str, Contender)) -> (Run, Input) {
    let workload = workloads().into_iter().find(|workload| workload.name == name).expect("it is one of them");
    (workload.run(contender).expect("it is one of them"), workload.input(ITEMS))
}

#[library_benchmark]
#[benches::of(iter = runs(), setup = prepare)]
fn run((run, input): (Run, Input)) -> (Outcome, Input) {
    let outcome = black_box(transducer_measured_region(run, &input));
    // The input goes out with the outcome, so that dropping it isn't counted.
    (outcome, input)
}

library_benchmark_group!(name = all, benchmarks = run);
main!(library_benchmark_groups = all);
