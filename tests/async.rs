//! Streams and sinks: back-pressure, cancellation, ends and errors.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::poll_fn,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use futures::{
    FutureExt, Sink, SinkExt, Stream, StreamExt,
    channel::mpsc,
    executor::block_on,
    future::FusedFuture,
    stream::{self, FusedStream},
    task::noop_waker_ref,
};
use proptest::prelude::*;
use transducer::{
    LimitedStream, Reducer, TransduceSink, TransduceStream, Transducer, appending, batching, compose, counting,
    filtering, first_of, flat_mapping, for_each, inspecting, mapping, repeating, summing, taking, trying,
};

fn context() -> Context<'static> {
    Context::from_waker(noop_waker_ref())
}

/// Ready with an item where the script says so, pending elsewhere; counts what was taken, and tells when it is dropped.
struct Scripted {
    script: VecDeque<Option<u32>>,
    taken: Rc<Cell<usize>>,
    dropped: Rc<Cell<bool>>,
}

impl Scripted {
    fn new(script: impl IntoIterator<Item = Option<u32>>) -> (Self, Rc<Cell<usize>>, Rc<Cell<bool>>) {
        let (taken, dropped) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
        let script = script.into_iter().collect();
        (Self { script, taken: Rc::clone(&taken), dropped: Rc::clone(&dropped) }, taken, dropped)
    }
}

impl Stream for Scripted {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<u32>> {
        match self.script.pop_front() {
            Some(Some(item)) => {
                self.taken.set(self.taken.get() + 1);
                Poll::Ready(Some(item))
            }
            Some(None) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.dropped.set(true);
    }
}

/// Ready for `room` items until it is given more room.
#[derive(Default)]
struct Narrow {
    seen: RefCell<Vec<u32>>,
    room: Cell<usize>,
    flushed: Cell<usize>,
    closed: Cell<usize>,
    fail: Cell<bool>,
}

impl Sink<u32> for &Narrow {
    type Error = &'static str;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        if self.fail.get() {
            Poll::Ready(Err("broken"))
        } else if self.room.get() > self.seen.borrow().len() {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }

    fn start_send(self: Pin<&mut Self>, item: u32) -> Result<(), &'static str> {
        assert!(self.room.get() > self.seen.borrow().len(), "sent without being ready");
        self.seen.borrow_mut().push(item);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.flushed.set(self.flushed.get() + 1);
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.closed.set(self.closed.get() + 1);
        Poll::Ready(Ok(()))
    }
}

#[test]
fn a_stream_is_fused() {
    let mut pairs = stream::iter([1, 2, 3]).transduce(batching(2));
    assert_eq!(block_on(pairs.next()), Some(vec![1, 2]));
    assert_eq!(block_on(pairs.next()), Some(vec![3]));
    for _ in 0..3 {
        assert!(!pairs.is_terminated() || pairs.size_hint() == (0, Some(0)));
        assert_eq!(block_on(pairs.next()), None);
    }
    assert!(pairs.is_terminated());
}

#[test]
fn the_source_is_dropped_at_early_termination_before_the_last_output_is_taken() {
    let (source, taken, dropped) = Scripted::new((0..10).map(Some));
    let mut outputs = source.transduce(compose((taking(2), repeating(2), batching(3))));
    assert_eq!(outputs.next().now_or_never(), Some(Some(vec![0, 0, 1])));
    assert!(dropped.get(), "dropped with the step that ended the run");
    assert_eq!(outputs.next().now_or_never(), Some(Some(vec![1])));
    assert_eq!(outputs.next().now_or_never(), Some(None));
    assert_eq!(taken.get(), 2);

    let (source, _, dropped) = Scripted::new((0..10).map(Some));
    let mut outputs = source.transduce(compose((repeating(2), taking(2))));
    assert_eq!(outputs.next().now_or_never(), Some(Some(0)));
    assert!(!dropped.get());
    assert_eq!(outputs.next().now_or_never(), Some(Some(0)));
    assert!(dropped.get(), "dropped with the output that ended the run, which was left of a step");
}

#[test]
fn what_is_made_of_an_item_is_made_as_it_is_asked_for() {
    let mut numbers = stream::iter([5u32]).transduce(compose((taking(1), flat_mapping(|x: u32| x..))));
    assert_eq!(block_on(numbers.by_ref().take(3).collect::<Vec<_>>()), [5, 6, 7]);

    let narrow = Narrow::default();
    narrow.room.set(3);
    let mut sink = pin!((&narrow).with_transducer::<u32, _>(repeating(usize::MAX)));
    sink.as_mut().start_send(7).unwrap();
    assert!(sink.as_mut().poll_flush(&mut context()).is_pending());
    assert_eq!(*narrow.seen.borrow(), [7, 7, 7]);
}

#[test]
fn a_stream_takes_nothing_before_it_is_polled_and_nothing_for_taking_0() {
    let (source, taken, dropped) = Scripted::new((0..10).map(Some));
    let outputs = source.transduce(mapping(|x| x));
    assert_eq!(taken.get(), 0);
    drop(outputs);

    let (source, taken, dropped_0) = Scripted::new((0..10).map(Some));
    let mut outputs = source.transduce(taking(0));
    assert_eq!(outputs.next().now_or_never(), Some(None));
    assert_eq!(taken.get(), 0);
    assert!(dropped.get() && dropped_0.get());
}

#[test]
fn a_stream_takes_no_more_than_the_next_output_needs() {
    let (source, taken, _) = Scripted::new((0..10).map(Some));
    let mut evens = source.transduce(filtering(|x: &u32| x.is_multiple_of(2)));
    assert_eq!(evens.next().now_or_never(), Some(Some(0)));
    assert_eq!(taken.get(), 1);
    assert_eq!(evens.next().now_or_never(), Some(Some(2)));
    assert_eq!(taken.get(), 3);
}

#[test]
fn a_stream_lets_the_executor_run_others() {
    struct Counting(std::sync::atomic::AtomicUsize);
    impl futures::task::ArcWake for Counting {
        fn wake_by_ref(this: &std::sync::Arc<Self>) {
            this.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }
    let wakes = std::sync::Arc::new(Counting(0.into()));
    let waker = futures::task::waker(std::sync::Arc::clone(&wakes));
    let taken = Cell::new(0);
    let mut none =
        pin!(stream::iter(0..).inspect(|_| taken.set(taken.get() + 1)).transduce(filtering(|_: &u32| false)));
    for poll in 1..=3 {
        assert!(none.as_mut().poll_next(&mut Context::from_waker(&waker)).is_pending());
        assert!(taken.get() <= poll * 128, "{} items in {poll} polls", taken.get());
        assert_eq!(wakes.0.load(std::sync::atomic::Ordering::Relaxed), poll, "asks to be polled again");
    }
}

#[test]
fn all_stages_run_in_one_poll() {
    let outputs = stream::iter(1..=3).transduce(compose((
        flat_mapping(|x: u32| 0..x),
        filtering(|x: &u32| *x > 0),
        mapping(|x| x * 10),
    )));
    let mut outputs = pin!(outputs);
    let mut all = vec![];
    while let Poll::Ready(Some(out)) = outputs.as_mut().poll_next(&mut context()) {
        all.push(out);
    }
    assert_eq!(all, [10, 10, 20]);
}

#[test]
fn a_panic_ends_a_stream_and_drops_its_source() {
    let (source, _, dropped) = Scripted::new((0..10).map(Some));
    let mut outputs = source.transduce(inspecting(|x: &u32| assert!(*x < 2, "two")));
    assert_eq!(outputs.next().now_or_never(), Some(Some(0)));
    assert_eq!(outputs.next().now_or_never(), Some(Some(1)));
    let panic = catch_unwind(AssertUnwindSafe(|| outputs.next().now_or_never())).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"two"));
    assert!(dropped.get());
    assert_eq!(outputs.next().now_or_never(), Some(None));
}

#[test]
fn a_sink_accepts_nothing_while_earlier_outputs_wait() {
    let narrow = Narrow::default();
    let mut sink = pin!((&narrow).with_transducer::<u32, _>(repeating(3)));
    assert!(sink.as_mut().poll_ready(&mut context()).is_pending(), "no room behind, no room before");
    narrow.room.set(1);
    assert!(sink.as_mut().poll_ready(&mut context()).is_ready());
    sink.as_mut().start_send(7).unwrap();
    for room in 1..=3 {
        narrow.room.set(room);
        assert!(sink.as_mut().poll_ready(&mut context()).is_pending());
        assert_eq!(narrow.seen.borrow().len(), room);
    }
    narrow.room.set(4);
    assert!(sink.as_mut().poll_ready(&mut context()).is_ready());
    assert_eq!(*narrow.seen.borrow(), [7, 7, 7]);
}

#[test]
fn flushing_a_sink_hands_on_what_waits() {
    let narrow = Narrow::default();
    narrow.room.set(2);
    let mut sink = pin!((&narrow).with_transducer::<u32, _>(repeating(2)));
    assert!(sink.as_mut().poll_ready(&mut context()).is_ready());
    sink.as_mut().start_send(1).unwrap();
    assert!(sink.as_mut().poll_flush(&mut context()).is_ready());
    assert_eq!(*narrow.seen.borrow(), [1, 1]);
    assert_eq!((narrow.flushed.get(), narrow.closed.get()), (1, 0));
}

#[test]
fn closing_a_sink_completes_once_flushes_leftovers_and_closes_the_sink_behind() {
    let narrow = Narrow::default();
    narrow.room.set(1);
    let sums = compose((batching(2), flat_mapping(|pair: Vec<u32>| pair)));
    let mut sink = pin!((&narrow).with_transducer(compose((sums, repeating(2)))));
    assert!(sink.as_mut().poll_ready(&mut context()).is_ready());
    sink.as_mut().start_send(5).unwrap();
    assert!(sink.as_mut().poll_close(&mut context()).is_pending(), "one of two leftovers finds room");
    assert_eq!(narrow.closed.get(), 0);
    narrow.room.set(2);
    assert!(sink.as_mut().poll_close(&mut context()).is_ready());
    assert_eq!(*narrow.seen.borrow(), [5, 5]);
    assert_eq!(narrow.closed.get(), 1);
}

#[test]
fn a_sink_passes_errors_on() {
    let narrow = Narrow::default();
    narrow.room.set(9);
    let mut sink = (&narrow).with_transducer(mapping(|x: u32| x));
    block_on(sink.send(1)).unwrap();
    narrow.fail.set(true);
    assert_eq!(block_on(sink.send(2)), Err("broken"));
    assert_eq!(*narrow.seen.borrow(), [1]);
}

#[test]
fn after_the_end_a_sink_drops_what_it_is_sent() {
    let narrow = Narrow::default();
    narrow.room.set(3);
    let mut sink = (&narrow).with_transducer(compose((taking(1), repeating(3))));
    assert!(!sink.is_reduced());
    block_on(async {
        for item in 1..=5 {
            sink.send(item).await.unwrap();
        }
    });
    assert!(sink.is_reduced());
    assert_eq!(narrow.closed.get(), 0, "only closing closes");
    block_on(sink.close()).unwrap();
    assert_eq!(*narrow.seen.borrow(), [1, 1, 1]);
    assert_eq!(narrow.closed.get(), 1);
}

#[test]
fn a_panic_ends_a_sinks_run_and_nothing_is_flushed() {
    let narrow = Narrow::default();
    narrow.room.set(9);
    let checked = inspecting(|x: &u32| assert!(*x < 2, "two"));
    let mut sink = (&narrow).with_transducer(compose((checked, batching(2), flat_mapping(|pair: Vec<u32>| pair))));
    block_on(sink.send(1)).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| block_on(sink.send(2)))).is_err());
    block_on(sink.send(1)).unwrap();
    block_on(sink.close()).unwrap();
    assert_eq!(*narrow.seen.borrow(), []);
    assert_eq!(narrow.closed.get(), 1);
}

#[test]
fn streams_and_sinks_are_send_and_unpin_where_what_they_hold_is() {
    fn send_and_unpin<T: Send + Unpin>(_: &T) {}
    let (sender, receiver) = mpsc::unbounded::<u32>();
    send_and_unpin(&receiver.transduce(mapping(|x| x)));
    send_and_unpin(&sender.with_transducer(mapping(|x: u32| x)));
}

/// A pipeline that drops, expands, keeps back and ends.
fn mixed(end: usize) -> impl Transducer<u32, Out = Vec<u32>> + Clone {
    compose((filtering(|x: &u32| !x.is_multiple_of(5)), flat_mapping(|x: u32| [x, x + 1]), taking(end), batching(3)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Cancel-safe: each `next()` is dropped after one poll, wherever the source was pending.
    #[test]
    fn no_item_is_lost_when_next_is_dropped(script in proptest::collection::vec(proptest::option::of(0u32..100), 0..60), end in 0usize..50) {
        let expected: Vec<_> = transducer::lazy_transduce(mixed(end), script.iter().flatten().copied()).collect();
        let (source, ..) = Scripted::new(script.clone());
        let mut outputs = source.transduce(mixed(end));
        let mut all = vec![];
        for _ in 0..1000 {
            let (least, most) = outputs.size_hint();
            let left = expected.len() - all.len();
            prop_assert!(least <= left && most.is_none_or(|most| left <= most));
            match outputs.next().now_or_never() {
                Some(Some(out)) => all.push(out),
                Some(None) => break,
                None => {}
            }
        }
        prop_assert_eq!(all, expected);
    }

    /// The same items, in the same order, whatever the capacity of the channel behind.
    #[test]
    fn a_sink_gives_what_an_iterator_gives(items in proptest::collection::vec(0u32..100, 0..40), end in 0usize..50, capacity in 0usize..4) {
        let expected: Vec<_> = transducer::lazy_transduce(mixed(end), items.iter().copied()).collect();
        let (sender, receiver) = mpsc::channel(capacity);
        let sending = async {
            let mut sink = sender.with_transducer(mixed(end));
            for item in items {
                sink.send(item).await.unwrap();
            }
            sink.close().await.unwrap();
        };
        let (_, received) = block_on(futures::future::join(sending, receiver.collect::<Vec<_>>()));
        prop_assert_eq!(received, expected);
    }
}

#[test]
fn a_waker_left_over_from_a_dropped_stream_is_harmless() {
    let (sender, receiver) = mpsc::unbounded::<u32>();
    let mut outputs = receiver.transduce(mapping(|x| x));
    assert!(outputs.poll_next_unpin(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(outputs);
    assert!(sender.unbounded_send(1).is_err());
}

#[test]
fn a_stream_is_folded_into_a_reducer() {
    let script = || [Some(1), None, Some(2), None, None, Some(3)];
    let (source, taken, dropped) = Scripted::new(script());
    let mut sum = pin!(source.reduce_with(summing::<u32>()));
    // Nothing is taken before the first poll, and what has come is kept while nothing is ready.
    assert_eq!((taken.get(), sum.as_mut().poll(&mut context())), (0, Poll::Pending));
    assert_eq!((taken.get(), dropped.get(), sum.is_terminated()), (1, false, false));
    assert_eq!(block_on(&mut sum), 6);
    assert!(dropped.get() && sum.is_terminated());

    let (source, ..) = Scripted::new(script());
    let of_outputs = source.transduce(compose((repeating(2), batching(4)))).reduce_with(appending());
    assert_eq!(block_on(of_outputs), [vec![1, 1, 2, 2], vec![3, 3]]);
    assert_eq!(block_on(stream::empty::<u32>().reduce_with((counting(), summing::<u32>()))), (0, 0));
}

#[test]
fn a_reducer_that_has_enough_drops_the_stream_at_once() {
    let (source, taken, dropped) = Scripted::new([Some(4), Some(5)]);
    let dropped_before_the_end = || dropped.get();
    let first = first_of().map_output(|first: Option<u32>| (first, dropped_before_the_end()));
    assert_eq!(block_on(source.reduce_with(first)), (Some(4), true));
    assert_eq!(taken.get(), 1);

    let results = stream::iter([Ok(1), Err("broken"), Ok(2)]);
    assert_eq!(block_on(results.reduce_with(trying(summing::<u32>()))), Err("broken"));
}

#[test]
fn a_reducer_that_wants_nothing_takes_nothing() {
    let (source, taken, dropped) = Scripted::new([Some(4)]);
    let of_none = taking(0).apply(appending());
    assert_eq!(block_on(source.reduce_with(of_none)), [0u32; 0]);
    assert_eq!((taken.get(), dropped.get()), (0, true));
}

#[test]
fn a_reducer_lets_other_tasks_run() {
    let (source, taken, _) = Scripted::new((0..300).map(Some));
    let mut count = pin!(source.reduce_with(counting()));
    assert!(count.as_mut().poll(&mut context()).is_pending());
    assert_eq!(taken.get(), 128);
    assert_eq!(block_on(count), 300);
}

#[test]
fn a_reducer_that_panics_is_dropped_with_its_stream() {
    let (source, _, dropped) = Scripted::new([Some(0), Some(1)]);
    let mut fold = pin!(source.reduce_with(for_each(|x: u32| assert_ne!(x, 0))));
    assert!(catch_unwind(AssertUnwindSafe(|| fold.as_mut().poll(&mut context()))).is_err());
    assert!(dropped.get() && fold.is_terminated());
}

/// Pending the first time, and woken.
async fn yield_once() {
    let mut polled = false;
    poll_fn(|context| {
        if mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// `then` is a limit of one: each future is done before the next one begins, and an end behind it ends all.
#[test]
fn a_limit_of_one_awaits_each_future_before_the_next() {
    let running = Cell::new(0);
    let log = RefCell::new(vec![]);
    let wait = |x: u32| {
        let (running, log) = (&running, &log);
        async move {
            running.set(running.get() + 1);
            log.borrow_mut().push((x, running.get()));
            yield_once().await;
            running.set(running.get() - 1);
            x * 10
        }
    };
    let (source, taken, dropped) = Scripted::new((1..9).map(Some));
    let outputs = source.transduce(mapping(wait)).limited_in_order(1).transduce(taking(3));
    assert_eq!(block_on(outputs.reduce_with(appending())), [10, 20, 30]);
    assert_eq!(*log.borrow(), [(1, 1), (2, 1), (3, 1)]);
    assert_eq!((taken.get(), dropped.get()), (3, true));
}

/// futures' own adaptor goes between two parts of a pipeline.
#[test]
fn what_is_ready_is_batched_between_two_pipelines() {
    let script = [Some(1), Some(2), None, Some(3), Some(4), Some(5), Some(6), None];
    let (source, taken, _) = Scripted::new(script);
    let odd_or_more = filtering(|x: &u32| *x != 4);
    let mut chunks = source.transduce(odd_or_more).ready_chunks(2).transduce(mapping(|chunk: Vec<u32>| chunk));
    assert_eq!(chunks.next().now_or_never(), Some(Some(vec![1, 2])));
    assert_eq!((chunks.next().now_or_never(), taken.get()), (None, 2));
    // Bounded, and less than full where nothing more is ready.
    assert_eq!(chunks.next().now_or_never(), Some(Some(vec![3, 5])));
    assert_eq!(chunks.next().now_or_never(), Some(Some(vec![6])));
    assert_eq!(block_on(chunks.next()), None);
}
