//! Figures, one for each workload and contender, and how they go from one process to another.

use std::{collections::BTreeMap, fs, io, path::Path};

use crate::workloads::{Contender, workloads};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) workload: &'static str,
    pub(crate) contender: Contender,
}

/// Instructions an item, or time as a ratio to the hand loop.
pub(crate) type Figures = BTreeMap<Cell, f64>;

/// What is measured of one build.
#[derive(Default)]
pub(crate) struct Measured {
    /// `None` where there is no valgrind.
    pub(crate) counts: Option<Figures>,
    pub(crate) times: Figures,
}

/// Every cell there is, in the order of the report.
pub(crate) fn cells() -> impl Iterator<Item = Cell> {
    workloads().into_iter().flat_map(|workload| {
        let contenders: Vec<_> = workload.runs().map(|(contender, _)| contender).collect();
        contenders.into_iter().map(move |contender| Cell { workload: workload.name, contender })
    })
}

impl Measured {
    /// Writes one line a cell: its count and its time.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let count = |cell: &Cell| self.counts.as_ref().map_or(f64::NAN, |counts| counts[cell]);
        fs::write(path, cells().map(|cell| format!("{} {}\n", count(&cell), self.times[&cell])).collect::<String>())
    }

    /// Reads what [`write`](Self::write) wrote.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let bad = || io::Error::other(format!("{}: not as it was written", path.display()));
        let (mut counts, mut times) = (Figures::new(), Figures::new());
        let text = fs::read_to_string(path)?;
        let mut lines = text.lines();
        for cell in cells() {
            let (count, time) = lines.next().and_then(|line| line.split_once(' ')).ok_or_else(bad)?;
            counts.insert(cell, count.parse().map_err(|_| bad())?);
            times.insert(cell, time.parse().map_err(|_| bad())?);
        }
        let counted = counts.values().all(|count| !count.is_nan());
        Ok(Self { counts: counted.then_some(counts), times })
    }
}
