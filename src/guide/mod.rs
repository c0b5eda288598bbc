//! Longer texts, compiled and tested like all the documentation.

#[doc = include_str!("write_your_own.md")]
pub mod write_your_own {}

#[cfg(feature = "async")]
#[doc = include_str!("awaiting.md")]
pub mod awaiting {}

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc = include_str!("compiler_says.md")]
pub mod compiler_says {}
