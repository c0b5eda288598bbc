//! The chart: instructions by the hand loop's; a row a workload, a bar a driver.

use svg::{
    Document,
    node::element::{Group, Line, Rectangle, Text},
};

use crate::{
    figures::{Cell, Figures},
    workloads::{Contender, workloads},
};

const DRIVERS: [(Contender, &str); 7] = [
    (Contender::StdFor, "#c9c9c9"),
    (Contender::StdFold, "#9a9a9a"),
    (Contender::Eager, "#1b6ca8"),
    (Contender::LazyFor, "#4fa3d9"),
    (Contender::LazyFold, "#a3d0ee"),
    (Contender::Pushed, "#e08e2b"),
    (Contender::Boxed, "#b04a3a"),
];

const LABELS: usize = 190;
const BAR: usize = 9;
const ROW: usize = BAR * DRIVERS.len() + 14;
const TOP: usize = 70;
/// How wide a ratio of 1 is.
const UNIT: f64 = 130.0;
/// Longer bars are cut off here, and say how long they would be.
const LONGEST: f64 = 4.0;
const WIDTH: usize = 800;

pub(crate) fn chart(figures: &Figures, what: &str) -> Document {
    let workloads = workloads();
    let height = TOP + ROW * workloads.len() + 10;
    let mut chart = Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("font-family", "sans-serif")
        .set("font-size", 11)
        .add(Rectangle::new().set("width", WIDTH).set("height", height).set("fill", "white"))
        .add(text(10, 22, format!("{what}, by the hand loop's (less is better)")).set("font-size", 15))
        .add(legend());
    for ratio in 0..=LONGEST as usize {
        let x = LABELS as f64 + UNIT * ratio as f64;
        let line = Line::new().set("x1", x).set("x2", x).set("y1", TOP - 8).set("y2", height - 10);
        chart = chart
            .add(line.set("stroke", if ratio == 1 { "black" } else { "#dddddd" }))
            .add(text(x, TOP - 12, ratio.to_string()).set("text-anchor", "middle"));
    }
    for (row, workload) in workloads.iter().enumerate() {
        let y = TOP + ROW * row;
        chart = chart.add(text(10, y + ROW / 2, workload.name.into()));
        for (bar, (contender, colour)) in DRIVERS.into_iter().enumerate() {
            if let Some(ratio) = ratio(figures, workload.name, contender) {
                chart = chart.add(self::bar(ratio, y + BAR * bar, colour));
            }
        }
    }
    chart
}

fn ratio(figures: &Figures, workload: &'static str, contender: Contender) -> Option<f64> {
    let figure = |contender| figures.get(&Cell { workload, contender });
    Some(figure(contender)? / figure(Contender::Hand)?)
}

fn bar(ratio: f64, y: usize, colour: &str) -> Group {
    let width = ratio.min(LONGEST) * UNIT;
    let rectangle = Rectangle::new().set("x", LABELS).set("y", y).set("width", width).set("height", BAR - 1);
    let figure = text(LABELS as f64 + width + 4.0, y + BAR - 1, format!("{ratio:.2}")).set("font-size", 8);
    Group::new().add(rectangle.set("fill", colour)).add(figure)
}

fn legend() -> Group {
    DRIVERS.iter().enumerate().fold(Group::new(), |legend, (place, (contender, colour))| {
        let x = LABELS + place * 84;
        let patch = Rectangle::new().set("x", x).set("y", 32).set("width", 10).set("height", 10).set("fill", *colour);
        legend.add(patch).add(text(x + 14, 41, contender.name().replace('`', "")))
    })
}

fn text(x: impl Into<svg::node::Value>, y: usize, text: String) -> Text {
    Text::new(text).set("x", x).set("y", y)
}
