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
mod folding_mut;
mod for_each;
#[cfg(feature = "std")]
mod frequencies;
#[cfg(feature = "std")]
mod grouping;
#[cfg(feature = "std")]
mod grouping_by_ref;
#[cfg(feature = "histogram")]
mod histogram;
#[cfg(feature = "alloc")]
mod joining;
mod minmax;
mod partitioning;
mod position_of;
mod quantifier;
#[cfg(feature = "alloc")]
mod quantiles;
#[cfg(feature = "alloc")]
mod reservoir;
mod routing;
mod sending;
mod statistics;
#[cfg(feature = "alloc")]
mod top;
mod totalling;
mod trying;
mod tuples;
mod unzipping;

#[cfg(feature = "alloc")]
pub use appending::Appending;
pub use averaging::{Averaging, AveragingAcc};
pub use collecting::Collecting;
pub use counting::Counting;
pub use end_of::{EndOf, FirstOf, LastOf};
pub use expecting_single::{ExpectedSingle, ExpectingSingle};
pub use extremum::{Extremum, Maximum, Minimum};
pub use folding::{Folding, FoldingAcc};
pub use folding_mut::FoldingMut;
pub use for_each::ForEach;
#[cfg(feature = "std")]
pub use frequencies::{Frequencies, FrequenciesAcc};
#[cfg(feature = "std")]
pub use grouping::{Grouping, GroupingAcc, IndexMap};
#[cfg(feature = "std")]
pub use grouping_by_ref::GroupingByRef;
#[cfg(feature = "histogram")]
pub use histogram::{Histogram, HistogramAcc, HistogramReducer};
#[cfg(feature = "alloc")]
pub use joining::{Joining, JoiningAcc};
pub use minmax::{MinMax, Minmax, MinmaxAcc};
pub use partitioning::Partitioning;
pub use position_of::{PositionOf, PositionOfAcc};
pub use quantifier::{AllOf, AnyOf, Quantifier};
#[cfg(feature = "alloc")]
pub use quantiles::{Quantiles, QuantilesAcc};
#[cfg(feature = "alloc")]
pub use reservoir::{Reservoir, ReservoirAcc};
pub use routing::{Route, Routing};
pub use sending::Sending;
pub use statistics::{Statistics, StatisticsReducer};
#[cfg(feature = "alloc")]
pub use top::{Top, TopAcc};
pub use totalling::{Multiplying, Summing, Totalling};
pub use trying::{Trying, TryingAcc};
pub use tuples::PartAcc;
pub use unzipping::Unzipping;

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
    pub use super::folding_mut::folding_mut;
    pub use super::for_each::for_each;
    #[cfg(feature = "std")]
    pub use super::frequencies::frequencies;
    #[cfg(feature = "std")]
    pub use super::grouping::grouping;
    #[cfg(feature = "std")]
    pub use super::grouping_by_ref::grouping_by_ref;
    #[cfg(feature = "histogram")]
    pub use super::histogram::{histogram, try_histogram};
    #[cfg(feature = "alloc")]
    pub use super::joining::joining;
    pub use super::minmax::{minmax, minmax_by, minmax_by_key};
    pub use super::partitioning::partitioning;
    pub use super::position_of::position_of;
    pub use super::quantifier::{all_of, any_of};
    #[cfg(feature = "alloc")]
    pub use super::quantiles::{quantiles, try_quantiles};
    #[cfg(feature = "alloc")]
    pub use super::reservoir::reservoir;
    pub use super::routing::routing;
    pub use super::sending::sending;
    pub use super::statistics::statistics;
    #[cfg(feature = "alloc")]
    pub use super::top::{top, top_by, top_by_key};
    pub use super::totalling::{multiplying, summing};
    pub use super::trying::trying;
    pub use super::unzipping::unzipping;
}
