//! The stages that wait: against the cases of other libraries, and the same live, late, pushed, replayed and resumed.

use std::{fmt::Debug, time::Duration};

use proptest::{collection::vec, prelude::*};
use serde_json::Value as Json;
use transducer::{drivers::TimedTransduce, kernel::Run, *};

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
        19 => boxed_timed(repeating(2)),
        20 => boxed_timed(filtering(|item: &u8| item % 2 == 0)),
        _ => boxed_timed(compose((batching(2), mapping(sum)))),
    }
}

trait ThenByte: Transducer<u8, Out = usize> + Sized {
    fn then_byte(self) -> impl Transducer<u8, Out = u8, State: Send> + Send + Sync + 'static;
}

impl<X: Transducer<u8, Out = usize, State: Send> + Send + Sync + 'static> ThenByte for X {
    fn then_byte(self) -> impl Transducer<u8, Out = u8, State: Send> + Send + Sync + 'static {
        compose((self, mapping(|count: usize| count as u8)))
    }
}

/// When a run is told the time, apart from an item's moment.
#[derive(Clone, Copy, Debug)]
enum Told {
    Punctually,
    Late,
    Restlessly,
}

type Outputs = Vec<(Time, u8)>;

/// By a run that gives one output at a time.
fn stepped(xf: &Stage, events: &Events, end: i64, told: Told) -> Outputs {
    let mut run = Run::new(compose((xf, stamping())));
    let mut outputs = vec![];
    let advance = |run: &mut Run<_, _>, moment: Time, outputs: &mut Outputs| {
        let advanced = std::iter::from_fn(|| run.advance(moment));
        outputs.extend(advanced);
        assert!(run.deadline().is_none_or(|deadline| deadline > moment), "still due at {moment:?}");
    };
    let mut now = 0;
    let mut tell = |run: &mut Run<_, _>, moment: i64, outputs: &mut Outputs| {
        match told {
            Told::Punctually => {
                while let Some(deadline) = run.deadline().filter(|deadline| *deadline < at(moment)) {
                    advance(run, deadline, outputs);
                }
            }
            Told::Late => {}
            Told::Restlessly => (now..moment).for_each(|moment| advance(run, at(moment), outputs)),
        }
        advance(run, at(moment), outputs);
        now = moment;
    };
    for (moment, item) in events {
        tell(&mut run, *moment, &mut outputs);
        outputs.extend(run.step(*item));
        outputs.extend(std::iter::from_fn(|| run.resume()));
    }
    tell(&mut run, end, &mut outputs);
    outputs.extend(run.complete());
    outputs.extend(std::iter::from_fn(|| run.resume()));
    outputs
}

/// Pushed; if `resumes`, the run is set aside and gone on with before each item.
fn pushed(xf: &Stage, events: &Events, end: i64, resumes: bool) -> Outputs {
    let mut run: TimedTransduce<u8, _, _> = timed_transduce(compose((xf, stamping())), collection_sink(vec![]));
    for (moment, item) in events {
        if resumes {
            let (snapshot, sink) = run.suspend();
            run = snapshot.resume_timed(compose((xf, stamping())), sink).unwrap();
        }
        let _ = run.send_at(at(*moment), *item);
    }
    run.close_at(at(end))
}

/// Replayed by the times in the log, its end among them, in whatever way the items are taken.
fn replayed(xf: &Stage, events: &Events, end: i64, by_one: bool) -> Outputs {
    let log = events.iter().map(|(moment, item)| (*moment, Some(*item))).chain([(end, None)]);
    // The end is an item that nobody behind sees.
    let items = filter_mapping(|(_, item): (i64, Option<u8>)| item);
    let replay =
        by_event_time(|event: &(i64, Option<u8>)| at(event.0), Duration::ZERO, compose((items, xf, stamping())));
    if by_one {
        let mut outputs = log.transduce(replay);
        std::iter::from_fn(|| outputs.next()).collect()
    } else {
        transduce(replay, appending(), log)
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

fn hold<T: PartialEq + Debug>(seen: T, expected: &T, how: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(&seen, expected, "{}", how);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn law_10_time_is_data((events, end) in events(), stages in vec((0..22usize, 0..6u64), 1..4)) {
        let stages = stages.into_iter().map(|(kind, wait)| stage(kind, wait));
        let xf = stages.reduce(|first, next| boxed_timed(compose((first, next)))).expect("a stage");
        let expected = stepped(&xf, &events, end, Told::Punctually);
        prop_assert!(expected.is_sorted_by_key(|(moment, _)| *moment), "{:?}", expected);
        hold(stepped(&xf, &events, end, Told::Late), &expected, "told late")?;
        hold(stepped(&xf, &events, end, Told::Restlessly), &expected, "told at every moment")?;
        hold(pushed(&xf, &events, end, false), &expected, "pushed")?;
        hold(pushed(&xf, &events, end, true), &expected, "pushed, set aside before each item")?;
        hold(replayed(&xf, &events, end, false), &expected, "replayed at once")?;
        hold(replayed(&xf, &events, end, true), &expected, "replayed one by one")?;
    }
}
