//! A run that is set aside goes on where it was: through JSON and a binary format, and under new settings; or is refused.

use std::{cell::RefCell, fmt::Debug, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use transducer::{
    drivers::ReactiveTransduce,
    kernel::{Change, Outline, Run},
    *,
};

/// A push pipeline that collects.
type Collected<In, X> = ReactiveTransduce<In, X, sinks::CollectionSink<Vec<<X as Transducer<In>>::Out>>>;

fn running<In, X: Transducer<In>>(xf: X) -> Collected<In, X> {
    reactive_transduce(xf, collection_sink(vec![]))
}

/// Sets a run aside, writes it as JSON and as bytes, and goes on with what was read, under `xf`.
fn through_json_and_bytes<In, X, Y>(run: Collected<In, X>, xf: Y) -> Result<Collected<In, Y>, SnapshotError>
where
    X: Transducer<In, State: Serialize + DeserializeOwned>,
    Y: Transducer<In, Out = X::Out, State = X::State>,
{
    let (snapshot, sink) = run.suspend();
    let json = serde_json::to_string(&snapshot).expect("to JSON");
    let snapshot: Snapshot<X::State> = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error} in {json}"));
    let bytes = postcard::to_allocvec(&snapshot).expect("to bytes");
    let snapshot: Snapshot<X::State> = postcard::from_bytes(&bytes).expect("from bytes");
    snapshot.resume(xf, sink)
}

/// Sends `before`, sets the run aside, goes on under `now`, and sends `after`.
fn gone_on_with<In, X, Y>(
    xf: X,
    before: impl IntoIterator<Item = In>,
    now: Y,
    after: impl IntoIterator<Item = In>,
) -> Result<Vec<X::Out>, SnapshotError>
where
    X: Transducer<In, State: Serialize + DeserializeOwned>,
    Y: Transducer<In, Out = X::Out, State = X::State>,
{
    let mut run = running(xf);
    let _ = before.into_iter().try_for_each(|item| run.send(item).into_step());
    let mut run = through_json_and_bytes(run, now)?;
    let _ = after.into_iter().try_for_each(|item| run.send(item).into_step());
    Ok(run.close())
}

#[test]
fn a_run_without_state_goes_on() {
    assert_eq!(gone_on_with(mapping(|x: i32| x), [1], mapping(|x: i32| x), [2]), Ok(vec![1, 2]));
    assert_eq!(
        gone_on_with(filtering(|x: &i32| x % 2 == 1), [1], filtering(|x: &i32| x % 2 == 1), [3]),
        Ok(vec![1, 3])
    );
    let on_ok_mapping = || on_ok(mapping(|x: i32| x));
    assert_eq!(
        gone_on_with(on_ok_mapping(), [Ok(1), Err(2)], on_ok_mapping(), [Ok(3)]),
        Ok(vec![Ok(1), Err(2), Ok(3)])
    );
}

/// Items that JSON has few words for: `null` for three of the four.
type Nothing = Option<Option<()>>;
const NOTHINGS: [Nothing; 6] = [None, None, Some(None), Some(None), Some(Some(())), None];

/// Holds a stage to what it does in one go, wherever it is set aside.
fn keeps_nothings<X, Out>(xf: impl Fn() -> X)
where
    X: Transducer<Written, Out = Out, State: Serialize + DeserializeOwned>,
    Out: PartialEq + Debug,
{
    let items = || NOTHINGS.map(Written);
    let whole = transduce(xf(), appending(), items());
    for cut in 0..=NOTHINGS.len() {
        let seen = gone_on_with(xf(), items().into_iter().take(cut), xf(), items().into_iter().skip(cut));
        assert_eq!(seen.as_ref(), Ok(&whole), "{} set aside after {cut}", Outline::of(&xf()));
    }
}

/// A `Nothing` that is told from others when it is written, as a user's type with a tag is; what is kept *around* it is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Written(Nothing);

impl Serialize for Written {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            // What `None` and `Some(None)` of `Option<Written>` would look like, if one of ours were around it.
            None => serializer.serialize_none(),
            Some(None) => serializer.serialize_some(&false),
            Some(Some(())) => serializer.serialize_some(&true),
        }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::<bool>::deserialize(deserializer)?.map(|some| some.then_some(()))))
    }
}

#[test]
fn no_nothing_of_ours_is_taken_for_a_nothing_of_the_users() {
    keeps_nothings(deduping);
    keeps_nothings(|| deduping_by_key(|item: &Written| *item));
    keeps_nothings(distinct);
    keeps_nothings(|| distinct_by_key(|item: &Written| *item));
    keeps_nothings(pairing);
    keeps_nothings(last);
    keeps_nothings(|| batching_by(|item: &Written| *item));
    keeps_nothings(|| batching(2));
    keeps_nothings(|| windowing(2));
    keeps_nothings(|| taking_last(2));
    keeps_nothings(|| skipping_last(2));
    keeps_nothings(reversing);
    keeps_nothings(sorting);
    keeps_nothings(|| by_key(|item: &Written| *item, batching(2)));
    keeps_nothings(|| by_key(|item: &Written| *item, last()));
    keeps_nothings(|| fan_out((last(), deduping())));
    keeps_nothings(|| batching_by_time(2, |_: &Written| 7));
    keeps_nothings(|| windowing_by_time(2, 1, |_: &Written| 7));
    keeps_nothings(|| sessioning(2, |_: &Written| 7));
    keeps_nothings(|| scanning(Written(None), |last: &mut Written, item| Some((std::mem::replace(last, item), item))));
    keeps_nothings(|| on_ok_of_nothing(last()));

    keeps_nothings(|| reducing(first_of()));
    keeps_nothings(|| reducing(last_of()));
    keeps_nothings(|| reducing(minimum()));
    keeps_nothings(|| reducing(maximum()));
    keeps_nothings(|| reducing(maximum_by_key(|item: &Written| *item)));
    keeps_nothings(|| reducing(appending()));
    keeps_nothings(|| reducing(expecting_single()));
    keeps_nothings(|| compose((taking(1), reducing(expecting_single()))));
    keeps_nothings(|| reducing(frequencies()));
    keeps_nothings(|| reducing(grouping(|item: &Written| *item, last_of())));
    keeps_nothings(|| reducing(top(2)));
    keeps_nothings(|| reducing(reservoir(2, 1)));
    keeps_nothings(|| reducing(folding(Written(None), |_, item| item)));
    keeps_nothings(|| compose((mapping(|item: Written| item.0.ok_or(Written(None))), reducing(trying(counting())))));
    keeps_nothings(|| reducing((first_of(), last_of())));
    keeps_nothings(|| reducing(skipping(1).apply(last_of())));
}

/// `xf` on the `Ok`s, with an error that is nothing.
fn on_ok_of_nothing<X: Transducer<Written>>(
    xf: X,
) -> impl Transducer<Written, Out = Result<X::Out, Written>, State: Serialize + DeserializeOwned>
where
    X::State: Serialize + DeserializeOwned,
{
    compose((mapping(|item: Written| item.0.map(|_| item).ok_or(item)), on_ok(xf)))
}

#[test]
fn new_settings_apply_to_what_was_kept() {
    // Flushes what it has, with the next item, and is of the new size then.
    assert_eq!(
        gone_on_with(batching(4), 1..=3, batching(2), 4..=8),
        Ok(vec![vec![1, 2, 3, 4], vec![5, 6], vec![7, 8]])
    );
    assert_eq!(gone_on_with(batching(4), 1..=3, batching(2), []), Ok(vec![vec![1, 2, 3]]));
    assert_eq!(gone_on_with(batching(2), 1..=1, batching(4), 2..=5), Ok(vec![vec![1, 2, 3, 4], vec![5]]));
    // Becomes full first.
    assert_eq!(
        gone_on_with(windowing(3), 1..=4, windowing(5), 5..=6).map(|windows| windows[2..].to_vec()),
        Ok(vec![vec![1, 2, 3, 4, 5], vec![2, 3, 4, 5, 6]])
    );
    assert_eq!(gone_on_with(windowing(3), 1..=2, windowing(2), 3..=3), Ok(vec![vec![2, 3]]));
    assert_eq!(
        gone_on_with(windowing(2).step(5), 1..=3, windowing(2).step(1), 4..=5),
        Ok(vec![vec![1, 2], vec![3, 4], vec![4, 5]])
    );
    assert_eq!(gone_on_with(taking(5), 1..=3, taking(4), 4..), Ok(vec![1, 2, 3, 4]));
    assert_eq!(gone_on_with(taking(5), 1..=3, taking(2), 4..), Ok(vec![1, 2, 3]));
    assert_eq!(gone_on_with(skipping(5), 1..=3, skipping(4), 4..=5), Ok(vec![5]));
    assert_eq!(gone_on_with(skipping(5), 1..=3, skipping(2), 4..=5), Ok(vec![4, 5]));
    assert_eq!(gone_on_with(stepping_by(10), 1..=3, stepping_by(2), 4..=6), Ok(vec![1, 5]));
    assert_eq!(gone_on_with(taking_last(3), 1..=4, taking_last(2), 5..=5), Ok(vec![4, 5]));
    assert_eq!(gone_on_with(skipping_last(1), 1..=3, skipping_last(2), 4..=5), Ok(vec![1, 2, 3]));
    assert_eq!(gone_on_with(reducing(top(3)), 1..=4, reducing(top(2)), 0..=0), Ok(vec![vec![4, 3]]));
    assert_eq!(gone_on_with(sampling(0.0, 1), 1..=3, sampling(1.0, 2), 4..=5), Ok(vec![4, 5]));
    let sessions = |gap| {
        compose((sessioning(gap, |time: &i64| *time), mapping(|session: stages::TimeWindow<_, _>| session.items)))
    };
    assert_eq!(gone_on_with(sessions(2), [1], sessions(10), [5]), Ok(vec![vec![1], vec![5]]));
}

#[test]
fn settings_that_have_no_meaning_for_what_was_kept_are_refused_by_name() {
    let refused = |seen: Result<(), SnapshotError>| seen.unwrap_err().to_string();
    let said = |stage: &str, setting: &str, before: &str, now: &str| {
        format!(
            "`{setting}` of `{stage}` was {before} when the snapshot was taken and is {now} now: \
             what it kept doesn't allow that"
        )
    };
    let more = gone_on_with(taking_last(2), 1..=4, taking_last(3), 5..=5);
    assert_eq!(refused(more.map(drop)), said("taking_last", "count", "2", "3"));
    let less = gone_on_with(skipping_last(2), 1..=4, skipping_last(1), 5..=5);
    assert_eq!(refused(less.map(drop)), said("skipping_last", "count", "2", "1"));
    let more = gone_on_with(reducing(top(2)), 1..=4, reducing(top(3)), 5..=5);
    assert_eq!(refused(more.map(drop)), said("top", "count", "2", "3"));
    let groups = |count| reducing(grouping(|x: &i32| x % 2, top(count)));
    let more = gone_on_with(groups(2), 1..=4, groups(3), 5..=5);
    assert_eq!(refused(more.map(drop)), said("top", "count", "2", "3"));
    let less = gone_on_with(reducing(reservoir(3, 1)), 1..=4, reducing(reservoir(2, 1)), 5..=5);
    assert_eq!(refused(less.map(drop)), said("reservoir", "count", "3", "2"));
    let hours = |width| batching_by_time(width, |time: &i64| *time);
    assert_eq!(
        refused(gone_on_with(hours(2), [1], hours(3), [5]).map(drop)),
        said("batching_by_time", "width", "2", "3")
    );
    let windows = |every| windowing_by_time(4, every, |time: &i64| *time);
    assert_eq!(
        refused(gone_on_with(windows(2), [1], windows(1), [5]).map(drop)),
        said("windowing_by_time", "every", "2", "1")
    );
}

#[test]
fn a_snapshot_of_another_pipeline_is_refused() {
    let refused = gone_on_with(distinct(), [1, 2], distinct_by_key(|x: &i32| *x), []);
    assert_eq!(refused.unwrap_err().to_string(), "the snapshot is of a run of `distinct`, not of `distinct_by_key`");
    let one = compose((skipping(1), taking(2)));
    let refused = gone_on_with(one, [1], compose((taking(1), skipping(2))), []);
    assert!(matches!(refused, Err(SnapshotError::Recipe { .. })));
    // Of the same states, and the same stages in another order of composing.
    assert!(gone_on_with(taking(2), [1], skipping(1), []).is_err());
    assert_eq!(Outline::of::<i32, _>(&compose((one, skipping(1)))).to_string(), "(skipping | taking) | skipping");
    assert_eq!(Outline::of::<i32, _>(&compose((skipping(1), one))).to_string(), "skipping | (skipping | taking)");
    assert_eq!(
        Outline::of::<i32, _>(&by_key(
            |x: &i32| *x,
            fan_out((compose((taking(1), last())), reducing(first_of().map_output(Option::unwrap))))
        ))
        .to_string(),
        "by_key(fan_out(taking | last)(reducing(first_of)))",
    );
    let snapshot = running::<u8, _>(taking(2)).suspend().0.with_label("one");
    assert_eq!(snapshot.clone().expect_label("one").unwrap().label(), "one");
    assert!(matches!(snapshot.expect_label("another"), Err(SnapshotError::Label { .. })));
}

#[test]
fn wrappers_leave_no_trace() {
    let outline = |outline: Outline| outline.to_string();
    let plain = || compose((taking(2), batching(3)));
    let expected = outline(Outline::of::<u8, _>(&plain()));
    assert_eq!(outline(Outline::of::<u8, _>(&&plain())), expected);
    assert_eq!(outline(Outline::of::<u8, _>(&Box::new(plain()))), expected);
    assert_eq!(outline(Outline::of::<u8, _>(&Arc::new(plain()))), expected);
    assert_eq!(outline(Outline::of::<u8, _>(&boxed::<u8, _>(plain()))), expected);
    assert_eq!(outline(Outline::of::<u8, _>(&boxed_resumable::<u8, _>(plain()))), expected);
}

#[test]
fn a_snapshot_of_another_format_is_refused() {
    let json = serde_json::to_string(&running::<u8, _>(taking(2)).suspend().0).unwrap();
    assert_eq!(
        json,
        r#"{"format":1,"label":"","recipe":"taking","settings":[["taking.count","2"]],"run":{"Open":{"left":2,"of":2}}}"#
    );
    let later: Snapshot<stages::Countdown> =
        serde_json::from_str(&json.replace("\"format\":1", "\"format\":2")).unwrap();
    assert_eq!(
        later.resume::<u8, _, _>(taking(2), null_sink()).unwrap_err().to_string(),
        "the snapshot is in format 2, and this version reads format 1"
    );
}

#[test]
fn a_snapshot_says_whether_its_run_has_ended() {
    let mut run = reactive_transduce(taking(2), null_sink());
    run.send(1);
    let (snapshot, sink) = run.suspend();
    assert!(!snapshot.is_over());
    let mut run = snapshot.resume(taking(2), sink).unwrap();
    run.send(2);
    assert!(run.suspend().0.is_over());
}

#[test]
fn a_run_with_pending_outputs_is_refused() {
    let mut run = Run::new(compose((flat_mapping(|x: u32| 0..x), batching(1))));
    assert_eq!(run.step(3), Some(vec![0]));
    assert_eq!(run.clone().suspend().err(), Some(SnapshotError::Pending));
    assert_eq!((run.resume(), run.resume(), run.resume()), (Some(vec![1]), Some(vec![2]), None));
    let mut run = run.suspend().unwrap().resume_run(compose((flat_mapping(|x: u32| 0..x), batching(1)))).unwrap();
    assert_eq!((run.step(1), run.resume()), (Some(vec![0]), None));

    let mut run = Run::new(compose((sorting(), mapping(|x: i32| x))));
    let _ = (run.step(2), run.step(1));
    assert_eq!(run.complete(), Some(1));
    assert_eq!(run.clone().suspend().err(), Some(SnapshotError::Pending));
    assert_eq!((run.resume(), run.resume()), (Some(2), None));
    let mut over = run.suspend().unwrap().resume_run(compose((sorting(), mapping(|x: i32| x)))).unwrap();
    assert_eq!((over.is_over(), over.step(5), over.complete()), (true, None, None));
}

/// Writes the state after each call of a stage inside.
struct Writing<'a, X> {
    xf: X,
    written: &'a RefCell<Vec<Result<String, String>>>,
}

impl<X> Writing<'_, X> {
    fn write<S: Serialize>(&self, state: &S) {
        self.written.borrow_mut().push(serde_json::to_string(state).map_err(|error| error.to_string()));
    }
}

impl<In, X: Transducer<In, State: Serialize>> Transducer<In> for Writing<'_, X> {
    type Out = X::Out;
    type State = X::State;

    fn initial(&self) -> X::State {
        self.xf.initial()
    }

    fn step(&self, state: &mut X::State, item: In, out: &mut impl Emit<X::Out>) -> Step {
        let flow = self.xf.step(state, item, out);
        self.write(state);
        flow
    }

    fn resume(&self, state: &mut X::State, out: &mut impl Emit<X::Out>) -> Step {
        let flow = self.xf.resume(state, out);
        self.write(state);
        flow
    }

    fn complete(&self, state: &mut X::State, out: &mut impl Emit<X::Out>) -> Step {
        self.xf.complete(state, out)
    }
}

#[test]
fn nothing_pending_is_silently_left_out() {
    /// Takes one output at a time of an item that makes two, and looks at the state in between.
    fn hold<X: Transducer<u32, Out: Debug, State: Serialize>>(xf: X) {
        let name = Outline::of(&xf).to_string();
        let written = RefCell::new(vec![]);
        let mut run = Run::new(Writing { xf, written: &written });
        let first = run.step(2);
        let second = run.resume();
        assert!(first.is_some() && second.is_some() && run.resume().is_none(), "{name}: {first:?}, {second:?}");
        let written = written.take();
        assert!(written[0].is_err(), "{name}, with one to come: {written:?}");
        assert!(written.last().unwrap().is_ok(), "{name}, with none to come: {written:?}");
    }
    let twice = || flat_mapping(|x: u32| [x; 2]);
    hold(repeating(2));
    hold(twice());
    hold(compose((mapping(|x: u32| [x; 2]), flattening())));
    hold(prepending([1]));
    hold(compose((twice(), interspersing(0), skipping(1))));
    hold(compose((twice(), mapping(|x| x))));
    hold(fan_out((mapping(|x| x), mapping(|x| x))));
    hold(by_key(|x: &u32| *x, twice()));
    hold(on_some_of(twice()));
}

fn on_some_of<X: Transducer<u32>>(xf: X) -> impl Transducer<u32, Out = Option<X::Out>, State: Serialize>
where
    X::State: Serialize,
{
    compose((mapping(Some), on_some(xf)))
}

#[test]
fn a_state_that_wants_nothing_is_not_stepped() {
    let snapshot = |json: &str| -> Snapshot<stages::Countdown> {
        serde_json::from_str(&format!(
            r#"{{"format":1,"label":"","recipe":"taking","settings":[["taking.count","2"]],"run":{{"Open":{json}}}}}"#
        ))
        .unwrap()
    };
    for ended in [r#"{"left":0,"of":2}"#, r#"{"left":0,"of":18446744073709551615}"#] {
        let mut run = snapshot(ended).resume(taking(2), collection_sink(vec![])).unwrap();
        assert!(run.send(1).is_break(), "{ended}");
        assert!(run.close().is_empty());
        let mut run = snapshot(ended).resume_run(taking(2)).unwrap();
        assert_eq!((run.wants_input(), run.step(1)), (false, None));
    }
    // And where the sink wants nothing.
    let (snapshot, _) = running(mapping(|x: i32| x)).suspend();
    let ended = reactive_transduce(taking(0), collection_sink(vec![]));
    let mut run = snapshot.resume(mapping(|x: i32| x), ended).unwrap();
    assert!(run.send(1).is_break());
    assert!(run.close().is_empty());
}

#[test]
fn floats_that_are_not_finite_are_read_as_they_were_written() {
    for numbers in [vec![f64::NAN, 1.0], vec![f64::MAX, f64::MIN, 1.0], vec![f64::INFINITY, 2.0], vec![0.1, 0.2, 0.3]] {
        let xf = || reducing((statistics(), averaging()));
        let whole = transduce(xf(), appending(), numbers.clone());
        for cut in 0..=numbers.len() {
            let seen = gone_on_with(xf(), numbers[..cut].to_vec(), xf(), numbers[cut..].to_vec()).unwrap();
            assert_eq!(format!("{seen:?}"), format!("{whole:?}"), "{numbers:?} set aside after {cut}");
        }
    }
}

#[test]
fn a_snapshot_is_the_same_text_each_time() {
    let text = || {
        let mut run = running(compose((distinct(), by_key(|x: &i32| x % 7, distinct()))));
        let _ = (0..100).try_for_each(|x| run.send(x).into_step());
        serde_json::to_string(&run.suspend().0).unwrap()
    };
    assert_eq!(text(), text());
    assert!(text().contains("[0,1,2,3,4,5,6,7,"), "in the order in which they came");
}

#[test]
fn a_boxed_run_goes_on_if_it_was_boxed_for_that() {
    let xf = || boxed_resumable::<i32, _>(compose((skipping(1), by_key(|x: &i32| x % 2, batching(2)))));
    let seen = gone_on_with(xf(), 0..=2, xf(), 3..=4);
    assert_eq!(
        seen,
        Ok(vec![(0, vec![2, 4]), (1, vec![1, 3])]).map(|seen: Vec<(i32, Vec<i32>)>| {
            // In the order in which they were full.
            let mut seen = seen;
            seen.sort_by_key(|(key, _)| 1 - key);
            seen
        })
    );
    // Boxes in boxes.
    let nested = || boxed_resumable::<i32, _>(compose((boxed_resumable(skipping(1)), boxed_resumable(batching(2)))));
    assert_eq!(gone_on_with(nested(), 0..=1, nested(), 2..=3), Ok(vec![vec![1, 2], vec![3]]));

    let (snapshot, _) = running(boxed::<i32, _>(batching(2))).suspend();
    let error = serde_json::to_string(&snapshot).unwrap_err().to_string();
    assert_eq!(error, "a box is written if `boxed_resumable` made it");
}

#[test]
fn a_boxed_state_from_hostile_hands_is_refused() {
    let (snapshot, _) = running(boxed_resumable::<i32, _>(batching(2))).suspend();
    let json = serde_json::to_string(&snapshot).unwrap();
    let resume = |json: String| {
        let snapshot: Result<Snapshot<_>, _> = serde_json::from_str(&json);
        snapshot.map(|snapshot| snapshot.resume(boxed_resumable::<i32, _>(batching(2)), null_sink()).map(drop))
    };
    assert!(resume(json.clone()).unwrap().is_ok());
    assert!(resume(json.replace("\"80\"", "\"8\u{e9}\"")).is_err());
    assert!(resume(json.replace("\"80\"", "\"zz\"")).is_err());
    for bytes in ["", "ff", "9bffffffffffffffff", "a0"] {
        let error = resume(json.replace("\"80\"", &format!("\"{bytes}\""))).unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the state of `boxed` is invalid: it is no state of what is in the box",
            "{bytes}"
        );
    }
}

/// Sets a run aside after the items, puts something else in the place of a part of its JSON, and goes on with that.
fn altered<In, X>(
    xf: X,
    items: impl IntoIterator<Item = In>,
    part: &str,
    other: &str,
) -> Result<Run<In, X>, SnapshotError>
where
    X: Transducer<In, State: Serialize + DeserializeOwned>,
{
    let mut run = Run::new(&xf);
    for item in items {
        let _ = run.step(item);
        while run.resume().is_some() {}
    }
    let json = serde_json::to_string(&run.suspend().expect("nothing is pending")).unwrap();
    assert!(json.contains(part), "{json}");
    serde_json::from_str::<Snapshot<X::State>>(&json.replacen(part, other, 1)).unwrap().resume_run(xf)
}

#[test]
fn what_no_run_has_written_is_refused_by_name_or_does_no_harm() {
    let refused = |error: SnapshotError| error.to_string();
    let batches = batching_within(2, Duration::from_secs(1));
    assert_eq!(
        altered(batches, [5], "\"count\":1", "\"count\":0").map(drop).map_err(refused).unwrap_err(),
        "the state of `batching_within` is invalid: it has a batch without items"
    );
    let windows = windowing_by_time(10i64, 10, |time: &i64| *time);
    assert_eq!(
        altered(windows, [10], "\"next_end\":20", "\"next_end\":10").map(drop).map_err(refused).unwrap_err(),
        "the state of `windowing_by_time` is invalid: its next window isn't one of its items"
    );
    assert_eq!(
        altered(sorting_by_time(|time: &Duration| *time), [Duration::from_secs(5)], "\"place\":0", "\"place\":7")
            .map(drop)
            .map_err(refused)
            .unwrap_err(),
        "the state of `sorting_by_time` is invalid: an item has no place or time"
    );
    // The place of a key that there is not.
    let latest = by_key(|x: &u32| x % 2, batching(2)).remembering(2);
    let mut run = altered(latest, [4, 5], "[0,1]", "[7,1,0]").unwrap();
    assert_eq!(run.step(4), Some((0, vec![4, 4])));
}

#[test]
fn variants_of_a_stage_have_outlines_of_their_own() {
    let throttled = || throttling(Duration::from_secs(1));
    let named = |xf| Outline::of::<u32, _>(&xf).to_string();
    assert_eq!(named(throttled()), "throttling");
    assert_eq!(named(throttled().trailing()), "throttling_trailing");
    assert_eq!(named(throttled().only_trailing()), "throttling_only_trailing");
}

/// A stage of a user's own: its name, its settings and its check are what the crate's stages have.
#[test]
fn a_stage_of_ones_own_has_a_name_and_a_check() {
    /// Numbers the items from 1 to `most`, and from 1 again.
    struct Numbering {
        most: u32,
    }

    impl<In> Transducer<In> for Numbering {
        type Out = (u32, In);
        type State = u32;

        const SHAPE: Shape = Shape::ONE;

        fn initial(&self) -> u32 {
            0
        }

        fn step(&self, last: &mut u32, item: In, out: &mut impl Emit<(u32, In)>) -> Step {
            *last = *last % self.most + 1;
            out.emit((*last, item))
        }

        fn describe(&self, outline: &mut Outline) {
            outline.stage("numbering").setting("most", self.most, Change::Larger);
        }

        fn validate(&self, last: &mut u32) -> Result<(), InvalidState> {
            if *last > self.most { Err(InvalidState::new("numbering", "the number is too large")) } else { Ok(()) }
        }
    }

    assert_eq!(
        gone_on_with(Numbering { most: 2 }, "abc".chars(), Numbering { most: 3 }, "de".chars()).unwrap()[3..],
        [(2, 'd'), (3, 'e')]
    );
    assert!(gone_on_with(Numbering { most: 2 }, "abc".chars(), Numbering { most: 1 }, "de".chars()).is_err());
}
