//! Peak memory against the number of requests, as SVG.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use indicatif::HumanCount;
use plotters::prelude::*;

use crate::{compare::Known, record::Report};

/// Draws a line for each client, and those of the known figures, on logarithmic axes.
pub(crate) fn draw(path: &Path, reports: &[Report], known: &[Known]) -> anyhow::Result<()> {
    let mut lines: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for report in reports {
        lines.entry(report.mode.to_string()).or_default().push((report.requests as f64, report.megabytes()));
    }
    for Known { client, requests, megabytes, .. } in known {
        if let Some(megabytes) = megabytes {
            lines.entry(client.to_string()).or_default().push((*requests as f64, *megabytes));
        }
    }
    lines.values_mut().for_each(|line| line.retain(|(_, megabytes)| megabytes.is_finite()));
    lines.retain(|_, line| !line.is_empty());
    let points = || lines.values().flatten();
    let range = |axis: fn(&(f64, f64)) -> f64| {
        let least = points().map(axis).fold(f64::INFINITY, f64::min);
        let most = points().map(axis).fold(0.0, f64::max);
        (least / 2.0..most * 2.0).log_scale()
    };

    let area = SVGBackend::new(path, (960, 600)).into_drawing_area();
    // plotters' errors hold what cannot be sent between threads.
    let drawn = || -> Result<(), Box<dyn std::error::Error + '_>> {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption("Peak memory against the number of requests", ("sans-serif", 22))
            .margin(16)
            .x_label_area_size(48)
            .y_label_area_size(72)
            .build_cartesian_2d(range(|point| point.0), range(|point| point.1))?;
        chart
            .configure_mesh()
            .x_desc("requests")
            .y_desc("peak memory, MB")
            .x_label_formatter(&|requests| HumanCount(*requests as u64).to_string())
            .y_label_formatter(&|megabytes| HumanCount(*megabytes as u64).to_string())
            .draw()?;
        for (at, (client, line)) in lines.iter().enumerate() {
            let color = Palette99::pick(at).to_rgba();
            let series = LineSeries::new(line.iter().copied(), color.stroke_width(2)).point_size(4);
            chart
                .draw_series(series)?
                .label(client)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color.stroke_width(2)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK)
            .draw()?;
        area.present()?;
        Ok(())
    };
    drawn().map_err(|error| anyhow::anyhow!("{error}")).with_context(|| format!("cannot draw {}", path.display()))
}
