//! A run whose state went through JSON goes on where it was, for the stages that have a state.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use transducer::*;

/// Runs `xf` over the items with the state written and read again before each of them, and at the end.
fn goes_on_from_json<X, Out>(xf: X, items: &[i64])
where
    X: Transducer<i64, Out = Out, State: Serialize + DeserializeOwned>,
    Out: PartialEq + Debug,
{
    let through_json = |state: X::State| -> X::State {
        serde_json::from_str(&serde_json::to_string(&state).expect("to JSON")).expect("from JSON")
    };
    let mut outputs = vec![];
    let mut keep = |out| {
        outputs.push(out);
        Step::Continue(())
    };
    let mut state = xf.initial();
    for item in items {
        state = through_json(state);
        if xf.step(&mut state, *item, &mut keep).is_break() {
            break;
        }
    }
    xf.complete(through_json(state), &mut keep);
    assert!(!outputs.is_empty());
    assert_eq!(outputs, transduce(&xf, appending(), items.iter().copied()));
}

#[test]
fn states_go_through_json() {
    let items = [3, 3, 17, 5, 22, 16, 5, 41, -40, 41, 2];
    let time = |time: &i64| *time;
    goes_on_from_json(distinct(), &items);
    goes_on_from_json(distinct_by_key(|item: &i64| item % 5), &items);
    goes_on_from_json(stepping_by(3), &items);
    goes_on_from_json(sampling(0.5, 11), &items);
    goes_on_from_json(element_at(4), &items);
    goes_on_from_json(taking_last(3), &items);
    goes_on_from_json(skipping_last(3), &items);
    goes_on_from_json(prepending([1, 2]), &items);
    goes_on_from_json(batching_by(|item: &i64| item % 2), &items);
    goes_on_from_json(pairing(), &items);
    goes_on_from_json(windowing_with(3, |window: &[i64]| window.iter().sum::<i64>()), &items);
    goes_on_from_json(sorting(), &items);
    goes_on_from_json(reversing(), &items);
    goes_on_from_json(batching_by_time(10, time).waiting(4), &items);
    goes_on_from_json(windowing_by_time(10, 5, time).waiting(4), &items);
    goes_on_from_json(sessioning(5, time).waiting(20), &items);
    goes_on_from_json(compose((pairing(), mapping(|(a, b): (i64, i64)| b - a), taking_last(2))), &items);
}

#[test]
fn time_windows_go_through_json() {
    let windows = transduce(batching_by_time(10, |time: &i64| *time), appending(), [1, 12, 3]);
    let text = serde_json::to_string(&windows).unwrap();
    assert_eq!(serde_json::from_str::<Vec<TimeWindow<i64, i64>>>(&text).unwrap(), windows);
}
