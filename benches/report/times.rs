//! Time, as a ratio to the hand loop.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{
    figures::{Cell, Figures},
    workloads::{Contender, Input, Run, Workload, transducer_measured_region, workloads},
};

const ITEMS: usize = if cfg!(debug_assertions) { 2_000 } else { 20_000 };
const ROUNDS: usize = 41;
/// What one sample takes, at least: many times what reading the clock does.
const SAMPLE: Duration = Duration::from_micros(200);

/// Times every workload.
pub(crate) fn time() -> Figures {
    workloads()
        .iter()
        .flat_map(|workload| {
            let ratios = ratios(workload, &workload.input(ITEMS), ROUNDS);
            ratios.into_iter().map(|(contender, ratio)| (Cell { workload: workload.name, contender }, ratio))
        })
        .collect()
}

/// Each contender's time by the hand loop's of the same round, the median of many rounds. Contenders
/// take turns, and not always in the same order, so that what else the machine does hits all alike.
pub(crate) fn ratios(workload: &Workload, input: &Input, rounds: usize) -> Vec<(Contender, f64)> {
    let runs: Vec<(Contender, Run)> = workload.runs().collect();
    let hand = runs.iter().position(|(contender, _)| *contender == Contender::Hand).expect("a hand loop");
    let repeats = (1..).map(|doubled| 1 << doubled).find(|&n| sample(runs[hand].1, input, n) >= SAMPLE).unwrap_or(1);
    let mut samples = vec![Vec::with_capacity(rounds); runs.len()];
    for round in 0..rounds {
        let mut times = vec![Duration::ZERO; runs.len()];
        for turn in 0..runs.len() {
            let place = (turn + round) % runs.len();
            times[place] = sample(runs[place].1, input, repeats);
        }
        for (samples, time) in samples.iter_mut().zip(&times) {
            samples.push(time.as_secs_f64() / times[hand].as_secs_f64());
        }
    }
    let medians = samples.into_iter().map(median);
    runs.iter().map(|(contender, _)| *contender).zip(medians).collect()
}

fn sample(run: Run, input: &Input, repeats: usize) -> Duration {
    let start = Instant::now();
    for _ in 0..repeats {
        black_box(transducer_measured_region(run, input));
    }
    start.elapsed()
}

pub(crate) fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
