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
//! | `compose` | two stages as one |
//! | `run` | how far a run has come; a run that gives one output at a time |
//! | `boxed` | a transducer whose type is erased |
//! | `forward` | how wrappers pass everything on |
//! | `call` | the one place from which a stage's methods are called |
//! | `time` | moments |

#[cfg(feature = "alloc")]
mod boxed;
pub(crate) mod call;
mod compose;
pub(crate) mod debug;
mod emit;
pub(crate) mod forward;
pub(crate) mod hint;
mod reduced;
mod reducer;
mod rest;
mod run;
mod shape;
mod time;
mod transducer;

#[cfg(feature = "alloc")]
pub use boxed::{Boxed, BoxedState, TimedBoxed, boxed, boxed_timed};
pub use compose::{Composable, Compose, ComposeState, compose};
#[cfg(feature = "laws")]
pub(crate) use emit::Sealed;
pub use emit::{At, Emit, Mapped, Unbounded, unbounded};
pub(crate) use emit::{Closed, Fold, Slot};
pub(crate) use reduced::Guarded;
pub use reduced::{Reduced, Step};
pub use reducer::{MapOutput, Reducer};
pub use rest::Rest;
pub use run::{Run, RunState};
pub use shape::Shape;
pub use time::Time;
pub use transducer::{Apply, ApplyAcc, SizeHint, Transducer};
