//! The types of the reducers: recipes, their accumulators, and what they give. The functions that make them are at the root
//! of the crate.
//!
//! A reducer or close family a file.

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
pub use appending::Appending;
pub use averaging::{Averaging, AveragingAcc};
pub use collecting::Collecting;
pub use counting::Counting;
pub use end_of::{EndOf, FirstOf, LastOf};
pub use expecting_single::{ExpectedSingle, ExpectingSingle};
pub use extremum::{Extremum, Maximum, Minimum};
pub use folding::{Folding, FoldingAcc};
pub use for_each::ForEach;
#[cfg(feature = "std")]
pub use frequencies::{Frequencies, FrequenciesAcc};
#[cfg(feature = "std")]
pub use grouping::{Grouping, GroupingAcc, IndexMap};
#[cfg(feature = "alloc")]
pub use joining::{Joining, JoiningAcc};
pub use quantifier::{AllOf, AnyOf, Quantifier};
#[cfg(feature = "alloc")]
pub use reservoir::{Reservoir, ReservoirAcc};
pub use sending::Sending;
pub use statistics::{Statistics, StatisticsReducer};
#[cfg(feature = "alloc")]
pub use top::{Top, TopAcc};
pub use totalling::{Multiplying, Summing, Totalling};
pub use trying::{Trying, TryingAcc};
pub use tuples::PartAcc;

/// What the root of the crate gives out.
pub(crate) mod root {
    #[cfg(feature = "alloc")]
    pub use super::appending::appending;
    pub use super::averaging::averaging;
    pub use super::collecting::collecting;
    pub use super::counting::counting;
    pub use super::end_of::{first_of, last_of};
    pub use super::expecting_single::expecting_single;
    pub use super::extremum::{maximum, maximum_by, maximum_by_key, minimum, minimum_by, minimum_by_key};
    pub use super::folding::folding;
    pub use super::for_each::for_each;
    #[cfg(feature = "std")]
    pub use super::frequencies::frequencies;
    #[cfg(feature = "std")]
    pub use super::grouping::grouping;
    #[cfg(feature = "alloc")]
    pub use super::joining::joining;
    pub use super::quantifier::{all_of, any_of};
    #[cfg(feature = "alloc")]
    pub use super::reservoir::reservoir;
    pub use super::sending::sending;
    pub use super::statistics::statistics;
    #[cfg(feature = "alloc")]
    pub use super::top::top;
    pub use super::totalling::{multiplying, summing};
    pub use super::trying::trying;
}
