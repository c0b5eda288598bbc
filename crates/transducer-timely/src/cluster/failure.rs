use std::{fmt, io, time::Duration};

/// Why a job couldn't be run to its end. See [`Cluster::run`](crate::Cluster::run).
///
/// Its text is a sentence for a person to read. The program ends with [`exit_code`](Self::exit_code).
///
/// | failure | exit code |
/// | --- | ---: |
/// | `Invalid` | 64 |
/// | `Absent` | 69 |
/// | `Panicked` | 70 |
/// | `Io` | 71 |
/// | `Elsewhere` | 73 |
/// | `Lost` | 74 |
/// | `Silent` | 75 |
/// | `Refused` | 76 |
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The settings make no cluster.
    #[error("{0}")]
    Invalid(String),
    /// The operating system refused something.
    #[error("can't {doing}: {source}")]
    #[allow(missing_docs)]
    Io { doing: String, source: io::Error },
    /// Peers didn't come in time.
    #[error("after {waited:?} there is no connection with {}", List(peers))]
    #[allow(missing_docs)]
    Absent { peers: Vec<AbsentPeer>, waited: Duration },
    /// A peer doesn't want this process: it belongs to another job, another program, or is one too many.
    #[error("process {process} at {address} refused this process: {reason}")]
    #[allow(missing_docs)]
    Refused { process: usize, address: String, reason: String },
    /// A worker of this process panicked.
    #[error("worker {worker} panicked: {message}")]
    #[allow(missing_docs)]
    Panicked { worker: usize, message: String },
    /// The connection with a peer broke before the job was done: the peer has ended, or the network between.
    #[error("process {process} at {address} is lost: {reason}")]
    #[allow(missing_docs)]
    Lost { process: usize, address: String, reason: String },
    /// Nothing was heard of a peer for so long: it stands still, or the network does.
    #[error("process {process} at {address} has been silent for {silence:?}")]
    #[allow(missing_docs)]
    Silent { process: usize, address: String, silence: Duration },
    /// A peer says that it has failed.
    #[error("process {process} at {address} failed: {message}")]
    #[allow(missing_docs)]
    Elsewhere { process: usize, address: String, message: String },
}

impl Failure {
    /// The code with which the program should end: one for each kind of failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Invalid(_) => 64,
            Self::Absent { .. } => 69,
            Self::Panicked { .. } => 70,
            Self::Io { .. } => 71,
            Self::Elsewhere { .. } => 73,
            Self::Lost { .. } => 74,
            Self::Silent { .. } => 75,
            Self::Refused { .. } => 76,
        }
    }

    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

/// A peer that didn't come in time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AbsentPeer {
    /// Its number.
    pub process: usize,
    /// Where it should be.
    pub address: String,
    /// What was tried last, if this process tries to connect with that one; otherwise it waits.
    pub reason: Option<String>,
}

struct List<'a>(&'a [AbsentPeer]);

impl fmt::Display for List<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, AbsentPeer { process, address, reason }) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(out, "{separator}process {process} at {address}")?;
            if let Some(reason) = reason {
                write!(out, " ({reason})")?;
            }
        }
        Ok(())
    }
}
