//! No snapshot, however hostile, makes a run panic, hang, or reserve memory.
//!
//! The snapshot of every stage and reducer is mutated in thousands of ways: as JSON, by what stands for a counter, a list or an item;
//! as bytes, by bytes. What is read all the same is gone on with. `TRANSDUCER_CASES` multiplies their number.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use allocation_counter::measure;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};
use transducer::{kernel::Run, *};

use crate::table::{REDUCERS, SplitMix64, cases, rows};

/// How many mutants are made of each snapshot.
const MUTANTS: u32 = 250;
/// More outputs than a run of six items and a state of a few makes, unless it hangs.
const MANY_OUTPUTS: usize = 100_000;
/// More memory than such a run needs.
const MUCH_MEMORY: u64 = 4 << 20;

/// What became of the mutants.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Not read: not what a state looks like.
    unreadable: usize,
    /// Read, and refused.
    refused: usize,
    /// Gone on with.
    resumed: usize,
    /// Why states were refused.
    reasons: BTreeSet<String>,
}

/// Goes on from mutants of the snapshots of a run of `xf` over the items.
pub(crate) fn survives<In, X, const N: usize>(name: &str, xf: X, items: [In; N], seen: &mut Seen)
where
    In: Clone,
    X: Transducer<In, State: Serialize + DeserializeOwned>,
{
    let mut snapshots = vec![];
    for count in [0, 1, 2, 3, N] {
        let mut run = reactive_transduce(&xf, collection_sink(vec![]));
        let _ = items.iter().take(count).cloned().try_for_each(|item| run.send(item).into_step());
        let (snapshot, _) = run.suspend();
        let json = serde_json::to_string(&snapshot).expect("to JSON");
        snapshots.push((json, postcard::to_allocvec(&snapshot).expect("to bytes")));
    }
    let resume = |mutant: &Mutant| -> Option<Result<usize, SnapshotError>> {
        let snapshot: Snapshot<X::State> = match mutant {
            Mutant::Json(text) => serde_json::from_str(text).ok()?,
            Mutant::Bytes(bytes) => postcard::from_bytes(bytes).ok()?,
        };
        Some(snapshot.resume_run(&xf).map(|run| outputs(run, items.iter().cloned())))
    };
    survive(name, &snapshots, &resume, seen);
}

/// How many outputs a run makes, up to very many.
fn outputs<In, X: Transducer<In>>(mut run: Run<In, X>, mut items: impl Iterator<Item = In>) -> usize {
    let mut outputs = 0;
    while !run.is_over() && outputs < MANY_OUTPUTS {
        let _ = run.size_hint((1, Some(1)));
        let output = match run.resume() {
            Some(output) => Some(output),
            None => match items.next() {
                Some(item) if run.wants_input() => run.step(item),
                _ => run.complete(),
            },
        };
        outputs += usize::from(output.is_some());
    }
    outputs
}

/// A snapshot that no run has written.
#[derive(Debug)]
enum Mutant {
    Json(String),
    Bytes(Vec<u8>),
}

/// Whether a run goes on from a mutant, with how many outputs; `None` if it can't be read.
type Resume<'a> = dyn Fn(&Mutant) -> Option<Result<usize, SnapshotError>> + 'a;

fn survive(name: &str, snapshots: &[(String, Vec<u8>)], resume: &Resume, seen: &mut Seen) {
    let mut random = SplitMix64(1);
    for (json, bytes) in snapshots {
        let json: Json = serde_json::from_str(json).unwrap();
        for round in 0..2 * cases(MUTANTS) {
            let changes = 0..=random.number() % 3;
            let mutant = if round.is_multiple_of(2) {
                let mut mutant = json.clone();
                changes.for_each(|_| mutate(&mut mutant["run"], &mut random));
                Mutant::Json(mutant.to_string())
            } else {
                let mut mutant = bytes.clone();
                changes.for_each(|_| mutate_bytes(&mut mutant, &mut random));
                Mutant::Bytes(mutant)
            };
            let mut result = None;
            let memory = measure(|| result = Some(catch_unwind(AssertUnwindSafe(|| resume(&mutant)))));
            let result = result.unwrap().unwrap_or_else(|_| panic!("{name} panicked, gone on with from {mutant:?}"));
            assert!(
                memory.bytes_max < MUCH_MEMORY,
                "{name} takes {} bytes, gone on with from {mutant:?}",
                memory.bytes_max
            );
            match result {
                None => seen.unreadable += 1,
                Some(Err(error)) => {
                    seen.refused += 1;
                    if let SnapshotError::Invalid(error) = error {
                        seen.reasons.insert(error.to_string());
                    }
                }
                Some(Ok(outputs)) => {
                    assert!(outputs < MANY_OUTPUTS, "{name} hangs, gone on with from {mutant:?}");
                    seen.resumed += 1;
                }
            }
        }
    }
}

/// Changes a part of the JSON, wherever it is.
fn mutate(json: &mut Json, random: &mut SplitMix64) {
    let here = random.number().is_multiple_of(3);
    match json {
        Json::Array(items) if !items.is_empty() && !here => {
            let place = random.number() as usize % items.len();
            mutate(&mut items[place], random);
        }
        Json::Object(fields) if !fields.is_empty() && !here => {
            let place = random.number() as usize % fields.len();
            mutate(fields.values_mut().nth(place).unwrap(), random);
        }
        Json::Array(items) if random.number().is_multiple_of(2) => match random.number() % 4 {
            0 => items.reverse(),
            1 => items.truncate(items.len() / 2),
            2 => items.extend_from_within(..),
            _ => items.extend(items.first().cloned().into_iter().cycle().take(100).collect::<Vec<_>>()),
        },
        Json::Number(_) if !random.number().is_multiple_of(8) => {
            let numbers = [
                json!(0),
                json!(1),
                json!(2),
                json!(7),
                json!(-1),
                json!(i64::MAX),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(u64::MAX / 2),
                json!(u32::MAX),
            ];
            *json = numbers[random.number() as usize % numbers.len()].clone();
        }
        Json::Bool(bool) => *bool = !*bool,
        Json::String(text) if text.parse::<f64>().is_ok() => {
            *text = ["NaN", "inf", "-inf", "0", "1", "-1", "1e308", "5e-324"][random.number() as usize % 8].into();
        }
        _ => {
            let others =
                [json!(null), json!([]), json!([1, 1]), json!({}), json!("Open"), json!("Over"), json!([[1, 2]])];
            *json = others[random.number() as usize % others.len()].clone();
        }
    }
}

fn mutate_bytes(bytes: &mut Vec<u8>, random: &mut SplitMix64) {
    // Mostly in what the state is written as, which is at the end.
    let start = if random.number().is_multiple_of(4) { 0 } else { bytes.len() / 2 };
    let place = start + random.number() as usize % (bytes.len() - start).max(1);
    match random.number() % 5 {
        0 => bytes.truncate(place),
        1 => bytes.extend_from_slice(&[0xff; 9]),
        // A number as large as can be.
        2 => drop(bytes.splice(place..place, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])),
        3 => drop(bytes.drain(place..(place + 1).min(bytes.len()))),
        _ => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = random.number() as u8;
            }
        }
    }
}

#[test]
fn no_snapshot_makes_a_run_panic_hang_or_reserve_memory() {
    let mut seen = Seen::default();
    for n in [0, 1, 3] {
        rows().for_each(|row| (row.checks.hostile)(n, &mut seen));
        REDUCERS.iter().for_each(|row| (row.hostile)(n, &mut seen));
    }
    println!("{} stages and {} reducers: {seen:#?}", rows().count(), REDUCERS.len());
    assert!(seen.refused > 1000 && seen.resumed > 1000 && seen.unreadable > 1000, "{seen:?}");
}
