//! The errors that more than one module gives.

use core::time::Duration;

/// The error of an argument that no run could work with, such as a batch size of 0.
///
/// The `try_` constructors give it, for arguments that come from data. The plain constructors panic with the same
/// message.
///
/// ```
/// use transducer::prelude::*;
///
/// assert_eq!(try_batching(0).unwrap_err().to_string(), "`size` must be at least 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{argument}` must be {requirement}")]
pub struct InvalidArgument {
    argument: &'static str,
    requirement: &'static str,
}

impl InvalidArgument {
    pub(crate) fn new(argument: &'static str, requirement: &'static str) -> Self {
        Self { argument, requirement }
    }

    /// Gives `number` back, unless it is 0.
    #[cfg_attr(not(feature = "alloc"), allow(dead_code))]
    pub(crate) fn unless_zero(argument: &'static str, number: usize) -> Result<usize, Self> {
        if number == 0 { Err(Self::new(argument, "at least 1")) } else { Ok(number) }
    }

    /// Gives the length of time back, unless it is 0.
    pub(crate) fn unless_no_time(argument: &'static str, length: Duration) -> Result<Duration, Self> {
        if length.is_zero() { Err(Self::new(argument, "more than 0")) } else { Ok(length) }
    }

    /// What a `try_` constructor has made; or a panic, at the line that called the plain one.
    #[track_caller]
    pub(crate) fn or_panic<T>(made: Result<T, Self>) -> T {
        match made {
            Ok(made) => made,
            Err(error) => panic!("{error}"),
        }
    }

    /// The name of the argument.
    pub fn argument(&self) -> &'static str {
        self.argument
    }
}
