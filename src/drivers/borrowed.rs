use super::{Answer, ReactiveTransduce};
use crate::{
    kernel::{Emit, Step, Transducer, call, unbounded},
    sinks::EventSink,
};

/// A transducer that takes references to `T` of every lifetime and keeps none: see
/// [`send_borrowed`](ReactiveTransduce::send_borrowed).
///
/// Its state and its outputs have the same type whatever the lifetime is. Every such transducer has this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` doesn't take `&{T}` of every lifetime, or keeps what it borrows",
    label = "takes `&{T}` of one lifetime",
    note = "a closure that is written inside of a call takes one lifetime: give it a name first, `let len = |line: &str| line.len();`",
    note = "stages that hold items back, such as `batching`, fit behind one that makes them its own, such as `mapping(str::to_owned)`"
)]
pub trait TakesBorrowed<T: ?Sized + 'static>: Transducer<&'static T> {
    #[doc(hidden)]
    fn step_borrowed(&self, state: &mut Self::State, item: &T, out: &mut impl Emit<Self::Out>) -> Step;
}

impl<T: ?Sized + 'static, X, State, Out> TakesBorrowed<T> for X
where
    X: for<'a> Transducer<&'a T, State = State, Out = Out>,
{
    #[inline(always)]
    fn step_borrowed(&self, state: &mut State, item: &T, out: &mut impl Emit<Out>) -> Step {
        call::step(self, state, item, out)
    }
}

impl<T: ?Sized + 'static, X, S> ReactiveTransduce<&'static T, X, S>
where
    X: Transducer<&'static T>,
    S: EventSink<X::Out>,
{
    /// Sends an item that is borrowed for this call only, such as a line in a buffer that the next line overwrites.
    ///
    /// `xf` takes references of every lifetime and keeps none. These do:
    ///
    /// - functions that take `&T` and give something of their own, such as `str::len` and `str::to_owned`;
    /// - closures that do, if they have a name. A closure that is written inside of a call takes one lifetime only;
    /// - what is composed of such stages. From the first stage on that gives something of its own, all stages fit.
    ///
    /// A stage that holds items back (`batching`) keeps what it borrows, unless a stage before it makes items its own.
    /// A [`pipeline`](crate::pipeline) is of one lifetime. Neither compiles here.
    ///
    /// - **Like**: the loop over `read_line` into one `String`.
    ///
    /// ```
    /// use std::io::{BufRead, Cursor};
    /// use transducer::prelude::*;
    ///
    /// let is_get = |line: &&str| line.starts_with("GET");
    /// let path = |line: &str| line.trim_end()[4..].to_owned();
    /// let paths = compose((filtering(is_get), mapping(path), batching(2)));
    ///
    /// let mut input = Cursor::new("GET /a\nPOST /b\nGET /c\n");
    /// let mut run = reactive_transduce(paths, collection_sink(vec![]));
    /// let mut line = String::new(); // the one buffer
    /// while input.read_line(&mut line)? > 0 {
    ///     run.send_borrowed(&line);
    ///     line.clear();
    /// }
    /// assert_eq!(run.close(), [["/a", "/c"]]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[inline]
    pub fn send_borrowed(&mut self, item: &T) -> Answer
    where
        X: TakesBorrowed<T>,
    {
        Answer::new(self.feed(|xf, state, sink| {
            xf.step_borrowed(state, item, &mut unbounded(|out| sink.feed(|sink| sink.send(out))))
        }))
    }
}
