//! The idea itself, and nothing else: what folds, what transforms, how to stack it, how to run it.
//!
//! Everything else in the crate is built on this folder, which imports nothing from outside itself.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `reduced` | the early-termination signal, and the guard that holds everyone to it |
//! | `reducer` | the trait of what folds |
//! | `transducer` | the trait of what transforms, and its application to a reducer |
//! | `emit` | where a stage puts what it makes |
//! | `shape` | what a stage can do at most, known to the compiler |
//! | `one_to_one` | the mark of a stage that makes exactly one output of each item |
//! | `combine` | what folds in pieces, and what may be cut in pieces |
//! | `compose` | two stages as one |
//! | `run` | how far a run has come; a run that gives one output at a time |
//! | `boxed` | a transducer whose type is erased |
//! | `forward` | how wrappers pass everything on |
//! | `call` | the one place from which a stage's methods are called |
//! | `time` | moments |
//! | `snapshot`, `outline`, `held` | runs that are set aside |

#[cfg(feature = "alloc")]
mod boxed;
pub(crate) mod call;
mod combine;
mod compose;
pub(crate) mod debug;
mod emit;
pub(crate) mod forward;
mod held;
pub(crate) mod hint;
mod one_to_one;
mod outline;
mod reduced;
mod reducer;
mod rest;
mod run;
mod shape;
mod snapshot;
mod time;
mod transducer;

#[cfg(feature = "alloc")]
pub use boxed::{BoxedState, LocalBoxedState};
pub use compose::{Composable, Compose, ComposeState};
#[cfg(feature = "laws")]
pub(crate) use emit::Sealed;
pub use emit::{At, Mapped, Unbounded};
pub(crate) use emit::{Closed, Fold, Slot};
pub use held::Held;
pub use outline::{Change, Described, Outline};
pub(crate) use reduced::Guarded;
pub use reducer::MapOutput;
pub use rest::Rest;
pub(crate) use root::*;
pub use run::{Run, RunState};
pub(crate) use time::duration;
pub use transducer::{Apply, ApplyAcc};

/// What the root of the crate gives out.
pub(crate) mod root {
    #[cfg(feature = "serde")]
    pub use super::boxed::boxed_resumable;
    #[cfg(feature = "alloc")]
    pub use super::boxed::{
        Boxed, LocalBoxed, LocalTimedBoxed, TimedBoxed, boxed, boxed_local, boxed_local_timed, boxed_timed,
    };
    pub use super::combine::{Combine, Ending, Splittable};
    pub use super::compose::compose;
    pub use super::emit::{Emit, unbounded};
    pub use super::one_to_one::OneToOne;
    pub use super::reduced::{Reduced, Step};
    pub use super::reducer::Reducer;
    pub use super::shape::Shape;
    pub use super::snapshot::InvalidState;
    #[cfg(feature = "alloc")]
    pub use super::snapshot::{Snapshot, SnapshotError};
    pub use super::time::Time;
    pub use super::transducer::{SizeHint, Transducer};
}
