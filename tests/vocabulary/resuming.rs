//! A run that was set aside, as JSON and as bytes, goes on where it was.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use transducer::{stages::TimeWindow, *};

use crate::table::{REDUCERS, config, inputs, rows};

/// Runs a stage over the items; before each of them the run is set aside, and gone on with.
pub(crate) fn goes_on_from_snapshots<In, X>(name: &str, n: usize, stage: impl Fn() -> X, items: &[In])
where
    In: Clone + Debug,
    X: Transducer<In, Out: Debug + PartialEq, State: Serialize + DeserializeOwned>,
{
    let whole = transduce(stage(), appending(), items.iter().cloned());
    let xf = stage();
    let mut run = reactive_transduce(&xf, collection_sink(vec![]));
    for item in items {
        let (snapshot, sink) = run.suspend();
        let json = serde_json::to_string(&snapshot).expect("to JSON");
        let snapshot: Snapshot<X::State> =
            serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error} in {json}"));
        let bytes = postcard::to_allocvec(&snapshot).expect("to bytes");
        let snapshot: Snapshot<X::State> =
            postcard::from_bytes(&bytes).unwrap_or_else(|error| panic!("{name}: {error} in {bytes:?}, {json}"));
        assert_eq!(serde_json::to_string(&snapshot).unwrap(), json, "{name}: what was read is what was written");
        run = snapshot.resume(&xf, sink).unwrap_or_else(|error| panic!("{name}: {error} in {json}"));
        if run.send(item.clone()).is_break() {
            break;
        }
    }
    assert_eq!(run.close(), whole, "{name} with n = {n}, set aside before each of {items:?}");
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn every_stage_goes_on_from_a_snapshot_at_every_point(input in inputs(), n in 0..6usize) {
        for row in rows() {
            (row.checks.snapshots)(n, &input);
        }
    }

    #[test]
    fn every_reducer_goes_on_from_a_snapshot_at_every_point(input in proptest::collection::vec(0..6i64, 0..12), n in 0..6usize) {
        for row in REDUCERS {
            (row.snapshots)(n, &input);
        }
    }
}

#[test]
fn time_windows_go_through_json() {
    let windows = transduce(batching_by_time(10, |time: &i64| *time), appending(), [1, 12, 3]);
    let text = serde_json::to_string(&windows).unwrap();
    assert_eq!(serde_json::from_str::<Vec<TimeWindow<i64, i64>>>(&text).unwrap(), windows);
}
