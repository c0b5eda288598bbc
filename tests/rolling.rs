//! Rolling windows: how much an item takes, and how they are set aside.

use std::{cell::Cell, ops::ControlFlow, time::Duration};

use transducer::{kernel::Run, *};

/// Puts items in order, and counts its combinations.
struct Counted<'a> {
    combined: &'a Cell<usize>,
}

impl Reducer<u32> for Counted<'_> {
    type Acc = u64;
    type Output = u64;

    fn initial(&self) -> u64 {
        0
    }

    fn step(&self, acc: &mut u64, item: u32) -> Step {
        *acc += u64::from(item);
        ControlFlow::Continue(())
    }

    fn complete(&self, acc: u64) -> u64 {
        acc
    }
}

impl Combine<u32> for Counted<'_> {
    fn combine(&self, acc: &mut u64, later: u64) -> Step {
        self.combined.set(self.combined.get() + 1);
        *acc += later;
        ControlFlow::Continue(())
    }
}

#[test]
fn an_item_takes_at_most_three_combinations_however_long_the_window_is() {
    for size in [1, 2, 3, 10, 1_000] {
        let combined = Cell::new(0);
        let sums = (0..10_000).transduce(rolling(size, Counted { combined: &combined }));
        assert_eq!(sums.last(), Some((10_000 - size as u64..10_000).sum()));
        assert!(combined.get() <= 30_000, "{} combinations in windows of {size}", combined.get());
    }
}

#[test]
fn a_rolling_window_of_another_size_goes_on_from_the_latest_items() {
    let mut run = Run::new(rolling(3, appending()));
    assert_eq!([1, 2, 3, 4].map(|item| run.step(item)).last(), Some(&Some(vec![2, 3, 4])));
    let snapshot = run.suspend().unwrap();
    let mut narrower = snapshot.clone().resume_run(rolling(2, appending())).unwrap();
    assert_eq!(narrower.step(5), Some(vec![4, 5]));
    let mut wider = snapshot.resume_run(rolling(4, appending())).unwrap();
    assert_eq!((wider.step(5), wider.step(6)), (Some(vec![2, 3, 4, 5]), Some(vec![3, 4, 5, 6])));
}

#[test]
fn a_timed_window_goes_on_from_json_and_refuses_what_no_run_has_written() {
    let at = |second: i128| Time::from_nanos(second * 1_000_000_000);
    let xf = || rolling_within(Duration::from_secs(5), appending());
    let mut run = Run::new(xf());
    for (second, item) in [(0, 1u8), (2, 2), (6, 3)] {
        while run.advance(at(second)).is_some() {}
        let _ = run.step(item);
    }
    let json = serde_json::to_string(&run.suspend().unwrap()).unwrap();
    let mut resumed = serde_json::from_str::<Snapshot<_>>(&json).unwrap().resume_run(xf()).unwrap();
    while resumed.advance(at(7)).is_some() {}
    assert_eq!(resumed.step(4), Some(vec![3, 4]));
    assert_eq!(resumed.deadline(), Some(at(11)));

    let backwards = json.replace("2000000000,6000000000", "6000000000,2000000000");
    assert_ne!(backwards, json);
    let error =
        serde_json::from_str::<Snapshot<_>>(&backwards).unwrap().resume_run::<u8, _>(xf()).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the state of `rolling_within` is invalid: time has gone backwards");
    let more = json.replace("2000000000,6000000000", "2000000000");
    let error = serde_json::from_str::<Snapshot<_>>(&more).unwrap().resume_run::<u8, _>(xf()).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the state of `rolling_within` is invalid: it has more or fewer moments than items");
}
