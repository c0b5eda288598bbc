//! The types of the event sources: what sends events to a sink, until the sink wants no more or there are no more. The functions
//! that make them, or run them at once, are at the root of the crate.
//!
//! A source closes the sink at its end, and gives what that gives.

mod iterable;
#[cfg(feature = "std")]
mod poisson;
#[cfg(feature = "std")]
mod receiver;
mod recorded;
#[cfg(feature = "std")]
mod timed_receiver;

#[cfg(feature = "std")]
pub use poisson::PoissonSource;
pub use recorded::Recorded;

/// What the root of the crate gives out.
pub(crate) mod root {
    pub use super::iterable::iterable_source;
    #[cfg(feature = "std")]
    pub use super::poisson::poisson_source;
    #[cfg(feature = "std")]
    pub use super::receiver::receiver_source;
    pub use super::recorded::recorded_source;
    #[cfg(feature = "std")]
    pub use super::timed_receiver::{monotonic_clock, timed_receiver_source};
}
