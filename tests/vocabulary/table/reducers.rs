//! The one list of reducers, which the property tests run from and the README's table is made of.

use std::{
    cell::{Cell, RefCell},
    cmp::Ordering,
    fmt::Debug,
    num::Wrapping,
    rc::Rc,
};

use itertools::Itertools;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use transducer::{
    laws::CombineLaws,
    reducers::{ExpectedSingle, Histogram, IndexMap, MinMax, Route, Statistics},
    *,
};

use super::equivalents::SplitMix64;
use crate::{hostile, resuming};

/// A reducer, as the tests and the docs know it.
pub(crate) struct ReducerRow {
    /// The function.
    pub(crate) name: &'static str,
    /// What it is tested against, in Markdown.
    pub(crate) like: &'static str,
    /// Holds it to that for a parameter from 0 to 5, and some input.
    pub(crate) check: fn(usize, &[i64]),
    /// Sets a run of it aside at every point.
    pub(crate) snapshots: fn(usize, &[i64]),
    /// Goes on from accumulators that no run has had.
    pub(crate) hostile: fn(usize, &mut hostile::Seen),
    /// Cuts the input, and combines the pieces, as `CombineLaws` does; or tells that the reducer is no `Combine`.
    pub(crate) combine: fn(usize, &[i64], &[u8], &[u8]) -> Combines,
}

/// Whether a reducer is `Combine`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combines {
    Yes,
    No,
}

/// The reducers, as rows; a row takes the function's name, what it is like, and the two ways to make
/// the output from a parameter and integers. Where the row's reducer is part of a pipeline that can't be split, or its output
/// depends on the split, `combine: |n| ..` gives another one of it to be combined.
macro_rules! reducers {
    ($(($name:literal, $like:literal, $reducer:expr, $equivalent:expr $(, combine: $combined:expr)? $(,)?),)*) => {
        &[$(ReducerRow {
            name: $name,
            like: $like,
            check: |n, input| hold($name, typed($reducer), n, $equivalent, input),
            snapshots: |n, input| {
                let outputs = || reducing(typed($reducer)(n).map_output(|output| format!("{output:?}")));
                resuming::goes_on_from_snapshots($name, n, outputs, input);
            },
            hostile: |n, seen| hostile::survives($name, reducing(typed($reducer)(n)), ITEMS, seen),
            combine: |n, input, cuts, order| {
                let reducer = typed(reducers!(@combined $reducer $(, $combined)?))(n);
                // Of the two methods of this name, the one that there is for `Combine` comes first.
                (&Combined { reducer }).holds(&format!("{} with n = {n}", $name), input, cuts, order)
            },
        },)*]
    };
    (@combined $reducer:expr) => { $reducer };
    (@combined $reducer:expr, $combined:expr) => { $combined };
}

/// A reducer that may be `Combine`.
struct Combined<R> {
    reducer: R,
}

trait IsCombine {
    fn holds(&self, name: &str, input: &[i64], cuts: &[u8], order: &[u8]) -> Combines;
}

impl<R: Combine<i64, Output: PartialEq + Debug>> IsCombine for Combined<R> {
    fn holds(&self, name: &str, input: &[i64], cuts: &[u8], order: &[u8]) -> Combines {
        let held = CombineLaws::of(name, &self.reducer).check_one(input, cuts, order);
        held.unwrap_or_else(|broken| panic!("{name}: {broken}"));
        Combines::Yes
    }
}

trait IsNoCombine {
    fn holds(&self, name: &str, input: &[i64], cuts: &[u8], order: &[u8]) -> Combines;
}

impl<R: Reducer<i64>> IsNoCombine for &Combined<R> {
    fn holds(&self, _: &str, _: &[i64], _: &[u8], _: &[u8]) -> Combines {
        Combines::No
    }
}

/// What the accumulators have seen that hostile ones are made from.
const ITEMS: [i64; 6] = [3, 1, 4, 1, 5, 9];

/// Tells the compiler the type of a row's items.
fn typed<R: Reducer<i64>>(reducer: impl Fn(usize) -> R) -> impl Fn(usize) -> R {
    reducer
}

/// Compares the reducer's output, and the number of items that it takes, with the equivalent's.
fn hold<R>(
    name: &str,
    reducer: impl Fn(usize) -> R,
    n: usize,
    equivalent: impl Fn(usize, &mut dyn Iterator<Item = i64>) -> R::Output,
    input: &[i64],
) where
    R: Reducer<i64, Acc: Clone, Output: Clone + PartialEq + Debug>,
{
    let pulled = Cell::new(0);
    let source = || {
        pulled.set(0);
        input.iter().copied().inspect(|_| pulled.set(pulled.get() + 1))
    };
    let expected = equivalent(n, &mut source());
    let taken = pulled.get();
    let agree = |output: R::Output, how: &str| {
        assert_eq!(output, expected, "{name}, {how}, n = {n}");
        assert_eq!(pulled.get(), taken, "items taken by {name}, {how}, n = {n}");
    };
    agree(transduce(pipeline(), reducer(n), source()), "all at once");
    agree(transduce(filtering(|_: &i64| true), reducer(n), source()), "item by item");
    agree(source().transduce(reducing(reducer(n))).exactly_one().ok().expect("one output"), "as a stage");
    let recipe = reducer(n);
    let twice = [(); 2].map(|()| transduce(pipeline(), &recipe, source()));
    assert_eq!(twice, [expected.clone(), expected.clone()], "{name} run twice, n = {n}");
    for split in 0..=taken {
        let reducer = reducer(n);
        let mut acc = reducer.initial();
        for (place, item) in input[..taken].iter().enumerate() {
            if place == split {
                acc = acc.clone();
            }
            let _ = reducer.step(&mut acc, *item);
        }
        assert_eq!(reducer.complete(acc), expected, "{name} gone on with after {split}, n = {n}");
    }
    let mut acc = recipe.initial();
    if !recipe.is_reduced(&acc) && input.iter().any(|item| recipe.step(&mut acc, *item).is_break()) {
        assert!(recipe.is_reduced(&acc), "{name} has returned `Break`, and wants more, n = {n}");
    }
}

/// Every reducer.
pub(crate) const REDUCERS: &[ReducerRow] = reducers![
    ("appending", "`collect` into a `Vec`", |_| appending(), |_, source| source.collect()),
    (
        "collecting",
        "`Iterator::collect`",
        |_| collecting::<std::collections::BTreeSet<_>>(),
        |_, source| source.collect(),
    ),
    ("joining", "itertools `join`", |_| joining(", "), |_, source| source.join(", ")),
    ("counting", "`Iterator::count`", |_| counting(), |_, source| source.count()),
    (
        "summing",
        "`Iterator::sum`",
        |_| mapping(Wrapping).apply(summing::<Wrapping<i64>>()),
        |_, source| source.map(Wrapping).sum()
    ),
    (
        "multiplying",
        "`Iterator::product`",
        |_| mapping(Wrapping).apply(multiplying::<Wrapping<i64>>()),
        |_, source| source.map(Wrapping).product()
    ),
    (
        "minimum",
        "`Iterator::min`",
        |n| stamping(n).apply(minimum().map_output(shown)),
        |n, source| shown(stamped(source, n).min())
    ),
    (
        "minimum_by",
        "`Iterator::min_by`",
        |n| stamping(n).apply(minimum_by(descending).map_output(shown)),
        |n, source| shown(stamped(source, n).min_by(descending)),
    ),
    (
        "minimum_by_key",
        "`Iterator::min_by_key`",
        |n| minimum_by_key(move |x: &i64| x / (n as i64 + 1)),
        |n, source| source.min_by_key(|x| x / (n as i64 + 1)),
    ),
    (
        "maximum",
        "`Iterator::max`",
        |n| stamping(n).apply(maximum().map_output(shown)),
        |n, source| shown(stamped(source, n).max())
    ),
    (
        "maximum_by",
        "`Iterator::max_by`",
        |n| stamping(n).apply(maximum_by(descending).map_output(shown)),
        |n, source| shown(stamped(source, n).max_by(descending)),
    ),
    (
        "maximum_by_key",
        "`Iterator::max_by_key`",
        |n| maximum_by_key(move |x: &i64| x / (n as i64 + 1)),
        |n, source| source.max_by_key(|x| x / (n as i64 + 1)),
    ),
    (
        "minmax",
        "itertools `minmax`",
        |n| stamping(n).apply(minmax().map_output(shown_extrema)),
        |n, source| shown_pair(stamped(source, n).minmax().into_option()),
    ),
    (
        "minmax_by",
        "itertools `minmax_by`",
        |n| stamping(n).apply(minmax_by(descending).map_output(shown_extrema)),
        |n, source| shown_pair(stamped(source, n).minmax_by(descending).into_option()),
    ),
    (
        "minmax_by_key",
        "itertools `minmax_by_key`",
        |n| minmax_by_key(move |x: &i64| x / (n as i64 + 1)).map_output(MinMax::into_option),
        |n, source| source.minmax_by_key(|x| x / (n as i64 + 1)).into_option(),
    ),
    (
        "averaging",
        "sum by count",
        |_| mapping(|x: i64| x as i32).apply(averaging()),
        |_, source| {
            let items = source.collect_vec();
            (!items.is_empty()).then(|| items.iter().sum::<i64>() as f64 / items.len() as f64)
        },
    ),
    (
        "statistics",
        "the formulas, in two passes",
        |_| {
            mapping(|x: i64| x as f64).apply(statistics().map_output(|seen: Statistics| {
                let count = usize::try_from(seen.count()).unwrap();
                let least_and_greatest = seen.minimum().zip(seen.maximum());
                (count, rounded([seen.mean(), seen.variance(), seen.sample_variance()]), least_and_greatest)
            }))
        },
        |_, source| {
            let items = source.map(|x| x as f64).collect_vec();
            let count = items.len();
            let mean = items.iter().sum::<f64>() / count as f64;
            let squares: f64 = items.iter().map(|x| (x - mean).powi(2)).sum();
            let moments = [
                (count > 0).then_some(mean),
                (count > 0).then(|| squares / count as f64),
                (count > 1).then(|| squares / (count as f64 - 1.0)),
            ];
            (count, rounded(moments), items.into_iter().minmax_by(f64::total_cmp).into_option())
        },
    ),
    (
        "quantiles",
        "NumPy's formula, over sorted numbers",
        |n| mapping(|x: i64| x as f64).apply(quantiles([0.0, 0.5, n as f64 / 7.0, 1.0]).map_output(|found: Option<[f64; 4]>| {
            found.map(|quantiles| rounded(quantiles.map(Some)))
        })),
        |n, source| {
            let numbers = source.map(|x| x as f64).sorted_by(f64::total_cmp).collect_vec();
            let last = numbers.len().checked_sub(1)?;
            Some(rounded([0.0, 0.5, n as f64 / 7.0, 1.0].map(|fraction| {
                let place = fraction * last as f64;
                let (below, above) = (numbers[place.floor() as usize], numbers[place.ceil() as usize]);
                Some(below + (above - below) * place.fract())
            })))
        },
    ),
    (
        "histogram",
        "`Iterator::min` and `max`, and a count of each number",
        // Numbers up to 2 000 are exact with 3 digits.
        |_| mapping(|x: i64| x.unsigned_abs() % 2_000).apply(histogram(3).map_output(|found: Histogram<u64>| {
            let bars = found.iter_recorded().map(|bar| (bar.value_iterated_to(), bar.count_at_value()));
            (found.len(), bars.collect_vec())
        })),
        |_, source| {
            let counts = source.map(|x| x.unsigned_abs() % 2_000).counts();
            let bars = counts.into_iter().map(|(number, times)| (number, times as u64)).sorted().collect_vec();
            (bars.iter().map(|(_, times)| times).sum(), bars)
        },
    ),
    ("first_of", "`Iterator::next`", |_| first_of(), |_, source| source.next()),
    ("last_of", "`Iterator::last`", |_| last_of(), |_, source| source.last()),
    (
        "any_of",
        "`Iterator::any`",
        |n| any_of(move |x: i64| x == n as i64),
        |n, mut source| Iterator::any(&mut source, |x| x == n as i64)
    ),
    (
        "all_of",
        "`Iterator::all`",
        |n| all_of(move |x: i64| x != n as i64),
        |n, mut source| Iterator::all(&mut source, |x| x != n as i64)
    ),
    (
        "position_of",
        "`Iterator::position`",
        |n| position_of(move |x: i64| x == n as i64),
        |n, mut source| Iterator::position(&mut source, |x| x == n as i64),
    ),
    (
        "expecting_single",
        "itertools `exactly_one`",
        |n| filtering(move |x: &i64| *x == n as i64).apply(expecting_single()),
        |n, source| {
            source.filter(|x| *x == n as i64).exactly_one().map_err(|mut more| match more.next() {
                None => ExpectedSingle::TooFew,
                Some(_) => ExpectedSingle::TooMany,
            })
        },
    ),
    (
        "folding",
        "`Iterator::fold`",
        |n| folding(n as i64, |total: i64, x: i64| total.wrapping_mul(2).wrapping_sub(x)),
        |n, source| source.fold(n as i64, |total, x| total.wrapping_mul(2).wrapping_sub(x)),
    ),
    (
        "folding_mut",
        "`Iterator::fold`",
        |n| folding_mut(move || n as i64, |total: &mut i64, x: i64| *total = total.wrapping_mul(2).wrapping_sub(x)),
        |n, source| source.fold(n as i64, |total, x| total.wrapping_mul(2).wrapping_sub(x)),
    ),
    (
        "for_each",
        "`Iterator::for_each`",
        |_| {
            let seen = Rc::new(RefCell::new(vec![]));
            let sight = Rc::clone(&seen);
            for_each(move |x: i64| sight.borrow_mut().push(x)).map_output(move |()| seen.take())
        },
        |_, source| {
            let mut seen = vec![];
            source.for_each(|x| seen.push(x));
            seen
        },
    ),
    (
        "grouping",
        "itertools `into_grouping_map_by`, in first-seen order",
        |n| {
            let grouped = grouping(|x: &i64| x % 3, taking(n).apply(appending()));
            grouped.map_output(|groups: IndexMap<i64, Vec<i64>>| groups.into_iter().collect::<Vec<_>>())
        },
        |n, source| {
            let items = source.collect_vec();
            let group = |key: i64| items.iter().copied().filter(|x| x % 3 == key).take(n).collect_vec();
            items.iter().map(|x| x % 3).unique().map(|key| (key, group(key))).collect_vec()
        },
        combine: |n| {
            let reducer = (appending(), any_of(move |x: i64| x == n as i64), top(n));
            let grouped = grouping(|x: &i64| x % 3, filtering(|x: &i64| *x != 0).apply(reducer));
            grouped.map_output(|groups: IndexMap<i64, (Vec<i64>, bool, Vec<i64>)>| groups.into_iter().collect_vec())
        },
    ),
    (
        "grouping_by_ref",
        "itertools `into_grouping_map_by`, in first-seen order",
        |n| mapping(|x: i64| ((x % 3).to_string(), x)).apply(
            grouping_by_ref(|(key, _): &(String, i64)| key.as_str(), mapping(|(_, x)| x).apply(taking(n).apply(appending())))
                .map_output(|groups: IndexMap<String, Vec<i64>>| groups.into_iter().collect_vec()),
        ),
        |n, source| {
            let items = source.collect_vec();
            let group = |key: i64| items.iter().copied().filter(|x| x % 3 == key).take(n).collect_vec();
            items.iter().map(|x| x % 3).unique().map(|key| (key.to_string(), group(key))).collect_vec()
        },
        combine: |_| mapping(|x: i64| ((x % 3).to_string(), x)).apply(
            grouping_by_ref(|(key, _): &(String, i64)| key.as_str(), mapping(|(_, x)| x).apply(appending()))
                .map_output(|groups: IndexMap<String, Vec<i64>>| groups.into_iter().collect_vec()),
        ),
    ),
    (
        "frequencies",
        "itertools `counts`, in first-seen order",
        |_| frequencies().map_output(|counts: IndexMap<i64, usize>| counts.into_iter().collect::<Vec<_>>()),
        |_, source| {
            let items = source.collect_vec();
            let counts = items.iter().copied().counts();
            items.iter().unique().map(|x| (*x, counts[x])).collect_vec()
        },
    ),
    (
        "top",
        "itertools `k_largest`, with an order among equals",
        |n| stamping(2)
            .apply(top(n).map_output(|items: Vec<Stamped>| items.into_iter().map(Stamped::shown).collect_vec())),
        |n, source| {
            if n == 0 {
                return vec![];
            }
            stamped(source, 2).sorted_by(descending).take(n).map(Stamped::shown).collect()
        },
    ),
    (
        "top_by",
        "itertools `k_largest_by`, with an order among equals",
        |n| stamping(2).apply(
            top_by(n, descending).map_output(|items: Vec<Stamped>| items.into_iter().map(Stamped::shown).collect_vec()),
        ),
        |n, source| {
            if n == 0 {
                return vec![];
            }
            stamped(source, 2).sorted().take(n).map(Stamped::shown).collect()
        },
    ),
    (
        "top_by_key",
        "itertools `k_largest_by_key`, with an order among equals",
        |n| top_by_key(n, |x: &i64| x / 3),
        |n, source| {
            if n == 0 {
                return vec![];
            }
            source.sorted_by_key(|x| std::cmp::Reverse(x / 3)).take(n).collect()
        },
    ),
    (
        "reservoir",
        "a sample drawn by hand",
        |n| reservoir(n, 7),
        |n, source| {
            if n == 0 {
                return vec![];
            }
            // Algorithm L, as its inventor published it, with another logarithm.
            let mut random = SplitMix64(7);
            let mut places = (0..n).collect_vec();
            let items = source.collect_vec();
            let mut threshold = ((1.0 - random.unit()).ln() / n as f64).exp();
            let mut place = n - 1;
            loop {
                place += ((1.0 - random.unit()).ln() / (1.0 - threshold).ln()) as usize + 1;
                if place >= items.len() {
                    break;
                }
                places[(random.unit() * n as f64) as usize] = place;
                threshold *= ((1.0 - random.unit()).ln() / n as f64).exp();
            }
            places.into_iter().sorted().filter_map(|place| items.get(place).copied()).collect()
        },
        // Another sample, unless it is of all.
        combine: |n| (reservoir(n, 7).map_output(|sample: Vec<i64>| sample.len()), reservoir(20, 7)),
    ),
    (
        "sending",
        "`Extend::extend`",
        |_| sending(|| collection_sink(vec![0])),
        |_, source| {
            let mut items = vec![0];
            items.extend(source);
            items
        },
    ),
    (
        "trying",
        "`collect` into a `Result`",
        |n| mapping(move |x: i64| if x == n as i64 { Err(x) } else { Ok(x) }).apply(trying(appending())),
        |n, source| source.map(|x| if x == n as i64 { Err(x) } else { Ok(x) }).collect(),
    ),
    (
        "partitioning",
        "itertools `partition_result`",
        |n| mapping(move |x: i64| if x == n as i64 { Err(x) } else { Ok(x) })
            .apply(partitioning(appending(), taking(1).apply(appending()))),
        |n, source| {
            let (others, found): (Vec<_>, Vec<_>) = source.partition(|x| *x != n as i64);
            (others, found.into_iter().take(1).collect_vec())
        },
        combine: |n| mapping(move |x: i64| if x == n as i64 { Err(x) } else { Ok(x) })
            .apply(partitioning(appending(), first_of())),
    ),
    (
        "routing",
        "itertools `partition_map`",
        |n| routing(
            move |x: i64| match x.rem_euclid(3) {
                0 => Route::First(x),
                1 => Route::Second(x.to_string()),
                _ => Route::Third(x == n as i64),
            },
            (appending(), first_of(), any_of(|found: bool| found)),
        ),
        |n, source| {
            let items = source.collect_vec();
            let of = |rest: i64| items.iter().copied().filter(move |x| x.rem_euclid(3) == rest);
            (of(0).collect_vec(), of(1).next().map(|x| x.to_string()), of(2).any(|x| x == n as i64))
        },
    ),
    (
        "unzipping",
        "`Iterator::unzip`",
        |n| mapping(|x: i64| (x, x.wrapping_mul(2))).apply(unzipping(taking(n).apply(appending()), first_of())),
        |n, source| {
            let (firsts, seconds): (Vec<_>, Vec<_>) = source.take(n.max(1)).map(|x| (x, x.wrapping_mul(2))).unzip();
            (firsts.into_iter().take(n).collect_vec(), seconds.first().copied())
        },
        combine: |n| mapping(|x: i64| (x, x.wrapping_mul(2))).apply(unzipping(top(n), first_of())),
    ),
    (
        "tuple of reducers",
        "several passes",
        |n| (taking(n).apply(appending()), first_of(), any_of(move |x: i64| x == n as i64)),
        |n, source| {
            let mut items = vec![];
            let mut found = false;
            while (items.len() < n.max(1) || !found)
                && let Some(x) = source.next()
            {
                items.push(x);
                found |= x == n as i64;
            }
            (items[..items.len().min(n)].to_vec(), items.first().copied(), found)
        },
        combine: |n| (appending(), first_of(), any_of(move |x: i64| x == n as i64), joining("")),
    ),
];

/// An item that is equal to others of its rank, and can still be told from them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Stamped {
    rank: i64,
    item: i64,
}

impl Stamped {
    fn new(item: i64, n: usize) -> Self {
        Self { rank: item / (n as i64 + 1), item }
    }

    fn shown(self) -> (i64, i64) {
        (self.rank, self.item)
    }
}

impl Ord for Stamped {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank)
    }
}

impl PartialOrd for Stamped {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Stamped {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Stamped {}

fn descending(a: &Stamped, b: &Stamped) -> Ordering {
    b.cmp(a)
}

/// Stamps the items; those with equal quotients by `n + 1` are equal.
fn stamping(n: usize) -> impl Transducer<i64, Out = Stamped, State: Clone + Serialize + DeserializeOwned> + Splittable {
    mapping(move |item| Stamped::new(item, n))
}

fn stamped(source: &mut dyn Iterator<Item = i64>, n: usize) -> impl Iterator<Item = Stamped> {
    source.map(move |item| Stamped::new(item, n))
}

fn shown(item: Option<Stamped>) -> Option<(i64, i64)> {
    item.map(Stamped::shown)
}

fn shown_pair(pair: Option<(Stamped, Stamped)>) -> Option<[(i64, i64); 2]> {
    pair.map(|(least, greatest)| [least.shown(), greatest.shown()])
}

fn shown_extrema(extrema: MinMax<Stamped>) -> Option<[(i64, i64); 2]> {
    shown_pair(extrema.into_option())
}

/// In millionths, since two ways to compute them round differently. With so few items no true value lies half-way.
fn rounded<const N: usize>(moments: [Option<f64>; N]) -> [Option<i64>; N] {
    moments.map(|moment| moment.map(|moment| (moment * 1e6).round() as i64))
}
