//! The types of the stages: recipes, their states, and what they emit. The functions that make them are at the root of
//! the crate.
//!
//! A stage or close family a file.

mod ahead;
#[cfg(feature = "alloc")]
mod batching;
#[cfg(feature = "alloc")]
mod batching_array;
#[cfg(feature = "alloc")]
mod batching_before;
#[cfg(feature = "alloc")]
mod batching_by;
#[cfg(feature = "alloc")]
mod batching_by_time;
#[cfg(feature = "alloc")]
mod batching_within;
mod by_batch;
#[cfg(feature = "alloc")]
mod by_event_time;
#[cfg(feature = "std")]
mod by_key;
mod by_run;
#[cfg(feature = "alloc")]
mod closing;
mod coalescing;
mod countdown;
#[cfg(feature = "std")]
mod deadlines;
mod debouncing;
mod deduping;
#[cfg(feature = "alloc")]
mod delaying;
mod differencing;
#[cfg(feature = "std")]
mod distinct;
#[cfg(feature = "std")]
mod distinct_within;
mod due;
mod element_at;
mod enumerating;
mod fan_out;
mod filter_mapping;
mod filtering;
mod first;
mod first_where;
mod flat_mapping;
mod flattening;
mod following_with;
mod inspecting;
mod interleaving;
mod interspersing;
#[cfg(feature = "alloc")]
mod kept;
mod key;
mod last;
#[cfg(feature = "alloc")]
mod make;
mod mapping;
mod mapping_while;
mod merge_joining_by;
mod merging;
mod on_ok;
mod on_some;
mod pairing;
mod positioning;
mod prepending;
#[cfg(feature = "alloc")]
mod rate;
#[cfg(feature = "std")]
mod recency;
mod recording;
mod reducing;
mod removing;
mod repeating;
mod replacing;
#[cfg(feature = "alloc")]
mod reversing;
#[cfg(feature = "alloc")]
mod rolling;
mod running;
mod sampling;
mod sampling_every;
mod scanning;
#[cfg(feature = "alloc")]
mod sessioning;
mod skipping;
mod skipping_for;
#[cfg(feature = "alloc")]
mod skipping_last;
mod skipping_while;
mod smoothing;
#[cfg(feature = "alloc")]
mod sorting;
#[cfg(feature = "alloc")]
mod sorting_by_time;
mod stamping;
mod stepping_by;
mod taking;
mod taking_for;
#[cfg(feature = "alloc")]
mod taking_last;
mod taking_until;
mod taking_while;
mod throttling;
mod ticking;
#[cfg(feature = "alloc")]
mod time_window;
mod timing_out;
#[cfg(feature = "alloc")]
mod two_stacks;
#[cfg(feature = "alloc")]
mod windowing;
#[cfg(feature = "alloc")]
mod windowing_array;
#[cfg(feature = "alloc")]
mod windowing_by_time;
mod zipping;

pub use crate::pipeline::Identity;
#[cfg(feature = "alloc")]
pub use batching::{Batching, BatchingWith};
#[cfg(feature = "alloc")]
pub use batching_before::BatchingBefore;
#[cfg(feature = "alloc")]
pub use batching_by::BatchingBy;
#[cfg(feature = "alloc")]
pub use batching_by_time::{BatchingByTime, BatchingByTimeState};
#[cfg(feature = "alloc")]
pub use batching_within::{BatchingWithin, BatchingWithinState};
pub use by_batch::{ByBatch, ByBatchState};
#[cfg(feature = "alloc")]
pub use by_event_time::{ByEventTime, ByEventTimeState};
#[cfg(feature = "std")]
pub use by_key::{ByKey, ByKeyState};
pub use by_run::{ByRun, ByRunState};
#[cfg(feature = "alloc")]
pub use closing::{Closing, ItemTime, RunTime};
pub use coalescing::Coalescing;
pub use countdown::Countdown;
pub use debouncing::{Debouncing, DebouncingState};
pub use deduping::{Deduping, DedupingByKey};
#[cfg(feature = "alloc")]
pub use delaying::{Delaying, DelayingState};
pub use differencing::Differencing;
#[cfg(feature = "std")]
pub use distinct::{Distinct, DistinctByKey, DistinctState};
#[cfg(feature = "std")]
pub use distinct_within::{DistinctWithin, DistinctWithinState};
pub use element_at::ElementAt;
pub use enumerating::Enumerating;
pub use fan_out::{Branches, FanOut, FanOutState};
pub use filter_mapping::FilterMapping;
pub use filtering::Filtering;
pub use first_where::FirstWhere;
pub use flat_mapping::FlatMapping;
pub use flattening::Flattening;
pub use following_with::{FollowingWith, FollowingWithState};
pub use inspecting::Inspecting;
pub use interleaving::{Interleaving, InterleavingState};
pub use interspersing::{Interspersing, InterspersingState};
#[cfg(feature = "alloc")]
pub use kept::Kept;
pub use key::{Itself, Key, KeyOf};
pub use last::Last;
#[cfg(feature = "alloc")]
pub use make::{Buffer, Collected, Collection, InArray, Lent, Make, MakeOf, Whole};
pub use mapping::Mapping;
pub use mapping_while::MappingWhile;
pub use merge_joining_by::{EitherOrBoth, MergeJoining};
pub use merging::{Merging, MergingBy, MergingByKey, MergingState};
pub use on_ok::OnOk;
pub use on_some::OnSome;
pub use pairing::Pairing;
pub use positioning::{Position, Positioning, PositioningState};
pub use prepending::{Prepending, PrependingState};
#[cfg(feature = "alloc")]
pub use rate::Rate;
pub use recording::Recording;
pub use reducing::{Reducing, ReducingState};
pub use removing::Removing;
pub use repeating::Repeating;
pub use replacing::Replacing;
#[cfg(feature = "alloc")]
pub use reversing::Reversing;
#[cfg(feature = "alloc")]
pub use rolling::{Rolling, RollingWithin, RollingWithinState};
pub use running::Running;
pub use sampling::Sampling;
pub use sampling_every::{SamplingEvery, SamplingEveryState};
pub use scanning::Scanning;
#[cfg(feature = "alloc")]
pub use sessioning::{Sessioning, SessioningState};
pub use skipping::Skipping;
pub use skipping_for::SkippingFor;
#[cfg(feature = "alloc")]
pub use skipping_last::SkippingLast;
pub use skipping_while::SkippingWhile;
pub use smoothing::{Smoothing, SmoothingState};
#[cfg(feature = "alloc")]
pub use sorting::{Sorting, SortingBy, SortingByKey};
#[cfg(feature = "alloc")]
pub use sorting_by_time::{SortingByTime, SortingByTimeState};
pub use stamping::Stamping;
pub use stepping_by::SteppingBy;
pub use taking::Taking;
pub use taking_for::TakingFor;
#[cfg(feature = "alloc")]
pub use taking_last::TakingLast;
pub use taking_until::TakingUntil;
pub use taking_while::TakingWhile;
pub use throttling::{Throttling, ThrottlingState};
pub use ticking::Ticking;
#[cfg(feature = "alloc")]
pub use time_window::{
    Accumulated, Contents, EventTime, Folded, FoldedWindow, Join, Late, Moment, TimeWindow, WithLate,
};
pub use timing_out::TimingOut;
#[cfg(feature = "alloc")]
pub use two_stacks::TwoStacks;
#[cfg(feature = "alloc")]
pub use windowing::{Windowing, WindowingState, WindowingWith};
#[cfg(feature = "alloc")]
pub use windowing_by_time::{WindowingByTime, WindowingByTimeState};
pub use zipping::{Zipping, ZippingState};

/// What the root of the crate gives out.
pub(crate) mod root {
    #[cfg(feature = "alloc")]
    pub use super::batching::{batching, batching_with, try_batching, try_batching_with};
    #[cfg(feature = "alloc")]
    pub use super::batching_array::batching_array;
    #[cfg(feature = "alloc")]
    pub use super::batching_before::batching_before;
    #[cfg(feature = "alloc")]
    pub use super::batching_by::batching_by;
    #[cfg(feature = "alloc")]
    pub use super::batching_by_time::{batching_by_time, try_batching_by_time};
    #[cfg(feature = "alloc")]
    pub use super::batching_within::{batching_within, try_batching_within};
    pub use super::by_batch::{by_batch, try_by_batch};
    #[cfg(feature = "alloc")]
    pub use super::by_event_time::by_event_time;
    #[cfg(feature = "std")]
    pub use super::by_key::by_key;
    pub use super::by_run::by_run;
    pub use super::coalescing::coalescing;
    pub use super::debouncing::debouncing;
    pub use super::deduping::{deduping, deduping_by_key};
    #[cfg(feature = "alloc")]
    pub use super::delaying::delaying;
    pub use super::differencing::differencing;
    #[cfg(feature = "std")]
    pub use super::distinct::{distinct, distinct_by_key};
    #[cfg(feature = "std")]
    pub use super::distinct_within::{distinct_within, distinct_within_by_key};
    pub use super::element_at::element_at;
    pub use super::enumerating::enumerating;
    pub use super::fan_out::fan_out;
    pub use super::filter_mapping::filter_mapping;
    pub use super::filtering::filtering;
    pub use super::first::first;
    pub use super::first_where::first_where;
    pub use super::flat_mapping::flat_mapping;
    pub use super::flattening::flattening;
    pub use super::following_with::following_with;
    pub use super::inspecting::inspecting;
    pub use super::interleaving::interleaving;
    pub use super::interspersing::interspersing;
    pub use super::last::last;
    pub use super::mapping::mapping;
    pub use super::mapping_while::mapping_while;
    pub use super::merge_joining_by::merge_joining_by;
    pub use super::merging::{merging, merging_by, merging_by_key};
    pub use super::on_ok::on_ok;
    pub use super::on_some::on_some;
    pub use super::pairing::pairing;
    pub use super::positioning::positioning;
    pub use super::prepending::prepending;
    #[cfg(feature = "alloc")]
    pub use super::rate::{rate, try_rate};
    pub use super::recording::recording;
    pub use super::reducing::reducing;
    pub use super::removing::removing;
    pub use super::repeating::repeating;
    pub use super::replacing::replacing;
    #[cfg(feature = "alloc")]
    pub use super::reversing::reversing;
    #[cfg(feature = "alloc")]
    pub use super::rolling::{rolling, rolling_within, try_rolling, try_rolling_within};
    pub use super::running::running;
    pub use super::sampling::{sampling, try_sampling};
    pub use super::sampling_every::{sampling_every, try_sampling_every};
    pub use super::scanning::scanning;
    #[cfg(feature = "alloc")]
    pub use super::sessioning::{sessioning, try_sessioning};
    pub use super::skipping::skipping;
    pub use super::skipping_for::skipping_for;
    #[cfg(feature = "alloc")]
    pub use super::skipping_last::skipping_last;
    pub use super::skipping_while::skipping_while;
    pub use super::smoothing::{smoothing, try_smoothing};
    #[cfg(feature = "alloc")]
    pub use super::sorting::{sorting, sorting_by, sorting_by_key};
    #[cfg(feature = "alloc")]
    pub use super::sorting_by_time::sorting_by_time;
    pub use super::stamping::stamping;
    pub use super::stepping_by::{stepping_by, try_stepping_by};
    pub use super::taking::taking;
    pub use super::taking_for::taking_for;
    #[cfg(feature = "alloc")]
    pub use super::taking_last::taking_last;
    pub use super::taking_until::taking_until;
    pub use super::taking_while::taking_while;
    pub use super::throttling::throttling;
    pub use super::ticking::{ticking, try_ticking};
    pub use super::timing_out::{timing_out, try_timing_out};
    #[cfg(feature = "alloc")]
    pub use super::windowing::{try_windowing, try_windowing_with, windowing, windowing_with};
    #[cfg(feature = "alloc")]
    pub use super::windowing_array::windowing_array;
    #[cfg(feature = "alloc")]
    pub use super::windowing_by_time::{try_windowing_by_time, windowing_by_time};
    pub use super::zipping::zipping;
}
