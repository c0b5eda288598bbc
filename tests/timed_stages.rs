//! The stages that wait: against the cases of other libraries; and any pipeline of them is held to law 10.

use std::{collections::BTreeSet, fmt::Debug, time::Duration};

use proptest::{collection::vec, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;
use transducer::{
    laws::TimeLaws,
    stages::{FoldedWindow, Late, TimeWindow},
    *,
};

const CASES: &str = include_str!("data/time-cases.jsonl");

/// Cases of others that come out otherwise here, and why.
const DIFFER: &[(&str, &str)] = &[
    ("rx-deb-11", "due when the source fails: what is due comes first, here as everywhere"),
    ("rx-thr-03", "an item exactly at the end of a silence: the silence is over first"),
    ("rx-smp-03", "the last item is lost there at the end"),
    ("rx-dly-11", "the end waits there; here what is pending is emitted at once"),
    ("rx-tmo-01", "counted there from the subscription; here from the first item"),
    ("sw-thr-05", "emitted there only when another item comes; here at the end of the silence"),
    ("sw-thr-07", "emitted there only when another item comes, and the end waits"),
    ("sw-thr-09", "emitted there only when another item comes"),
    ("kt-smp-01", "the last item is lost there at the end"),
    ("kt-smp-07", "the last item is lost there at the end"),
    ("ox-01", "the case does not say when the rest comes"),
    ("ox-03", "after a silence the next item is emitted at once there; here the wait starts with it"),
    ("fs-grp-03", "after a silence the next item is emitted at once there; here the wait starts with it"),
    ("fs-tmo-03", "counted there from the start; either may win a tie"),
    ("pk-idl-03", "beats there from the start; here from the first item"),
    ("pk-idl-05", "beats there from the start; here from the first item"),
    ("pk-dly-01", "the end waits there"),
    ("re-buf-03", "the case is cut at the deadline of the third batch"),
    ("re-win-02", "batches without items, there"),
    ("re-win-04", "counted there from the start, with batches without items"),
    ("re-dly-01", "the end waits there"),
];

/// Likewise, of windows.
const WINDOWS_DIFFER: &[(&str, &str)] = &[
    ("fl-ses-03", "emitted there every so often while it is open"),
    ("fl-lat-01", "emitted there again for each item that comes within the lateness; here once, when that is over"),
    ("fl-lat-06", "emitted there again for each item that comes within the lateness; here once, when that is over"),
    ("fl-lat-08", "emitted there again for each item that comes within the lateness; here once, when that is over"),
    ("ka-ses-03", "a session ends there with its last item"),
    ("ka-ses-05", "closed there by the end of the last item, without the gap; a bug that was mended"),
    ("bw-ses-01", "items exactly the gap apart are in one session there"),
    ("bw-ses-03", "items exactly the gap apart are in one session there"),
    ("ex-tum-01", "windows without items, there"),
];

fn at(moment: i64) -> Time {
    Time::from_nanos(moment.into())
}

/// What comes out of a stage, each output with its moment; without an end, the run is watched for long and left open.
fn seen<X>(xf: X, case: &Json) -> Vec<Json>
where
    X: Transducer<Json, Out: Into<Json>>,
{
    let mut run = timed_transduce(compose((xf, stamping())), collection_sink(vec![]));
    for event in case["input"].as_array().unwrap() {
        if run.send_at(at(event[0].as_i64().unwrap()), event[1].clone()).is_break() {
            break;
        }
    }
    let outputs: Vec<(Time, X::Out)> = match (case["end"].as_i64(), case["error"].as_i64()) {
        (Some(end), _) => run.close_at(at(end)),
        // An error is no end: what waits stays in the run, which could go on.
        (None, error) => {
            let _ = run.advance(at(error.unwrap_or(1 << 40)));
            run.suspend().1.close()
        }
    };
    outputs.into_iter().map(|(at, out)| Json::from(vec![Json::from(at.as_nanos() as i64), out.into()])).collect()
}

/// What our stage makes of a case, if there is one for its parameters.
fn ours(case: &Json) -> Option<Vec<Json>> {
    let params = case["params"].as_object()?;
    let known = |names: &[&str]| params.keys().all(|name| names.contains(&&**name));
    let length = |name: &str| params.get(name)?.as_u64().map(Duration::from_nanos);
    let flag = |name: &str| params.get(name).and_then(Json::as_bool).unwrap_or(false);
    match case["operator"].as_str()? {
        "debouncing" if known(&["wait"]) => Some(seen(debouncing(length("wait")?), case)),
        "throttling" if known(&["duration", "leading", "trailing", "latest"]) => {
            let throttling = throttling(length("duration")?);
            // Swift's `latest` is `trailing`; its other mode keeps the first.
            let trailing = match params.get("latest") {
                Some(latest) => latest.as_bool().filter(|latest| *latest)?,
                None => flag("trailing"),
            };
            Some(match (flag("leading"), trailing) {
                (true, false) => seen(throttling, case),
                (true, true) => seen(throttling.trailing(), case),
                _ => seen(throttling.only_trailing(), case),
            })
        }
        "sampling_every" if known(&["period"]) => Some(seen(try_sampling_every(length("period")?).ok()?, case)),
        "batching_within" if known(&["n", "wait"]) => {
            let batches = batching_within(params["n"].as_u64()? as usize, length("wait")?);
            Some(seen(compose((batches, mapping(Json::from))), case))
        }
        "delaying" if known(&["delay"]) => Some(seen(delaying(length("delay")?), case)),
        "timing_out" if known(&["each"]) => Some(seen(try_timing_out(length("each")?).ok()?, case)),
        "ticking" if known(&["idle", "beat"]) => {
            let beat = params["beat"].clone();
            Some(seen(ticking(length("idle")?, move || beat.clone()), case))
        }
        "taking_for" => Some(seen(taking_for(length("for")?), case)),
        "skipping_for" => Some(seen(skipping_for(length("for")?), case)),
        _ => None,
    }
}

#[test]
fn cases_of_other_libraries_agree_or_differ_for_a_reason() {
    let (mut agree, mut differ, mut other) = (0, 0, 0);
    let mut wrong = vec![];
    for line in CASES.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let Some(ours) = ours(&case) else {
            other += 1;
            continue;
        };
        let expected = case["output"].as_array().unwrap();
        let reason = DIFFER.iter().find(|(other, _)| *other == id);
        match (ours == *expected, reason.is_some()) {
            (true, false) => agree += 1,
            (false, true) => differ += 1,
            _ => wrong.push(format!("{id} {} {}: {ours:?}, theirs {expected:?}", case["differs_by"], case["params"])),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{agree} agree, {differ} differ, {other} are of stages or settings that are not here");
    assert_eq!(agree + differ + other, CASES.lines().count());
}

/// An item of a case about windows, with its own time.
type Placed = (Duration, Json);

/// The origin of the cases' times, some of which are before their own.
const ORIGIN: i64 = 1 << 20;

/// What windows of each key come out, and late items: `{key, start, end, items}` and `{late}`.
fn windows<X>(xf: X, case: &Json) -> Vec<Json>
where
    X: Transducer<Placed, Out = Result<TimeWindow<Duration, Placed>, Late<Placed>>>,
{
    let key = |(_, item): &Placed| item["key"].to_string();
    let moment = |time: &Json| Duration::from_nanos(time.as_i64().unwrap().saturating_add(ORIGIN) as u64);
    let json = |time: Duration| Json::from(time.as_nanos() as i64 - ORIGIN);
    let mut run = timed_transduce(by_key(key, xf), collection_sink(vec![]));
    // Who brings the time: a watermark of the case's own, the items less a lateness, or nobody until the end.
    let params = &case["params"];
    let lateness = ["lateness", "grace"].iter().find_map(|name| params[*name].as_i64());
    let lateness = lateness.or((case["operator"] == "batching_by_time").then_some(0));
    let (mut is_told, mut latest) = (params["final_results_only"] == true, i64::MIN);
    for event in case["input"].as_array().unwrap() {
        let (time, item) = (&event[0], &event[1]);
        // "No more items up to that time" is a moment later here: "from now on, items are of this time or later".
        let told = item["wm"].as_i64().map(|mark| mark.saturating_add(1)).or(item["now"].as_i64());
        if let Some(now) = told {
            is_told = true;
            let _ = run.advance(Time::from(moment(&now.into())));
            continue;
        }
        if let Some(lateness) = lateness {
            latest = latest.max(time.as_i64().unwrap());
            let _ = run.advance(Time::from(moment(&(latest - lateness).into())));
        }
        let _ = run.send((moment(time), item.clone()));
    }
    let outputs = if is_told { run.suspend().1.close() } else { run.close() };
    let outputs = outputs.into_iter().map(|(key, output)| match output {
        Ok(TimeWindow { start, end, items, late: _ }) => {
            let last = items.iter().map(|(time, _)| *time).max().unwrap();
            let items: Vec<Json> = items.into_iter().map(|(_, item)| item).collect();
            let of = |item: &Json| item["v"].as_i64().or(item.as_i64()).unwrap_or(0);
            let (count, sum) = (items.len(), items.iter().map(of).sum::<i64>());
            let key: Json = key.parse().unwrap();
            let (start, end, last) = (json(start), json(end), json(last));
            serde_json::json!({
                "key": key, "start": start, "end": end, "last": last, "items": items, "count": count, "sum": sum
            })
        }
        Err(Late((_, item))) => serde_json::json!({ "late": item }),
    });
    outputs.collect()
}

/// What our windows make of a case, if there is one for its parameters.
fn our_windows(case: &Json) -> Option<Vec<Json>> {
    let params = case["params"].as_object()?;
    // Of the same operators, other questions: whether sessions merge, one window of all.
    if params.contains_key("windows") || params.contains_key("window") {
        return None;
    }
    let length = |name: &str| params.get(name)?.as_u64().map(Duration::from_nanos);
    let origin = Duration::from_nanos(ORIGIN as u64);
    let origin = match params.get("offset").and_then(Json::as_i64) {
        Some(offset) => Duration::from_nanos((ORIGIN + offset) as u64),
        None => origin,
    };
    let waits = length("allowed_lateness").unwrap_or_default();
    let time = |(time, _): &Placed| *time;
    match case["operator"].as_str()? {
        "batching_by_time" => {
            Some(windows(batching_by_time(length("every")?, time).aligned_to(origin).timed().with_late(), case))
        }
        "windowing_by_time (tumbling)" => {
            let tumbling = batching_by_time(length("size")?, time).aligned_to(origin).waiting(waits);
            Some(windows(tumbling.timed().with_late(), case))
        }
        "windowing_by_time (sliding)" => {
            let sliding = windowing_by_time(length("size")?, length("step")?, time).aligned_to(origin).waiting(waits);
            Some(windows(sliding.timed().with_late(), case))
        }
        "sessioning" => Some(windows(sessioning(length("gap")?, time).waiting(waits).timed().with_late(), case)),
        _ => None,
    }
}

/// Whether a window or a late item is what the case says, as far as it says it.
fn is_window(ours: &Json, theirs: &Json, params: &Json) -> bool {
    let set = |items: &Json| items.as_array().into_iter().flatten().map(Json::to_string).collect::<BTreeSet<_>>();
    if theirs.is_array() {
        return set(&ours["items"]) == set(theirs);
    }
    theirs.as_object().unwrap().iter().all(|(name, value)| match &**name {
        "late" => !ours["late"].is_null(),
        // Bytewax numbers windows.
        "id" => {
            ours["start"].as_i64()
                == value.as_i64().zip(params["step"].as_i64().or(params["size"].as_i64())).map(|(id, step)| id * step)
        }
        "items" => set(&ours["items"]) == set(value),
        "login" | "post" => {
            let counted = ours["items"].as_array().into_iter().flatten().filter(|item| **item == **name).count();
            value.as_u64() == Some(counted as u64)
        }
        // Kafka's items are their keys.
        "key" if value.is_string() && ours["key"].is_null() => {
            ours["items"].as_array().is_some_and(|items| items.iter().all(|item| item == value))
        }
        name => ours[name] == *value,
    })
}

#[test]
fn windows_of_other_libraries_agree_or_differ_for_a_reason() {
    let (mut agree, mut differ, mut other) = (0, 0, 0);
    let mut wrong = vec![];
    for line in CASES.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let Some(ours) = our_windows(&case) else {
            other += 1;
            continue;
        };
        let expected = case["output"].as_array().unwrap().iter().map(|output| &output[1]);
        let is_same = if expected.clone().any(|theirs| theirs["starts"].is_array()) {
            // The windows of each item.
            expected.clone().all(|theirs| {
                let of_item = ours
                    .iter()
                    .filter(|ours| ours["items"].as_array().is_some_and(|items| items.contains(&theirs["item"])));
                Json::from(of_item.map(|ours| ours["start"].clone()).collect::<Vec<_>>()) == theirs["starts"]
            })
        } else {
            let mut rest = ours.clone();
            expected.clone().all(|theirs| {
                let found = rest.iter().position(|ours| is_window(ours, theirs, &case["params"]));
                found.map(|place| rest.remove(place)).is_some()
                // Kafka Streams says nothing of what isn't late, and Bytewax nothing of what is.
            }) && rest.iter().all(|ours| !ours["late"].is_null())
        };
        let reason = WINDOWS_DIFFER.iter().find(|(other, _)| *other == id);
        match (is_same, reason.is_some()) {
            (true, false) => agree += 1,
            (false, true) => differ += 1,
            _ => wrong.push(format!("{id} {}: {ours:?}, theirs {:?}", case["params"], expected.collect::<Vec<_>>())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{agree} agree, {differ} differ, {other} are of other stages or settings");
    assert_eq!(agree + differ + other, CASES.lines().count());
}

/// Items with moments.
type Events = Vec<(i64, u8)>;

/// A pipeline of what waits and what doesn't.
type Stage = TimedBoxed<'static, u8, u8>;

fn stage(kind: usize, wait: u64) -> Stage {
    let nanos = Duration::from_nanos;
    let (long, sum) = (nanos(wait + 1), |batch: Vec<u8>| batch.into_iter().fold(0u8, u8::wrapping_add));
    match kind {
        0 => boxed_timed(debouncing(nanos(wait))),
        1 => boxed_timed(debouncing(nanos(wait)).at_most(nanos(7))),
        2 => boxed_timed(throttling(nanos(wait))),
        3 => boxed_timed(throttling(nanos(wait)).trailing()),
        4 => boxed_timed(throttling(nanos(wait)).only_trailing()),
        5 => boxed_timed(sampling_every(long)),
        6 => boxed_timed(compose((batching_within(3, nanos(wait)), mapping(sum)))),
        7 => boxed_timed(batching_within(2, long).folding(counting()).then_byte()),
        8 => boxed_timed(timing_out(nanos(wait + 9))),
        9 => boxed_timed(ticking(long, || 77)),
        10 => boxed_timed(ticking(long, || 78).once_a_gap()),
        11 => boxed_timed(delaying(nanos(wait))),
        12 => boxed_timed(taking_for(nanos(wait * 8 + 1))),
        13 => boxed_timed(skipping_for(nanos(wait))),
        14 => boxed_timed(distinct_within(nanos(wait))),
        15 => boxed_timed(compose((rate(long), mapping(move |rate: f64| (rate * long.as_secs_f64()).round() as u8)))),
        16 => boxed_timed(sorting_by_time(|item: &u8| Time::from_nanos((*item).into()))),
        17 => boxed_timed(compose((
            by_key(|item: &u8| item % 3, compose((debouncing(nanos(wait)), repeating(2)))),
            mapping(|(_, item)| item),
        ))),
        18 => boxed_timed(fan_out((delaying(nanos(wait)), throttling(long).trailing()))),
        // The items' own times are near the run's, before and after.
        22 => boxed_timed(compose((
            batching_by_time(long, time).waiting(nanos(wait)).timed().with_late(),
            mapping(shown),
        ))),
        23 => boxed_timed(compose((windowing_by_time(long * 2, long, time).timed().with_late(), mapping(shown)))),
        24 => boxed_timed(compose((sessioning(long, time).timed().with_late(), mapping(shown)))),
        25 => boxed_timed(compose((
            by_key(|item: &u8| item % 3, sessioning(long, time).waiting(nanos(1)).timed()),
            mapping(|(key, window): (u8, TimeWindow<Duration, u8>)| key.wrapping_add(shown(Ok(window)))),
        ))),
        26 => boxed_timed(compose((
            by_key(|item: &u8| item % 2, batching_by_time(long, time).timed().folding(summing_bytes())),
            mapping(|(key, bar): (u8, FoldedWindow<Duration, u8>)| {
                key.wrapping_add(bar.output).wrapping_add(bar.late as u8)
            }),
        ))),
        27 => boxed_timed(compose((
            sessioning(long, time).timed().folding(appending()),
            mapping(move |window: FoldedWindow<Duration, Vec<u8>>| sum(window.output).wrapping_add(window.late as u8)),
        ))),
        19 => boxed_timed(repeating(2)),
        20 => boxed_timed(filtering(|item: &u8| item % 2 == 0)),
        _ => boxed_timed(compose((batching(2), mapping(sum)))),
    }
}

/// The item's own time.
fn time(item: &u8) -> Duration {
    Duration::from_nanos((*item).into())
}

/// All of a window in a byte.
fn shown(output: Result<TimeWindow<Duration, u8>, Late<u8>>) -> u8 {
    match output {
        Ok(TimeWindow { start, end, items, late }) => {
            let times = start.as_nanos() as u8 ^ (end.as_nanos() as u8).rotate_left(3);
            items.into_iter().fold(times.wrapping_add(late as u8), |all, item| all.wrapping_mul(3).wrapping_add(item))
        }
        Err(Late(item)) => item,
    }
}

fn summing_bytes()
-> impl Reducer<u8, Acc: Clone + Debug + Send + Serialize + DeserializeOwned, Output = u8> + Send + Sync {
    folding(0u8, |sum: u8, item: u8| sum.wrapping_add(item))
}

trait ThenByte: Transducer<u8, Out = usize> + Sized {
    fn then_byte(self) -> impl Transducer<u8, Out = u8, State: Send> + Send + Sync + 'static;
}

impl<X: Transducer<u8, Out = usize, State: Send> + Send + Sync + 'static> ThenByte for X {
    fn then_byte(self) -> impl Transducer<u8, Out = u8, State: Send> + Send + Sync + 'static {
        compose((self, mapping(|count: usize| count as u8)))
    }
}

/// Bursts at one moment, gaps, and jumps.
fn events() -> impl Strategy<Value = (Events, i64)> {
    let gap = prop_oneof![3 => Just(0), 5 => 1..6i64, 1 => 20..60i64];
    (vec((gap, 0..40u8), 0..14), 0..30i64).prop_map(|(gaps, rest)| {
        let mut now = 0;
        let events: Events = gaps
            .into_iter()
            .map(|(gap, item)| {
                now += gap;
                (now, item)
            })
            .collect();
        (events, now + rest)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_pipelines_take_time_as_data((events, end) in events(), stages in vec((0..28usize, 0..6u64), 1..4)) {
        let stages = stages.into_iter().map(|(kind, wait)| stage(kind, wait));
        let xf = stages.reduce(|first, next| boxed_timed(compose((first, next)))).expect("a stage");
        let events: Vec<_> = events.into_iter().map(|(moment, item)| (at(moment), item)).collect();
        let held = TimeLaws::of("a pipeline", xf, Duration::from_nanos(1)).check_one(&events, at(end));
        prop_assert!(held.is_ok(), "{}", held.unwrap_err());
    }
}
