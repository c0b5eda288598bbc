//! The chart: what each driver costs by the hand loop's, for a few groups of workloads. A bar is the geometric mean of a
//! group, the line on it goes from the least to the greatest of its workloads.
//!
//! It has no background, and its colours can be read on a light one and on a dark one.

use svg::{
    Document,
    node::element::{Circle, Group, Line, Rectangle, Text},
};

use crate::{
    figures::{Cell, Figures},
    workloads::Contender,
};

/// A bar: the first of these contenders that a workload has.
const SERIES: [(&str, &[Contender], &str); 4] = [
    ("std or itertools, in a for", &[Contender::StdFor, Contender::Itertools], "#8a8f98"),
    ("transduce", &[Contender::Eager], "#2f7fc1"),
    ("lazy, in a for", &[Contender::LazyFor], "#25a18e"),
    ("pushed", &[Contender::Pushed], "#d9822b"),
];

/// A workload that is in none of them is among the others, which come last.
const GROUPS: [(&str, &[&str]); 6] = [
    (
        "map, filter, take",
        &[
            "map, filter, sum",
            "map, collect",
            "filter, map, collect",
            "filter, map, take, sum",
            "dedup, sum",
            "scan, sum",
            "ten stages, sum",
            "strings, collect",
        ],
    ),
    (
        "many items of one",
        &[
            "chain, flat_map, sum",
            "flat_map of a list, sum",
            "repeat 3, sum",
            "chain at the end, sum",
            "intersperse, sum",
            "flat_map in on_some, sum",
        ],
    ),
    ("batches, windows", &["batch 16 to Vec", "batch 64 to Vec", "batching_with 64", "window 8"]),
    ("keys, sorting", &["distinct, sum", "sum by key", "sort, sum"]),
    ("errors", &["fallible, trying", "fallible, on_ok"]),
    ("short runs, large states", &["ten stages, one item", "ten stages, no item", "4 KiB accumulator"]),
];

const WIDTH: f64 = 720.0;
const LABELS: f64 = 170.0;
const TOP: f64 = 74.0;
const BAR: f64 = 11.0;
const GROUP: f64 = BAR * SERIES.len() as f64 + 16.0;
/// The ratios at the two ends of the axis; what is beyond is cut off there.
const AXIS: (f64, f64) = (0.5, 16.0);
const TEXT: &str = "#808690";

pub(crate) fn chart(figures: &Figures, what: &str) -> Document {
    let mut groups = GROUPS.map(|(name, workloads)| (name, workloads.to_vec())).to_vec();
    let known: Vec<&str> = groups.iter().flat_map(|(_, workloads)| workloads.clone()).collect();
    let measured = figures.keys().filter(|cell| cell.contender == Contender::Hand).map(|cell| cell.workload);
    let others: Vec<&str> = measured.filter(|workload| !known.contains(workload)).collect();
    if !others.is_empty() {
        groups.push(("others", others));
    }
    let height = TOP + GROUP * groups.len() as f64 + 8.0;
    let mut chart = Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .set("font-family", "system-ui, sans-serif")
        .set("font-size", 12)
        .add(text(8.0, 20.0, format!("{what}, by the hand loop's: less is better")).set("font-size", 15))
        .add(legend());
    let mut ratio = AXIS.0;
    while ratio <= AXIS.1 {
        let line = Line::new().set("x1", x(ratio)).set("x2", x(ratio)).set("y1", TOP - 6.0).set("y2", height - 8.0);
        let hand = ratio == 1.0;
        chart = chart
            .add(line.set("stroke", TEXT).set("stroke-opacity", if hand { 1.0 } else { 0.3 }))
            .add(text(x(ratio), TOP - 12.0, format!("{ratio}×")).set("text-anchor", "middle"));
        ratio *= 2.0;
    }
    for (place, (name, workloads)) in groups.iter().enumerate() {
        let y = TOP + GROUP * place as f64 + 4.0;
        let label = text(LABELS - 10.0, y + GROUP / 2.0 - 4.0, (*name).into()).set("text-anchor", "end");
        chart = chart.add(label);
        for (bar, (_, contenders, colour)) in SERIES.iter().enumerate() {
            chart = chart.add(self::bar(&ratios(figures, workloads, contenders), y + BAR * bar as f64, colour));
        }
    }
    chart
}

/// The ratios to the hand loop of some workloads.
fn ratios(figures: &Figures, workloads: &[&'static str], contenders: &[Contender]) -> Vec<f64> {
    let ratio = |workload: &&'static str| {
        let figure = |contender: &Contender| figures.get(&Cell { workload, contender: *contender });
        Some(contenders.iter().find_map(figure)? / figure(&Contender::Hand)?)
    };
    workloads.iter().filter_map(ratio).collect()
}

fn bar(ratios: &[f64], y: f64, colour: &str) -> Group {
    let group = Group::new();
    if ratios.is_empty() {
        return group;
    }
    let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
    let (least, greatest) = ratios.iter().fold((mean, mean), |(least, greatest), r| (least.min(*r), greatest.max(*r)));
    let (one, at) = (x(1.0), x(mean));
    let middle = y + BAR / 2.0 - 0.5;
    let bar =
        Rectangle::new().set("x", one.min(at)).set("width", (one - at).abs()).set("y", y).set("height", BAR - 1.0);
    let range = Line::new().set("x1", x(least)).set("x2", x(greatest)).set("y1", middle).set("y2", middle);
    let dot = Circle::new().set("cx", at).set("cy", middle).set("r", 3.5).set("fill", colour);
    let end = x(greatest).max(one) + 8.0;
    let figure = text(end, y + BAR - 2.0, format!("{mean:.2}")).set("font-size", 10);
    group
        .add(bar.set("fill", colour).set("fill-opacity", 0.45))
        .add(range.set("stroke", colour).set("stroke-width", 1.5))
        .add(dot)
        .add(figure)
}

/// Where a ratio is, on a scale of doublings.
fn x(ratio: f64) -> f64 {
    let share = (ratio.clamp(AXIS.0, AXIS.1) / AXIS.0).log2() / (AXIS.1 / AXIS.0).log2();
    LABELS + share * (WIDTH - LABELS - 40.0)
}

fn legend() -> Group {
    let places = [0.0, 185.0, 285.0, 405.0];
    SERIES.iter().zip(places).fold(Group::new(), |legend, ((name, _, colour), place)| {
        let x = LABELS + place;
        let patch = Rectangle::new().set("x", x).set("y", 32).set("width", 11).set("height", 11).set("fill", *colour);
        legend.add(patch).add(text(x + 16.0, 42.0, (*name).into()))
    })
}

fn text(x: f64, y: f64, text: String) -> Text {
    Text::new(text).set("x", x).set("y", y).set("fill", TEXT)
}
