//! One definition of a data pipeline; every way of running it.

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

// The core: what folds, what transforms, and how to stack it.
#[cfg(feature = "alloc")]
mod boxed;
mod compose;
mod debug;
mod error;
mod pipeline;
mod reduced;
mod reducer;
mod transducer;

#[cfg(feature = "laws")]
pub mod laws;

// The vocabulary.
mod reducers;
mod transducers;

// Where items come from and where they go.
mod drivers;
mod sinks;
mod sources;

#[cfg(feature = "alloc")]
pub use boxed::{Boxed, BoxedState, boxed};
pub use compose::{Composable, Compose, ComposeState, compose};
pub use drivers::*;
pub use error::InvalidArgument;
pub use pipeline::{Identity, Pipeline, pipeline};
pub use reduced::{Reduced, Step};
pub use reducer::{MapOutput, Reducer};
pub use reducers::*;
pub use sinks::*;
pub use sources::*;
pub use transducer::{Apply, ApplyAcc, SizeHint, Transducer};
pub use transducers::*;
