//! The one table of stages, which the property tests run from and the docs' table is made of.
//!
//! A new stage joins it with one row. All rows have items of one type, [`Value`], so that any stage
//! can follow any other.

#![allow(clippy::redundant_closure, clippy::map_flatten, clippy::type_complexity)] // rows are all of one form

mod equivalents;
mod reducers;
mod value;

use itertools::Itertools;
use proptest::{collection::vec, prelude::*};
use transducer::{laws::Laws, *};

use equivalents::*;
pub(crate) use reducers::REDUCERS;
pub(crate) use value::Value;

/// An iterator of [`Value`]s of some kind.
pub(crate) type Source = Box<dyn Iterator<Item = Value>>;

/// A stage, as the tests and the docs know it.
pub(crate) struct Row {
    /// The free function.
    pub(crate) name: &'static str,
    /// The fluent method.
    pub(crate) method: &'static str,
    /// What it is tested against, in Markdown.
    pub(crate) like: &'static str,
    /// The stage, for a parameter from 0 to 5.
    pub(crate) stage: fn(usize) -> Boxed<'static, Value, Value>,
    /// The same, by the fluent method.
    pub(crate) fluent: fn(usize) -> Boxed<'static, Value, Value>,
    /// The same, by iterator adaptors.
    pub(crate) equivalent: fn(usize, Source) -> Source,
    /// The laws, prepared for the stage's own type.
    pub(crate) check_laws: fn(usize),
}

/// The stages of one module, as rows; a row takes the free function's name, the fluent method's, what
/// it is like, and the three ways to make it. A stage emits anything that a `Value` can be made from.
macro_rules! rows {
    ($(($name:literal, $method:literal, $like:literal,
        $stage:expr, $fluent:expr, $equivalent:expr $(,)?),)*) => {
        &[$(Row {
            name: $name,
            method: $method,
            like: $like,
            stage: |n| boxed(valued(typed($stage, n))),
            fluent: |n| boxed(valued(fluently($fluent, n))),
            equivalent: |n, source| equivalently($equivalent, n, source),
            check_laws: |n| {
                Laws::of(format!("{} with n = {n}", $name), valued(typed($stage, n)))
                    .like(move |input| equivalently($equivalent, n, Box::new(input.into_iter())).collect())
                    .resuming()
                    .cases(cases(32))
                    .check(inputs());
            },
        },)*]
    };
}

/// What the property tests draw as input: short, and with runs of equal items in it.
pub(crate) fn inputs() -> impl Strategy<Value = Vec<Value>> {
    vec((0..6i64).prop_map(Value::Int), 0..12)
}

/// How many cases to run: `usual`, times the environment's `TRANSDUCER_CASES` if that is set.
pub(crate) fn cases(usual: u32) -> u32 {
    std::env::var("TRANSDUCER_CASES").map_or(usual, |times| usual * times.parse::<u32>().expect("TRANSDUCER_CASES"))
}

/// The settings of a property test that usually runs `usual` cases.
pub(crate) fn config(usual: u32) -> ProptestConfig {
    ProptestConfig { cases: cases(usual), failure_persistence: None, ..ProptestConfig::default() }
}

/// Passes a stage's outputs on as `Value`s.
fn valued<X: Transducer<Value, Out: Into<Value>>>(xf: X) -> Compose<X, Mapping<fn(X::Out) -> Value>> {
    compose((xf, mapping(X::Out::into as fn(X::Out) -> Value)))
}

// These three tell the compiler the types of a row's closures.

fn typed<X: Transducer<Value>>(stage: impl Fn(usize) -> X, n: usize) -> X {
    stage(n)
}

fn fluently<X: Transducer<Value>>(fluent: impl Fn(Pipeline<Value, Identity>, usize) -> X, n: usize) -> X {
    fluent(pipeline(), n)
}

fn equivalently<I>(equivalent: impl Fn(usize, Source) -> I, n: usize, source: Source) -> Source
where
    I: Iterator<Item: Into<Value>> + 'static,
{
    Box::new(equivalent(n, source).map(Into::into))
}

/// Every stage, by group in the order of the docs.
pub(crate) const GROUPS: &[(&str, &[Row])] = &[
    (
        "One to one",
        rows![
            (
                "mapping",
                "map",
                "`Iterator::map`",
                |n| mapping(move |item: Value| item.plus(n)),
                |p, n| p.map(move |item| item.plus(n)),
                |n, source| source.map(move |item| item.plus(n)),
            ),
            (
                "enumerating",
                "enumerate",
                "`Iterator::enumerate`",
                |_| enumerating(),
                |p, _| p.enumerate(),
                |_, source| source.enumerate(),
            ),
            (
                "inspecting",
                "inspect",
                "`Iterator::inspect`",
                |_| inspecting(|_: &Value| ()),
                |p, _| p.inspect(|_| ()),
                |_, source| source.inspect(|_| ()),
            ),
            (
                "scanning",
                "scan",
                "`Iterator::scan`",
                |n| scanning(0, move |total: &mut usize, item: Value| running_total(total, item, n)),
                |p, n| p.scan(0, move |total, item| running_total(total, item, n)),
                |n, source| source.scan(0, move |total, item| running_total(total, item, n)),
            ),
            (
                "replacing",
                "replace",
                "`Iterator::map`, with a default",
                |n| replacing(move |item: &Value| half(item.clone(), n)),
                |p, n| p.replace(move |item| half(item.clone(), n)),
                |n, source| source.map(move |item| half(item.clone(), n).unwrap_or(item)),
            ),
        ],
    ),
    (
        "Choosing",
        rows![
            (
                "filtering",
                "filter",
                "`Iterator::filter`",
                |n| filtering(move |item: &Value| item.weight() > n),
                |p, n| p.filter(move |item| item.weight() > n),
                |n, source| source.filter(move |item| item.weight() > n),
            ),
            (
                "removing",
                "remove",
                "`Iterator::filter`, negated",
                |n| removing(move |item: &Value| item.weight() > n),
                |p, n| p.remove(move |item| item.weight() > n),
                |n, source| source.filter(move |item| item.weight() <= n),
            ),
            (
                "filter_mapping",
                "filter_map",
                "`Iterator::filter_map`",
                |n| filter_mapping(move |item: Value| half(item, n)),
                |p, n| p.filter_map(move |item| half(item, n)),
                |n, source| source.filter_map(move |item| half(item, n)),
            ),
            ("deduping", "dedup", "itertools `dedup`", |_| deduping(), |p, _| p.dedup(), |_, source| source.dedup(),),
            (
                "deduping_by_key",
                "dedup_by_key",
                "itertools `dedup_by`, with a key",
                |n| deduping_by_key(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.dedup_by_key(move |item| item.weight() / (n + 1)),
                |n, source| source.dedup_by(move |a, b| a.weight() / (n + 1) == b.weight() / (n + 1)),
            ),
            (
                "distinct",
                "unique",
                "itertools `unique`",
                |_| distinct(),
                |p, _| p.unique(),
                |_, source| source.unique(),
            ),
            (
                "distinct_by_key",
                "unique_by",
                "itertools `unique_by`",
                |n| distinct_by_key(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.unique_by(move |item| item.weight() / (n + 1)),
                |n, source| source.unique_by(move |item| item.weight() / (n + 1)),
            ),
            (
                "stepping_by",
                "step_by",
                "`Iterator::step_by`",
                |n| stepping_by(n + 1),
                |p, n| p.step_by(n + 1),
                |n, source| source.step_by(n + 1),
            ),
            (
                "sampling",
                "sample",
                "`Iterator::filter`, by chance",
                |n| sampling(n as f64 / 5.0, 7),
                |p, n| p.sample(n as f64 / 5.0, 7),
                |n, source| source.filter(by_chance(n as f64 / 5.0, 7)),
            ),
        ],
    ),
    (
        "Ending",
        rows![
            ("taking", "take", "`Iterator::take`", |n| taking(n), |p, n| p.take(n), |n, source| source.take(n)),
            (
                "taking_while",
                "take_while",
                "`Iterator::take_while`",
                |n| taking_while(move |item: &Value| item.weight() <= n),
                |p, n| p.take_while(move |item| item.weight() <= n),
                |n, source| source.take_while(move |item| item.weight() <= n),
            ),
            ("first", "first", "`Iterator::take(1)`", |_| first(), |p, _| p.first(), |_, source| source.take(1)),
            (
                "first_where",
                "find",
                "`Iterator::find`",
                |n| first_where(move |item: &Value| item.weight() > n),
                |p, n| p.find(move |item| item.weight() > n),
                |n, mut source| source.find(|item| item.weight() > n).into_iter(),
            ),
            (
                "taking_until",
                "take_until",
                "itertools `take_while_inclusive`, negated",
                |n| taking_until(move |item: &Value| item.weight() > n),
                |p, n| p.take_until(move |item| item.weight() > n),
                |n, source| source.take_while_inclusive(move |item| item.weight() <= n),
            ),
            (
                "mapping_while",
                "map_while",
                "`Iterator::map_while`",
                |n| mapping_while(move |item: Value| item.weight().checked_sub(n)),
                |p, n| p.map_while(move |item| item.weight().checked_sub(n)),
                |n, source| source.map_while(move |item| item.weight().checked_sub(n)),
            ),
            (
                "element_at",
                "nth",
                "`Iterator::nth`",
                |n| element_at(n),
                |p, n| p.nth(n),
                |n, mut source| source.nth(n).into_iter(),
            ),
        ],
    ),
    (
        "Skipping, last",
        rows![
            ("skipping", "skip", "`Iterator::skip`", |n| skipping(n), |p, n| p.skip(n), |n, source| source.skip(n)),
            (
                "skipping_while",
                "skip_while",
                "`Iterator::skip_while`",
                |n| skipping_while(move |item: &Value| item.weight() <= n),
                |p, n| p.skip_while(move |item| item.weight() <= n),
                |n, source| source.skip_while(move |item| item.weight() <= n),
            ),
            ("last", "last", "`Iterator::last`", |_| last(), |p, _| p.last(), |_, source| source.last().into_iter()),
            (
                "taking_last",
                "tail",
                "itertools `tail`",
                |n| taking_last(n),
                |p, n| p.tail(n),
                |n, source| source.tail(n),
            ),
            (
                "skipping_last",
                "skip_last",
                "itertools `dropping_back`",
                |n| skipping_last(n),
                |p, n| p.skip_last(n),
                |n, source| collected(source).dropping_back(n),
            ),
        ],
    ),
    (
        "Expanding",
        rows![
            (
                "repeating",
                "repeat",
                "`Iterator::flat_map` with `repeat_n`",
                |n| repeating(n),
                |p, n| p.repeat(n),
                |n, source| source.flat_map(move |item| std::iter::repeat_n(item, n)),
            ),
            (
                "flat_mapping",
                "flat_map",
                "`Iterator::flat_map`",
                |n| flat_mapping(move |item: Value| countdown(item, n)),
                |p, n| p.flat_map(move |item| countdown(item, n)),
                |n, source| source.flat_map(move |item| countdown(item, n)),
            ),
            (
                "flattening",
                "flatten",
                "`Iterator::flatten`",
                |n| compose((mapping(move |item: Value| countdown(item, n)), flattening())),
                |p, n| p.map(move |item| countdown(item, n)).flatten(),
                |n, source| source.map(move |item| countdown(item, n)).flatten(),
            ),
            (
                "interspersing",
                "intersperse",
                "itertools `intersperse`",
                |n| interspersing(Value::from(n)),
                |p, n| p.intersperse(Value::from(n)),
                |n, source| Itertools::intersperse(source, Value::from(n)),
            ),
            (
                "prepending",
                "prepend",
                "`Iterator::chain`, onto the items",
                |n| prepending(vec![Value::from(n); n]),
                |p, n| p.prepend(vec![Value::from(n); n]),
                |n, source| prepended(vec![Value::from(n); n], source),
            ),
            (
                "following_with",
                "chain",
                "`Iterator::chain`",
                |n| following_with(vec![Value::from(n); n]),
                |p, n| p.chain(vec![Value::from(n); n]),
                |n, source| source.chain(vec![Value::from(n); n]),
            ),
        ],
    ),
    (
        "Grouping",
        rows![
            (
                "batching",
                "chunks",
                "itertools `chunks`",
                |n| batching(n + 1),
                |p, n| p.chunks(n + 1),
                |n, source| collected(source.chunks(n + 1).into_iter().map(Iterator::collect::<Vec<_>>)),
            ),
            (
                "batching_with",
                "chunks_with",
                "itertools `chunks`",
                |n| batching_with(n + 1, |batch: &[Value]| batch.len()),
                |p, n| p.chunks_with(n + 1, |batch| batch.len()),
                |n, source| collected(source.chunks(n + 1).into_iter().map(Iterator::count)),
            ),
            (
                "windowing",
                "windows",
                "slices' `windows`",
                |n| windowing(n + 1),
                |p, n| p.windows(n + 1),
                |n, source| collected(source.collect_vec().windows(n + 1).map(<[_]>::to_vec)),
            ),
            (
                "windowing step",
                "windows",
                "slices' `windows`, with `step_by`",
                |n| windowing(2).step(n + 1),
                |p, n| p.then(windowing(2).step(n + 1)),
                |n, source| collected(source.collect_vec().windows(2).step_by(n + 1).map(<[_]>::to_vec)),
            ),
            (
                "windowing_with",
                "windows_with",
                "slices' `windows`",
                |n| windowing_with(n + 1, |window: &[Value]| sum_of(window)),
                |p, n| p.windows_with(n + 1, sum_of),
                |n, source| collected(source.collect_vec().windows(n + 1).map(sum_of)),
            ),
            (
                "windowing_with step",
                "windows_with",
                "slices' `windows`, with `step_by`",
                |n| windowing_with(2, |window: &[Value]| sum_of(window)).step(n + 1),
                |p, n| p.then(windowing_with(2, sum_of).step(n + 1)),
                |n, source| collected(source.collect_vec().windows(2).step_by(n + 1).map(sum_of)),
            ),
            (
                "batching_by",
                "chunk_by",
                "itertools `chunk_by`",
                |n| batching_by(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.chunk_by(move |item| item.weight() / (n + 1)),
                |n, source| {
                    let runs = source.chunk_by(move |item| item.weight() / (n + 1));
                    collected(runs.into_iter().map(|(key, run)| (key, run.collect_vec())))
                },
            ),
            (
                "pairing",
                "tuple_windows",
                "itertools `tuple_windows`",
                |_| pairing(),
                |p, _| p.tuple_windows(),
                |_, source| source.tuple_windows::<(_, _)>(),
            ),
        ],
    ),
    (
        "Grouping by time",
        rows![
            (
                "batching_by_time",
                "chunks_by_time",
                "tumbling windows, as in Apache Flink",
                |n| batching_by_time(n as i64 + 1, time_of),
                |p, n| p.chunks_by_time(n as i64 + 1, time_of),
                |n, source| time_windows(source, n as i64 + 1, n as i64 + 1, 0),
            ),
            (
                "batching_by_time waiting",
                "chunks_by_time",
                "tumbling windows, as in Apache Flink",
                |n| batching_by_time(2, time_of).waiting(n as i64),
                |p, n| p.then(batching_by_time(2, time_of).waiting(n as i64)),
                |n, source| time_windows(source, 2, 2, n as i64),
            ),
            (
                "windowing_by_time",
                "windows_by_time",
                "sliding windows, as in Apache Flink",
                |n| windowing_by_time(n as i64 + 2, 2, time_of),
                |p, n| p.windows_by_time(n as i64 + 2, 2, time_of),
                |n, source| time_windows(source, n as i64 + 2, 2, 0),
            ),
            (
                "windowing_by_time waiting",
                "windows_by_time",
                "sliding windows, as in Apache Flink",
                |n| windowing_by_time(3, 1, time_of).waiting(n as i64),
                |p, n| p.then(windowing_by_time(3, 1, time_of).waiting(n as i64)),
                |n, source| time_windows(source, 3, 1, n as i64),
            ),
            (
                "sessioning",
                "sessions",
                "session windows, as in Apache Flink",
                |n| sessioning(n as i64 + 1, time_of),
                |p, n| p.sessions(n as i64 + 1, time_of),
                |n, source| sessions(source, n as i64 + 1, 0),
            ),
            (
                "sessioning waiting",
                "sessions",
                "session windows, as in Apache Flink",
                |n| sessioning(2, time_of).waiting(n as i64),
                |p, n| p.then(sessioning(2, time_of).waiting(n as i64)),
                |n, source| sessions(source, 2, n as i64),
            ),
        ],
    ),
    (
        "Whole input",
        rows![
            ("sorting", "sorted", "itertools `sorted`", |_| sorting(), |p, _| p.sorted(), |_, source| source.sorted(),),
            (
                "sorting_by",
                "sorted_by",
                "itertools `sorted_by`",
                |n| sorting_by(move |a: &Value, b: &Value| (b.weight() / (n + 1)).cmp(&(a.weight() / (n + 1)))),
                |p, n| p.sorted_by(move |a, b| (b.weight() / (n + 1)).cmp(&(a.weight() / (n + 1)))),
                |n, source| source.sorted_by(move |a, b| (b.weight() / (n + 1)).cmp(&(a.weight() / (n + 1)))),
            ),
            (
                "sorting_by_key",
                "sorted_by_key",
                "itertools `sorted_by_key`",
                |n| sorting_by_key(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.sorted_by_key(move |item| item.weight() / (n + 1)),
                |n, source| source.sorted_by_key(move |item| item.weight() / (n + 1)),
            ),
            (
                "reversing",
                "rev",
                "`Iterator::rev`",
                |_| reversing(),
                |p, _| p.rev(),
                |_, source| collected(source).rev(),
            ),
            (
                "reducing",
                "reduce",
                "`Iterator::fold`",
                |n| reducing(folding(n, move |total, item: Value| total + n * item.weight())),
                |p, n| p.reduce(folding(n, move |total, item: Value| total + n * item.weight())),
                |n, source| { std::iter::once_with(move || source.fold(n, |total, item| total + n * item.weight())) },
            ),
            (
                "reducing first_of",
                "reduce",
                "`Iterator::next`",
                |_| reducing(first_of()),
                |p, _| p.reduce(first_of()),
                |_, mut source| std::iter::once_with(move || source.next()),
            ),
        ],
    ),
    (
        "Higher order",
        rows![
            (
                "by_key",
                "by_key",
                "group, then each group by itself",
                |n| by_key(parity, taking(n)),
                |p, n| p.by_key(parity, taking(n)),
                |n, source| {
                    let mut taken = [0; 2];
                    source.map(|item| (parity(&item), item)).filter(move |(key, _)| {
                        taken[*key] += 1;
                        taken[*key] <= n
                    })
                },
            ),
            (
                "by_key batching",
                "by_key",
                "group, then `chunks` of each group",
                |n| by_key(parity, batching(n + 1)),
                |p, n| p.by_key(parity, batching(n + 1)),
                |n, source| batched_by_parity(source, n + 1),
            ),
            (
                "by_key reducing",
                "by_key",
                "itertools `into_grouping_map_by`",
                |n| by_key(parity, compose((taking(n), reducing(appending())))),
                |p, n| p.by_key(parity, pipeline().take(n).reduce(appending())),
                |n, source| grouped_by_parity(source, n),
            ),
            (
                "fan_out",
                "fan_out",
                "several adaptors over one source, merged",
                |n| fan_out((
                    mapping(move |item: Value| item.plus(n)),
                    compose((taking(n), repeating(2))),
                    skipping(n),
                )),
                |p, n| p
                    .fan_out((mapping(move |item: Value| item.plus(n)), pipeline().take(n).repeat(2), skipping(n),)),
                |n, source| {
                    source.enumerate().flat_map(move |(place, item)| {
                        let repeated = std::iter::repeat_n(item.clone(), if place < n { 2 } else { 0 });
                        let skipped = (place >= n).then(|| item.clone());
                        std::iter::once(item.plus(n)).chain(repeated).chain(skipped)
                    })
                },
            ),
            (
                "fan_out ending",
                "fan_out",
                "several adaptors over one source, merged",
                |n| fan_out((
                    compose((taking(1), following_with([Value::Int(9)]))),
                    compose((batching(n + 1), mapping(Value::from), taking(2))),
                    taking(n),
                )),
                |p, n| p.fan_out((
                    pipeline().take(1).chain([Value::Int(9)]),
                    pipeline().chunks(n + 1).map(Value::from).take(2),
                    taking(n),
                )),
                |n, source| fanned_out(source, n),
            ),
            (
                "on_ok",
                "on_ok",
                "itertools `map_ok`, `filter_ok` and the like",
                |n| compose((mapping(move |item| even(item, n)), on_ok(compose((taking(n + 1), batching(2)))))),
                |p, n| p.map(move |item| even(item, n)).on_ok(pipeline().take(n + 1).chunks(2)),
                |n, source| batched_oks(source.map(move |item| even(item, n)), n + 1),
            ),
            (
                "on_ok mapping",
                "on_ok",
                "itertools `map_ok`",
                |n| compose((mapping(move |item| even(item, n)), on_ok(enumerating()))),
                |p, n| p.map(move |item| even(item, n)).on_ok(enumerating()),
                |n, source| {
                    let mut place = 0usize..;
                    source.map(move |item| even(item, n)).map_ok(move |item| (place.next().unwrap(), item))
                },
            ),
            (
                "on_some",
                "on_some",
                "`Iterator::map` with `Option::map`, and the like",
                |n| compose((mapping(move |item| even(item, n).ok()), on_some(compose((taking(n), last()))))),
                |p, n| p.map(move |item| even(item, n).ok()).on_some(pipeline().take(n).last()),
                |n, source| last_some(source.map(move |item| even(item, n).ok()), n),
            ),
            (
                "zipping",
                "zip",
                "`Iterator::zip`",
                |n| zipping(vec![Value::from(n); n]),
                |p, n| p.zip(vec![Value::from(n); n]),
                |n, source| source.zip(vec![Value::from(n); n]),
            ),
        ],
    ),
];

/// Every stage.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|(_, rows)| *rows)
}
