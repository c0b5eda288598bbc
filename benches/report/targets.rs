//! What the library sets out to reach, and where it does.

use crate::{
    figures::{Cell, Figures},
    workloads::{Contender, Workload},
};

/// One driver's figure by what it is held against.
pub(crate) struct Target {
    pub(crate) driver: Contender,
    pub(crate) against: &'static str,
    pub(crate) ratio: f64,
    pub(crate) limit: f64,
}

impl Target {
    /// Counts vary by a few instructions a run, whoever does the work.
    pub(crate) fn is_met(&self) -> bool {
        self.ratio <= self.limit + 0.005
    }
}

/// The targets of a workload.
pub(crate) fn targets(workload: &Workload, figures: &Figures) -> Vec<Target> {
    let figure = |contender| figures.get(&Cell { workload: workload.name, contender }).copied();
    let least =
        |contenders: &[Contender]| contenders.iter().filter_map(|&contender| figure(contender)).reduce(f64::min);
    let batching = workload.name.starts_with("batch");
    let expanding = workload.expanding;
    // Where std and itertools have no such verb, the hand loop stands in.
    let by_hand = figure(Contender::Hand);
    let all = [
        (
            Contender::Eager,
            "the better of hand loop and std",
            least(&[Contender::Hand, Contender::StdFor, Contender::StdFold]),
            1.0,
        ),
        (
            Contender::LazyFor,
            "std in a `for`",
            figure(Contender::StdFor).or(by_hand),
            if expanding { 2.0 } else { 1.0 },
        ),
        (Contender::LazyFold, "std by `fold`", figure(Contender::StdFold).or(by_hand), 1.0),
        (Contender::Pushed, "the hand loop", by_hand, 1.05),
        (Contender::Eager, "itertools", figure(Contender::Itertools).filter(|_| batching), 0.25),
    ];
    all.into_iter()
        .filter_map(|(driver, against, held_against, limit)| {
            Some(Target { driver, against, ratio: figure(driver)? / held_against?, limit })
        })
        .collect()
}
