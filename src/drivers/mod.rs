//! The drivers: each runs a transducer over one kind of source.

#[cfg(feature = "async")]
mod concurrent;
mod eager;
mod lazy;
mod push;
#[cfg(feature = "async")]
mod sink;
#[cfg(feature = "tokio")]
mod spawned;
#[cfg(feature = "async")]
mod stream;
#[cfg(feature = "async")]
mod waiting;

#[cfg(feature = "async")]
pub use concurrent::{
    AsCompleted, InOrder, IntoLimit, Limited, LimitedStream, TransduceInto, TryLimited, limited_as_completed,
    limited_in_order, try_limited_as_completed, try_limited_in_order,
};
pub use eager::{transduce, transduce_from};
pub use lazy::{TransduceIterator, Transduced, lazy_transduce};
pub use push::{Push, Suspended, reactive_transduce, resume};
#[cfg(feature = "async")]
pub use sink::{TransduceSink, TransducedSink};
#[cfg(feature = "tokio")]
pub use spawned::{Spawned, spawned};
#[cfg(feature = "async")]
pub use stream::{TransduceStream, TransducedStream};
