//! Twelve chapters of ten minutes each, from the first loop to a run on many machines. Each begins with something that somebody needs.
//!
//! | chapter | what it is about |
//! | --- | --- |
//! | [1. From the loop to the pipeline](chapter_01_pipeline) | stages, reducers, recipes that are used again |
//! | [2. Early end and leftovers](chapter_02_ending) | when a run stops, and what comes out at its end |
//! | [3. On demand](chapter_03_lazy) | a pipeline as an `Iterator` |
//! | [4. Events](chapter_04_events) | a pipeline that is sent one item at a time |
//! | [5. Streams and sinks](chapter_05_streams) | async sources and destinations (feature `async`) |
//! | [6. Tasks under a limit](chapter_06_tasks) | to await something for each item (features `async`, `tokio`) |
//! | [7. Errors](chapter_07_errors) | to stop at the first, to pass them by, to collect them |
//! | [8. Snapshots](chapter_08_snapshots) | to stop a run today and go on tomorrow (feature `serde`) |
//! | [9. Time](chapter_09_time) | to debounce, to batch within a second, to replay a log |
//! | [10. All cores](chapter_10_cores) | rayon's threads (feature `rayon`) |
//! | [11. Many machines](chapter_11_machines) | timely dataflow (crate `transducer-timely`) |
//! | [12. A stage of your own](super::write_your_own) | one `impl` of three methods |
//!
//! All examples need `use transducer::prelude::*;`.

#[doc = include_str!("chapter_01_pipeline.md")]
pub mod chapter_01_pipeline {}

#[doc = include_str!("chapter_02_ending.md")]
pub mod chapter_02_ending {}

#[doc = include_str!("chapter_03_lazy.md")]
pub mod chapter_03_lazy {}

#[doc = include_str!("chapter_04_events.md")]
pub mod chapter_04_events {}

#[doc = include_str!("chapter_05_streams.md")]
pub mod chapter_05_streams {}

#[doc = include_str!("chapter_06_tasks.md")]
pub mod chapter_06_tasks {}

#[doc = include_str!("chapter_07_errors.md")]
pub mod chapter_07_errors {}

#[doc = include_str!("chapter_08_snapshots.md")]
pub mod chapter_08_snapshots {}

#[doc = include_str!("chapter_09_time.md")]
pub mod chapter_09_time {}

#[doc = include_str!("chapter_10_cores.md")]
pub mod chapter_10_cores {}

#[doc = include_str!("chapter_11_machines.md")]
pub mod chapter_11_machines {}
