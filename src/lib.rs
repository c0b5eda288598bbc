//! One definition of a data pipeline; every way of running it.
//!
//! People write the same processing step again and again: with `Iterator`, as a callback for events,
//! over an async stream. A *transducer* is that step written once, apart from where the items come
//! from and where the results go. Stack transducers into a pipeline, and hand it to a driver:
//!
//! ```
//! use transducer::prelude::*;
//!
//! let pipeline = compose((filtering(|x: &u64| x % 3 == 0), mapping(|x: u64| x * x), taking(3)));
//!
//! assert_eq!(transduce(&pipeline, appending(), 1..100), [9, 36, 81]);                // eagerly
//! assert_eq!((1..).transduce(&pipeline).collect::<Vec<_>>(), [9, 36, 81]);           // lazily
//! let sink = reactive_transduce(&pipeline, collection_sink(vec![])); // event by event
//! assert_eq!(iterable_source(1.., sink), [9, 36, 81]);
//! ```
//!
//! # The five words
//!
//! | word | what it is |
//! | --- | --- |
//! | [`Reduced`] | the early-termination signal: whoever answers [`Step`] with `Break(Reduced)` wants no more |
//! | [`Reducer`] | a recipe for folding items into one output |
//! | [`Transducer`] | a recipe for transforming items on their way |
//! | [`compose`] | stacks transducers; items flow left to right |
//! | driver | runs a transducer over one kind of source |
//!
//! # Drivers
//!
//! | driver | entry | gives |
//! | --- | --- | --- |
//! | eager | [`transduce`], [`transduce_from`] | the output of a [reducer](#reducers) |
//! | lazy | [`lazy_transduce`], [`TransduceIterator::transduce`] | an iterator |
//! | push | [`reactive_transduce`] | an [`EventSink`], to be fed by hand or by a source such as [`iterable_source`] |
#![cfg_attr(
    feature = "rayon",
    doc = "| on all cores | [`TransduceParallelIterator::transduce`], [`par_transduce`], [`par_transduce_in_order`], \
           [`par_by_key`] | a parallel iterator, or the output of a reducer that is [`Combine`] |"
)]
#![cfg_attr(
    feature = "async",
    doc = "| stream, sink | [`TransduceStream::transduce`], [`TransduceSink::with_transducer`] | a stream, a sink |\n\
           | stream into a reducer | [`TransduceStream::reduce_with`] | a future of its output |\n\
           | bounded concurrency | [`limited_as_completed`], [`limited_in_order`], their `try_` twins, [`LimitedStream`] \
           | a stream of the outputs of futures, so many of which run at a time; \
           [`transduce_into`](drivers::Limited::transduce_into) runs them into a sink |"
)]
//! | your own | [`Run`](kernel::Run), [`RunState`](kernel::RunState) with [`unbounded`] | one output at a time, or all of them; only these tell the time |
//!
//! # Stages
//!
//! Each is a function that makes a transducer, and a method of [`Pipeline`] with std's name for it.
#![doc = include_str!("vocabulary.md")]
#![cfg_attr(
    feature = "laws",
    doc = "To write one of your own, see the [guide](guide::write_your_own); to find one whose name you know from\n\
           std, itertools or Clojure, [where the verbs lead](guide::coming_from); to understand an error,\n\
           [what the compiler says](guide::compiler_says)."
)]
#![cfg_attr(
    all(feature = "laws", feature = "async"),
    doc = "To await something for each item of a stream, see [the guide](guide::awaiting)."
)]
//!
//! # Laws
//!
#![doc = include_str!("laws/laws.md")]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

// The idea: what folds, what transforms, how to stack it, how to run it.
pub mod kernel;

// What the rest of the crate has in common.
mod error;
#[cfg(feature = "serde")]
mod float;
#[cfg(feature = "std")]
pub mod hash;
pub mod order;
mod pipeline;
mod random;

// The vocabulary.
pub mod reducers;
pub mod stages;

// Where items come from and where they go.
pub mod drivers;
pub mod sinks;
pub mod sources;

// For readers: longer texts, and what must not compile.
#[cfg(doctest)]
mod compile_fail;
#[cfg(all(feature = "laws", any(doc, doctest)))]
pub mod guide;
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(feature = "laws")]
pub mod laws;
pub mod prelude;

// At the root are the functions, the traits, and the few types that everybody meets.
pub use drivers::root::*;
pub use error::InvalidArgument;
pub use kernel::root::*;
pub use pipeline::{Pipeline, pipeline};
pub use reducers::root::*;
pub use sinks::{event_sink::EventSink, root::*};
pub use sources::root::*;
pub use stages::root::*;
