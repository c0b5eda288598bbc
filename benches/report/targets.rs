//! What the library sets out to reach, and where it does.

use crate::{
    figures::{Cell, Figures},
    workloads::{Contender, Workload},
};

/// No more than this, by whoever drives the same work in the same way.
const LIMIT: f64 = 1.05;

/// One driver's figure by what it is held against.
pub(crate) struct Target {
    pub(crate) driver: Contender,
    pub(crate) against: &'static str,
    pub(crate) figure: f64,
    pub(crate) held_against: f64,
}

impl Target {
    pub(crate) fn ratio(&self) -> f64 {
        self.figure / self.held_against
    }

    /// Counts vary by a few instructions a run, whoever does the work.
    pub(crate) fn is_met(&self) -> bool {
        self.ratio() <= LIMIT + 0.005
    }
}

/// The targets of a workload; with link-time optimization std is what counts, and the hand loop where std has no such verb.
pub(crate) fn targets(workload: &Workload, figures: &Figures, with_lto: bool) -> Vec<Target> {
    // Hashing with random keys makes counts that no two runs have in common.
    if workload.hashes {
        return vec![];
    }
    let figure = |contender| figures.get(&Cell { workload: workload.name, contender }).copied();
    let hand = figure(Contender::Hand);
    let of_std = |contender, what| figure(contender).map(|figure| (what, figure));
    let by_hand = hand.map(|figure| ("the hand loop", figure));
    let by_fold = of_std(Contender::StdFold, "std by `fold`");
    let from_inside = match (by_fold, by_hand) {
        (Some(fold), Some(hand)) if !with_lto && hand.1 < fold.1 => Some(hand),
        (fold, hand) => fold.or(hand),
    };
    let by_for = of_std(Contender::StdFor, "std in a `for`").or(of_std(Contender::Itertools, "itertools"));
    let all = [
        (Contender::Eager, from_inside),
        (Contender::LazyFor, by_for.or(by_hand)),
        (Contender::LazyFold, from_inside),
        (Contender::Pushed, by_hand),
    ];
    all.into_iter()
        .filter_map(|(driver, held_against)| {
            let (against, held_against) = held_against?;
            Some(Target { driver, against, figure: figure(driver)?, held_against })
        })
        .collect()
}
