//! How contenders are timed: in turn, for some rounds. A ratio is the median of those of the rounds, so that what else the
//! machine does strikes both.

// Not every benchmark needs all of it.
#![allow(dead_code)]

use std::{fs, hint::black_box, time::Instant};

const ROUNDS: usize = 15;

/// A way to get a number, by which the contenders are held to do the same.
pub(crate) type Run<'a> = Box<dyn Fn() -> u64 + 'a>;

pub(crate) fn run<'a>(run: impl Fn() -> u64 + 'a) -> Run<'a> {
    Box::new(run)
}

/// The machine, and when.
pub(crate) fn heading() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    format!("{}, {}", model.trim_start_matches(['\t', ' ', ':']), jiff::Zoned::now())
}

/// The times of each run in each round, in nanoseconds an item.
pub(crate) fn times(runs: &[Run<'_>], items: u64) -> Vec<Vec<f64>> {
    let expected = runs.iter().map(|run| run()).collect::<Vec<_>>();
    assert!(expected.windows(2).all(|pair| pair[0] == pair[1]), "the contenders give {expected:?}");
    let mut times = vec![vec![]; runs.len()];
    for round in 0..ROUNDS {
        for place in 0..runs.len() {
            let place = (place + round) % runs.len();
            let start = Instant::now();
            black_box(runs[place]());
            times[place].push(start.elapsed().as_nanos() as f64 / items as f64);
        }
    }
    times
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The median of the ratios of the rounds.
pub(crate) fn ratio(a: &[f64], b: &[f64]) -> f64 {
    median(a.iter().zip(b).map(|(a, b)| a / b).collect())
}
