//! The page: tables of everything, in Markdown.

use std::{
    fmt::{self, Write},
    fs,
    process::Command,
    thread,
};

use jiff::Zoned;

use crate::{
    OfSize, Report,
    figures::{Cell, Figures},
    targets::{Target, targets},
    workloads::{Contender, workloads},
};

/// What the figures mean for a user: the part that is not measured.
const MEANING: &str = include_str!("meaning.md");

pub(crate) fn page(report: &Report) -> Result<String, fmt::Error> {
    let mut page = String::new();
    writeln!(page, "# Performance\n")?;
    writeln!(
        page,
        "Made by `cargo bench --bench report`, on {}.\n",
        Zoned::now().strftime("%-d %B %Y, %H:%M %Z (UTC%:z)")
    )?;
    for (what, is) in machine() {
        writeln!(page, "- {what}: {is}")?;
    }
    writeln!(page, "\n![Ratios to the hand loop](performance.svg)\n")?;
    writeln!(
        page,
        "A bar is the geometric mean of a group of workloads, the line on it goes from the least to the greatest of \
         them. Each workload is in the tables, with `fold` and boxed pipelines.\n"
    )?;
    writeln!(
        page,
        "Every contender does the same work over the same input, which branches as badly as real data do. \
         Instructions are for an item of input (for the whole run, where there is no item), as valgrind counts them; \
         times are ratios to the hand loop, taken in turns, the median of many.\n"
    )?;
    for (profile, measured) in [
        ("one codegen unit, fat LTO", &report.lto),
        ("the default release profile", &report.release),
        ("a debug build", &report.debug),
    ] {
        match &measured.counts {
            Some(counts) => {
                writeln!(page, "## Instructions an item: {profile}\n")?;
                table(&mut page, counts, 1)?;
            }
            None => writeln!(page, "Instructions with {profile} were not counted: valgrind is not installed.\n")?,
        }
    }
    writeln!(page, "## Time by the hand loop's: one codegen unit, fat LTO\n")?;
    table(&mut page, &report.lto.times, 2)?;
    writeln!(page, "## Time by the hand loop's: the default release profile\n")?;
    table(&mut page, &report.release.times, 2)?;
    by_size(&mut page, report)?;
    writeln!(page, "## Rows over 1.05\n")?;
    for (profile, measured, with_lto) in
        [("the default release profile", &report.release, false), ("fat LTO", &report.lto, true)]
    {
        if let Some(counts) = &measured.counts {
            targets_missed(&mut page, profile, counts, with_lto)?;
        }
    }
    compiling(&mut page, report)?;
    page.push_str(MEANING);
    Ok(page)
}

fn table(page: &mut String, figures: &Figures, digits: usize) -> fmt::Result {
    writeln!(page, "| workload | {} |", Contender::ALL.map(Contender::name).join(" | "))?;
    writeln!(page, "| --- |{}", " ---: |".repeat(Contender::ALL.len()))?;
    for workload in workloads() {
        write!(page, "| {} |", workload.name)?;
        for contender in Contender::ALL {
            match figures.get(&Cell { workload: workload.name, contender }) {
                Some(figure) => write!(page, " {figure:.digits$} |")?,
                None => write!(page, " |")?,
            }
        }
        writeln!(page)?;
    }
    writeln!(page)
}

/// Reads the first table of a page: instructions with link-time optimization.
pub(crate) fn figures(page: &str) -> Result<Figures, String> {
    let mut figures = Figures::new();
    let rows = page.lines().skip_while(|line| !line.starts_with("| workload |")).skip(2);
    for row in rows.take_while(|line| line.starts_with('|')) {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let name = cells.next().unwrap_or_default();
        let known = workloads().into_iter().find(|workload| workload.name == name);
        let workload = known.ok_or(format!("no workload is called `{name}`"))?.name;
        for (contender, figure) in Contender::ALL.into_iter().zip(cells).filter(|(_, figure)| !figure.is_empty()) {
            let figure = figure.parse().map_err(|error| format!("{name}: {figure}: {error}"))?;
            figures.insert(Cell { workload, contender }, figure);
        }
    }
    Ok(figures)
}

fn by_size(page: &mut String, report: &Report) -> fmt::Result {
    writeln!(page, "## Time by the hand loop's, by the number of items: fat LTO\n")?;
    let Some(first) = report.by_size.first() else { return Ok(()) };
    let contenders: Vec<&str> = first.ratios.iter().map(|(contender, _)| contender.name()).collect();
    writeln!(page, "| workload | items | {} |", contenders.join(" | "))?;
    writeln!(page, "| --- | ---: |{}", " ---: |".repeat(contenders.len()))?;
    for OfSize { workload, items, ratios } in &report.by_size {
        let ratios: Vec<String> = ratios.iter().map(|(_, ratio)| format!("{ratio:.2}")).collect();
        writeln!(page, "| {workload} | {items} | {} |", ratios.join(" | "))?;
    }
    writeln!(page)
}

fn targets_missed(page: &mut String, profile: &str, counts: &Figures, with_lto: bool) -> fmt::Result {
    let workloads = workloads();
    let all = workloads
        .iter()
        .flat_map(|workload| targets(workload, counts, with_lto).into_iter().map(|target| (workload.name, target)));
    let (met, missed): (Vec<_>, Vec<_>) = all.partition(|(_, target)| target.is_met());
    let all = met.len() + missed.len();
    writeln!(page, "With {profile}, {} of {all} take at most 1.05 of who does the same in the same way:\n", met.len())?;
    writeln!(page, "| workload | driver | instructions | against | instructions | ratio |")?;
    writeln!(page, "| --- | --- | ---: | --- | ---: | ---: |")?;
    for (workload, target) in missed {
        let Target { driver, against, figure, held_against } = &target;
        let (driver, ratio) = (driver.name(), target.ratio());
        writeln!(page, "| {workload} | {driver} | {figure:.1} | {against} | {held_against:.1} | {ratio:.2} |")?;
    }
    writeln!(page)
}

fn compiling(page: &mut String, report: &Report) -> fmt::Result {
    writeln!(page, "## Time to compile, by that of the same `Iterator` chain\n")?;
    writeln!(page, "| stages | profile | ratio | `Iterator` chain | pipeline |\n| ---: | --- | ---: | --- | --- |")?;
    for row in &report.compiling {
        let ratio = row.fluent.zip(row.iterator).map_or("none".into(), |(ours, std)| format!("{:.2}", ours / std));
        let compiles = |time: Option<f64>| if time.is_some() { "compiles" } else { "does not compile" };
        let (std, ours) = (compiles(row.iterator), compiles(row.fluent));
        writeln!(page, "| {} | {} | {ratio} | {std} | {ours} |", row.stages, row.profile)?;
    }
    writeln!(page)
}

/// What this was measured on and with, as far as it can be told.
fn machine() -> Vec<(&'static str, String)> {
    let said = |program: &str| {
        let output = Command::new(program).arg("--version").output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|info| {
        let line = info.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // The newest: something else may bring an older one.
    let locked = |name: &str| {
        let lock = include_str!("../../Cargo.lock");
        let (_, package) = lock.rsplit_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(package.split('"').next()?.to_owned())
    };
    let unknown = || "unknown".to_owned();
    vec![
        ("machine", format!("{}, {cores} threads", processor.unwrap_or_else(unknown))),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("compiler", said("rustc").unwrap_or_else(unknown)),
        ("transducer", env!("CARGO_PKG_VERSION").to_owned()),
        ("itertools", locked("itertools").unwrap_or_else(unknown)),
        ("counted by", said("valgrind").unwrap_or_else(|| "nothing".into())),
    ]
}
