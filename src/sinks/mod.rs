//! The types of the event sinks: where push pipelines send their outputs. The functions that make them are at the root of the
//! crate, with [`EventSink`], which lists them all.

mod borrowed;
#[cfg(feature = "alloc")]
mod boxed;
#[cfg(feature = "std")]
mod channel;
mod closure;
mod collection;
pub(crate) mod event_sink;
#[cfg(all(feature = "async", feature = "std"))]
mod futures_channel;
mod null;
#[cfg(feature = "std")]
mod printing;
#[cfg(feature = "tokio")]
mod tokio_channel;

pub use borrowed::BorrowedSink;
#[cfg(feature = "alloc")]
pub use boxed::{BoxedSink, LocalBoxedSink};
pub use closure::IntoStep;
pub use collection::{CollectionSink, Lent, Owned};
pub(crate) use event_sink::EventSink;
pub use null::NullSink;
#[cfg(feature = "std")]
pub use printing::Printing;

/// What the root of the crate gives out.
pub(crate) mod root {
    pub use super::borrowed::borrowed_sink;
    #[cfg(feature = "alloc")]
    pub use super::boxed::{boxed_local_sink, boxed_sink};
    pub use super::collection::collection_sink;
    pub use super::null::null_sink;
    #[cfg(feature = "std")]
    pub use super::printing::printing;
}
