use core::ops::ControlFlow;

use crate::{
    kernel::{Reduced, Step},
    sinks::IntoStep,
};

/// What sending to a push pipeline answers: whether it wants more.
///
/// It may be ignored, because an item that is sent after the end is dropped and does no harm.
///
/// | to | write |
/// | --- | --- |
/// | send, whatever the answer | `run.send(item);` |
/// | leave a loop at the end | `if run.send(item).is_break() { break }` |
/// | leave a function that returns a `Result` | `run.send(item).into_result()?;` |
/// | leave a function or closure that returns a [`Step`] | `run.send(item).into_step()?;` |
///
/// ```
/// use std::error::Error;
/// use transducer::prelude::*;
///
/// fn digits(text: &str) -> Result<u32, Box<dyn Error>> {
///     let mut three = reactive_transduce(taking(3), collection_sink(vec![]));
///     for word in text.split(' ') {
///         // Two kinds of errors: of the word, and that no more are wanted.
///         three.send(word.parse::<u32>()?).into_result()?;
///     }
///     Ok(three.close().into_iter().sum())
/// }
///
/// assert_eq!(digits("1 2").unwrap(), 3);
/// assert_eq!(digits("1 two").unwrap_err().to_string(), "invalid digit found in string");
/// assert_eq!(digits("1 2 3 4").unwrap_err().to_string(), "no more items are wanted");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer(Step);

impl Answer {
    pub(super) fn new(step: Step) -> Self {
        Self(step)
    }

    /// Whether no more items are wanted.
    #[inline]
    pub fn is_break(self) -> bool {
        self.0.is_break()
    }

    /// Whether more items are wanted.
    #[inline]
    pub fn is_continue(self) -> bool {
        self.0.is_continue()
    }

    /// The answer as a [`Step`], for stages, sinks and `try_for_each`.
    ///
    /// ```
    /// use transducer::prelude::*;
    ///
    /// let mut numbers = 1..;
    /// let mut two = reactive_transduce(taking(2), null_sink());
    /// assert!(numbers.try_for_each(|number| two.send(number).into_step()).is_break());
    /// assert_eq!(numbers, 3..);
    /// ```
    #[inline]
    pub fn into_step(self) -> Step {
        self.0
    }

    /// The answer as a `Result`, for `?`.
    ///
    /// - **Errors**: if no more items are wanted.
    #[inline]
    pub fn into_result(self) -> Result<(), Reduced> {
        match self.0 {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(reduced) => Err(reduced),
        }
    }
}

/// A closure that sends to another pipeline is a sink.
impl IntoStep for Answer {
    #[inline]
    fn into_step(self) -> Step {
        self.0
    }
}
