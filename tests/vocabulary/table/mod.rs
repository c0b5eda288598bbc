//! The one table of stages, which the tests run from and the docs' tables are made of: all that is known of each stage.
//!
//! A new stage joins it with one row. All rows have items of one type, [`Value`], so that any stage
//! can follow any other.

#![allow(clippy::redundant_closure, clippy::map_flatten, clippy::type_complexity)] // rows are all of one form

mod equivalents;
mod reducers;
mod value;

use std::num::Wrapping;

use itertools::Itertools;
use proptest::{collection::vec, prelude::*};
use smallvec::SmallVec;
use transducer::{
    kernel::Compose,
    laws::Laws,
    sources::Recorded,
    stages::{FoldedWindow, Identity, Mapping},
    *,
};

use crate::{
    allocations, hostile,
    laziness::{self, Clones},
    resuming,
};
use Hint::*;
use Promise::*;
pub(crate) use equivalents::SplitMix64;
use equivalents::*;
pub(crate) use reducers::{Combines, REDUCERS};
pub(crate) use value::Value;

/// An iterator of [`Value`]s of some kind.
pub(crate) type Source = Box<dyn Iterator<Item = Value>>;

/// A stage with items of any shape.
pub(crate) type Stage = Boxed<'static, Value, Value>;

/// A stage, as the tests and the docs know it.
pub(crate) struct Row {
    /// The free function, and what else is in the row.
    pub(crate) name: &'static str,
    /// The fluent method.
    pub(crate) method: &'static str,
    /// What it is tested against, in Markdown.
    pub(crate) like: &'static str,
    pub(crate) facts: Facts,
    /// The stage, for a parameter from 0 to 5.
    pub(crate) stage: fn(usize) -> Stage,
    /// The same, by the fluent method.
    pub(crate) fluent: fn(usize) -> Stage,
    /// The same, by iterator adaptors.
    pub(crate) equivalent: fn(usize, Source) -> Source,
    /// What is checked of the stage's own type, for a parameter.
    pub(crate) checks: Checks,
}

/// What is said of a stage, and held to.
pub(crate) struct Facts {
    /// Its `SHAPE`, which also tells whether it is timed.
    pub(crate) shape: Shape,
    pub(crate) hint: Hint,
    pub(crate) allocates: Promise,
    /// Whether it treats each item by itself, so that the input can be cut anywhere.
    pub(crate) splits: bool,
}

/// What a stage's size hint says, where the size of its source is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hint {
    /// How many outputs there will be.
    Exact,
    /// How many there will be at most.
    Bounded,
    /// There can be any number.
    Open,
}

/// What a stage promises of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Promise {
    /// Allocates nothing, however many items come.
    Nothing,
    /// Allocates for what it keeps, once; as much for few items as for many.
    OnceARun,
    /// Allocates for what it emits, and keeps no more for many items than for few.
    AnOutput,
    /// Keeps what comes: only an empty run allocates nothing.
    WhatComes,
}

/// What is checked of the stage's own type, and not of a box with the stage in it.
pub(crate) struct Checks {
    /// The `SHAPE` that it really has.
    pub(crate) shape: fn() -> Shape,
    /// Whether it is `Splittable`.
    pub(crate) splittable: fn() -> bool,
    pub(crate) laws: fn(usize, Hint),
    /// What it keeps to of memory.
    pub(crate) allocations: fn(usize) -> Promise,
    /// That it can be set aside at every point of a run, through JSON and bytes. All stages can.
    pub(crate) snapshots: fn(usize, &[Value]),
    /// That it survives states that no run has had.
    pub(crate) hostile: fn(usize, &mut hostile::Seen),
    /// The stage, and one behind it that makes clones of each item, inside wrappers inside wrappers.
    pub(crate) nested: fn(usize, Clones) -> Stage,
}

/// The stages of one module, as rows; a row takes the free function's name, the fluent method's, what
/// it is like, what is said of it, and the three ways to make it. A stage emits anything that a `Value` can be made from.
macro_rules! rows {
    ($(($name:literal, $method:literal, $like:literal, $facts:expr,
        $stage:expr, $fluent:expr, $equivalent:expr $(,)?),)*) => {
        &[$(Row {
            name: $name,
            method: $method,
            like: $like,
            facts: $facts,
            stage: |n| boxed(valued(typed($stage, n))),
            fluent: |n| boxed(valued(fluently($fluent, n))),
            equivalent: |n, source| equivalently($equivalent, n, source),
            checks: Checks {
                shape: || shape_of($stage),
                // Of the two methods of this name, the one that there is for `Splittable` comes first.
                splittable: || (&Asked { xf: typed($stage, 1) }).is_splittable(),
                laws: |n, hint| {
                    let laws = Laws::of(format!("{} with n = {n}", $name), valued(typed($stage, n)))
                        .like(move |input| equivalently($equivalent, n, Box::new(input.into_iter())).collect())
                        .resuming()
                        .cases(cases(32));
                    let laws = match hint {
                        Exact => laws.tight(),
                        Bounded => laws.bounded(),
                        Open => laws,
                    };
                    laws.check(inputs());
                },
                allocations: |n| allocations::observed($name, n, typed($stage, n)),
                snapshots: |n, input| resuming::goes_on_from_snapshots($name, n, || valued(typed($stage, n)), input),
                hostile: |n, seen| hostile::survives($name, valued(typed($stage, n)), ITEMS.map(Value::Int), seen),
                nested: |n, clones| laziness::nested(valued(typed($stage, n)), clones),
            },
        },)*]
    };
}

/// What the states have seen that hostile ones are made from.
const ITEMS: [i64; 6] = [3, 1, 4, 1, 5, 9];

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

// These tell the compiler the types of a row's closures.

fn shape_of<X: Transducer<Value>>(_: impl Fn(usize) -> X) -> Shape {
    X::SHAPE
}

/// A stage that may be `Splittable`.
struct Asked<X> {
    #[allow(dead_code)] // only its type is asked
    xf: X,
}

trait IsSplittable {
    fn is_splittable(&self) -> bool;
}

impl<X: Splittable> IsSplittable for Asked<X> {
    fn is_splittable(&self) -> bool {
        true
    }
}

trait IsNotSplittable {
    fn is_splittable(&self) -> bool;
}

impl<X> IsNotSplittable for &Asked<X> {
    fn is_splittable(&self) -> bool {
        false
    }
}

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
                Facts { shape: Shape::ONE, hint: Exact, allocates: Nothing, splits: true },
                |n| mapping(move |item: Value| item.plus(n)),
                |p, n| p.map(move |item| item.plus(n)),
                |n, source| source.map(move |item| item.plus(n)),
            ),
            (
                "enumerating",
                "enumerate",
                "`Iterator::enumerate`",
                Facts { shape: Shape::ONE, hint: Exact, allocates: Nothing, splits: false },
                |_| enumerating(),
                |p, _| p.enumerate(),
                |_, source| source.enumerate(),
            ),
            (
                "inspecting",
                "inspect",
                "`Iterator::inspect`",
                Facts { shape: Shape::ONE, hint: Exact, allocates: Nothing, splits: true },
                |_| inspecting(|_: &Value| ()),
                |p, _| p.inspect(|_| ()),
                |_, source| source.inspect(|_| ()),
            ),
            (
                "scanning",
                "scan",
                "`Iterator::scan`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| scanning(0, move |total: &mut usize, item: Value| running_total(total, item, n)),
                |p, n| p.scan(0, move |total, item| running_total(total, item, n)),
                |n, source| source.scan(0, move |total, item| running_total(total, item, n)),
            ),
            (
                "running",
                "running",
                "`Iterator::scan`, with a reducer",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |_| running(sum_and_greatest()),
                |p, _| p.running(sum_and_greatest()),
                |_, source| source.scan(vec![], move |seen, item| {
                    seen.push(item);
                    Some(sum_and_greatest_of(seen))
                }),
            ),
            (
                "running first_of",
                "running",
                "`Iterator::take`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |_| running(first_of()),
                |p, _| p.running(first_of()),
                |_, source| source.take(1).map(Some),
            ),
            (
                "smoothing",
                "smooth",
                "`Iterator::scan`, with the formula",
                Facts { shape: Shape::ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| compose((mapping(|item: Value| item.weight() as f64), smoothing(eighths(n)), mapping(millionths))),
                |p, n| p.map(|item| item.weight() as f64).smooth(eighths(n)).map(millionths),
                |n, source| {
                    source
                        .map(|item| item.weight() as f64)
                        .scan(None, move |average, item: f64| {
                            let next = average.map_or(item, |average| average + eighths(n) * (item - average));
                            *average = Some(next);
                            *average
                        })
                        .map(millionths)
                },
            ),
            (
                "replacing",
                "replace",
                "`Iterator::map`, with a default",
                Facts { shape: Shape::ONE, hint: Exact, allocates: Nothing, splits: true },
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
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: true },
                |n| filtering(move |item: &Value| item.weight() > n),
                |p, n| p.filter(move |item| item.weight() > n),
                |n, source| source.filter(move |item| item.weight() > n),
            ),
            (
                "removing",
                "remove",
                "`Iterator::filter`, negated",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: true },
                |n| removing(move |item: &Value| item.weight() > n),
                |p, n| p.remove(move |item| item.weight() > n),
                |n, source| source.filter(move |item| item.weight() <= n),
            ),
            (
                "filter_mapping",
                "filter_map",
                "`Iterator::filter_map`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: true },
                |n| filter_mapping(move |item: Value| half(item, n)),
                |p, n| p.filter_map(move |item| half(item, n)),
                |n, source| source.filter_map(move |item| half(item, n)),
            ),
            (
                "deduping",
                "dedup",
                "itertools `dedup`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |_| deduping(),
                |p, _| p.dedup(),
                |_, source| source.dedup(),
            ),
            (
                "deduping_by_key",
                "dedup_by_key",
                "itertools `dedup_by`, with a key",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| deduping_by_key(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.dedup_by_key(move |item| item.weight() / (n + 1)),
                |n, source| source.dedup_by(move |a, b| a.weight() / (n + 1) == b.weight() / (n + 1)),
            ),
            (
                "distinct",
                "distinct",
                "itertools `unique`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: WhatComes, splits: false },
                |_| distinct(),
                |p, _| p.distinct(),
                |_, source| source.unique(),
            ),
            (
                "distinct_by_key",
                "distinct_by_key",
                "itertools `unique_by`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: OnceARun, splits: false },
                |n| distinct_by_key(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.distinct_by_key(move |item| item.weight() / (n + 1)),
                |n, source| source.unique_by(move |item| item.weight() / (n + 1)),
            ),
            (
                "distinct remembering",
                "distinct",
                "itertools `unique`, of the latest",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: WhatComes, splits: false },
                |n| distinct().remembering(n + 1),
                |p, n| p.distinct().remembering(n + 1),
                |n, source| lately_unseen(source, n + 1),
            ),
            (
                "stepping_by",
                "step_by",
                "`Iterator::step_by`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| stepping_by(n + 1),
                |p, n| p.step_by(n + 1),
                |n, source| source.step_by(n + 1),
            ),
            (
                "sampling",
                "sample",
                "`Iterator::filter`, by chance",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| sampling(share(n), 7),
                |p, n| p.sample(share(n), 7),
                |n, source| source.filter(by_chance(share(n), 7)),
            ),
        ],
    ),
    (
        "Ending",
        rows![
            (
                "taking",
                "take",
                "`Iterator::take`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| taking(n),
                |p, n| p.take(n),
                |n, source| source.take(n)
            ),
            (
                "taking_while",
                "take_while",
                "`Iterator::take_while`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| taking_while(move |item: &Value| item.weight() <= n),
                |p, n| p.take_while(move |item| item.weight() <= n),
                |n, source| source.take_while(move |item| item.weight() <= n),
            ),
            (
                "first",
                "first",
                "`Iterator::take(1)`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |_| first(),
                |p, _| p.first(),
                |_, source| source.take(1)
            ),
            (
                "first_where",
                "find",
                "`Iterator::find`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| first_where(move |item: &Value| item.weight() > n),
                |p, n| p.find(move |item| item.weight() > n),
                |n, mut source| source.find(|item| item.weight() > n).into_iter(),
            ),
            (
                "taking_until",
                "take_until",
                "itertools `take_while_inclusive`, negated",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| taking_until(move |item: &Value| item.weight() > n),
                |p, n| p.take_until(move |item| item.weight() > n),
                |n, source| source.take_while_inclusive(move |item| item.weight() <= n),
            ),
            (
                "mapping_while",
                "map_while",
                "`Iterator::map_while`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| mapping_while(move |item: Value| item.weight().checked_sub(n)),
                |p, n| p.map_while(move |item| item.weight().checked_sub(n)),
                |n, source| source.map_while(move |item| item.weight().checked_sub(n)),
            ),
            (
                "element_at",
                "nth",
                "`Iterator::nth`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| element_at(n),
                |p, n| p.nth(n),
                |n, mut source| source.nth(n).into_iter(),
            ),
        ],
    ),
    (
        "Skipping, last",
        rows![
            (
                "skipping",
                "skip",
                "`Iterator::skip`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| skipping(n),
                |p, n| p.skip(n),
                |n, source| source.skip(n)
            ),
            (
                "skipping_while",
                "skip_while",
                "`Iterator::skip_while`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| skipping_while(move |item: &Value| item.weight() <= n),
                |p, n| p.skip_while(move |item| item.weight() <= n),
                |n, source| source.skip_while(move |item| item.weight() <= n),
            ),
            (
                "last",
                "last",
                "`Iterator::last`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: Nothing, splits: false },
                |_| last(),
                |p, _| p.last(),
                |_, source| source.last().into_iter()
            ),
            (
                "taking_last",
                "take_last",
                "itertools `tail`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: OnceARun, splits: false },
                |n| taking_last(n),
                |p, n| p.take_last(n),
                |n, source| source.tail(n),
            ),
            (
                "skipping_last",
                "skip_last",
                "itertools `dropping_back`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: OnceARun, splits: false },
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
                Facts { shape: Shape::MANY, hint: Exact, allocates: Nothing, splits: true },
                |n| repeating(n),
                |p, n| p.repeat(n),
                |n, source| source.flat_map(move |item| std::iter::repeat_n(item, n)),
            ),
            (
                "flat_mapping",
                "flat_map",
                "`Iterator::flat_map`",
                Facts { shape: Shape::MANY, hint: Open, allocates: Nothing, splits: true },
                |n| flat_mapping(move |item: Value| countdown(item, n)),
                |p, n| p.flat_map(move |item| countdown(item, n)),
                |n, source| source.flat_map(move |item| countdown(item, n)),
            ),
            (
                "flattening",
                "flatten",
                "`Iterator::flatten`",
                Facts { shape: Shape::MANY, hint: Open, allocates: Nothing, splits: true },
                |n| compose((mapping(move |item: Value| countdown(item, n)), flattening())),
                |p, n| p.map(move |item| countdown(item, n)).flatten(),
                |n, source| source.map(move |item| countdown(item, n)).flatten(),
            ),
            (
                "interspersing",
                "intersperse",
                "itertools `intersperse`",
                Facts { shape: Shape::MANY, hint: Exact, allocates: Nothing, splits: false },
                |n| interspersing(Value::from(n)),
                |p, n| p.intersperse(Value::from(n)),
                |n, source| Itertools::intersperse(source, Value::from(n)),
            ),
            (
                "prepending",
                "prepend",
                "`Iterator::chain`, onto the items",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| prepending(repeated(n)),
                |p, n| p.prepend(repeated(n)),
                |n, source| prepended(repeated(n), source),
            ),
            (
                "following_with",
                "chain",
                "`Iterator::chain`",
                Facts { shape: Shape::ONE.flushing(), hint: Exact, allocates: Nothing, splits: false },
                |n| following_with(repeated(n)),
                |p, n| p.chain(repeated(n)),
                |n, source| source.chain(repeated(n)),
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
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: AnOutput, splits: false },
                |n| batching(n + 1),
                |p, n| p.chunks(n + 1),
                |n, source| collected(source.chunks(n + 1).into_iter().map(Iterator::collect::<Vec<_>>)),
            ),
            (
                "batching_with",
                "chunks_with",
                "itertools `chunks`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: OnceARun, splits: false },
                |n| batching_with(n + 1, |batch: &[Value]| batch.len()),
                |p, n| p.chunks_with(n + 1, |batch| batch.len()),
                |n, source| collected(source.chunks(n + 1).into_iter().map(Iterator::count)),
            ),
            (
                "batching collect_into",
                "chunks",
                "itertools `chunks`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: AnOutput, splits: false },
                |n| batching(n + 1).collect_into::<SmallVec<[Value; 2]>>(),
                |p, n| p.chunks(n + 1).collect_into::<SmallVec<[Value; 2]>>(),
                |n, source| collected(source.chunks(n + 1).into_iter().map(Iterator::collect::<Vec<_>>)),
            ),
            (
                "batching_array",
                "chunks_array",
                "slices' `as_chunks`, with the remainder",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: Nothing, splits: false },
                |_| batching_array::<3>(),
                |p, _| p.chunks_array::<3>(),
                |_, source| {
                    let chunks = source.chunks(3);
                    let arrays = chunks.into_iter().map(|chunk| {
                        <[Value; 3]>::try_from(chunk.collect_vec()).map_err(SmallVec::<[Value; 3]>::from_vec)
                    });
                    collected(arrays)
                },
            ),
            (
                "batching_before",
                "chunk_before",
                "slices' `chunk_by`, asked of the second",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: WhatComes, splits: false },
                |n| batching_before(move |item: &Value| item.weight() > n),
                |p, n| p.chunk_before(move |item| item.weight() > n),
                |n, source| {
                    let items = source.collect_vec();
                    collected(items.chunk_by(|_, item| item.weight() <= n).map(<[_]>::to_vec))
                },
            ),
            (
                "windowing",
                "windows",
                "slices' `windows`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: AnOutput, splits: false },
                |n| windowing(n + 1),
                |p, n| p.windows(n + 1),
                |n, source| collected(source.collect_vec().windows(n + 1).map(<[_]>::to_vec)),
            ),
            (
                "windowing step",
                "windows",
                "slices' `windows`, with `step_by`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: AnOutput, splits: false },
                |n| windowing(2).step(n + 1),
                |p, n| p.windows(2).step(n + 1),
                |n, source| collected(source.collect_vec().windows(2).step_by(n + 1).map(<[_]>::to_vec)),
            ),
            (
                "windowing_with",
                "windows_with",
                "slices' `windows`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: OnceARun, splits: false },
                |n| windowing_with(n + 1, |window: &[Value]| sum_of(window)),
                |p, n| p.windows_with(n + 1, sum_of),
                |n, source| collected(source.collect_vec().windows(n + 1).map(sum_of)),
            ),
            (
                "windowing_with step",
                "windows_with",
                "slices' `windows`, with `step_by`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: OnceARun, splits: false },
                |n| windowing_with(2, |window: &[Value]| sum_of(window)).step(n + 1),
                |p, n| p.windows_with(2, sum_of).step(n + 1),
                |n, source| collected(source.collect_vec().windows(2).step_by(n + 1).map(sum_of)),
            ),
            (
                "differencing",
                "diff",
                "itertools `tuple_windows`, subtracted",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |_| compose((mapping(wrapping), differencing(), mapping(|x: Wrapping<i64>| x.0))),
                |p, _| p.map(wrapping).diff().map(|x| x.0),
                |_, source| source
                    .map(|item| item.weight() as i64)
                    .tuple_windows()
                    .map(|(before, after)| after - before),
            ),
            (
                "rolling",
                "rolling",
                "slices' `windows`, each folded",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: OnceARun, splits: false },
                |n| rolling(n + 1, sum_and_greatest()),
                |p, n| p.rolling(n + 1, sum_and_greatest()),
                |n, source| collected(source.collect_vec().windows(n + 1).map(sum_and_greatest_of)),
            ),
            // A combination that doesn't commute.
            (
                "rolling appending",
                "rolling",
                "slices' `windows`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: AnOutput, splits: false },
                |n| rolling(n + 1, appending()),
                |p, n| p.rolling(n + 1, appending()),
                |n, source| collected(source.collect_vec().windows(n + 1).map(<[Value]>::to_vec)),
            ),
            (
                "rolling first_of",
                "rolling",
                "slices' `windows`, the first of each",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: OnceARun, splits: false },
                |n| rolling(n + 1, filtering(|item: &Value| item.weight() > 2).apply(first_of())),
                |p, n| p.rolling(n + 1, filtering(|item: &Value| item.weight() > 2).apply(first_of())),
                |n, source| {
                    let first = |window: &[Value]| window.iter().find(|item| item.weight() > 2).cloned();
                    collected(source.collect_vec().windows(n + 1).map(first))
                },
            ),
            (
                "windowing collect_into",
                "windows",
                "slices' `windows`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: AnOutput, splits: false },
                |n| windowing(n + 1).collect_into::<SmallVec<[Value; 2]>>(),
                |p, n| p.windows(n + 1).collect_into::<SmallVec<[Value; 2]>>(),
                |n, source| collected(source.collect_vec().windows(n + 1).map(<[_]>::to_vec)),
            ),
            (
                "windowing_array",
                "array_windows",
                "itertools `array_windows`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| windowing_array::<3>().step(n + 1),
                |p, n| p.array_windows::<3>().step(n + 1),
                |n, source| collected(source.collect_vec().windows(3).step_by(n + 1).map(<[_]>::to_vec)),
            ),
            (
                "batching_by",
                "chunk_by",
                "itertools `chunk_by`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: AnOutput, splits: false },
                |n| batching_by(move |item: &Value| item.weight() % (n + 2)),
                |p, n| p.chunk_by(move |item| item.weight() % (n + 2)),
                |n, source| {
                    let runs = source.chunk_by(move |item| item.weight() % (n + 2));
                    collected(runs.into_iter().map(|(key, run)| (key, run.collect_vec())))
                },
            ),
            (
                "coalescing",
                "coalesce",
                "itertools `coalesce`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: Nothing, splits: false },
                |n| coalescing(move |a: Value, b: Value| lesser_sum(a, b, n)),
                |p, n| p.coalesce(move |a, b| lesser_sum(a, b, n)),
                |n, source| source.coalesce(move |a, b| lesser_sum(a, b, n)),
            ),
            (
                "positioning",
                "with_position",
                "itertools `with_position`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: Nothing, splits: false },
                |_| positioning(),
                |p, _| p.with_position(),
                |_, source| source.with_position().map(|(at, item)| (position(at.is_first, at.is_last), item)),
            ),
            (
                "pairing",
                "pairwise",
                "itertools `tuple_windows`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |_| pairing(),
                |p, _| p.pairwise(),
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
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| batching_by_time(n as i64 + 1, time_of),
                |p, n| p.chunks_by_time(n as i64 + 1, time_of),
                |n, source| time_windows(source, n as i64 + 1, n as i64 + 1, 0),
            ),
            (
                "batching_by_time waiting",
                "chunks_by_time",
                "tumbling windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| batching_by_time(2, time_of).waiting(n as i64),
                |p, n| p.chunks_by_time(2, time_of).waiting(n as i64),
                |n, source| time_windows(source, 2, 2, n as i64),
            ),
            (
                "batching_by_time folding",
                "chunks_by_time",
                "tumbling windows, as in Apache Flink, and a fold of each",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: OnceARun, splits: false },
                |n| batching_by_time(n as i64 + 1, time_of).aligned_to(-1).folding(counting()),
                |p, n| p.chunks_by_time(n as i64 + 1, time_of).aligned_to(-1).folding(counting()),
                |n, source| counted_windows(source, n as i64 + 1, -1),
            ),
            (
                "batching_by_time timed",
                "chunks_by_time",
                "tumbling windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(n), batching_by_time(moment(2), moment_of).timed()),
                |p, n| p.by_event_time(moment_of, nanos(n), pipeline().chunks_by_time(moment(2), moment_of).timed()),
                |n, source| time_windows(source, 2, 2, n as i64),
            ),
            (
                "windowing_by_time",
                "windows_by_time",
                "sliding windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| windowing_by_time(n as i64 + 2, 2, time_of),
                |p, n| p.windows_by_time(n as i64 + 2, 2, time_of),
                |n, source| time_windows(source, n as i64 + 2, 2, 0),
            ),
            (
                "windowing_by_time waiting",
                "windows_by_time",
                "sliding windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| windowing_by_time(3, 1, time_of).waiting(n as i64),
                |p, n| p.windows_by_time(3, 1, time_of).waiting(n as i64),
                |n, source| time_windows(source, 3, 1, n as i64),
            ),
            (
                "windowing_by_time timed",
                "windows_by_time",
                "sliding windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(n), windowing_by_time(moment(3), moment(1), moment_of).timed()),
                |p, n| p.by_event_time(
                    moment_of,
                    nanos(n),
                    pipeline().windows_by_time(moment(3), moment(1), moment_of).timed()
                ),
                |n, source| time_windows(source, 3, 1, n as i64),
            ),
            (
                "sessioning",
                "sessions",
                "session windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| sessioning(n as i64 + 1, time_of),
                |p, n| p.sessions(n as i64 + 1, time_of),
                |n, source| sessions(source, n as i64 + 1, 0),
            ),
            (
                "sessioning waiting",
                "sessions",
                "session windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| sessioning(2, time_of).waiting(n as i64),
                |p, n| p.sessions(2, time_of).waiting(n as i64),
                |n, source| sessions(source, 2, n as i64),
            ),
            (
                "sessioning folding",
                "sessions",
                "session windows, as in Apache Flink, and a fold of each",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: OnceARun, splits: false },
                |n| sessioning(n as i64 + 1, time_of).waiting(2).folding(counting()),
                |p, n| p.sessions(n as i64 + 1, time_of).waiting(2).folding(counting()),
                |n, source| sessions(source, n as i64 + 1, 2).map(|session| {
                    let output = session.items.len();
                    FoldedWindow { start: session.start, end: session.end, output, late: session.late }
                }),
            ),
            (
                "sessioning timed",
                "sessions",
                "session windows, as in Apache Flink",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(n), sessioning(moment(2), moment_of).timed()),
                |p, n| p.by_event_time(moment_of, nanos(n), pipeline().sessions(moment(2), moment_of).timed()),
                |n, source| sessions(source, 2, n as i64),
            ),
        ],
    ),
    (
        "Waiting",
        rows![
            (
                "debouncing",
                "debounce",
                "RxJS `debounceTime`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), debouncing(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().debounce(nanos(n))),
                |n, source| debounced(source, n),
            ),
            (
                "debouncing at_most",
                "debounce",
                "lodash `debounce`, with `maxWait`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), debouncing(nanos(2)).at_most(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().debounce(nanos(2)).at_most(nanos(n))),
                |n, source| debounced_at_most(source, 2, n),
            ),
            (
                "throttling",
                "throttle",
                "RxJS `throttleTime`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), throttling(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().throttle(nanos(n))),
                |n, source| throttled(source, n, true, false),
            ),
            (
                "throttling trailing",
                "throttle",
                "RxJS `throttleTime`, leading and trailing",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), throttling(nanos(n)).trailing()),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().throttle(nanos(n)).trailing()),
                |n, source| throttled(source, n, true, true),
            ),
            (
                "throttling only_trailing",
                "throttle",
                "RxJS `throttleTime`, trailing",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), throttling(nanos(n)).only_trailing()),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().throttle(nanos(n)).only_trailing()),
                |n, source| throttled(source, n, false, true),
            ),
            (
                "sampling_every",
                "sample_every",
                "RxJS `sampleTime`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), sampling_every(nanos(n + 1))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().sample_every(nanos(n + 1))),
                |n, source| sampled_every(source, n + 1),
            ),
            (
                "batching_within",
                "chunks_within",
                "`tokio_stream` `chunks_timeout`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(0), batching_within(n + 1, nanos(3))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().chunks_within(n + 1, nanos(3))),
                |n, source| batched_within(source, n + 1, 3),
            ),
            (
                "batching_within folding",
                "chunks_within",
                "`tokio_stream` `chunks_timeout`, and a fold of each",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), batching_within(n + 1, nanos(3)).folding(counting())),
                |p, n| p.by_event_time(
                    moment_of,
                    nanos(0),
                    pipeline().chunks_within(n + 1, nanos(3)).folding(counting())
                ),
                |n, source| batched_within(source, n + 1, 3).map(|batch| batch.len()),
            ),
            (
                "timing_out",
                "time_out",
                "RxJS `timeout`, without the error",
                Facts { shape: Shape::MANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), timing_out(nanos(n + 1))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().time_out(nanos(n + 1))),
                |n, source| until_silence(source, n + 1),
            ),
            (
                "ticking",
                "tick",
                "Pekko `keepAlive`",
                Facts { shape: Shape::MANY, hint: Open, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), ticking(nanos(n + 1), || Value::Int(7)).once_a_gap()),
                |p, n| p.by_event_time(
                    moment_of,
                    nanos(0),
                    pipeline().tick(nanos(n + 1), || Value::Int(7)).once_a_gap()
                ),
                |n, source| ticked(source, n + 1),
            ),
            (
                "delaying",
                "delay",
                "RxJS `delay`",
                Facts { shape: Shape::ANY, hint: Exact, allocates: OnceARun, splits: true },
                |n| by_event_time(moment_of, nanos(0), delaying(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().delay(nanos(n))),
                |n, source| {
                    let _ = n;
                    collected(source)
                },
            ),
            (
                "taking_for",
                "take_for",
                "Pekko `takeWithin`",
                Facts { shape: Shape::MANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), taking_for(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().take_for(nanos(n))),
                |n, source| split_at_span(source, n).0,
            ),
            (
                "skipping_for",
                "skip_for",
                "Pekko `dropWithin`",
                Facts { shape: Shape::MANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_event_time(moment_of, nanos(0), skipping_for(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().skip_for(nanos(n))),
                |n, source| split_at_span(source, n).1,
            ),
            (
                "distinct_within",
                "distinct_within",
                "itertools `unique`, with an age",
                Facts { shape: Shape::MANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(0), distinct_within(nanos(n))),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().distinct_within(nanos(n))),
                |n, source| distinct_of(source, n, Value::clone),
            ),
            (
                "distinct_within_by_key",
                "distinct_within_by_key",
                "itertools `unique_by`, with an age",
                Facts { shape: Shape::MANY, hint: Bounded, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(0), distinct_within_by_key(nanos(n), parity)),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().distinct_within_by_key(nanos(n), parity)),
                |n, source| distinct_of(source, n, |item| parity(item).into()),
            ),
            (
                "rate",
                "rate",
                "a count over a sliding window",
                Facts { shape: Shape::MANY, hint: Exact, allocates: OnceARun, splits: false },
                |n| by_event_time(
                    moment_of,
                    nanos(0),
                    compose((rate(nanos(n + 1)), mapping(move |rate: f64| in_window(rate, n + 1))))
                ),
                |p, n| p.by_event_time(
                    moment_of,
                    nanos(0),
                    pipeline().rate(nanos(n + 1)).map(move |rate| in_window(rate, n + 1))
                ),
                |n, source| rates(source, n + 1),
            ),
            (
                "stamping",
                "stamp",
                "RxJS `timestamp`",
                Facts { shape: Shape::MANY, hint: Exact, allocates: Nothing, splits: false },
                |_| by_event_time(
                    moment_of,
                    nanos(0),
                    compose((stamping(), mapping(|(at, item): (Time, Value)| (at.as_nanos() as i64, item))))
                ),
                |p, _| p.by_event_time(
                    moment_of,
                    nanos(0),
                    pipeline().stamp().map(|(at, item)| (at.as_nanos() as i64, item))
                ),
                |n, source| {
                    let _ = n;
                    timed(source)
                },
            ),
            (
                "recording",
                "record",
                "RxJS `timestamp` and `materialize`",
                Facts { shape: Shape::MANY.flushing(), hint: Exact, allocates: Nothing, splits: true },
                |_| by_event_time(moment_of, nanos(0), recording(|_: Recorded<&Value>| ())),
                |p, _| p.by_event_time(moment_of, nanos(0), pipeline().record(|_: Recorded<&Value>| ())),
                |_, source| source,
            ),
            (
                "sorting_by_time",
                "sorted_by_time",
                "a buffer for reordering",
                Facts { shape: Shape::ANY, hint: Exact, allocates: OnceARun, splits: false },
                |n| by_event_time(moment_of, nanos(n), sorting_by_time(moment_of)),
                |p, n| p.by_event_time(moment_of, nanos(n), pipeline().sorted_by_time(moment_of)),
                |n, source| sorted_within(source, n),
            ),
            (
                "by_event_time",
                "by_event_time",
                "watermarks, as in Apache Flink",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: AnOutput, splits: false },
                |n| by_event_time(moment_of, nanos(0), batching(n + 1)),
                |p, n| p.by_event_time(moment_of, nanos(0), pipeline().chunks(n + 1)),
                |n, source| {
                    let items = source.collect_vec();
                    items.chunks(n + 1).map(<[Value]>::to_vec).collect_vec().into_iter()
                },
            ),
        ],
    ),
    (
        "Whole input",
        rows![
            (
                "sorting",
                "sorted",
                "itertools `sorted`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: WhatComes, splits: false },
                |_| sorting(),
                |p, _| p.sorted(),
                |_, source| source.sorted(),
            ),
            (
                "sorting_by",
                "sorted_by",
                "itertools `sorted_by`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: WhatComes, splits: false },
                |n| sorting_by(move |a: &Value, b: &Value| (b.weight() / (n + 1)).cmp(&(a.weight() / (n + 1)))),
                |p, n| p.sorted_by(move |a, b| (b.weight() / (n + 1)).cmp(&(a.weight() / (n + 1)))),
                |n, source| source.sorted_by(move |a, b| (b.weight() / (n + 1)).cmp(&(a.weight() / (n + 1)))),
            ),
            (
                "sorting_by_key",
                "sorted_by_key",
                "itertools `sorted_by_key`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: WhatComes, splits: false },
                |n| sorting_by_key(move |item: &Value| item.weight() / (n + 1)),
                |p, n| p.sorted_by_key(move |item| item.weight() / (n + 1)),
                |n, source| source.sorted_by_key(move |item| item.weight() / (n + 1)),
            ),
            (
                "reversing",
                "rev",
                "`Iterator::rev`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: WhatComes, splits: false },
                |_| reversing(),
                |p, _| p.rev(),
                |_, source| collected(source).rev(),
            ),
            (
                "reducing",
                "reduce_with",
                "`Iterator::fold`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: Nothing, splits: false },
                |n| reducing(folding(n, move |total: usize, item: Value| total.wrapping_add(n * item.weight()))),
                |p, n| p
                    .reduce_with(folding(n, move |total: usize, item: Value| total.wrapping_add(n * item.weight()))),
                |n, source| {
                    std::iter::once_with(move || source.fold(n, |total, item| total.wrapping_add(n * item.weight())))
                },
            ),
            (
                "reducing first_of",
                "reduce_with",
                "`Iterator::next`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Exact, allocates: Nothing, splits: false },
                |_| reducing(first_of()),
                |p, _| p.reduce_with(first_of()),
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
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: OnceARun, splits: false },
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
                Facts { shape: Shape::ANY, hint: Open, allocates: AnOutput, splits: false },
                |n| by_key(parity, batching(n + 1)),
                |p, n| p.by_key(parity, batching(n + 1)),
                |n, source| batched_by_parity(source, n + 1),
            ),
            (
                "by_key reducing",
                "by_key",
                "itertools `into_grouping_map_by`",
                Facts { shape: Shape::ANY, hint: Open, allocates: OnceARun, splits: false },
                |n| by_key(parity, compose((taking(n), reducing(appending())))),
                |p, n| p.by_key(parity, pipeline().take(n).reduce_with(appending())),
                |n, source| grouped_by_parity(source, n),
            ),
            (
                "by_key flat_mapping",
                "by_key",
                "`Iterator::flat_map`, with the key",
                Facts { shape: Shape::MANY, hint: Open, allocates: OnceARun, splits: true },
                |n| by_key(parity, flat_mapping(move |item: Value| countdown(item, n))),
                |p, n| p.by_key(parity, pipeline().flat_map(move |item| countdown(item, n))),
                |n, source| source.flat_map(move |item| {
                    let key = parity(&item);
                    countdown(item, n).map(move |item| (key, item))
                }),
            ),
            (
                "by_key following_with",
                "by_key",
                "group, then `chain` for each group",
                Facts { shape: Shape::ANY, hint: Open, allocates: OnceARun, splits: false },
                |n| by_key(parity, compose((taking(n), following_with(repeated(n + 1))))),
                |p, n| p.by_key(parity, pipeline().take(n).chain(repeated(n + 1))),
                |n, source| followed_by_parity(source, n),
            ),
            (
                "by_key by_key",
                "by_key",
                "group twice, then `chunks` of each group",
                Facts { shape: Shape::ANY, hint: Open, allocates: AnOutput, splits: false },
                |n| by_key(parity, by_key(third, batching(n + 1))),
                |p, n| p.by_key(parity, pipeline().by_key(third, batching(n + 1))),
                |n, source| batched_by_parity_and_third(source, n + 1),
            ),
            (
                "by_key remembering",
                "by_key",
                "group the latest, then `chunks` of each group",
                Facts { shape: Shape::ANY, hint: Open, allocates: AnOutput, splits: false },
                |n| by_key(third, batching(2)).remembering(n + 1),
                |p, n| p.by_key(third, batching(2)).remembering(n + 1),
                |n, source| batched_by_third_lately(source, n + 1),
            ),
            (
                "by_key restarting",
                "by_key",
                "group, then `chunks` of each group",
                Facts { shape: Shape::ANY, hint: Open, allocates: AnOutput, splits: false },
                |n| by_key(third, compose((taking(n + 1), reducing(appending())))).restarting(),
                |p, n| p.by_key(third, pipeline().take(n + 1).reduce_with(appending())).restarting(),
                |n, source| chunked_by_third(source, n + 1),
            ),
            (
                "by_key restarting taking",
                "by_key",
                "`Iterator::map`, with the key",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: OnceARun, splits: true },
                |n| by_key(third, taking(n)).restarting().remembering(2),
                |p, n| p.by_key(third, taking(n)).restarting().remembering(2),
                |n, source| source.filter(move |_| n > 0).map(|item| (third(&item), item)),
            ),
            (
                "by_key remembering flat_mapping",
                "by_key",
                "`Iterator::flat_map`, with the key",
                Facts { shape: Shape::MANY, hint: Open, allocates: OnceARun, splits: true },
                |n| by_key(third, flat_mapping(move |item: Value| countdown(item, n))).remembering(1),
                |p, n| p.by_key(third, pipeline().flat_map(move |item| countdown(item, n))).remembering(1),
                |n, source| source.flat_map(move |item| {
                    let key = third(&item);
                    countdown(item, n).map(move |item| (key, item))
                }),
            ),
            (
                "by_run",
                "by_run",
                "itertools `chunk_by`, then `take` of each group",
                Facts { shape: Shape::AT_MOST_ONE, hint: Bounded, allocates: Nothing, splits: false },
                |n| by_run(third, taking(n)),
                |p, n| p.by_run(third, taking(n)),
                |n, source| {
                    let mut latest = (usize::MAX, 0);
                    source.map(|item| (third(&item), item)).filter(move |(key, _)| {
                        latest = if latest.0 == *key { (*key, latest.1 + 1) } else { (*key, 1) };
                        latest.1 <= n
                    })
                },
            ),
            (
                "by_run batching",
                "by_run",
                "itertools `chunk_by`, then `chunks` of each group",
                Facts { shape: Shape::ANY, hint: Open, allocates: AnOutput, splits: false },
                |n| by_run(parity, batching(n + 1)),
                |p, n| p.by_run(parity, batching(n + 1)),
                |n, source| {
                    let items = source.collect_vec();
                    let runs = items.chunk_by(|a, b| parity(a) == parity(b));
                    collected(runs.flat_map(|run| run.chunks(n + 1).map(|batch| (parity(&run[0]), batch.to_vec()))))
                },
            ),
            (
                "by_run following_with",
                "by_run",
                "itertools `chunk_by`, then `chain` for each group",
                Facts { shape: Shape::ANY, hint: Open, allocates: Nothing, splits: false },
                |n| by_run(parity, compose((repeating(n), following_with(repeated(n))))),
                |p, n| p.by_run(parity, pipeline().repeat(n).chain(repeated(n))),
                |n, source| {
                    let items = source.collect_vec();
                    let runs = items.chunk_by(|a, b| parity(a) == parity(b)).map(<[_]>::to_vec).collect_vec();
                    collected(runs.into_iter().flat_map(move |run| {
                        let key = parity(&run[0]);
                        let items = run.into_iter().flat_map(move |item| std::iter::repeat_n(item, n));
                        items.chain(repeated(n)).map(move |item| (key, item))
                    }))
                },
            ),
            (
                "by_batch",
                "by_batch",
                "itertools `chunks`, each folded",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| by_batch(n + 1, reducing(folding(n, |total: usize, item: Value| total + item.weight()))),
                |p, n| p.by_batch(n + 1, reducing(folding(n, |total: usize, item: Value| total + item.weight()))),
                |n, source| {
                    let chunks = source.chunks(n + 1);
                    let folded =
                        |batch: itertools::Chunk<'_, Source>| batch.fold(n, |total, item| total + item.weight());
                    collected(chunks.into_iter().map(folded))
                },
            ),
            (
                "by_batch taking",
                "by_batch",
                "itertools `chunks`, then `take` of each",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| by_batch(3, taking(n)),
                |p, n| p.by_batch(3, taking(n)),
                |n, source| source.enumerate().filter(move |(place, _)| place % 3 < n).map(|(_, item)| item),
            ),
            (
                "by_batch expanding",
                "by_batch",
                "itertools `chunks`, then `flat_map` and `chain` for each",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| by_batch(2, compose((repeating(n), following_with(repeated(n))))),
                |p, n| p.by_batch(2, pipeline().repeat(n).chain(repeated(n))),
                |n, source| {
                    let batches = collected(source.chunks(2).into_iter().map(Iterator::collect::<Vec<_>>));
                    batches.flat_map(move |batch| {
                        batch.into_iter().flat_map(move |item| std::iter::repeat_n(item, n)).chain(repeated(n))
                    })
                },
            ),
            (
                "by_batch flat_mapping",
                "by_batch",
                "`Iterator::flat_map`",
                Facts { shape: Shape::MANY, hint: Open, allocates: Nothing, splits: true },
                |n| by_batch(2, flat_mapping(move |item: Value| countdown(item, n))),
                |p, n| p.by_batch(2, pipeline().flat_map(move |item| countdown(item, n))),
                |n, source| source.flat_map(move |item| countdown(item, n)),
            ),
            (
                "fan_out",
                "fan_out",
                "several adaptors over one source, merged",
                Facts { shape: Shape::MANY, hint: Exact, allocates: Nothing, splits: false },
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
                "fan_out expanding",
                "fan_out",
                "several `flat_map`s over one source, merged",
                Facts { shape: Shape::MANY, hint: Open, allocates: Nothing, splits: true },
                |n| fan_out((repeating(n), flat_mapping(move |item: Value| countdown(item, n)), repeating(2))),
                |p, n| p.fan_out((repeating(n), pipeline().flat_map(move |item| countdown(item, n)), repeating(2))),
                |n, source| source.flat_map(move |item| {
                    let counted = countdown(item.clone(), n);
                    std::iter::repeat_n(item.clone(), n).chain(counted).chain(std::iter::repeat_n(item, 2))
                }),
            ),
            (
                "fan_out flushing",
                "fan_out",
                "several adaptors over one source, merged",
                Facts { shape: Shape::ANY, hint: Exact, allocates: WhatComes, splits: false },
                |n| fan_out((prepending(repeated(n)), compose((sorting(), repeating(2))), following_with(repeated(n)))),
                |p, n| p.fan_out((prepending(repeated(n)), pipeline().sorted().repeat(2), following_with(repeated(n)))),
                |n, source| {
                    let items = source.collect_vec();
                    let passed = items.clone().into_iter().flat_map(|item| [item.clone(), item]);
                    // The first of all comes from the branch that puts its own items before it.
                    let begun = prepended(repeated(n), passed);
                    begun.chain(items.into_iter().sorted().flat_map(|item| [item.clone(), item])).chain(repeated(n))
                },
            ),
            (
                "fan_out ending",
                "fan_out",
                "several adaptors over one source, merged",
                Facts { shape: Shape::ANY, hint: Exact, allocates: OnceARun, splits: false },
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
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: OnceARun, splits: false },
                |n| compose((mapping(move |item| even(item, n)), on_ok(compose((taking(n + 1), batching(2)))))),
                |p, n| p.map(move |item| even(item, n)).on_ok(pipeline().take(n + 1).chunks(2)),
                |n, source| batched_oks(source.map(move |item| even(item, n)), n + 1),
            ),
            (
                "on_ok mapping",
                "on_ok",
                "itertools `map_ok`",
                Facts { shape: Shape::ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| compose((mapping(move |item| even(item, n)), on_ok(enumerating()))),
                |p, n| p.map(move |item| even(item, n)).on_ok(enumerating()),
                |n, source| {
                    let mut place = 0usize..;
                    source.map(move |item| even(item, n)).map_ok(move |item| (place.next().unwrap(), item))
                },
            ),
            (
                "on_ok flat_mapping",
                "on_ok",
                "`Iterator::flat_map` of each `Ok`",
                Facts { shape: Shape::MANY, hint: Open, allocates: Nothing, splits: true },
                |n| compose((
                    mapping(move |item| even(item, n)),
                    on_ok(flat_mapping(move |item: Value| countdown(item, n))),
                )),
                |p, n| p.map(move |item| even(item, n)).on_ok(pipeline().flat_map(move |item| countdown(item, n))),
                |n, source| source.flat_map(move |item| {
                    let (made, error) = match even(item, n) {
                        Ok(item) => (Some(countdown(item, n)), None),
                        Err(error) => (None, Some(error)),
                    };
                    made.into_iter().flatten().map(Ok).chain(error.map(Err::<Value, Value>))
                }),
            ),
            (
                "on_ok prepending",
                "on_ok",
                "`Iterator::chain`, onto the first `Ok`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| compose((mapping(move |item| even(item, n)), on_ok(prepending(repeated(n))))),
                |p, n| p.map(move |item| even(item, n)).on_ok(prepending(repeated(n))),
                |n, source| prepended_to_oks(source.map(move |item| even(item, n)), n),
            ),
            (
                "on_some",
                "on_some",
                "`Iterator::map` with `Option::map`, and the like",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: Nothing, splits: false },
                |n| compose((mapping(move |item| even(item, n).ok()), on_some(compose((taking(n), last()))))),
                |p, n| p.map(move |item| even(item, n).ok()).on_some(pipeline().take(n).last()),
                |n, source| last_some(source.map(move |item| even(item, n).ok()), n),
            ),
            (
                "on_some repeating",
                "on_some",
                "`Iterator::flat_map` of each `Some`",
                Facts { shape: Shape::MANY, hint: Bounded, allocates: Nothing, splits: true },
                |n| compose((mapping(move |item| even(item, n).ok()), on_some(repeating(n)))),
                |p, n| p.map(move |item| even(item, n).ok()).on_some(repeating(n)),
                |n, source| source.map(move |item| even(item, n).ok()).flat_map(move |item| {
                    let times = if item.is_some() { n } else { 1 };
                    std::iter::repeat_n(item, times)
                }),
            ),
            (
                "on_some following_with",
                "on_some",
                "`Iterator::take` of each `Some`, and `chain`",
                Facts { shape: Shape::AT_MOST_ONE.flushing(), hint: Bounded, allocates: Nothing, splits: false },
                |n| compose((
                    mapping(move |item| even(item, n).ok()),
                    on_some(compose((taking(n), following_with(repeated(n + 1))))),
                )),
                |p, n| p.map(move |item| even(item, n).ok()).on_some(pipeline().take(n).chain(repeated(n + 1))),
                |n, source| followed_somes(source.map(move |item| even(item, n).ok()), n),
            ),
            (
                "zipping",
                "zip",
                "`Iterator::zip`",
                Facts { shape: Shape::AT_MOST_ONE, hint: Exact, allocates: Nothing, splits: false },
                |n| zipping(n..2 * n),
                |p, n| p.zip(n..2 * n),
                |n, source| source.zip(n..2 * n),
            ),
            (
                "interleaving",
                "interleave",
                "itertools `interleave`",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| interleaving(counted(n)),
                |p, n| p.interleave(counted(n)),
                |n, source| source.interleave(counted(n)),
            ),
            (
                "merging",
                "merge",
                "itertools `merge`",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| merging(counted(n)),
                |p, n| p.merge(counted(n)),
                |n, source| source.merge(counted(n)),
            ),
            (
                "merging_by",
                "merge_ordered_by",
                "itertools `merge_by`",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| merging_by(counted(n), |a: &Value, b: &Value| b.weight().cmp(&a.weight())),
                |p, n| p.merge_ordered_by(counted(n), |a, b| b.weight().cmp(&a.weight())),
                |n, source| source.merge_by(counted(n), |a, b| a.weight() >= b.weight()),
            ),
            (
                "merging_by_key",
                "merge_by_key",
                "itertools `merge_by`, with a key",
                Facts { shape: Shape::ANY, hint: Exact, allocates: Nothing, splits: false },
                |n| merging_by_key(counted(n), |item: &Value| item.weight() / 2),
                |p, n| p.merge_by_key(counted(n), |item| item.weight() / 2),
                |n, source| source.merge_by(counted(n), |a, b| a.weight() / 2 <= b.weight() / 2),
            ),
            (
                "merge_joining_by",
                "merge_join_by",
                "itertools `merge_join_by`",
                Facts { shape: Shape::ANY, hint: Bounded, allocates: Nothing, splits: false },
                |n| merge_joining_by(counted(n), |a: &Value, b: &Value| a.weight().cmp(&b.weight())),
                |p, n| p.merge_join_by(counted(n), |a, b| a.weight().cmp(&b.weight())),
                |n, source| source.merge_join_by(counted(n), |a, b| a.weight().cmp(&b.weight())).map(joined),
            ),
        ],
    ),
];

/// Every stage.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|(_, rows)| *rows)
}

/// The names of the files in a folder of the sources, without `.rs`.
pub(crate) fn files_of(folder: &str) -> Vec<String> {
    let path = format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(&path).expect(&path).map(|file| file.expect(&path).path());
    files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect()
}
