//! The reducers, one or a close family a file.

#[cfg(feature = "alloc")]
mod appending;
mod averaging;
mod collecting;
mod counting;
mod end_of;
mod expecting_single;
mod extremum;
mod folding;
mod for_each;
#[cfg(feature = "std")]
mod frequencies;
#[cfg(feature = "std")]
mod grouping;
#[cfg(feature = "alloc")]
mod joining;
mod quantifier;
#[cfg(feature = "alloc")]
mod reservoir;
mod sending;
mod statistics;
#[cfg(feature = "alloc")]
mod top;
mod totalling;
mod trying;
mod tuples;

#[cfg(feature = "alloc")]
pub use appending::*;
pub use averaging::*;
pub use collecting::*;
pub use counting::*;
pub use end_of::*;
pub use expecting_single::*;
pub use extremum::*;
pub use folding::*;
pub use for_each::*;
#[cfg(feature = "std")]
pub use frequencies::*;
#[cfg(feature = "std")]
pub use grouping::*;
#[cfg(feature = "alloc")]
pub use joining::*;
pub use quantifier::*;
#[cfg(feature = "alloc")]
pub use reservoir::*;
pub use sending::*;
pub use statistics::*;
#[cfg(feature = "alloc")]
pub use top::*;
pub use totalling::*;
pub use trying::*;
pub use tuples::*;
