use core::{fmt::Display, ops::ControlFlow};
use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::EventSink;
use crate::kernel::{Reduced, Step};

/// Makes a sink that writes each item with its [`Display`], one to a line, as soon as it comes; closing flushes the
/// writer and gives it back.
///
/// The writer is flushed after each item, so that a terminal, or who reads the other end of a pipe, has the newest item
/// at once. [`buffered`](Printing::buffered) leaves that to the writer, for many items that nobody waits for.
///
/// [`separator`](Printing::separator) sets another text between items, and [`terminator`](Printing::terminator) another
/// text at the end. The separator is written before the next item, and the terminator on closing, even if there was no
/// item. For a reader who waits for the line feed, such as `while read line`, let it be part of the item:
///
/// ```
/// use transducer::prelude::*;
///
/// let lines = mapping(|event: u32| format!("{event}\n"));
/// let mut live = reactive_transduce(lines, printing(Vec::new()).separator("").terminator(""));
/// live.send(1);
/// assert_eq!(live.sink().get_ref(), b"1\n");
/// ```
///
/// - **Ends**: at the first error.
/// - **Errors**: closing gives the first error of the writer.
/// - **Like**: `println!`; itertools `format`, but written as items come.
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
    Printing {
        writer,
        separator: "\n".into(),
        terminator: "\n".into(),
        written: false,
        is_buffered: false,
        error: None,
    }
}

/// The sink of [`printing`].
#[derive(Debug)]
pub struct Printing<W> {
    writer: W,
    separator: Cow<'static, str>,
    terminator: Cow<'static, str>,
    written: bool,
    is_buffered: bool,
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

    /// The writer.
    pub fn get_ref(&self) -> &W {
        &self.writer
    }

    /// The writer, to be changed.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Flushes on closing only, and otherwise when the writer sees fit.
    ///
    /// ```
    /// use std::io::BufWriter;
    /// use transducer::prelude::*;
    ///
    /// // A million lines in a few large writes.
    /// let lines = iterable_source(0..1_000_000, printing(BufWriter::new(Vec::new())).buffered())?;
    /// assert!(lines.get_ref().ends_with(b"999998\n999999\n"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn buffered(mut self) -> Self {
        self.is_buffered = true;
        self
    }
}

impl<W: Write> Printing<W> {
    fn write(&mut self, item: impl Display) -> io::Result<()> {
        let separator = if self.written { &self.separator } else { "" };
        write!(self.writer, "{separator}{item}")?;
        self.written = true;
        if self.is_buffered { Ok(()) } else { self.writer.flush() }
    }
}

impl<T: Display, W: Write> EventSink<T> for Printing<W> {
    type Output = io::Result<W>;

    fn send(&mut self, item: T) -> Step {
        match self.write(item) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(Reduced)
            }
        }
    }

    fn is_reduced(&self) -> bool {
        self.error.is_some()
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
