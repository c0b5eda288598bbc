use core::{fmt::Display, ops::ControlFlow};
use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::EventSink;
use crate::kernel::{Reduced, Step};

/// Makes a sink that writes each item with its [`Display`], one to a line; closing flushes the writer and gives it
/// back.
///
/// [`separator`](Printing::separator) sets another text between items, and [`terminator`](Printing::terminator) another
/// text at the end. The terminator is written on closing, even if there was no item.
///
/// - **Ends**: at the first error.
/// - **Errors**: closing gives the first error of the writer.
/// - **Like**: itertools `format`, but written as items come.
///
/// ```
/// use transducer::prelude::*;
///
/// let mut odd = reactive_transduce(filtering(|x: &u32| x % 2 == 1), printing(Vec::new()).separator(", ").terminator(".\n"));
/// for event in 1..=5 {
///     odd.send(event);
/// }
/// assert_eq!(odd.close()?, b"1, 3, 5.\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias("println", "write"))]
pub fn printing<W: Write>(writer: W) -> Printing<W> {
    Printing { writer, separator: "\n".into(), terminator: "\n".into(), written: false, error: None }
}

/// The sink of [`printing`].
#[derive(Debug)]
pub struct Printing<W> {
    writer: W,
    separator: Cow<'static, str>,
    terminator: Cow<'static, str>,
    written: bool,
    error: Option<io::Error>,
}

impl<W> Printing<W> {
    /// Sets the text between items; a line feed by default.
    #[must_use]
    pub fn separator(mut self, separator: impl Into<Cow<'static, str>>) -> Self {
        self.separator = separator.into();
        self
    }

    /// Sets the text that is written on closing; a line feed by default.
    #[must_use]
    pub fn terminator(mut self, terminator: impl Into<Cow<'static, str>>) -> Self {
        self.terminator = terminator.into();
        self
    }
}

impl<T: Display, W: Write> EventSink<T> for Printing<W> {
    type Output = io::Result<W>;

    fn send(&mut self, item: T) -> Step {
        let separator = if self.written { &self.separator } else { "" };
        self.written = true;
        match write!(self.writer, "{separator}{item}") {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(Reduced)
            }
        }
    }

    fn close(mut self) -> io::Result<W> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.writer.write_all(self.terminator.as_bytes())?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}
