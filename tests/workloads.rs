//! What the benchmarks compare comes to the same result whoever does it.

#[path = "../benches/workloads/mod.rs"]
mod workloads;

use workloads::{Contender, workloads};

#[test]
fn all_contenders_of_a_workload_agree_with_the_hand_loop() {
    for workload in workloads() {
        let hand = workload.run(Contender::Hand).expect("every workload has a hand loop");
        for items in [0, 1, 2, 100, 1_000] {
            let input = workload.input(items);
            let expected = hand(&input);
            for (contender, run) in workload.runs() {
                assert_eq!(run(&input), expected, "{}, {contender:?}, {items} items", workload.name);
            }
        }
    }
}

#[test]
fn every_workload_is_run_by_every_driver() {
    for workload in workloads() {
        for driver in [Contender::Eager, Contender::LazyFor, Contender::LazyFold, Contender::Pushed, Contender::Boxed] {
            assert!(workload.run(driver).is_some(), "{} by {driver:?}", workload.name);
        }
    }
}
