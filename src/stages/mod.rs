//! The transducers, one stage or close family a file.

#[cfg(feature = "alloc")]
mod batching;
#[cfg(feature = "alloc")]
mod batching_by;
#[cfg(feature = "alloc")]
mod batching_by_time;
#[cfg(feature = "std")]
mod by_key;
#[cfg(feature = "std")]
mod deadlines;
mod deduping;
#[cfg(feature = "std")]
mod distinct;
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
mod interspersing;
#[cfg(feature = "alloc")]
mod kept;
mod key;
mod last;
#[cfg(feature = "alloc")]
mod make;
mod mapping;
mod mapping_while;
mod on_ok;
mod on_some;
mod pairing;
mod prepending;
mod reducing;
mod removing;
mod repeating;
mod replacing;
#[cfg(feature = "alloc")]
mod reversing;
mod sampling;
mod scanning;
#[cfg(feature = "alloc")]
mod sessioning;
mod skipping;
#[cfg(feature = "alloc")]
mod skipping_last;
mod skipping_while;
#[cfg(feature = "alloc")]
mod sorting;
mod stepping_by;
mod taking;
#[cfg(feature = "alloc")]
mod taking_last;
mod taking_until;
mod taking_while;
#[cfg(feature = "alloc")]
mod time_window;
#[cfg(feature = "alloc")]
mod windowing;
#[cfg(feature = "alloc")]
mod windowing_by_time;
mod zipping;

#[cfg(feature = "alloc")]
pub use batching::*;
#[cfg(feature = "alloc")]
pub use batching_by::*;
#[cfg(feature = "alloc")]
pub use batching_by_time::*;
#[cfg(feature = "std")]
pub use by_key::*;
pub use deduping::*;
#[cfg(feature = "std")]
pub use distinct::*;
pub use element_at::*;
pub use enumerating::*;
pub use fan_out::*;
pub use filter_mapping::*;
pub use filtering::*;
pub use first::*;
pub use first_where::*;
pub use flat_mapping::*;
pub use flattening::*;
pub use following_with::*;
pub use inspecting::*;
pub use interspersing::*;
#[cfg(feature = "alloc")]
pub use kept::Kept;
pub use key::{Itself, Key, KeyOf};
pub use last::*;
#[cfg(feature = "alloc")]
pub use make::{Lent, Make, MakeOf, Whole};
pub use mapping::*;
pub use mapping_while::*;
pub use on_ok::*;
pub use on_some::*;
pub use pairing::*;
pub use prepending::*;
pub use reducing::*;
pub use removing::*;
pub use repeating::*;
pub use replacing::*;
#[cfg(feature = "alloc")]
pub use reversing::*;
pub use sampling::*;
pub use scanning::*;
#[cfg(feature = "alloc")]
pub use sessioning::*;
pub use skipping::*;
#[cfg(feature = "alloc")]
pub use skipping_last::*;
pub use skipping_while::*;
#[cfg(feature = "alloc")]
pub use sorting::*;
pub use stepping_by::*;
pub use taking::*;
#[cfg(feature = "alloc")]
pub use taking_last::*;
pub use taking_until::*;
pub use taking_while::*;
#[cfg(feature = "alloc")]
pub use time_window::*;
#[cfg(feature = "alloc")]
pub use windowing::*;
#[cfg(feature = "alloc")]
pub use windowing_by_time::*;
pub use zipping::*;
