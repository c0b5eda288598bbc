//! Instructions an item, as valgrind counts them.

use std::{any, env, fs, hint::black_box, io, path::Path, process::Command};

use crate::{
    figures::{Cell, Figures},
    workloads::{transducer_measured_region, workloads},
};

/// The argument by which this program is told that it is being counted.
pub(crate) const COUNTED: &str = "--counted";

/// How many items the counted runs are given: counts don't vary, so that these are enough.
const ITEMS: usize = if cfg!(debug_assertions) { 2_000 } else { 20_000 };

/// What is counted. Every run twice, since the first one also pays for what is set up once a process.
pub(crate) fn be_counted() {
    for workload in workloads() {
        let input = workload.input(ITEMS);
        for (_, run) in workload.runs() {
            for _ in 0..2 {
                black_box(transducer_measured_region(run, &input));
            }
        }
    }
}

/// Whether valgrind is installed.
pub(crate) fn are_possible() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Has this very program counted, and reads off the instructions of each run.
pub(crate) fn count(scratch: &Path) -> io::Result<Figures> {
    let region = any::type_name_of_val(&transducer_measured_region);
    let out = scratch.join("callgrind.out");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--combine-dumps=yes", "--quiet"])
        .args([format!("--toggle-collect={region}"), format!("--dump-after={region}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe()?)
        .arg(COUNTED)
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("valgrind: {status}")));
    }
    let dumps = fs::read_to_string(&out)?;
    fs::remove_file(&out)?;
    // One dump a run, in the order of the runs; the second of each pair is the one that counts.
    let mut counts = dumps
        .lines()
        .filter_map(|line| line.strip_prefix("totals: "))
        .filter_map(|count| count.trim().parse::<u64>().ok())
        .skip(1)
        .step_by(2);
    let mut figures = Figures::new();
    for workload in workloads() {
        let items = workload.items.unwrap_or(ITEMS);
        for (contender, _) in workload.runs() {
            let count = counts.next().ok_or_else(|| io::Error::other("valgrind wrote too few counts"))?;
            let cell = Cell { workload: workload.name, contender };
            figures.insert(cell, count as f64 / items.max(1) as f64);
        }
    }
    Ok(figures)
}
