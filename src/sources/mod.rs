//! Event sources: what sends events to a sink until it has had enough or there are no more.
//!
//! A source closes the sink at its end, and gives what that gives.

mod iterable;
#[cfg(feature = "std")]
mod poisson;
#[cfg(feature = "std")]
mod receiver;

pub use iterable::iterable_source;
#[cfg(feature = "std")]
pub use poisson::{PoissonSource, poisson_source};
#[cfg(feature = "std")]
pub use receiver::receiver_source;
