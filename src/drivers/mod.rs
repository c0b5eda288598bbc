//! The types of the drivers: what runs a transducer over one kind of source. The functions and traits that make them
//! are at the root of the crate.

mod answer;
mod borrowed;
#[cfg(feature = "async")]
mod concurrent;
mod eager;
mod lazy;
#[cfg(feature = "rayon")]
mod parallel;
mod push;
#[cfg(feature = "async")]
mod reduce;
#[cfg(feature = "tokio")]
mod retried;
#[cfg(feature = "async")]
mod sink;
#[cfg(feature = "tokio")]
mod spawned;
#[cfg(feature = "async")]
mod stream;
mod timed;
#[cfg(all(feature = "async", feature = "std"))]
mod timed_stream;
#[cfg(all(feature = "async", feature = "std"))]
mod timer;
#[cfg(feature = "tokio")]
mod tokio_timer;
#[cfg(feature = "async")]
mod upstream;
#[cfg(feature = "async")]
mod waiting;
#[cfg(feature = "tokio")]
mod within;

pub use answer::Answer;
#[cfg(feature = "tokio")]
#[doc(no_inline)]
pub use backon;
pub use borrowed::TakesBorrowed;
#[cfg(feature = "async")]
pub use concurrent::{AsCompleted, InOrder, IntoLimit, Limit, Limited, TransduceInto, TryLimited};
pub use lazy::LazyTransduce;
#[cfg(feature = "rayon")]
pub use parallel::{ParallelTransduce, Pieces};
pub use push::ReactiveTransduce;
#[cfg(feature = "async")]
pub use reduce::StreamReduce;
#[cfg(feature = "tokio")]
pub use retried::Retried;
#[cfg(feature = "async")]
pub use sink::WithTransducer;
#[cfg(feature = "tokio")]
pub use spawned::Spawned;
#[cfg(feature = "async")]
pub use stream::StreamTransduce;
pub use timed::TimedTransduce;
#[cfg(all(feature = "async", feature = "std"))]
pub use timed_stream::TimedStreamTransduce;
#[cfg(all(feature = "async", feature = "std"))]
pub use timer::{ManualSleep, ManualTimer, Timer};
#[cfg(feature = "tokio")]
pub use tokio_timer::TokioTimer;
#[cfg(feature = "tokio")]
pub use within::{TimedOut, Within};

/// What the root of the crate gives out.
pub(crate) mod root {
    #[cfg(feature = "async")]
    pub use super::concurrent::{
        LimitedStream, NoLimit, limited_as_completed, limited_in_order, try_limited_as_completed, try_limited_in_order,
    };
    pub use super::eager::{transduce, transduce_from};
    pub use super::lazy::{TransduceIterator, lazy_transduce};
    #[cfg(feature = "rayon")]
    pub use super::parallel::{TransduceParallelIterator, par_by_key, par_transduce, par_transduce_in_order};
    pub use super::push::reactive_transduce;
    #[cfg(feature = "tokio")]
    pub use super::retried::retried;
    #[cfg(feature = "async")]
    pub use super::sink::TransduceSink;
    #[cfg(feature = "tokio")]
    pub use super::spawned::spawned;
    #[cfg(feature = "async")]
    pub use super::stream::TransduceStream;
    pub use super::timed::timed_transduce;
    #[cfg(feature = "tokio")]
    pub use super::within::within;
}
