//! Throughput of every contender over every workload, as criterion sees it: in units of the hand loop's
//! time, which is taken in turns with the contender's.
//!
//! `TRANSDUCER_ITEMS` sets the number of items (100,000 otherwise).

mod workloads;

use std::time::{Duration, Instant};

use criterion::{
    BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::{Measurement, ValueFormatter},
};
use workloads::{Contender, Input, Run, transducer_measured_region, workloads};

/// Time by the hand loop's. There is no clock to read: runs are timed in pairs, by [`ratio`].
struct ByHand;

impl Measurement for ByHand {
    type Intermediate = ();
    type Value = f64;

    fn start(&self) {}

    fn end(&self, (): ()) -> f64 {
        unreachable!("ratios are made by `iter_custom`")
    }

    fn add(&self, a: &f64, b: &f64) -> f64 {
        a + b
    }

    fn zero(&self) -> f64 {
        0.0
    }

    fn to_f64(&self, ratio: &f64) -> f64 {
        *ratio
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Ratio
    }
}

struct Ratio;

impl ValueFormatter for Ratio {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "of the hand loop"
    }

    fn scale_throughputs(&self, _: f64, _: &Throughput, _: &mut [f64]) -> &'static str {
        "of the hand loop"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "ratio"
    }
}

fn timed(run: Run, input: &Input) -> Duration {
    let start = Instant::now();
    std::hint::black_box(transducer_measured_region(run, input));
    start.elapsed()
}

/// `pairs` times the ratio of the time of `run` to that of `hand`, run in turns.
fn ratio(run: Run, hand: Run, input: &Input, pairs: u64) -> f64 {
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    for pair in 0..pairs {
        // Whoever comes second finds the caches warm.
        if pair % 2 == 0 {
            ours += timed(run, input);
            theirs += timed(hand, input);
        } else {
            theirs += timed(hand, input);
            ours += timed(run, input);
        }
    }
    ours.as_secs_f64() / theirs.as_secs_f64() * pairs as f64
}

fn throughput(criterion: &mut Criterion<ByHand>) {
    let items = std::env::var("TRANSDUCER_ITEMS").map_or(100_000, |items| items.parse().expect("TRANSDUCER_ITEMS"));
    for workload in workloads() {
        let input = workload.input(items);
        let hand = workload.run(Contender::Hand).expect("every workload has a hand loop");
        let mut group = criterion.benchmark_group(workload.name);
        group.sample_size(10).warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(500));
        for (contender, run) in workload.runs() {
            let name = contender.name().replace('`', "");
            group.bench_function(BenchmarkId::new(name, input.numbers.len()), |bencher| {
                bencher.iter_custom(|pairs| ratio(run, hand, &input, pairs));
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(ByHand);
    targets = throughput
}
criterion_main!(benches);
