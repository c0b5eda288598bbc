//! A run whose state went through JSON goes on where it was.

use std::ops::ControlFlow;

use serde::{Serialize, de::DeserializeOwned};
use transducer::{stages::TimeWindow, *};

use crate::table::{Value, config, inputs, rows};
use proptest::prelude::*;

/// Runs `xf` over the items with the state written and read again before each of them, and at the end.
pub(crate) fn goes_on_from_json<X>(name: &str, n: usize, xf: X, items: &[Value])
where
    X: Transducer<Value, Out = Value, State: Serialize + DeserializeOwned>,
{
    let through_json = |state: &mut X::State| {
        let json = serde_json::to_string(state).expect("to JSON");
        *state = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error} in {json}"));
    };
    let mut outputs = vec![];
    let mut out = unbounded(|item| {
        outputs.push(item);
        ControlFlow::Continue(())
    });
    let mut state = xf.initial();
    let mut ended = xf.is_reduced(&state);
    for item in items {
        through_json(&mut state);
        if ended {
            break;
        }
        ended = xf.step(&mut state, item.clone(), &mut out).is_break();
    }
    through_json(&mut state);
    let _ = xf.complete(&mut state, &mut out);
    let whole = transduce(&xf, appending(), items.iter().cloned());
    assert_eq!(outputs, whole, "{name} with n = {n}, its state through JSON, of {items:?}");
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn every_state_goes_through_json_at_every_point(input in inputs(), n in 0..6usize) {
        for row in rows() {
            (row.checks.json)(n, &input);
        }
    }
}

#[test]
fn time_windows_go_through_json() {
    let windows = transduce(batching_by_time(10, |time: &i64| *time), appending(), [1, 12, 3]);
    let text = serde_json::to_string(&windows).unwrap();
    assert_eq!(serde_json::from_str::<Vec<TimeWindow<i64, i64>>>(&text).unwrap(), windows);
}
