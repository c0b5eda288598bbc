//! Write a data-processing step once; run it over a collection, as an `Iterator`, on events, on an async stream, or on
//! all cores.
//!
//! A *transducer* is such a step, apart from where the items come from and where the results go. Stack transducers into a
//! pipeline, and hand it to a driver:
//!
//! ```
//! use transducer::prelude::*;
//!
//! let squares = pipeline::<u64>().filter(|x| x % 3 == 0).map(|x| x * x).take(3);
//!
//! assert_eq!(transduce(&squares, appending(), 1..100), [9, 36, 81]);        // all at once, into a reducer
//! assert_eq!((1..).transduce(&squares).collect::<Vec<_>>(), [9, 36, 81]);   // on demand, as an iterator
//!
//! let mut run = reactive_transduce(&squares, collection_sink(vec![]));      // event by event, into a sink
//! for event in 1..100 {
//!     run.send(event);
//! }
//! assert_eq!(run.close(), [9, 36, 81]);
//! ```
//!
#![doc = include_str!("../idea.svg")]
//!
#![cfg_attr(
    all(
        feature = "async",
        feature = "histogram",
        feature = "laws",
        feature = "rayon",
        feature = "serde",
        feature = "tokio"
    ),
    doc = "# Where to go\n\n\
           | to | read |\n\
           | --- | --- |\n\
           | learn it, a chapter in ten minutes | the [tutorial](guide::tutorial) |\n\
           | do one thing now | the [cookbook](guide::cookbook) |\n\
           | find a verb that you know from elsewhere | [coming from](guide::coming_from) |\n\
           | see every stage and reducer | [all stages](guide::all_stages) |\n\
           | understand a compiler error | [what the compiler says](guide::compiler_says), [stumbles](guide::stumbles) |\n\
           | await something for each item | [tasks under a limit](guide::tutorial::chapter_06_tasks) |\n\
           | know which feature a thing needs | [features](guide::stumbles#what-needs-a-feature) |\n\
           | write a stage of your own | [write your own](guide::write_your_own) |\n"
)]
//!
//! # The five words
//!
//! | word | what it is |
//! | --- | --- |
//! | [`Reduced`] | the signal to stop: a [`Step`] that is `Break(Reduced)` says that no more items are wanted |
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
//! | push | [`reactive_transduce`] | an [`EventSink`], fed by hand or by a source such as [`iterable_source`] |
//! | push, with time | [`timed_transduce`] | the same, and you tell it the time |
#![cfg_attr(
    feature = "rayon",
    doc = "| on all cores | [`TransduceParallelIterator::transduce`], [`par_transduce`], [`par_transduce_in_order`], \
           [`par_by_key`] | a parallel iterator, or the output of a reducer that is [`Combine`] |"
)]
#![cfg_attr(
    feature = "async",
    doc = "| stream, sink | [`TransduceStream::transduce`], [`TransduceSink::with_transducer`] | a stream, a sink |\n\
           | stream, with time | `TransduceStream::transduce_timed` (with `std`) | a stream |\n\
           | stream into a reducer | [`TransduceStream::reduce_with`] | a future of its output |\n\
           | tasks under a limit | [`limited_as_completed`], [`limited_in_order`], their `try_` twins, [`LimitedStream`] \
           | a stream of the outputs of futures, at most so many of which run at a time; \
           [`transduce_into`](drivers::Limited::transduce_into) runs them into a sink |"
)]
//! | your own | [`Run`](kernel::Run), [`RunState`](kernel::RunState) with [`unbounded`] | one output at a time, or all of them |
//!
//! # Stages
//!
//! Each is a function that makes a transducer, and a method of [`Pipeline`] with std's name for it.
#![doc = include_str!("vocabulary.md")]
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
#[cfg(all(
    any(doc, doctest),
    feature = "async",
    feature = "histogram",
    feature = "laws",
    feature = "rayon",
    feature = "serde",
    feature = "tokio"
))]
pub mod guide;
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
#[cfg(all(doctest, feature = "async", feature = "rayon"))]
#[doc = include_str!("../COMPARE.md")]
mod compare {}

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
