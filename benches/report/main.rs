//! Compares every driver with hand loops, std and itertools, and writes a table and a chart.
//!
//! `cargo bench --bench report` writes `target/performance.md` and `target/performance.svg`. It takes
//! some minutes, since it also builds itself without link-time optimization and without any, and
//! compiles pipelines of many stages. Instructions are counted where valgrind is installed.
//!
//! `cargo test --bench report -- --chart PERFORMANCE.md` only draws the chart again, from the figures of that page,
//! and writes it beside the page.

mod builds;
mod chart;
mod counts;
mod figures;
mod page;
mod targets;
mod times;
#[path = "../workloads/mod.rs"]
mod workloads;

use std::{env, error::Error, fs, path::Path};

use builds::Compiling;
use figures::Measured;
use workloads::{Contender, Input, workloads};

/// Only draws the chart, from a page that is there.
const CHART: &str = "--chart";

/// What the chart shows.
const WHAT: &str = "Instructions an item, one codegen unit and fat LTO";

/// All that is measured.
struct Report {
    lto: Measured,
    release: Measured,
    debug: Measured,
    by_size: Vec<OfSize>,
    compiling: Vec<Compiling>,
}

/// One workload with so many items.
struct OfSize {
    workload: &'static str,
    items: usize,
    /// Each contender's time by the hand loop's.
    ratios: Vec<(Contender, f64)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), |directory| directory.into());
    fs::create_dir_all(&target)?;
    let arguments: Vec<String> = env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == CHART) {
        let page = Path::new(arguments.get(place + 1).ok_or("of which page?")?);
        let figures = page::figures(&fs::read_to_string(page)?)?;
        return Ok(svg::save(page.with_file_name("performance.svg"), &chart::chart(&figures, WHAT))?);
    }
    if arguments.iter().any(|argument| argument == counts::COUNTED) {
        counts::be_counted();
        return Ok(());
    }
    if let Some(place) = arguments.iter().position(|argument| argument == builds::MEASURED) {
        let path = arguments.get(place + 1).ok_or("where are the figures to be written?")?;
        return Ok(measure(&target)?.write(Path::new(path))?);
    }
    eprintln!("with fat LTO ...");
    let lto = measure(&target)?;
    let by_size = by_size();
    eprintln!("with the default release profile ...");
    let release = builds::measure("release", &target)?;
    eprintln!("without optimization ...");
    let debug = builds::measure("dev", &target)?;
    eprintln!("compile times ...");
    let compiling = builds::compile(&target)?;
    let report = Report { lto, release, debug, by_size, compiling };
    let (figures, what) = match &report.lto.counts {
        Some(counts) => (counts, WHAT),
        None => (&report.lto.times, "Time"),
    };
    svg::save(target.join("performance.svg"), &chart::chart(figures, what))?;
    fs::write(target.join("performance.md"), page::page(&report)?)?;
    println!("{} and performance.svg beside it", target.join("performance.md").display());
    Ok(())
}

/// Measures this very build.
fn measure(scratch: &Path) -> std::io::Result<Measured> {
    let counts = if counts::are_possible() { Some(counts::count(scratch)?) } else { None };
    Ok(Measured { counts, times: times::time() })
}

/// From inputs too small to matter to those too large for any cache.
fn by_size() -> Vec<OfSize> {
    let mut all = vec![];
    for workload in
        workloads().iter().filter(|workload| ["map, filter, sum", "filter, map, collect"].contains(&workload.name))
    {
        for items in [0, 1, 10, 1_000, 100_000, 10_000_000] {
            let rounds = if items > 1_000_000 { 5 } else { 21 };
            let ratios = times::ratios(workload, &Input::new(items), rounds);
            all.push(OfSize { workload: workload.name, items, ratios });
        }
    }
    all
}
