//! The stream driver: an asynchronous stream of outputs that takes inputs as it needs them.

use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

use super::{
    StreamReduce,
    upstream::{Upstream, is_rest},
    waiting::{POLLS_A_TURN, poll_fused},
};
use crate::kernel::{Reducer, Run, SizeHint, Transducer};

/// The [`transduce`](Self::transduce) method of streams.
pub trait TransduceStream: Stream {
    /// Gives a stream that takes items from this one as it is polled for outputs of `xf`.
    ///
    /// Each output comes as soon as the inputs that it needs have come. All stages run within one poll, with no channel
    /// or task between them. Where a stage makes many outputs of one item, or many at the end, they are made one by
    /// one, as the stream is polled for them. The stream is fused.
    ///
    /// It is cancel-safe: an item that was taken from this stream is in the run's state, so that none is lost when a
    /// `next()` is dropped before it is done. It does not starve other tasks: after 128 items without an output it
    /// returns to the executor. (What one item leads to, up to the next output, is made within one poll.)
    ///
    /// A timed transducer does not compile here, because a stream has no clock: use
    /// [`transduce_timed`](Self::transduce_timed).
    ///
    /// - **Memory**: what `xf` keeps.
    /// - **Ends**: with this stream, or as soon as `xf` ends the run. This stream is then dropped at once, before the
    ///   last outputs are given. To keep it, write `(&mut stream).transduce(xf)`.
    /// - **Dropped**: half-way, the run is abandoned: nothing is completed, and nothing more is taken from this stream.
    /// - **Panics**: if `xf` or this stream does. Both are then dropped, and the stream has ended.
    /// - **Like**: the adaptors of `StreamExt`, such as `map`.
    ///
    /// ```
    /// use futures::{Stream, StreamExt, executor::block_on, stream};
    /// use transducer::prelude::*;
    ///
    /// let pairs = stream::iter(1..).transduce(compose((taking(3), batching(2))));
    /// assert_eq!(pairs.size_hint(), (2, Some(2)));
    /// assert_eq!(block_on(pairs.collect::<Vec<_>>()), [vec![1, 2], vec![3]]);
    /// ```
    fn transduce<X: Transducer<Self::Item>>(self, xf: X) -> StreamTransduce<X, Self>
    where
        Self: Sized,
    {
        const { X::SHAPE.assert_untimed() };
        let run = Run::new(xf);
        let source = Upstream::new(run.wants_input().then_some(self));
        StreamTransduce { live: Some(Live { run, source }) }
    }

    /// Gives a stream as [`transduce`](Self::transduce) does, with a timer that tells `xf` the time.
    ///
    /// Each item comes at the moment that the timer shows just before it is taken. What is due goes first, however busy this
    /// stream is. While no item comes, the stream wakes at the deadlines of `xf`. If nobody polls it, what is due is
    /// held, and comes later as it would have come in time.
    ///
    /// A sink does nothing by itself, so it has no such method: `stream.transduce_timed(xf, timer).forward(sink)`
    /// drives one.
    ///
    /// - **Memory**: what `xf` keeps, and one sleep.
    /// - **Ends**, **Dropped**, **Panics**: as [`transduce`](Self::transduce). At the end, what waits is emitted at once.
    ///
    /// ```
    /// use std::time::Duration;
    /// use futures::{StreamExt, executor::block_on, stream};
    /// use transducer::{Time, drivers::ManualTimer, prelude::*};
    ///
    /// let timer = ManualTimer::new(Time::from_secs(0));
    /// let clock = timer.clone();
    /// // An item a second.
    /// let ticks = stream::iter(1..=5).inspect(move |second| clock.turn_to(Time::from_secs(*second)));
    /// let spaced = ticks.transduce_timed(throttling(Duration::from_secs(2)), timer);
    /// assert_eq!(block_on(spaced.collect::<Vec<_>>()), [1, 3, 5]);
    /// ```
    #[cfg(feature = "std")]
    fn transduce_timed<X: Transducer<Self::Item>, T: super::timer::Timer>(
        self,
        xf: X,
        timer: T,
    ) -> super::timed_stream::TimedStreamTransduce<X, Self, T>
    where
        Self: Sized,
    {
        super::timed_stream::TimedStreamTransduce::new(xf, self, timer)
    }

    /// Folds the items into `reducer` and gives its output, once the run has ended.
    ///
    /// It does not starve other tasks: after 128 items it returns to the executor. What has been folded is in the
    /// future. So in a `select!` in a loop, poll `&mut` one future.
    ///
    /// - **Memory**: what `reducer` keeps.
    /// - **Ends**: with this stream, or as soon as `reducer` ends the run. This stream is then dropped at once, before
    ///   the reducer completes. If `reducer` wants no input at all, nothing is taken from this stream.
    /// - **Dropped**: half-way, the run is abandoned: nothing is completed, and nothing more is taken from this stream.
    /// - **Panics**: if `reducer` or this stream does, which are then dropped. If polled after it was done.
    /// - **Like**: `StreamExt::fold`, with all the [reducers](crate::reducers); [`transduce`](crate::transduce()) for
    ///   iterators.
    ///
    /// ```
    /// use futures::{executor::block_on, stream};
    /// use transducer::prelude::*;
    ///
    /// let lengths = stream::iter(["a", "stream", "of", "words"]).transduce(mapping(str::len));
    /// let (sum, longest) = block_on(lengths.reduce_with((summing::<usize>(), maximum())));
    /// assert_eq!((sum, longest), (14, Some(6)));
    /// ```
    #[doc(alias("fold", "collect"))]
    fn reduce_with<R: Reducer<Self::Item>>(self, reducer: R) -> StreamReduce<R, Self>
    where
        Self: Sized,
    {
        StreamReduce::new(reducer, self)
    }
}

impl<S: Stream> TransduceStream for S {}

pin_project! {
    /// The stream of [`TransduceStream::transduce`].
    ///
    /// Its `size_hint` is as exact as those of `xf` and the source.
    #[must_use = "streams do nothing unless polled"]
    pub struct StreamTransduce<X, S>
    where
        X: Transducer<S::Item>,
        S: Stream,
    {
        // `None` once the stream has ended.
        #[pin]
        live: Option<Live<X, S>>,
    }
}

pin_project! {
    struct Live<X, S>
    where
        X: Transducer<S::Item>,
        S: Stream,
    {
        run: Run<S::Item, X>,
        #[pin]
        source: Upstream<S>,
    }
}

impl<X: Transducer<S::Item>, S: Stream> Live<X, S> {
    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<X::Out>> {
        let mut this = self.project();
        if is_rest(context) {
            this.source.poll_run(context);
            return Poll::Pending;
        }
        let left = this.run.resume();
        // What is left of an item may be enough.
        if !this.run.wants_input() {
            this.source.as_mut().clear();
        }
        if left.is_some() {
            return Poll::Ready(left);
        }
        for _ in 0..POLLS_A_TURN {
            if !this.run.wants_input() {
                return Poll::Ready(None);
            }
            let first = match ready!(this.source.as_mut().poll_next(context)) {
                Some(item) => this.run.step(item),
                None => this.run.complete(),
            };
            if !this.run.wants_input() {
                this.source.as_mut().clear();
            }
            if first.is_some() {
                return Poll::Ready(first);
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<X: Transducer<S::Item>, S: Stream> Stream for StreamTransduce<X, S> {
    type Item = X::Out;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<X::Out>> {
        poll_fused(self.project().live, |live| live.poll_next(context))
    }

    fn size_hint(&self) -> SizeHint {
        self.live.as_ref().map_or((0, Some(0)), |live| live.run.size_hint(live.source.size_hint()))
    }
}

impl<X: Transducer<S::Item>, S: Stream> FusedStream for StreamTransduce<X, S> {
    fn is_terminated(&self) -> bool {
        self.live.is_none()
    }
}

impl<X, S> fmt::Debug for StreamTransduce<X, S>
where
    X: Transducer<S::Item> + fmt::Debug,
    S: Stream + fmt::Debug,
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = out.debug_struct("StreamTransduce");
        if let Some(live) = &self.live {
            out.field("run", &live.run).field("source", &live.source);
        }
        out.finish()
    }
}
