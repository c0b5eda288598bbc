//! What all cores cost and gain: rayon's own adaptors beside ours and a sequential run; from how many items on it pays; rolling
//! windows; and the tax of the abstraction, the same pipeline by hand in each engine.
//!
//! ```text
//! cargo bench --bench parallel                      # the bench profile: one codegen unit, fat LTO
//! cargo bench --profile release --bench parallel    # the default one
//! ```
//!
//! Thin LTO and many codegen units make rayon's own `fold` several times slower: compare
//! within one profile.

mod rounds;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
    hint::black_box,
};

use futures::{StreamExt, executor::block_on, stream};
use rayon::prelude::*;
use rounds::{Run, heading, median, ratio, run, times};
use transducer::{Splittable, drivers::Pieces, prelude::*, reducers::IndexMap};

fn main() {
    println!("{}, {} threads", heading(), rayon::current_num_threads());
    println!("\n## rayon's own adaptors, and ours\n");
    println!(
        "| pipeline | ns an item | items | rayon, ns an item | ours | ours to rayon's | sequential | sequential to ours |"
    );
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    rows::<1>("light", 8_000_000);
    rows::<30>("medium", 2_000_000);
    rows::<1_000>("heavy", 20_000);
    println!("\n## From how many items on all cores are faster than one\n");
    println!("| weight | items |\n| --- | ---: |");
    break_even::<1>("light");
    break_even::<30>("medium");
    break_even::<1_000>("heavy");
    println!("\n## A rolling maximum\n");
    println!(
        "| input | window | `rolling`, ns an item | a deque by hand | `rolling` to it | `windowing_with` to `rolling` |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    rolling_rows();
    println!("\n## The tax of the abstraction\n");
    println!("filter, map, flat_map, filter, sum: by hand, and as one pipeline\n");
    println!("| engine | by hand, ns an item | ours | ours to by hand |\n| --- | ---: | ---: | ---: |");
    tax();
}

/// Some work on a number.
#[inline]
fn work<const STEPS: u32>(x: u64) -> u64 {
    (0..STEPS).fold(x, |x, _| (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9))
}

fn sum(items: &[u64]) -> u64 {
    items.iter().fold(items.len() as u64, |sum, x| sum.wrapping_mul(31).wrapping_add(*x))
}

/// A row: rayon's own, ours on all cores, ours on one.
fn row(name: &str, weight: &str, items: u64, runs: [Run<'_>; 3]) {
    let [rayon, ours, sequential] = times(&runs, items).try_into().expect("three");
    println!(
        "| {name} | {weight} | {items} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
        median(rayon.clone()),
        median(ours.clone()),
        ratio(&ours, &rayon),
        median(sequential.clone()),
        ratio(&sequential, &ours),
    );
}

fn odd(x: &u64) -> bool {
    x % 2 == 1
}

fn summed<const STEPS: u32>() -> impl Transducer<u64, Out = u64> + Splittable + Copy + Sync + Send {
    compose((mapping(work::<STEPS>), filtering(odd), mapping(|x: u64| x >> 3)))
}

fn rows<const STEPS: u32>(weight: &str, items: u64) {
    let source = || (0..items).into_par_iter();
    let input: Vec<u64> = (0..items).collect();
    let slice = || input.par_iter().copied();
    row(
        "map, filter, map, sum",
        weight,
        items,
        [
            run(|| source().map(work::<STEPS>).filter(odd).map(|x| x >> 3).sum()),
            run(|| par_transduce(summed::<STEPS>(), summing::<u64>(), source())),
            run(|| transduce(summed::<STEPS>(), summing::<u64>(), 0..items)),
        ],
    );
    row(
        "the same, as a parallel iterator",
        weight,
        items,
        [
            run(|| source().map(work::<STEPS>).filter(odd).map(|x| x >> 3).sum()),
            run(|| source().transduce(summed::<STEPS>()).sum()),
            run(|| transduce(summed::<STEPS>(), summing::<u64>(), 0..items)),
        ],
    );
    let expanding = flat_mapping(|x: u64| (0..work::<STEPS>(x) % 4).map(move |y| x + y));
    row(
        "flat_map, count",
        weight,
        items,
        [
            run(|| source().flat_map_iter(|x| (0..work::<STEPS>(x) % 4).map(move |y| x + y)).count() as u64),
            run(|| par_transduce(expanding, counting(), source()) as u64),
            run(|| transduce(expanding, counting(), 0..items) as u64),
        ],
    );
    let chosen = filtering(|x: &u64| work::<STEPS>(*x) % 2 == 1);
    row(
        "filter, collect",
        weight,
        items,
        [
            run(|| sum(&slice().filter(|x| work::<STEPS>(*x) % 2 == 1).collect::<Vec<_>>())),
            run(|| sum(&slice().transduce(chosen).collect::<Vec<_>>())),
            run(|| sum(&transduce(chosen, appending(), input.iter().copied()))),
        ],
    );
    let mapped = mapping(work::<STEPS>);
    row(
        "map, collect",
        weight,
        items,
        [
            run(|| sum(&slice().map(work::<STEPS>).collect::<Vec<_>>())),
            run(|| sum(&slice().transduce(mapped).collect::<Vec<_>>())),
            run(|| sum(&transduce(mapped, appending(), input.iter().copied()))),
        ],
    );
    row(
        "top 10",
        weight,
        items,
        [
            run(|| sum(&top_by_hand(source().map(work::<STEPS>)))),
            run(|| sum(&par_transduce(mapped, top(10), source()))),
            run(|| sum(&transduce(mapped, top(10), 0..items))),
        ],
    );
    for keys in [100, 100_000] {
        let grouped = || grouping(move |x: &u64| x % keys, summing::<Sum>());
        let total = |groups: IndexMap<u64, Sum>| {
            groups.into_iter().fold(0, |all, (key, Sum(sum))| all ^ sum.wrapping_mul(key | 1))
        };
        row(
            &format!("sums by {keys} keys"),
            weight,
            items,
            [
                run(|| {
                    let groups = source().map(work::<STEPS>).fold(HashMap::new, |mut groups, x| {
                        let sum: &mut u64 = groups.entry(x % keys).or_insert(0);
                        *sum = sum.wrapping_add(x);
                        groups
                    });
                    let groups = groups.reduce(HashMap::new, |mut groups, later| {
                        for (key, x) in later {
                            let sum = groups.entry(key).or_insert(0);
                            *sum = sum.wrapping_add(x);
                        }
                        groups
                    });
                    groups.into_iter().fold(0, |all, (key, sum)| all ^ sum.wrapping_mul(key | 1))
                }),
                run(|| total(par_transduce(mapped, grouped(), source()))),
                run(|| total(transduce(mapped, grouped(), 0..items))),
            ],
        );
    }
    let sought = work::<STEPS>(items / 3);
    let seeking = compose((mapping(work::<STEPS>), filtering(move |x: &u64| *x == sought)));
    row(
        "find first",
        weight,
        items,
        [
            run(|| source().map(work::<STEPS>).find_first(|x| *x == sought).unwrap_or(0)),
            run(|| par_transduce(&seeking, first_of(), source()).unwrap_or(0)),
            run(|| transduce(&seeking, first_of(), 0..items).unwrap_or(0)),
        ],
    );
    let rest = || compose((deduping(), enumerating(), mapping(|(place, x): (usize, u64)| x ^ place as u64)));
    let pieces = Pieces::of(if STEPS > 100 { 64 } else { 16_384 });
    row(
        "a prefix, and the rest in order (rayon: collected first)",
        weight,
        items,
        [
            run(|| {
                let collected: Vec<u64> = source().map(work::<STEPS>).filter(odd).map(|x| x >> 3).collect();
                transduce(rest(), summing::<Sum>(), collected).0
            }),
            run(|| par_transduce_in_order(summed::<STEPS>(), rest(), summing::<Sum>(), 0..items, pieces).0),
            run(|| transduce(compose((summed::<STEPS>(), rest())), summing::<Sum>(), 0..items).0),
        ],
    );
    let keyed = || by_key(|x: &u64| x % 64, compose((mapping(work::<STEPS>), deduping(), filtering(odd))));
    let by_hand = || transduce(keyed(), appending(), input.iter().copied());
    row(
        "by 64 keys (rayon: none, so one core)",
        weight,
        items,
        [
            run(|| by_hand().iter().fold(0, |all, (key, x)| all ^ x.wrapping_add(*key))),
            run(|| par_by_key(&keyed(), slice()).0.iter().fold(0, |all, (key, x)| all ^ x.wrapping_add(*key))),
            run(|| by_hand().iter().fold(0, |all, (key, x)| all ^ x.wrapping_add(*key))),
        ],
    );
}

/// A sum that wraps around.
#[derive(Clone, Copy)]
struct Sum(u64);

impl std::iter::Sum<u64> for Sum {
    fn sum<I: Iterator<Item = u64>>(items: I) -> Self {
        Self(items.fold(0, u64::wrapping_add))
    }
}

impl std::ops::AddAssign<u64> for Sum {
    fn add_assign(&mut self, x: u64) {
        self.0 = self.0.wrapping_add(x);
    }
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, x: Self) {
        self.0 = self.0.wrapping_add(x.0);
    }
}

/// The ten greatest, as one would write it with rayon.
fn top_by_hand(items: impl ParallelIterator<Item = u64>) -> Vec<u64> {
    let add = |mut heap: BinaryHeap<Reverse<u64>>, x| {
        if heap.len() < 10 {
            heap.push(Reverse(x));
        } else if let Some(mut least) = heap.peek_mut()
            && x > least.0
        {
            *least = Reverse(x);
        }
        heap
    };
    let heaps = items.fold(BinaryHeap::new, add);
    let all =
        heaps.reduce(BinaryHeap::new, |heap, later| later.into_iter().fold(heap, |heap, Reverse(x)| add(heap, x)));
    all.into_sorted_vec().into_iter().map(|Reverse(x)| x).collect()
}

fn break_even<const STEPS: u32>(weight: &str) {
    let faster = (3..22).map(|power| 1u64 << power).find(|items| {
        let repeats = (1 << 16) / items + 1;
        let times = times(
            &[
                run(|| {
                    (0..repeats).fold(0, |all, _| {
                        all ^ par_transduce(summed::<STEPS>(), summing::<u64>(), black_box(0..*items))
                    })
                }),
                run(|| {
                    (0..repeats)
                        .fold(0, |all, _| all ^ transduce(summed::<STEPS>(), summing::<u64>(), black_box(0..*items)))
                }),
            ],
            items * repeats,
        );
        ratio(&times[0], &times[1]) < 1.0
    });
    let items = faster.map_or("none up to 2,000,000".into(), |items| items.to_string());
    println!("| {weight} | {items} |");
}

/// What an input is like, and its number at each place.
type Input = (&'static str, fn(u64) -> u64);

fn rolling_rows() {
    let items = 1_000_000;
    let inputs: [Input; 3] = [
        ("random", work::<3>),
        ("walking", |x| (x % 1_000).min(1_000 - x % 1_000) ^ (work::<2>(x) % 8)),
        ("falling", |x| u64::MAX - x),
    ];
    for (name, input) in inputs {
        let input: Vec<u64> = (0..items).map(input).collect();
        for window in [10, 1_000, 100_000] {
            let fold = |found: &mut dyn Iterator<Item = Option<u64>>| {
                found.fold(0u64, |all, x| all.wrapping_mul(3) ^ x.unwrap_or(0))
            };
            let ours = || {
                transduce(
                    rolling(window, maximum()),
                    folding(0u64, |all: u64, x: Option<u64>| all.wrapping_mul(3) ^ x.unwrap_or(0)),
                    input.iter().copied(),
                )
            };
            let both = times(&[run(ours), run(|| fold(&mut by_deque(&input, window)))], items);
            // It takes so many comparisons an item.
            let windowing = if window <= 1_000 {
                let few = &input[..100_000];
                let ours = || {
                    transduce(
                        rolling(window, maximum()),
                        folding(0u64, |all: u64, x: Option<u64>| all.wrapping_mul(3) ^ x.unwrap_or(0)),
                        few.iter().copied(),
                    )
                };
                let windows = windowing_with(window, |window: &[u64]| window.iter().copied().max());
                let theirs = || {
                    transduce(
                        &windows,
                        folding(0u64, |all: u64, x: Option<u64>| all.wrapping_mul(3) ^ x.unwrap_or(0)),
                        few.iter().copied(),
                    )
                };
                let times = times(&[run(theirs), run(ours)], few.len() as u64);
                format!("{:.1}", ratio(&times[0], &times[1]))
            } else {
                "-".into()
            };
            println!(
                "| {name} | {window} | {:.2} | {:.2} | {:.2} | {windowing} |",
                median(both[0].clone()),
                median(both[1].clone()),
                ratio(&both[0], &both[1])
            );
        }
    }
}

/// The maximum of each window, by a deque of those that can still be one.
fn by_deque(input: &[u64], window: usize) -> impl Iterator<Item = Option<u64>> {
    let mut candidates: VecDeque<(usize, u64)> = VecDeque::new();
    input.iter().copied().enumerate().filter_map(move |(place, item)| {
        while candidates.back().is_some_and(|(_, before)| *before <= item) {
            candidates.pop_back();
        }
        candidates.push_back((place, item));
        if candidates.front().is_some_and(|(first, _)| first + window <= place) {
            candidates.pop_front();
        }
        (place + 1 >= window).then(|| candidates.front().map(|(_, item)| *item))
    })
}

fn thirds(x: &u64) -> bool {
    x % 3 != 0
}

fn near(x: u64) -> std::ops::Range<u64> {
    x..x + x % 3
}

fn tax() {
    let items = 1_000_000u64;
    let pipeline = || {
        compose((filtering(thirds), mapping(work::<2>), mapping(|x: u64| x >> 8), flat_mapping(near), filtering(odd)))
    };
    let row = |engine: &str, runs: [Run<'_>; 2]| {
        let [by_hand, ours] = times(&runs, items).try_into().expect("two");
        println!(
            "| {engine} | {:.2} | {:.2} | {:.2} |",
            median(by_hand.clone()),
            median(ours.clone()),
            ratio(&ours, &by_hand)
        );
    };
    row(
        "loop",
        [
            run(|| {
                let mut sum = Sum(0);
                for x in black_box(0..items) {
                    if thirds(&x) {
                        for y in near(work::<2>(x) >> 8) {
                            if odd(&y) {
                                sum += y;
                            }
                        }
                    }
                }
                sum.0
            }),
            run(|| transduce(pipeline(), summing::<Sum>(), black_box(0..items)).0),
        ],
    );
    row(
        "iterator",
        [
            run(|| {
                black_box(0..items)
                    .filter(thirds)
                    .map(work::<2>)
                    .map(|x| x >> 8)
                    .flat_map(near)
                    .filter(odd)
                    .sum::<Sum>()
                    .0
            }),
            run(|| black_box(0..items).transduce(pipeline()).sum::<Sum>().0),
        ],
    );
    row(
        "stream",
        [
            run(|| {
                let stream = stream::iter(black_box(0..items)).filter(|x| std::future::ready(thirds(x))).map(work::<2>);
                let stream = stream.map(|x| x >> 8).flat_map(|x| stream::iter(near(x)));
                let stream = stream.filter(|x| std::future::ready(odd(x)));
                block_on(stream.fold(0u64, |sum, x| std::future::ready(sum.wrapping_add(x))))
            }),
            run(|| {
                let stream = stream::iter(black_box(0..items)).transduce(pipeline());
                block_on(stream.fold(0u64, |sum, x| std::future::ready(sum.wrapping_add(x))))
            }),
        ],
    );
    row(
        "rayon",
        [
            run(|| {
                let outputs = black_box(0..items).into_par_iter().filter(thirds).map(work::<2>).map(|x| x >> 8);
                outputs.flat_map_iter(near).filter(odd).fold(|| 0u64, u64::wrapping_add).reduce(|| 0, u64::wrapping_add)
            }),
            run(|| par_transduce(pipeline(), summing::<Sum>(), black_box(0..items)).0),
        ],
    );
}
