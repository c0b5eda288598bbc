//! The reducers, one or a close family a file.

mod all;
mod any;
#[cfg(feature = "alloc")]
mod appending;
mod averaging;
mod collecting;
mod counting;
mod expecting_single;
mod extremum;
mod first_of;
mod folding;
mod for_each;
#[cfg(feature = "std")]
mod frequencies;
#[cfg(feature = "std")]
mod grouping;
#[cfg(feature = "alloc")]
mod joining;
mod last_of;
mod multiplying;
#[cfg(feature = "alloc")]
mod reservoir;
mod sending;
mod statistics;
mod summing;
#[cfg(feature = "alloc")]
mod top;
mod trying;
mod tuples;

pub use all::*;
pub use any::*;
#[cfg(feature = "alloc")]
pub use appending::*;
pub use averaging::*;
pub use collecting::*;
pub use counting::*;
pub use expecting_single::*;
pub use extremum::*;
pub use first_of::*;
pub use folding::*;
pub use for_each::*;
#[cfg(feature = "std")]
pub use frequencies::*;
#[cfg(feature = "std")]
pub use grouping::*;
#[cfg(feature = "alloc")]
pub use joining::*;
pub use last_of::*;
pub use multiplying::*;
#[cfg(feature = "alloc")]
pub use reservoir::*;
pub use sending::*;
pub use statistics::*;
pub use summing::*;
#[cfg(feature = "alloc")]
pub use top::*;
pub use trying::*;
pub use tuples::*;
