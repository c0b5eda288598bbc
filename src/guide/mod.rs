//! Longer texts, compiled and tested like all the documentation.
//!
//! | to | read |
//! | --- | --- |
//! | learn it, a chapter in ten minutes | [`tutorial`] |
//! | do one thing now | [`cookbook`] |
//! | find a verb that you know from elsewhere | [`coming_from`] |
//! | see every stage and reducer | [`all_stages`] |
//! | understand a compiler error | [`compiler_says`] |
//! | get past what most people stumble over | [`stumbles`] |
//! | await something for each item | [chapter 6](tutorial::chapter_06_tasks) of the tutorial |
//! | write a stage of your own | [`write_your_own`] |

#[doc = include_str!("all_stages.md")]
pub mod all_stages {}

#[doc(alias("itertools", "StreamExt", "rayon", "Clojure", "Python", "Java", "Gatherers", "RxJS", "migration"))]
#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc(alias("errors", "messages"))]
#[doc = include_str!("compiler_says.md")]
pub mod compiler_says {}

#[doc(alias("recipes", "how to", "examples", "FAQ"))]
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}

#[doc(alias(
    "Send",
    "static",
    "spawn",
    "dyn",
    "if else",
    "not general enough",
    "incompatible types",
    "type annotations needed",
    "Unpin",
    "pin",
    "does not live long enough",
    "FnMut",
    "FAQ",
    "pitfalls"
))]
#[doc = include_str!("stumbles.md")]
pub mod stumbles {}

#[doc(alias("getting started", "introduction", "book", "learn"))]
pub mod tutorial;

#[doc = include_str!("write_your_own.md")]
pub mod write_your_own {}
