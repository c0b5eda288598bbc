#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod cluster;
mod combining;
mod each_time;
mod hash;
mod keyed;
mod moment;
mod outbox;
mod source;
mod stop;
mod timed;
mod transduce;
mod whole;

pub use cluster::{AbsentPeer, Cluster, Failure};
pub use moment::Moment;
pub use source::{source, source_at_times};
pub use stop::{Stop, Stopping, WhenEnded};
pub use transduce::Transduce;
