//! One figure for each workload and contender.

use std::collections::BTreeMap;

use crate::workloads::Contender;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) workload: &'static str,
    pub(crate) contender: Contender,
}

pub(crate) type Figures = BTreeMap<Cell, f64>;
