//! The drivers: each runs a transducer over one kind of source.

mod eager;
#[cfg(feature = "alloc")]
mod lazy;
mod push;
#[cfg(feature = "async")]
mod sink;
#[cfg(feature = "async")]
mod stream;
#[cfg(feature = "async")]
mod waiting;

pub use eager::{transduce, transduce_from};
#[cfg(feature = "alloc")]
pub use lazy::{IteratorExt, Transduced, lazy_transduce};
pub use push::{Push, Suspended, reactive_transduce, resume};
#[cfg(feature = "async")]
pub use sink::{TransduceSink, TransducedSink};
#[cfg(feature = "async")]
pub use stream::{TransduceStream, TransducedStream};
