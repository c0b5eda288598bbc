//! What the rows' stages and their equivalents have in common.

use std::{collections::BTreeMap, fmt::Debug, num::Wrapping, time::Duration};

use itertools::Itertools;
use serde::{Serialize, de::DeserializeOwned};
use transducer::{
    Combine, Reducer, Time, Transducer, mapping, maximum,
    stages::{EitherOrBoth, FoldedWindow, Position, TimeWindow},
    summing,
};

use super::{Source, Value};

/// The items of an iterator that borrows from what it was made of.
pub(crate) fn collected<T>(items: impl IntoIterator<Item = T>) -> std::vec::IntoIter<T> {
    items.into_iter().collect::<Vec<_>>().into_iter()
}

/// For scanning: the total so far, until it is over `10 * n`.
pub(crate) fn running_total(total: &mut usize, item: Value, n: usize) -> Option<usize> {
    *total = total.wrapping_add(item.weight());
    (*total <= 10 * n).then_some(*total)
}

/// For filter_mapping: half of each item that is even, up to `n` from there.
pub(crate) fn half(item: Value, n: usize) -> Option<Value> {
    item.weight().is_multiple_of(2).then(|| Value::from(item.weight() / 2 + n))
}

/// For flat_mapping: the item's weight or `n`, whichever is less, and down to 1.
pub(crate) fn countdown(item: Value, n: usize) -> impl Iterator<Item = Value> + Clone {
    (1..=item.weight().min(n)).rev().map(Value::from)
}

/// For sampling: a predicate that holds as often as `probability` says.
pub(crate) fn by_chance(probability: f64, seed: u64) -> impl FnMut(&Value) -> bool {
    let mut random = SplitMix64(seed);
    move |_| random.unit() < probability
}

/// The generator, as its inventors published it.
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to just below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.number() >> 11) as f64 * 0.5f64.powi(53)
    }
}

/// For sampling: the probability.
pub(crate) fn share(n: usize) -> f64 {
    (n % 6) as f64 / 5.0
}

/// For smoothing: the share.
pub(crate) fn eighths(n: usize) -> f64 {
    (n % 8 + 1) as f64 / 8.0
}

/// A float as a number that can be compared.
pub(crate) fn millionths(float: f64) -> i64 {
    (float * 1e6) as i64
}

/// For differencing: a number that can be subtracted from any other.
pub(crate) fn wrapping(item: Value) -> Wrapping<i64> {
    Wrapping(item.weight() as i64)
}

/// For running and rolling: two outputs, of a reducer that no number makes panic.
pub(crate) fn sum_and_greatest()
-> impl Combine<Value, Acc: Clone + Debug + Serialize + DeserializeOwned + Send, Output = (usize, Option<usize>)>
+ Send
+ Sync {
    let sum = mapping(Wrapping).apply(summing::<Wrapping<usize>>().map_output(|sum: Wrapping<usize>| sum.0));
    mapping(|item: Value| item.weight()).apply((sum, maximum()))
}

/// The same of a slice.
pub(crate) fn sum_and_greatest_of(items: &[Value]) -> (usize, Option<usize>) {
    let weights = || items.iter().map(Value::weight);
    (weights().sum(), weights().max())
}

/// For stages that have items of their own: `n` times `n`, without an allocation.
pub(crate) fn repeated(n: usize) -> std::iter::RepeatN<Value> {
    std::iter::repeat_n(Value::from(n), n)
}

/// For prepending: `items` before those of `source`, once the first of those, or the end, has come.
pub(crate) fn prepended(
    items: impl Iterator<Item = Value>,
    mut source: impl Iterator<Item = Value>,
) -> impl Iterator<Item = Value> {
    let first = source.next();
    items.chain(first).chain(source)
}

/// For windowing_with: the sum of all that is in a window.
pub(crate) fn sum_of(window: &[Value]) -> i64 {
    window.iter().fold(0, |sum, item| sum.wrapping_add(item.sum()))
}

/// For the stages that group by time: when an item is.
pub(crate) fn time_of(item: &Value) -> i64 {
    item.sum()
}

/// The windows of `width`, one beginning at each multiple of `every`: each item is put into those that
/// no item before it or itself is so far past, and windows are ordered by the item that is, and their start.
pub(crate) fn time_windows(
    source: Source,
    width: i64,
    every: i64,
    lateness: i64,
) -> std::vec::IntoIter<TimeWindow<i64, Value>> {
    let items: Vec<(i64, Value)> = source.map(|item| (time_of(&item), item)).collect();
    let over_at =
        |start: i64| items.iter().position(|(time, _)| time - lateness >= start + width).unwrap_or(items.len());
    let mut windows: BTreeMap<(usize, i64), Vec<Value>> = BTreeMap::new();
    let mut late = vec![];
    for (index, (time, item)) in items.iter().enumerate() {
        let starts = (time - width + 1..=*time).filter(|start| start.rem_euclid(every) == 0);
        let (open, over): (Vec<i64>, Vec<i64>) = starts.partition(|start| over_at(*start) > index);
        for start in open {
            windows.entry((over_at(start), start)).or_default().push(item.clone());
        }
        if !over.is_empty() {
            late.push(index);
        }
    }
    let mut reported = 0;
    let windows = windows.into_iter().map(|((over_at, start), items)| {
        let so_far = late.iter().filter(|index| **index <= over_at).count();
        let late = so_far - std::mem::replace(&mut reported, so_far);
        TimeWindow { start, end: start + width, items, late }
    });
    windows.collect::<Vec<_>>().into_iter()
}

/// The windows, with the number of their items, where one of them begins at `origin`: those of items moved by it.
pub(crate) fn counted_windows(
    source: Source,
    width: i64,
    origin: i64,
) -> impl Iterator<Item = FoldedWindow<i64, usize>> {
    let moved = source.map(move |item| Value::Int(time_of(&item) - origin));
    time_windows(Box::new(moved), width, width, 0).map(move |TimeWindow { start, end, items, late }| FoldedWindow {
        start: start + origin,
        end: end + origin,
        output: items.len(),
        late,
    })
}

/// The sessions: each item makes one, which is merged with all those open that are less than `gap` away.
pub(crate) fn sessions(source: Source, gap: i64, lateness: i64) -> std::vec::IntoIter<TimeWindow<i64, Value>> {
    let mut open: Vec<TimeWindow<i64, Value>> = vec![];
    let mut emitted: Vec<TimeWindow<i64, Value>> = vec![];
    let (mut latest, mut late) = (i64::MIN, 0);
    for item in source {
        let (start, end) = (time_of(&item), time_of(&item) + gap);
        latest = latest.max(start);
        let over = latest - lateness;
        let overlaps = |session: &TimeWindow<i64, Value>| session.start < end && start < session.end;
        let (near, far): (Vec<_>, Vec<_>) = open.into_iter().partition(overlaps);
        let is_over = near.is_empty() && end <= over;
        late += usize::from(is_over);
        open = far;
        if !is_over {
            let mut items: Vec<Value> = near.first().map_or(vec![], |session| session.items.clone());
            items.push(item);
            items.extend(near.iter().skip(1).flat_map(|session| session.items.clone()));
            let start = near.iter().map(|session| session.start).fold(start, i64::min);
            let end = near.iter().map(|session| session.end).fold(end, i64::max);
            open.push(TimeWindow { start, end, items, late: 0 });
            open.sort_by_key(|session| session.start);
        }
        let (over, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(|session| session.end <= over);
        emitted.extend(over.into_iter().map(|session| TimeWindow { late: std::mem::take(&mut late), ..session }));
        open = rest;
    }
    emitted.extend(open.into_iter().map(|session| TimeWindow { late: std::mem::take(&mut late), ..session }));
    emitted.into_iter()
}

/// For by_key: the key of an item.
pub(crate) fn parity(item: &Value) -> usize {
    item.weight() % 2
}

/// For by_key: batches of the items of each parity, each when it is full, and the rest in first-seen order.
pub(crate) fn batched_by_parity(source: Source, size: usize) -> std::vec::IntoIter<(usize, Vec<Value>)> {
    let mut batches: Vec<(usize, Vec<Value>)> = vec![];
    let mut full = vec![];
    for item in source {
        let key = parity(&item);
        let place = batches.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
            batches.push((key, vec![]));
            batches.len() - 1
        });
        batches[place].1.push(item);
        if batches[place].1.len() == size {
            full.push((key, std::mem::take(&mut batches[place].1)));
        }
    }
    full.extend(batches.into_iter().filter(|(_, batch)| !batch.is_empty()));
    full.into_iter()
}

/// For by_key in by_key: another key of an item.
pub(crate) fn third(item: &Value) -> usize {
    item.weight() % 3
}

/// For by_key in by_key: batches of the items of each pair of keys, each when it is full, and the rest in first-seen order,
/// parity by parity.
pub(crate) fn batched_by_parity_and_third(
    source: Source,
    size: usize,
) -> std::vec::IntoIter<(usize, (usize, Vec<Value>))> {
    let (mut full, mut seen, mut batches) = (vec![], vec![], BTreeMap::<(usize, usize), Vec<Value>>::new());
    for item in source {
        let key = (parity(&item), third(&item));
        if !seen.contains(&key) {
            seen.push(key);
        }
        let batch = batches.entry(key).or_default();
        batch.push(item);
        if batch.len() == size {
            full.push((key.0, (key.1, std::mem::take(batch))));
        }
    }
    let first_seen = |parity| seen.iter().position(|(other, _)| *other == parity);
    let rest = seen.iter().sorted_by_key(|(parity, _)| first_seen(*parity)).filter_map(|key| {
        let batch = batches.remove(key)?;
        (!batch.is_empty()).then_some((key.0, (key.1, batch)))
    });
    full.extend(rest);
    full.into_iter()
}

/// For by_key: the first `n` items of each parity, and behind the last of them, or at the end, `n + 1` times `n + 1`.
pub(crate) fn followed_by_parity(source: Source, n: usize) -> std::vec::IntoIter<(usize, Value)> {
    let (mut outputs, mut counts) = (vec![], vec![]);
    let follow = |key: usize| repeated(n + 1).map(move |item| (key, item));
    for item in source {
        let key = parity(&item);
        let place = counts.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
            counts.push((key, 0));
            counts.len() - 1
        });
        let count = &mut counts[place].1;
        *count += 1;
        if *count <= n {
            outputs.push((key, item));
        }
        if *count == n.max(1) {
            outputs.extend(follow(key));
        }
    }
    let open = counts.into_iter().filter(|(_, count)| *count < n.max(1));
    outputs.extend(open.flat_map(|(key, _)| follow(key)));
    outputs.into_iter()
}

/// For by_key: the first `n` items of each parity, as soon as there are so many, and the rest in first-seen order.
pub(crate) fn grouped_by_parity(source: Source, n: usize) -> std::vec::IntoIter<(usize, Vec<Value>)> {
    let items: Vec<Value> = source.collect();
    let groups = items.iter().map(parity).unique().map(|key| {
        let places = items.iter().positions(|item| parity(item) == key).collect::<Vec<_>>();
        // A group of none is full at its first item.
        let full_at = places.get(n.saturating_sub(1)).copied().unwrap_or(usize::MAX);
        (full_at, (key, places.into_iter().take(n).map(|place| items[place].clone()).collect()))
    });
    collected(groups.sorted_by_key(|(full_at, _)| *full_at).map(|(_, group)| group))
}

/// For fan_out: the first item and then a 9, two batches of `n + 1`, and the first `n` items, merged.
pub(crate) fn fanned_out(source: Source, n: usize) -> std::vec::IntoIter<Value> {
    let (mut outputs, mut batch, mut batches, mut count) = (vec![], vec![], 0, 0);
    for item in source {
        if count == 0 {
            outputs.extend([item.clone(), Value::Int(9)]);
        }
        batch.push(item.clone());
        if batches < 2 && batch.len() == n + 1 {
            outputs.push(Value::from(std::mem::take(&mut batch)));
            batches += 1;
        }
        if count < n {
            outputs.push(item);
        }
        count += 1;
    }
    if count == 0 {
        outputs.push(Value::Int(9));
    }
    if batches < 2 && !batch.is_empty() {
        outputs.push(Value::from(batch));
    }
    outputs.into_iter()
}

/// For on_ok and on_some: each item that is even with `n` added to it, and an error of any other.
pub(crate) fn even(item: Value, n: usize) -> Result<Value, Value> {
    if (item.weight() + n).is_multiple_of(2) { Ok(item) } else { Err(item) }
}

/// For on_ok: batches of 2 of the first `n` that are `Ok`, and the errors among them.
pub(crate) fn batched_oks(
    source: impl Iterator<Item = Result<Value, Value>>,
    n: usize,
) -> std::vec::IntoIter<Result<Vec<Value>, Value>> {
    let (mut outputs, mut batch, mut count) = (vec![], vec![], 0);
    for item in source {
        match item {
            Ok(item) => batch.push(item),
            Err(error) => {
                outputs.push(Err(error));
                continue;
            }
        }
        if batch.len() == 2 {
            outputs.push(Ok(std::mem::take(&mut batch)));
        }
        count += 1;
        if count == n {
            break;
        }
    }
    if !batch.is_empty() {
        outputs.push(Ok(batch));
    }
    outputs.into_iter()
}

/// For on_some: the last of the first `n` that are `Some`, after each `None` among them.
pub(crate) fn last_some(
    mut source: impl Iterator<Item = Option<Value>>,
    n: usize,
) -> std::vec::IntoIter<Option<Value>> {
    let (mut outputs, mut last, mut count) = (vec![], None, 0);
    while count < n
        && let Some(item) = source.next()
    {
        match item {
            Some(item) => {
                last = Some(item);
                count += 1;
            }
            None => outputs.push(None),
        }
    }
    outputs.extend(last.map(Some));
    outputs.into_iter()
}

/// For on_ok: `n` times `n` ahead of the first that is `Ok`, or at the end.
pub(crate) fn prepended_to_oks(
    source: impl Iterator<Item = Result<Value, Value>>,
    n: usize,
) -> impl Iterator<Item = Result<Value, Value>> {
    let mut own = Some(repeated(n).map(Ok));
    let ended = std::iter::once(None);
    source.map(Some).chain(ended).flat_map(move |item| {
        let due = if matches!(item, Some(Err(_))) { None } else { own.take() };
        due.into_iter().flatten().chain(item)
    })
}

/// For on_some: the first `n` that are `Some`, each `None` among them, and then `n + 1` times `n + 1`.
pub(crate) fn followed_somes(
    source: impl Iterator<Item = Option<Value>>,
    n: usize,
) -> impl Iterator<Item = Option<Value>> {
    let mut left = n;
    let own = repeated(n + 1).map(Some);
    let passed = (n > 0).then_some(source).into_iter().flatten();
    let passed = passed.take_while_inclusive(move |item| {
        left -= usize::from(item.is_some());
        left > 0
    });
    passed.chain(own)
}

/// For the stages with a sorted source of their own: the numbers up to `n`, without an allocation.
pub(crate) fn counted(n: usize) -> Counted {
    Counted { next: 0, end: n as u16 }
}

/// An iterator that can be written, as those that a state keeps must be.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Counted {
    // Small, because a state from hostile hands may have any.
    next: u16,
    end: u16,
}

impl Iterator for Counted {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        Some(Value::from(usize::from(self.next)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.end.saturating_sub(self.next));
        (left, Some(left))
    }
}

/// For coalescing: the sum of two items, if it is no more than `n`.
pub(crate) fn lesser_sum(a: Value, b: Value, n: usize) -> Result<Value, (Value, Value)> {
    let sum = a.weight() + b.weight();
    if sum <= n { Ok(Value::from(sum)) } else { Err((a, b)) }
}

/// For positioning: the position.
pub(crate) fn position(is_first: bool, is_last: bool) -> Position {
    match (is_first, is_last) {
        (true, false) => Position::First,
        (false, false) => Position::Middle,
        (false, true) => Position::Last,
        (true, true) => Position::Only,
    }
}

/// For merge_joining_by: the output.
pub(crate) fn joined<A, B>(output: itertools::EitherOrBoth<A, B>) -> EitherOrBoth<A, B> {
    match output {
        itertools::EitherOrBoth::Both(a, b) => EitherOrBoth::Both(a, b),
        itertools::EitherOrBoth::Left(a) => EitherOrBoth::Left(a),
        itertools::EitherOrBoth::Right(b) => EitherOrBoth::Right(b),
    }
}

/// For distinct: each item that is none of the `most` different ones before it.
pub(crate) fn lately_unseen(source: Source, most: usize) -> impl Iterator<Item = Value> {
    let mut latest: Vec<Value> = vec![];
    source.filter(move |item| {
        let before = latest.iter().position(|other| other == item).map(|place| latest.remove(place));
        latest.push(item.clone());
        if latest.len() > most {
            latest.remove(0);
        }
        before.is_none()
    })
}

/// For by_key: pairs of the items of each third, and what is left of the thirds that are not among the `most` latest.
pub(crate) fn batched_by_third_lately(source: Source, most: usize) -> std::vec::IntoIter<(usize, Vec<Value>)> {
    // When it began, its key, and its batch; the latest last.
    let (mut runs, mut outputs) = (Vec::<(usize, usize, Vec<Value>)>::new(), vec![]);
    for (place, item) in source.enumerate() {
        let key = third(&item);
        let known = runs.iter().position(|(_, other, _)| *other == key);
        let mut run = known.map_or((place, key, vec![]), |known| runs.remove(known));
        run.2.push(item);
        if run.2.len() == 2 {
            outputs.push((key, std::mem::take(&mut run.2)));
        }
        runs.push(run);
        if runs.len() > most {
            let (_, key, batch) = runs.remove(0);
            outputs.push((key, batch));
        }
    }
    outputs.extend(runs.into_iter().sorted().map(|(_, key, batch)| (key, batch)));
    outputs.retain(|(_, batch)| !batch.is_empty());
    outputs.into_iter()
}

/// For by_key: batches of the items of each third, each when it is full, and the rest in the order in which they began.
pub(crate) fn chunked_by_third(source: Source, size: usize) -> std::vec::IntoIter<(usize, Vec<Value>)> {
    let (mut begun, mut outputs) = (Vec::<(usize, Vec<Value>)>::new(), vec![]);
    for item in source {
        let key = third(&item);
        let place = begun.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
            begun.push((key, vec![]));
            begun.len() - 1
        });
        begun[place].1.push(item);
        if begun[place].1.len() == size {
            outputs.push(begun.remove(place));
        }
    }
    outputs.extend(begun);
    outputs.into_iter()
}

/// For the stages that wait: so many nanoseconds.
pub(crate) fn nanos(n: usize) -> Duration {
    Duration::from_nanos(n as u64)
}

/// For by_event_time: a moment, or a length of time.
pub(crate) fn moment(nanos: i64) -> Time {
    Time::from_nanos(nanos.into())
}

/// For by_event_time: when an item is.
pub(crate) fn moment_of(item: &Value) -> Time {
    Time::from_nanos(item.sum().into())
}

/// The items, each with the latest time so far.
pub(crate) fn timed(source: Source) -> std::vec::IntoIter<(i64, Value)> {
    let mut latest = i64::MIN;
    let timed = source.map(|item| {
        latest = latest.max(item.sum());
        (latest, item)
    });
    timed.collect::<Vec<_>>().into_iter()
}

/// The items that `keeps` keeps, which is told their moment and that of the next.
fn kept(source: Source, mut keeps: impl FnMut(i64, Option<i64>) -> bool) -> std::vec::IntoIter<Value> {
    let items: Vec<_> = timed(source).collect();
    let next = items.iter().skip(1).map(|(next, _)| Some(*next)).chain([None]).collect::<Vec<_>>();
    let kept = items.into_iter().zip(next).filter_map(|((at, item), next)| keeps(at, next).then_some(item));
    kept.collect::<Vec<_>>().into_iter()
}

pub(crate) fn debounced(source: Source, wait: usize) -> std::vec::IntoIter<Value> {
    kept(source, |at, next| next.is_none_or(|next| next as i128 - at as i128 >= wait as i128))
}

pub(crate) fn debounced_at_most(source: Source, wait: usize, most: usize) -> std::vec::IntoIter<Value> {
    let mut first = None;
    kept(source, |at, next| {
        let begun = i128::from(*first.get_or_insert(at));
        let due = (i128::from(at) + wait as i128).min(begun + most as i128);
        let is_due = next.is_none_or(|next| due <= i128::from(next));
        if is_due {
            first = None;
        }
        is_due
    })
}

pub(crate) fn throttled(source: Source, silence: usize, leading: bool, trailing: bool) -> std::vec::IntoIter<Value> {
    if silence == 0 {
        return timed(source).map(|(_, item)| item).collect::<Vec<_>>().into_iter();
    }
    let (mut outputs, mut until, mut held) = (vec![], None, None);
    for (at, item) in timed(source) {
        let at = i128::from(at);
        while let Some(end) = until.filter(|end| *end <= at) {
            until = held.is_some().then_some(end + silence as i128);
            outputs.extend(held.take());
        }
        let opens = until.is_none();
        until = until.or(Some(at + silence as i128));
        if opens && leading {
            outputs.push(item);
        } else if trailing {
            held = Some(item);
        }
    }
    outputs.extend(held);
    outputs.into_iter()
}

pub(crate) fn sampled_every(source: Source, period: usize) -> std::vec::IntoIter<Value> {
    let slot = |at: i64| at.div_euclid(period as i64);
    kept(source, |at, next| next.is_none_or(|next| slot(next) > slot(at)))
}

pub(crate) fn batched_within(source: Source, size: usize, wait: usize) -> std::vec::IntoIter<Vec<Value>> {
    let mut batches: Vec<Vec<Value>> = vec![];
    let mut open: Option<i128> = None;
    for (at, item) in timed(source) {
        let at = i128::from(at);
        match batches.last_mut() {
            Some(batch) if open.is_some_and(|begun| at < begun + wait as i128) && batch.len() < size => {
                batch.push(item)
            }
            _ => {
                open = Some(at);
                batches.push(vec![item]);
            }
        }
    }
    batches.into_iter()
}

pub(crate) fn until_silence(source: Source, silence: usize) -> std::vec::IntoIter<Value> {
    let mut last = None;
    let items = timed(source).take_while(|(at, _)| {
        let at = i128::from(*at);
        last.replace(at).is_none_or(|last| at < last + silence as i128)
    });
    items.map(|(_, item)| item).collect::<Vec<_>>().into_iter()
}

pub(crate) fn ticked(source: Source, idle: usize) -> std::vec::IntoIter<Value> {
    let mut last = None;
    let items = timed(source).flat_map(|(at, item)| {
        let at = i128::from(at);
        let beats = last.replace(at).is_some_and(|last| at >= last + idle as i128);
        beats.then_some(Value::Int(7)).into_iter().chain([item])
    });
    items.collect::<Vec<_>>().into_iter()
}

/// The items of the first span, and the others.
pub(crate) fn split_at_span(source: Source, span: usize) -> (std::vec::IntoIter<Value>, std::vec::IntoIter<Value>) {
    let mut begun = None;
    let (first, rest): (Vec<_>, Vec<_>) = timed(source).partition(|(at, _)| {
        let at = i128::from(*at);
        at < *begun.get_or_insert(at) + span as i128
    });
    let items = |timed: Vec<(i64, Value)>| timed.into_iter().map(|(_, item)| item).collect::<Vec<_>>().into_iter();
    (items(first), items(rest))
}

pub(crate) fn distinct_of(source: Source, ttl: usize, key: fn(&Value) -> Value) -> std::vec::IntoIter<Value> {
    let mut seen: Vec<(Value, i128)> = vec![];
    let items = timed(source).filter(|(at, item)| {
        let (at, key) = (i128::from(*at), key(item));
        let is_new = !seen.iter().any(|(other, since)| *other == key && at < since + ttl as i128);
        if is_new {
            seen.push((key, at));
        }
        is_new
    });
    items.map(|(_, item)| item).collect::<Vec<_>>().into_iter()
}

/// For rate: how many items were in the window.
pub(crate) fn in_window(rate: f64, window: usize) -> usize {
    (rate * nanos(window).as_secs_f64()).round() as usize
}

pub(crate) fn rates(source: Source, window: usize) -> std::vec::IntoIter<usize> {
    let mut moments: Vec<i128> = vec![];
    let counts = timed(source).map(|(at, _)| {
        moments.push(at.into());
        moments.iter().filter(|moment| **moment > i128::from(at) - window as i128).count()
    });
    counts.collect::<Vec<_>>().into_iter()
}

pub(crate) fn sorted_within(source: Source, lateness: usize) -> std::vec::IntoIter<Value> {
    let (mut outputs, mut held) = (vec![], vec![]);
    for (latest, item) in timed(source) {
        let watermark = i128::from(latest) - lateness as i128;
        let (mut due, rest): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|item: &Value| i128::from(item.sum()) <= watermark);
        due.sort_by_key(Value::sum);
        outputs.extend(due);
        held = rest;
        if i128::from(item.sum()) <= watermark { outputs.push(item) } else { held.push(item) }
    }
    held.sort_by_key(Value::sum);
    outputs.extend(held);
    outputs.into_iter()
}
