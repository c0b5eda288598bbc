//! One picture: each quake where its time and its magnitude put it, and the moving average among them.

use std::error::Error;

use jiff::{Timestamp, tz::Offset};
use plotters::prelude::*;
use transducer::{appending, filter_mapping, transduce};

use crate::{Reading, WINDOW};

const DAY: f64 = 86_400.0;
const QUAKES: RGBColor = RGBColor(52, 101, 164);
const AVERAGE: RGBColor = RGBColor(204, 82, 0);

/// The plot as the text of an SVG file. `readings` are in order of time, and not empty.
pub fn draw(readings: &[Reading]) -> Result<String, Box<dyn Error>> {
    // Days since 1970, so that the axis is marked at midnights in UTC.
    let days = |reading: &Reading| reading.quake.time.as_second() as f64 / DAY;
    let point = filter_mapping(|reading: &Reading| Some((days(reading), reading.quake.magnitude?)));
    let points: Vec<(f64, f64)> = transduce(point, appending(), readings);
    let average = filter_mapping(|reading: &Reading| Some((days(reading), reading.average?)));
    let averages: Vec<(f64, f64)> = transduce(average, appending(), readings);

    let (first, last) = (&readings[0], &readings[readings.len() - 1]);
    let title = format!("{} earthquakes, {:.0} to {:.0}", readings.len(), first.quake.time, last.quake.time);
    let (first, last) = (days(first), days(last));
    let margin = ((last - first) * 0.02).max(0.01);
    let (lowest, highest) =
        points.iter().fold((0.0, 1.0), |(low, high), &(_, y)| (f64::min(low, y), f64::max(high, y)));
    let format = if last - first > 3.0 { "%F" } else { "%m-%d %H:%M" };

    let mut svg = String::new();
    {
        let canvas = SVGBackend::with_string(&mut svg, (1200, 600)).into_drawing_area();
        canvas.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&canvas)
            .caption(title, ("sans-serif", 22))
            .margin(20)
            .margin_right(50)
            .x_label_area_size(50)
            .y_label_area_size(60)
            .build_cartesian_2d(first - margin..last + margin, lowest.floor()..highest + 1.2)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .x_labels(10)
            .x_label_formatter(&|day| label(*day, format))
            .x_desc("time (UTC)")
            .y_desc("magnitude")
            .axis_desc_style(("sans-serif", 16))
            .label_style(("sans-serif", 14))
            .draw()?;
        // The stronger, the larger, as the energy grows much faster than the magnitude.
        let dot = |&(x, y): &(f64, f64)| Circle::new((x, y), 2.0 + y.max(0.0).powi(2) / 5.0, QUAKES.mix(0.35).filled());
        chart
            .draw_series(points.iter().map(dot))?
            .label("a quake")
            .legend(|(x, y)| Circle::new((x + 10, y), 4, QUAKES.mix(0.5).filled()));
        chart
            .draw_series(LineSeries::new(averages, AVERAGE.stroke_width(3)))?
            .label(format!("average of the last {WINDOW}"))
            .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], AVERAGE.stroke_width(3)));
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.85))
            .border_style(BLACK.mix(0.3))
            .label_font(("sans-serif", 14))
            .draw()?;
        canvas.present()?;
    }
    Ok(svg)
}

fn label(day: f64, format: &str) -> String {
    Timestamp::from_second((day * DAY).round() as i64)
        .map_or(String::new(), |time| Offset::UTC.to_datetime(time).strftime(format).to_string())
}
