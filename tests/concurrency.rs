//! Bounded concurrency: each guarantee of `Limited` by name, and other engines as the oracle.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fmt::Debug,
    future::{self, Future},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use futures::{
    FutureExt, Sink, SinkExt, Stream, StreamExt,
    channel::{mpsc, oneshot},
    executor::{LocalPool, block_on},
    stream::{self, FusedStream},
    task::{ArcWake, LocalSpawnExt},
};
use proptest::prelude::*;
use transducer::{drivers::IntoLimit, *};

/// Tasks that complete when they are told to, and the counts of them.
#[derive(Default)]
struct World {
    pulled: Cell<usize>,
    /// Futures that exist.
    live: Rc<Cell<usize>>,
    running: RefCell<BTreeMap<usize, oneshot::Sender<()>>>,
}

/// Counts itself as long as it exists.
struct Alive(Rc<Cell<usize>>);

impl Alive {
    fn new(count: &Rc<Cell<usize>>) -> Self {
        count.set(count.get() + 1);
        Self(Rc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl World {
    /// Tasks numbered from 0, each of which gives its number once it is told to complete.
    fn tasks(&self, count: usize) -> impl Iterator<Item = impl Future<Output = usize> + 'static> {
        (0..count).map(|number| {
            self.pulled.set(self.pulled.get() + 1);
            let alive = Alive::new(&self.live);
            let (sender, receiver) = oneshot::channel();
            self.running.borrow_mut().insert(number, sender);
            async move {
                let _alive = alive;
                receiver.await.unwrap();
                number
            }
        })
    }

    /// Completes a running task, the `choice`th, counted round and round.
    fn complete_some(&self, choice: usize) -> Option<usize> {
        let mut running = self.running.borrow_mut();
        let number = *running.keys().nth(choice % running.len().max(1))?;
        running.remove(&number).unwrap().send(()).ok()?;
        Some(number)
    }

    fn complete(&self, number: usize) {
        self.running.borrow_mut().remove(&number).expect("a running task").send(()).expect("it is in flight");
    }
}

fn poll<S: Stream + Unpin>(stream: &mut S) -> Poll<Option<S::Item>> {
    stream.poll_next_unpin(&mut Context::from_waker(Waker::noop()))
}

/// Completes after so many polls, waking itself each time.
async fn after_polls<T>(polls: usize, output: T) -> T {
    let mut left = polls;
    future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    output
}

// Guarantee 1: bounds.

#[test]
fn nothing_is_pulled_before_the_first_poll() {
    let world = World::default();
    let limited = limited_as_completed(world.tasks(9), 3);
    let in_order = limited_in_order(world.tasks(9), 3);
    assert_eq!((limited.size_hint(), in_order.size_hint()), ((9, Some(9)), (9, Some(9))));
    assert_eq!(world.pulled.get(), 0);
}

/// Completes tasks by choice, polls now and then, and checks the bound at each point.
fn check_bound<S: Stream<Item = usize> + Unpin>(world: &World, mut stream: S, limit: usize, choices: &[(usize, bool)]) {
    let mut delivered = 0;
    for &(choice, polled) in choices {
        world.complete_some(choice);
        if polled && let Poll::Ready(Some(_)) = poll(&mut stream) {
            delivered += 1;
        }
        assert!(world.pulled.get() - delivered <= limit, "{} - {delivered} > {limit}", world.pulled.get());
        assert!(world.live.get() <= limit);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pulled_minus_delivered_never_exceeds_the_limit(
        limit in 1usize..6,
        count in 0usize..30,
        choices in proptest::collection::vec((0usize..6, proptest::bool::ANY), 0..100),
    ) {
        let world = World::default();
        check_bound(&world, limited_as_completed(world.tasks(count), limit), limit, &choices);
        let world = World::default();
        check_bound(&world, limited_in_order(world.tasks(count), limit), limit, &choices);
    }
}

#[test]
fn a_blocked_head_stops_pulling_at_the_limit() {
    let world = World::default();
    let mut in_order = limited_in_order(world.tasks(100_000), 100);
    assert!(poll(&mut in_order).is_pending());
    // All but the first are done, over and over.
    for _ in 0..10 {
        while world.running.borrow().len() > 1 {
            world.complete_some(1);
        }
        assert!(poll(&mut in_order).is_pending());
        assert_eq!((world.pulled.get(), world.live.get()), (100, 1));
    }
    world.complete(0);
    assert_eq!(in_order.by_ref().take(100).collect::<Vec<_>>().now_or_never(), Some((0..100).collect()));
}

#[test]
fn no_memory_grows_with_the_number_of_tasks() {
    let live = Rc::new(Cell::new(0));
    let (mut most_as_completed, mut most_in_order) = (0, 0);
    // Outputs count as well as futures.
    let tasks = || (0..100_000).map(|number| after_polls(number % 3, Alive::new(&live)));
    block_on(limited_as_completed(tasks(), 50).for_each(|_| {
        most_as_completed = most_as_completed.max(live.get());
        future::ready(())
    }));
    block_on(limited_in_order(tasks(), 50).for_each(|_| {
        most_in_order = most_in_order.max(live.get());
        future::ready(())
    }));
    assert_eq!((most_as_completed, most_in_order, live.get()), (50, 50, 0));
}

#[test]
fn limits_above_30_000_and_above_one_allocation() {
    for limit in [40_000, 150_000] {
        let world = World::default();
        let mut limited = limited_as_completed(world.tasks(200_000), limit);
        // The executor has its turn many times before all have been pulled, and polled once.
        for _ in 0..limit / 50 {
            assert!(poll(&mut limited).is_pending());
        }
        assert_eq!((world.pulled.get(), world.live.get()), (limit, limit));
        for number in [limit - 1, 0, limit / 2] {
            world.complete(number);
            assert_eq!(poll(&mut limited), Poll::Ready(Some(number)));
        }
        drop(limited);
        assert_eq!(world.live.get(), 0);
    }
    let numbers = limited_in_order((0..100_000u64).map(|number| after_polls(number as usize % 2, number)), 40_000);
    assert!(block_on(numbers.enumerate().all(|(at, number)| future::ready(at as u64 == number))));
}

#[test]
fn room_grows_with_what_is_in_flight_and_not_with_the_limit() {
    /// The most bytes that were allocated at a time, beyond the futures' own, for as many futures of 4 KiB.
    fn bytes(in_flight: usize, limit: impl IntoLimit) -> u64 {
        // A channel can't tell how many will come.
        let (sender, receiver) = mpsc::unbounded();
        for number in 0..in_flight {
            sender.unbounded_send(number).unwrap();
        }
        let measured = allocation_counter::measure(|| {
            let mut limited = receiver.map(|_| pending_with([0; 4096])).limited_as_completed(limit);
            for _ in 0..=in_flight / 64 {
                assert!(poll(&mut limited).is_pending());
            }
            assert_eq!(limited.size_hint().0, in_flight);
        });
        measured.bytes_max
    }
    for in_flight in [1, 100, 5000] {
        let most = (2 * in_flight + 32) as u64 * (4096 + 256);
        for bytes in [bytes(in_flight, 65_536), bytes(in_flight, usize::MAX), bytes(in_flight, NoLimit)] {
            assert!(bytes < most, "{bytes} bytes for {in_flight} futures in flight");
        }
        assert!(
            bytes(in_flight, in_flight) < (in_flight + 1) as u64 * (4096 + 256),
            "the limit is a limit of room too"
        );
    }
}

fn pending_with(held: [u8; 4096]) -> impl Future<Output = u8> {
    future::poll_fn(move |_| if held[0] == 0 { Poll::Pending } else { Poll::Ready(held[0]) })
}

#[test]
fn no_limit_runs_all_at_once() {
    let all = stream::iter(0..1000).map(|number| after_polls(1, number)).limited_as_completed(NoLimit);
    assert_eq!((all.limit().get(), block_on(all.count())), (usize::MAX, 1000));
    let world = World::default();
    let mut limited = limited_in_order(world.tasks(100), NoLimit);
    assert!(poll(&mut limited).is_pending());
    assert_eq!(world.live.get(), 100);
}

#[test]
fn a_higher_limit_is_used_at_once_and_a_lower_one_as_tasks_end() {
    let world = World::default();
    let limited = limited_as_completed(world.tasks(100), 2);
    let limit = limited.limit();
    let seen = Rc::new(Cell::new(0));
    let count = Rc::clone(&seen);
    let all = limited.for_each(move |_| {
        count.set(count.get() + 1);
        future::ready(())
    });
    let mut run = pin!(all);
    let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = futures::task::waker(Arc::clone(&wakes));
    let mut turn = || {
        let woken = wakes.0.swap(0, Ordering::Relaxed) > 0;
        assert!(run.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
        woken
    };
    turn();
    assert_eq!(world.live.get(), 2);
    limit.clone().set(5);
    assert!(turn(), "the stream is woken");
    assert_eq!((world.live.get(), limit.get()), (5, 5));
    limit.set(std::num::NonZeroUsize::MIN);
    turn();
    assert_eq!(world.live.get(), 5, "tasks in flight go on");
    for left in [4, 3, 2, 1, 1, 1] {
        world.complete_some(0);
        turn();
        assert_eq!(world.live.get(), left);
    }
    limit.set(NoLimit);
    turn();
    assert_eq!((world.live.get(), seen.get(), world.pulled.get()), (94, 6, 100));
}

#[test]
fn a_limit_that_changes_on_another_thread_during_a_poll_is_not_missed() {
    for _ in 0..1000 {
        let pulled = Cell::new(0);
        let tasks = std::iter::repeat_with(|| {
            pulled.set(pulled.get() + 1);
            future::pending::<()>()
        });
        let mut limited = limited_as_completed(tasks, 1);
        let limit = limited.limit();
        let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
        let waker = futures::task::waker(Arc::clone(&wakes));
        std::thread::scope(|scope| {
            scope.spawn(move || limit.set(2));
            assert!(limited.poll_next_unpin(&mut Context::from_waker(&waker)).is_pending());
        });
        assert!(pulled.get() == 2 || wakes.0.load(Ordering::Relaxed) > 0);
        assert!(poll(&mut limited).is_pending());
        assert_eq!(pulled.get(), 2);
    }
}

#[test]
fn a_source_that_has_more_than_it_says_is_served() {
    struct Shy(std::ops::Range<usize>);
    impl Iterator for Shy {
        type Item = future::Ready<usize>;
        fn next(&mut self) -> Option<Self::Item> {
            self.0.next().map(future::ready)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (0, Some(0))
        }
    }
    assert_eq!(block_on(limited_as_completed(Shy(0..100), 10).count()), 100);
    assert_eq!(block_on(limited_in_order(Shy(0..100), 10).collect::<Vec<_>>()), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_limit_of_0_is_refused_by_name() {
    let message = |panicked: Box<dyn std::any::Any + Send>| panicked.downcast::<String>().map(|message| *message);
    let refused = |attempt: &dyn Fn()| message(catch_unwind(AssertUnwindSafe(attempt)).unwrap_err()).unwrap();
    let none = || (0..3).map(future::ready);
    let results = || (0..3).map(|x| future::ready(Ok::<_, ()>(x)));
    assert_eq!(refused(&|| drop(limited_as_completed(none(), 0))), "`limit` must be at least 1");
    assert_eq!(refused(&|| drop(limited_in_order(none(), 0))), "`limit` must be at least 1");
    assert_eq!(refused(&|| drop(try_limited_as_completed(results(), 0))), "`limit` must be at least 1");
    assert_eq!(refused(&|| drop(try_limited_in_order(results(), 0))), "`limit` must be at least 1");
    assert_eq!(refused(&|| limited_in_order(none(), 1).limit().set(0)), "`limit` must be at least 1");
}

#[test]
fn a_limit_of_0_is_refused_at_the_line_of_the_caller() {
    thread_local!(static LINE: Cell<Option<u32>> = const { Cell::new(None) });
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        LINE.set(info.location().filter(|at| at.file() == file!()).map(|at| at.line()));
        hook(info);
    }));
    let results = || (0..3).map(|x| future::ready(Ok::<_, ()>(x)));
    let limit = limited_in_order(results(), 1).limit();
    let attempts: [&dyn Fn() -> u32; 9] = [
        &|| (line!(), drop(limited_as_completed(results(), 0))).0,
        &|| (line!(), drop(limited_in_order(results(), 0))).0,
        &|| (line!(), drop(try_limited_as_completed(results(), 0))).0,
        &|| (line!(), drop(try_limited_in_order(results(), 0))).0,
        &|| (line!(), drop(stream::iter(results()).limited_as_completed(0))).0,
        &|| (line!(), drop(stream::iter(results()).limited_in_order(0))).0,
        &|| (line!(), drop(stream::iter(results()).try_limited_as_completed(0))).0,
        &|| (line!(), drop(stream::iter(results()).try_limited_in_order(0))).0,
        &|| (line!(), limit.set(0)).0,
    ];
    let first = line!() - 10;
    for (at, attempt) in attempts.iter().enumerate() {
        assert!(catch_unwind(AssertUnwindSafe(attempt)).is_err());
        assert_eq!(LINE.get(), Some(first + at as u32));
    }
}

// Guarantee 2: order.

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The oracle for completion order: futures' `buffer_unordered`, on another engine; for input order: `buffered`.
    #[test]
    fn outputs_come_as_from_another_engine(
        limit in 1usize..6,
        count in 0usize..20,
        choices in proptest::collection::vec(0usize..6, 20..60),
    ) {
        fn run<S: Stream<Item = usize> + Unpin>(world: &World, mut stream: S, choices: &[usize]) -> Vec<Poll<Option<usize>>> {
            let mut seen = vec![];
            for &choice in choices {
                seen.push(poll(&mut stream));
                if seen.last() == Some(&Poll::Ready(None)) {
                    break;
                }
                // Only when nothing is ready, so that the order of completion is one that both observe.
                if seen.last() == Some(&Poll::Pending) {
                    world.complete_some(choice);
                }
            }
            seen
        }
        let [ours, theirs] = [World::default(), World::default()];
        prop_assert_eq!(
            run(&ours, limited_as_completed(ours.tasks(count), limit), &choices),
            run(&theirs, stream::iter(theirs.tasks(count)).buffer_unordered(limit), &choices)
        );
        let [ours, theirs] = [World::default(), World::default()];
        prop_assert_eq!(
            run(&ours, limited_in_order(ours.tasks(count), limit), &choices),
            run(&theirs, stream::iter(theirs.tasks(count)).buffered(limit), &choices)
        );
    }

    #[test]
    fn every_output_comes_once(polls in proptest::collection::vec(0usize..200, 0..100), limit in 1usize..20) {
        let tasks = || polls.iter().enumerate().map(|(number, &polls)| after_polls(polls, number));
        let mut all = block_on(limited_as_completed(tasks(), limit).collect::<Vec<_>>());
        all.sort();
        prop_assert_eq!(&all, &(0..polls.len()).collect::<Vec<_>>());
        prop_assert_eq!(block_on(limited_in_order(tasks(), limit).collect::<Vec<_>>()), all);
    }
}

#[test]
fn completion_order_is_given_as_observed() {
    let world = World::default();
    let mut limited = limited_as_completed(world.tasks(4), 3);
    assert!(poll(&mut limited).is_pending());
    let mut seen = vec![];
    for number in [2, 0, 3, 1] {
        world.complete(number);
        seen.push(poll(&mut limited));
        assert!(!matches!(poll(&mut limited), Poll::Ready(Some(_))));
    }
    assert_eq!(seen, [2, 0, 3, 1].map(|number| Poll::Ready(Some(number))));
    assert!(limited.is_terminated());
}

#[test]
fn tasks_that_are_ready_at_once_come_in_their_order() {
    let numbers = limited_as_completed((0..100).map(future::ready), NoLimit);
    assert_eq!(block_on(numbers.collect::<Vec<_>>()), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_task_that_is_always_ready_does_not_keep_others_waiting() {
    // An endless source of tasks that are ready at once, with one among them that needs its turns. Room is made in
    // groups; it lies in each of them.
    for (limit, before) in [(2, 0), (2, 1), (100, 0), (100, 40), (100, 90), (1000, 500)] {
        let done = Cell::new(false);
        let slow = async {
            after_polls(1000, ()).await;
            done.set(true);
        };
        let ready = || stream::repeat_with(|| future::ready(()).boxed_local());
        let tasks = ready()
            .take(before)
            .chain(stream::once(future::ready(slow.boxed_local())))
            .chain(ready())
            .limited_as_completed(limit);
        let mut tasks = pin!(tasks.take(3_000_000));
        while !done.get() {
            assert!(block_on(tasks.next()).is_some(), "starved");
        }
    }
}

#[test]
fn futures_may_borrow() {
    let words = [String::from("one"), String::from("three")];
    let longest = Cell::new(0);
    let tasks = words.iter().map(|word| {
        let longest = &longest;
        async move {
            longest.set(longest.get().max(word.len()));
            word.as_str()
        }
    });
    assert_eq!(block_on(limited_in_order(tasks, 2).collect::<Vec<&str>>()), ["one", "three"]);
    assert_eq!(longest.get(), 5);
}

// Guarantee 3: dropping.

#[test]
fn dropping_the_stream_drops_all_in_flight_before_it_returns() {
    let world = World::default();
    let mut limited = limited_as_completed(world.tasks(100), 10);
    let mut in_order = limited_in_order(world.tasks(100), 10);
    assert!(poll(&mut limited).is_pending() && poll(&mut in_order).is_pending());
    assert_eq!(world.live.get(), 20);
    drop(limited);
    assert_eq!(world.live.get(), 10);
    drop(in_order);
    assert_eq!(world.live.get(), 0);
}

#[test]
fn early_termination_drops_all_in_flight() {
    let world = World::default();
    let mut first = limited_as_completed(world.tasks(100), 10).transduce(first());
    assert!(poll(&mut first).is_pending());
    world.complete(7);
    assert_eq!(poll(&mut first), Poll::Ready(Some(7)));
    assert_eq!(world.live.get(), 0);
    assert_eq!(poll(&mut first), Poll::Ready(None));
}

#[test]
fn no_output_is_lost_when_next_is_dropped() {
    let world = World::default();
    let mut in_order = limited_in_order(world.tasks(3), 3);
    assert!(in_order.next().now_or_never().is_none());
    world.complete(1);
    assert!(in_order.next().now_or_never().is_none());
    world.complete(0);
    world.complete(2);
    assert_eq!(in_order.collect::<Vec<_>>().now_or_never(), Some(vec![0, 1, 2]));
}

// Guarantee 4: errors and panics.

fn check_first_error<S>(world: &World, mut limited: S)
where
    S: FusedStream<Item = Result<usize, usize>> + Unpin,
{
    assert!(poll(&mut limited).is_pending());
    assert_eq!(limited.size_hint().0, 1, "it may end with any output");
    world.complete(0);
    assert_eq!(poll(&mut limited), Poll::Ready(Some(Ok(0))));
    world.complete(1);
    let pulled = world.pulled.get();
    assert_eq!(poll(&mut limited), Poll::Ready(Some(Err(1))));
    assert_eq!(world.live.get(), 0, "the rest is dropped by the time the error is given");
    assert!(limited.is_terminated());
    for _ in 0..3 {
        assert_eq!(poll(&mut limited), Poll::Ready(None));
    }
    assert!(world.pulled.get() <= pulled + 1, "nothing is pulled after the error");
}

#[test]
fn the_first_error_is_given_once_and_the_rest_dropped() {
    let odd_is_bad = |number: usize| if number % 2 == 1 { Err(number) } else { Ok(number) };
    let world = World::default();
    check_first_error(&world, try_limited_as_completed(world.tasks(100).map(|task| task.map(odd_is_bad)), 10));
    let world = World::default();
    check_first_error(&world, try_limited_in_order(world.tasks(100).map(|task| task.map(odd_is_bad)), 10));
}

#[test]
fn without_an_error_the_try_variants_give_all() {
    let tasks = || (0..100).map(|number| after_polls(number % 7, Ok::<_, ()>(number)));
    let mut all = block_on(try_limited_as_completed(tasks(), 9).collect::<Vec<_>>());
    all.sort();
    assert_eq!(all, (0..100).map(Ok).collect::<Vec<_>>());
    assert_eq!(block_on(try_limited_in_order(tasks(), 9).collect::<Vec<_>>()), all);
}

/// Polls until the panic comes out, and checks that it has ended the stream.
fn check_panic<S: FusedStream<Item: Debug> + Unpin>(world: &World, mut stream: S, message: &str) {
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        for choice in 0.. {
            let _ = poll(&mut stream);
            world.complete_some(choice);
        }
    }));
    assert_eq!(panicked.unwrap_err().downcast_ref::<&str>(), Some(&message), "it propagates from the poll");
    assert_eq!(world.live.get(), 0, "the rest is dropped by then");
    assert!(stream.is_terminated());
    assert_eq!(stream.size_hint(), (0, Some(0)));
    for _ in 0..3 {
        assert!(matches!(poll(&mut stream), Poll::Ready(None)));
    }
}

#[test]
fn a_panic_of_a_task_drops_the_rest_and_ends_the_stream() {
    fn tasks(world: &World) -> impl Iterator<Item = impl Future<Output = Result<usize, ()>>> {
        world.tasks(100).map(|task| {
            task.map(|number| {
                assert!(number != 13, "thirteen");
                Ok(number)
            })
        })
    }
    let world = World::default();
    check_panic(&world, limited_as_completed(tasks(&world), 10), "thirteen");
    let world = World::default();
    check_panic(&world, limited_in_order(tasks(&world), 10), "thirteen");
    let world = World::default();
    check_panic(&world, try_limited_as_completed(tasks(&world), 10), "thirteen");
    let world = World::default();
    check_panic(&world, try_limited_in_order(tasks(&world), 10), "thirteen");
}

#[test]
fn a_panic_of_the_source_drops_the_rest_and_ends_the_stream() {
    let world = World::default();
    let mut number = 0;
    let tasks = world.tasks(100).inspect(|_| {
        number += 1;
        assert!(number < 25, "at the source");
    });
    check_panic(&world, limited_as_completed(tasks, 10), "at the source");
}

// Guarantee 5: turns and back-pressure.

/// A sink with room for so many.
#[derive(Default)]
struct Narrow {
    seen: RefCell<Vec<usize>>,
    room: Cell<usize>,
    closed: Cell<bool>,
    fail: Cell<bool>,
    /// How often it has been asked whether it is ready.
    asked: Cell<usize>,
}

impl Sink<usize> for &Narrow {
    type Error = &'static str;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.asked.set(self.asked.get() + 1);
        match (self.fail.get(), self.room.get() > self.seen.borrow().len()) {
            (true, _) => Poll::Ready(Err("broken")),
            (false, true) => Poll::Ready(Ok(())),
            (false, false) => Poll::Pending,
        }
    }

    fn start_send(self: Pin<&mut Self>, item: usize) -> Result<(), &'static str> {
        assert!(self.room.get() > self.seen.borrow().len());
        self.seen.borrow_mut().push(item);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.closed.set(true);
        Poll::Ready(Ok(()))
    }
}

fn poll_future<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    future.poll_unpin(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_sink_that_is_not_ready_stops_pulling_while_tasks_in_flight_go_on() {
    let (world, narrow) = (World::default(), Narrow::default());
    narrow.room.set(1);
    let mut pipeline = limited_as_completed(world.tasks(100), 4).transduce_into(mapping(|x: usize| x), &narrow);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!(world.pulled.get(), 4);
    world.complete(0);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!(*narrow.seen.borrow(), [0], "and now the sink is full");
    let pulled = world.pulled.get();
    assert!(pulled <= 5);
    for number in 1..pulled {
        world.complete(number);
        assert!(poll_future(&mut pipeline).is_pending());
        assert_eq!(world.live.get(), pulled - number - 1, "the task has run to its end behind the sink's back");
    }
    assert_eq!(world.pulled.get(), pulled, "nothing more is pulled");
    narrow.room.set(3);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!(*narrow.seen.borrow(), [0, 1, 2]);
    assert!(world.pulled.get() - 3 <= 4);
    drop(pipeline);
    assert_eq!(world.live.get(), 0);
}

#[test]
fn a_sink_is_asked_for_room_only_when_there_is_something_for_it() {
    let (world, narrow) = (World::default(), Narrow::default());
    narrow.room.set(9);
    let mut pipeline = limited_as_completed(world.tasks(2), 4).transduce_into(mapping(|x: usize| x), &narrow);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!(narrow.asked.get(), 0, "a place in a shared channel would be held while the tasks take their time");
    world.complete(0);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!((narrow.asked.get(), narrow.seen.borrow().len()), (1, 1));
    world.complete(1);
    assert_eq!(poll_future(&mut pipeline), Poll::Ready(Ok(())));
    assert_eq!((narrow.asked.get(), narrow.seen.borrow().len()), (2, 2));
}

#[test]
fn the_pipeline_runs_a_transducer_on_either_side_of_the_tasks() {
    for limit in [1, 3, 100] {
        let mut pool = LocalPool::new();
        let (sender, receiver) = mpsc::channel(1);
        let before = compose((filtering(|id: &usize| id % 2 == 1), mapping(|id| after_polls(id % 5, id * 10))));
        let tasks = stream::iter(1..=20).transduce(before).limited_in_order(limit);
        let pipeline = tasks.transduce_into(batching(4), sender);
        pool.spawner().spawn_local(async move { pipeline.await.unwrap() }).unwrap();
        let batches = pool.run_until(receiver.collect::<Vec<_>>());
        assert_eq!(batches, [vec![10, 30, 50, 70], vec![90, 110, 130, 150], vec![170, 190]]);
    }
}

#[test]
fn when_the_transducer_has_had_enough_the_work_is_dropped_and_leftovers_are_sent() {
    let (world, narrow) = (World::default(), Narrow::default());
    let after = compose((taking(2), repeating(2), batching(3), flat_mapping(|batch: Vec<usize>| batch)));
    let mut pipeline = limited_as_completed(world.tasks(100), 4).transduce_into(after, &narrow);
    narrow.room.set(1);
    assert!(poll_future(&mut pipeline).is_pending());
    world.complete(3);
    world.complete(1);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!((narrow.seen.borrow().len(), world.live.get()), (1, 0));
    narrow.room.set(4);
    assert_eq!(poll_future(&mut pipeline), Poll::Ready(Ok(())));
    assert_eq!(*narrow.seen.borrow(), [3, 3, 1, 1]);
    assert!(narrow.closed.get());
}

#[test]
fn when_what_was_left_of_an_output_is_enough_the_work_is_dropped_before_the_sink_takes_it() {
    let (world, narrow) = (World::default(), Narrow::default());
    let twice = compose((repeating(2), taking(2)));
    let mut pipeline = limited_as_completed(world.tasks(100), 4).transduce_into(twice, &narrow);
    narrow.room.set(1);
    assert!(poll_future(&mut pipeline).is_pending());
    world.complete(0);
    assert!(poll_future(&mut pipeline).is_pending());
    assert_eq!((narrow.seen.borrow().len(), world.live.get()), (1, 0));
    narrow.room.set(2);
    assert_eq!(poll_future(&mut pipeline), Poll::Ready(Ok(())));
    assert_eq!(*narrow.seen.borrow(), [0, 0]);
}

#[test]
fn an_error_of_the_sink_ends_the_pipeline_and_drops_the_work() {
    let (world, narrow) = (World::default(), Narrow::default());
    narrow.room.set(9);
    let mut pipeline = limited_as_completed(world.tasks(100), 4).transduce_into(mapping(|x: usize| x), &narrow);
    assert!(poll_future(&mut pipeline).is_pending());
    narrow.fail.set(true);
    world.complete(2);
    assert_eq!(poll_future(&mut pipeline), Poll::Ready(Err("broken")));
    assert_eq!(world.live.get(), 0);
}

#[test]
fn a_panic_in_the_pipeline_drops_the_work() {
    let (world, narrow) = (World::default(), Narrow::default());
    narrow.room.set(9);
    let checked = inspecting(|number: &usize| assert!(*number != 2, "two"));
    let mut pipeline = limited_as_completed(world.tasks(100), 4).transduce_into(checked, &narrow);
    assert!(poll_future(&mut pipeline).is_pending());
    world.complete(2);
    assert!(catch_unwind(AssertUnwindSafe(|| poll_future(&mut pipeline))).is_err());
    assert_eq!(world.live.get(), 0);
}

#[test]
fn the_first_error_of_a_task_reaches_the_sink_of_a_pipeline() {
    let (sender, receiver) = mpsc::unbounded();
    let tasks = (0..).map(|number| future::ready(if number < 3 { Ok(number) } else { Err(number) }));
    let pipeline = try_limited_in_order(tasks, 2).transduce_into(mapping(|result: Result<i32, i32>| result), sender);
    let (done, seen) = block_on(futures::future::join(pipeline, receiver.collect::<Vec<_>>()));
    assert_eq!((done, seen), (Ok(()), vec![Ok(0), Ok(1), Ok(2), Err(3)]));
}

struct Wakes(AtomicUsize);

impl ArcWake for Wakes {
    fn wake_by_ref(this: &Arc<Self>) {
        this.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn the_executor_has_its_turn_after_a_bounded_number_of_polls() {
    let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = futures::task::waker(Arc::clone(&wakes));
    let mut context = Context::from_waker(&waker);
    let (polls, started) = (Cell::new(0), Cell::new(0));
    // Tasks that are never done and always awake, and tasks that are done at once.
    let restless = || {
        started.set(started.get() + 1);
        future::poll_fn(|context: &mut Context<'_>| {
            polls.set(polls.get() + 1);
            context.waker().wake_by_ref();
            Poll::<usize>::Pending
        })
    };
    let mut limited = limited_as_completed(std::iter::repeat_with(restless), 1000);
    for turn in 1..=20 {
        assert!(limited.poll_next_unpin(&mut context).is_pending());
        assert!(polls.get() <= turn * 128, "{} polls in {turn} turns", polls.get());
        assert!(started.get() <= turn * 128, "{} pulled in {turn} turns", started.get());
        assert!(wakes.0.load(Ordering::Relaxed) >= turn, "it asks to be polled again");
    }

    let pulled = Cell::new(0);
    let ready = std::iter::repeat_with(|| {
        pulled.set(pulled.get() + 1);
        future::ready(1usize)
    });
    let sink = futures::sink::drain().sink_map_err(|_| ());
    let mut pipeline = pin!(limited_as_completed(ready, 10).transduce_into(filtering(|_: &usize| false), sink));
    for turn in 1..=20 {
        assert!(pipeline.as_mut().poll(&mut context).is_pending());
        assert!(pulled.get() <= turn * 256, "{} pulled in {turn} turns", pulled.get());
    }
}

#[test]
fn between_tasks_that_are_always_ready_the_executor_has_its_turn() {
    fn check<S: Stream<Item: Debug>>(stream: S) {
        let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
        let waker = futures::task::waker(Arc::clone(&wakes));
        let mut stream = pin!(stream);
        let mut in_a_row = 0;
        for _ in 0..5000 {
            let woken = wakes.0.load(Ordering::Relaxed);
            match stream.as_mut().poll_next(&mut Context::from_waker(&waker)) {
                Poll::Ready(Some(_)) => in_a_row += 1,
                Poll::Ready(None) => panic!("it is endless"),
                Poll::Pending => {
                    assert!(wakes.0.load(Ordering::Relaxed) > woken, "it asks to be polled again");
                    in_a_row = 0;
                }
            }
            assert!(in_a_row <= 128);
        }
    }
    let ready = || (0..).map(|x| future::ready(Ok::<u32, ()>(x)));
    for limit in [1, 10, 1000] {
        check(limited_as_completed(ready(), limit));
        check(limited_in_order(ready(), limit));
        check(try_limited_as_completed(ready(), limit));
        check(try_limited_in_order(ready(), limit));
        check(limited_as_completed(ready(), limit).transduce(enumerating()));
        check(limited_as_completed(ready(), limit).map(future::ready).limited_in_order(limit));
    }
}

#[test]
fn a_source_that_is_pending_wakes_the_stream_when_it_has_more() {
    let (sender, receiver) = mpsc::unbounded::<usize>();
    let mut pool = LocalPool::new();
    let seen = Rc::new(RefCell::new(vec![]));
    let into = Rc::clone(&seen);
    let tasks = receiver.map(|number| after_polls(3, number)).limited_as_completed(2);
    let all = tasks.for_each(move |number| {
        into.borrow_mut().push(number);
        future::ready(())
    });
    pool.spawner().spawn_local(all).unwrap();
    pool.run_until_stalled();
    for number in 0..5 {
        sender.unbounded_send(number).unwrap();
        pool.run_until_stalled();
        assert_eq!(seen.borrow().len(), number + 1);
    }
}

#[test]
fn streams_of_tasks_are_send_sync_and_unpin_where_what_they_hold_is() {
    fn able<T: Send + Sync + Unpin + Debug>(_: &T) {}
    let tasks = || (0..3).map(|x| future::ready(Ok::<_, ()>(x)));
    able(&limited_as_completed(tasks(), 1));
    able(&limited_in_order(tasks(), 1));
    able(&try_limited_as_completed(tasks(), 1));
    able(&try_limited_in_order(tasks(), 1));
    let (sender, _receiver) = mpsc::channel(1);
    able(&limited_as_completed(tasks(), 1).transduce_into(first(), sender));
}

// Guarantee 6: one behind the other.

/// Runs to its end only as it is polled, and says how far it has come.
async fn steps(turns: usize, done: Rc<Cell<usize>>) -> usize {
    after_polls(turns, ()).await;
    done.set(done.get() + 1);
    done.get()
}

/// An adaptor that a user might write.
struct UsersOwn<S>(S);

impl<S: Stream + Unpin> Stream for UsersOwn<S> {
    type Item = S::Item;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// Polls `outer` until nothing is awake, and gives the number of items that it has taken.
fn run_until_stalled<S: Stream<Item: Future> + Unpin>(source: S, limit: usize) -> (usize, usize) {
    let taken = Cell::new(0);
    let outer = source.inspect(|_| taken.set(taken.get() + 1)).limited_as_completed(limit);
    let mut outer = pin!(outer);
    let wakes = Arc::new(Wakes(AtomicUsize::new(0)));
    let waker = futures::task::waker(Arc::clone(&wakes));
    let mut delivered = 0;
    for turn in 0.. {
        assert!(turn < 10_000, "it never comes to rest");
        let woken = wakes.0.load(Ordering::Relaxed);
        match outer.as_mut().poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(_)) => delivered += 1,
            Poll::Ready(None) => break,
            Poll::Pending if wakes.0.load(Ordering::Relaxed) == woken => break,
            Poll::Pending => {}
        }
        assert!(taken.get() - delivered <= limit, "a full driver takes no items from its source");
    }
    (taken.get(), delivered)
}

#[test]
fn a_full_driver_lets_the_tasks_in_its_source_go_on_and_takes_nothing() {
    /// `kept` outputs of the inner may be on their way.
    fn check<S, T>(through: impl Fn(stream::LocalBoxStream<'static, usize>) -> S, limit: usize, kept: usize)
    where
        S: Stream<Item = T>,
        T: Future,
    {
        let done = Rc::new(Cell::new(0));
        let tasks = {
            let done = Rc::clone(&done);
            (0..100).map(move |_| steps(7, Rc::clone(&done)))
        };
        let inner = stream::iter(tasks).limited_as_completed(10).boxed_local();
        let (taken, delivered) = run_until_stalled(Box::pin(through(inner)), limit);
        assert_eq!((taken, delivered), (limit, 0), "the tasks of the outer never end");
        // Ten run at a time. None is delivered but those that were taken, in whose places others came.
        assert!((10..=10 + limit + kept).contains(&done.get()), "{} have run to their end", done.get());
    }
    let never = |_| future::pending::<()>();
    for limit in [1, 3] {
        check(|inner| inner.map(never), limit, 0);
        check(|inner| inner.transduce(mapping(never)), limit, 0);
        check(|inner| inner.transduce(mapping(never)).boxed_local(), limit, 0);
        check(|inner| UsersOwn(Box::pin(inner.filter(|_| future::ready(true)).map(never))), limit, 0);
        // What is left over from one item does not stand in the way.
        check(|inner| inner.transduce(repeating(1000)).map(never), limit, 0);
        check(|inner| inner.transduce(flat_mapping(|_| 0..)).map(never), limit, 0);
        check(|inner| inner.transduce(repeating(2)).transduce(repeating(1000)).map(never), limit, 0);
        check(|inner| inner.map(future::ready).limited_in_order(20).map(never), limit, 20);
        check(
            |inner| inner.map(|x| future::ready(Ok::<_, ()>(x))).try_limited_as_completed(20).map(|_| never(0)),
            limit,
            20,
        );
        check(|inner| stream::select(inner, stream::pending()).map(never), limit, 0);
        check(|inner| stream::select_all([inner, stream::pending().boxed_local()]).map(never), limit, 0);
    }
}

#[test]
fn in_a_row_of_three_the_first_goes_on_while_both_others_are_full() {
    let world = World::default();
    // Of the tasks of the second only the first is ever done; those of the third never are.
    let second = |number| if number == 0 { future::ready(()).left_future() } else { future::pending().right_future() };
    let mut row = limited_as_completed(world.tasks(100), 4)
        .map(second)
        .limited_as_completed(2)
        .map(|()| future::pending::<()>())
        .limited_as_completed(1);
    let mut turn = || assert!(poll(&mut row).is_pending());
    turn();
    world.complete(0);
    world.complete(1);
    turn();
    assert_eq!((world.pulled.get(), world.live.get()), (5, 3));
    for number in [2, 3, 4] {
        world.complete(number);
        turn();
        assert_eq!(world.live.get(), 4 - number, "it has run to its end");
    }
    assert_eq!(world.pulled.get(), 5);
}

#[test]
fn a_source_without_tasks_is_not_polled_by_a_full_driver() {
    let polls = Cell::new(0);
    let source = stream::poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::Ready(Some(future::pending::<()>()))
    });
    assert_eq!(run_until_stalled(source, 3), (3, 0));
    assert_eq!(polls.get(), 3);
}

#[test]
fn of_an_adaptor_that_has_items_in_store_one_is_taken_ahead_and_given_later() {
    let (taken, open) = (&Cell::new(0), &Cell::new(false));
    // Of each output of the inner, `flat_map` makes three.
    let inner = limited_in_order((0..10).map(|number| after_polls(3, number)), 2);
    let mut outer = inner
        .flat_map(|number| stream::iter([number; 3]))
        .map(|number| {
            taken.set(taken.get() + 1);
            future::poll_fn(move |context: &mut Context<'_>| {
                context.waker().wake_by_ref();
                if open.get() { Poll::Ready(number) } else { Poll::Pending }
            })
        })
        .limited_in_order(2);
    for _ in 0..100 {
        assert!(poll(&mut outer).is_pending());
    }
    assert_eq!(taken.get(), 3, "two that run, and one ahead");
    assert_eq!(outer.size_hint().0, 3, "which is not forgotten");
    open.set(true);
    assert_eq!(block_on(outer.collect::<Vec<_>>()), (0..10).flat_map(|number| [number; 3]).collect::<Vec<_>>());
}

#[test]
fn outputs_that_were_kept_back_come_when_there_is_room_through_any_executor_between() {
    // `select_all` polls a stream only when it has been woken.
    let inner = |from: usize| (from..from + 50).map(|number| after_polls(number % 4, number));
    let both = || stream::select_all([inner(0), inner(50)].map(|tasks| limited_as_completed(tasks, 5)));
    let mut pool = LocalPool::new();
    for limit in [1, 2, 7, 1000] {
        let outer = both().map(|number| after_polls(number % 7, number)).limited_as_completed(limit);
        let seen = Rc::new(RefCell::new(vec![]));
        let into = Rc::clone(&seen);
        let all = outer.for_each(move |number| {
            into.borrow_mut().push(number);
            future::ready(())
        });
        pool.spawner().spawn_local(all).unwrap();
        pool.run_until_stalled();
        seen.borrow_mut().sort();
        assert_eq!(*seen.borrow(), (0..100).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_behind_the_other_gives_every_output_once_and_in_order(
        polls in proptest::collection::vec((0usize..20, 0usize..20), 0..60),
        limits in (1usize..6, 1usize..6, 1usize..6),
    ) {
        let first = || polls.iter().enumerate().map(|(number, &(polls, _))| after_polls(polls, number));
        let second = |number: usize| after_polls(polls[number].1, number);
        let (one, two, three) = limits;
        let all = limited_in_order(first(), one).map(second).limited_in_order(two);
        prop_assert_eq!(block_on(all.collect::<Vec<_>>()), (0..polls.len()).collect::<Vec<_>>());
        let all = limited_as_completed(first(), one)
            .transduce(compose((repeating(2), mapping(second))))
            .limited_as_completed(two)
            .map(second)
            .limited_as_completed(three);
        let mut all = block_on(all.collect::<Vec<_>>());
        all.sort();
        prop_assert_eq!(all, (0..polls.len()).flat_map(|number| [number; 2]).collect::<Vec<_>>());
    }
}

#[test]
fn one_behind_the_other_with_a_shared_lock_does_not_deadlock() {
    // A task of the first takes the lock and waits with it. Others of the first, which don't need it, are done meanwhile,
    // and fill the second with tasks that wait for the lock.
    let lock = Rc::new(futures::lock::Mutex::new(0));
    let locked = |turns: usize| {
        let lock = Rc::clone(&lock);
        async move {
            let mut count = lock.lock().await;
            after_polls(turns, ()).await;
            *count += 1;
        }
    };
    let first =
        (0..100).map(|number| if number % 4 == 0 { locked(5).left_future() } else { future::ready(()).right_future() });
    let tasks = limited_as_completed(first, 4).map(|()| locked(1)).limited_as_completed(2);
    let mut run = pin!(tasks.count());
    let finished = (0..10_000).any(|_| run.as_mut().now_or_never().is_some());
    assert!(finished, "it has come to the end");
    assert_eq!(lock.try_lock().as_deref(), Some(&125));
}

#[test]
fn a_sink_that_is_not_ready_lets_the_tasks_in_the_source_of_the_tasks_go_on() {
    let (done, narrow) = (Rc::new(Cell::new(0)), Narrow::default());
    let inner = limited_as_completed((0..100).map(|_| steps(3, Rc::clone(&done))), 4);
    let mut pipeline = inner.map(future::ready).limited_as_completed(2).transduce_into(mapping(|x: usize| x), &narrow);
    for _ in 0..100 {
        assert!(poll_future(&mut pipeline).is_pending());
    }
    assert!((4..=6 + 1).contains(&done.get()), "{} have run to their end", done.get());
}

#[test]
fn a_task_that_has_tasks_of_its_own_is_not_held_by_a_full_driver_around_it() {
    // The task of the inner collects the outputs of others: it must get them, whatever the outer is doing.
    let collected = Rc::new(Cell::new(0));
    let collecting = |_| {
        let collected = Rc::clone(&collected);
        async move {
            let all = limited_as_completed((0..5).map(|number| after_polls(1, number)), 2).collect::<Vec<_>>().await;
            collected.set(collected.get() + all.len());
        }
    };
    let inner = limited_as_completed((0..4).map(collecting), 4);
    assert_eq!(run_until_stalled(inner.map(|()| future::pending::<()>()), 1), (1, 0));
    assert_eq!(collected.get(), 20);
}

#[test]
fn a_panic_of_a_task_in_the_source_of_a_full_driver_ends_the_stream() {
    let world = World::default();
    let checked = world.tasks(100).map(|task| {
        task.map(|number| {
            assert!(number != 3, "three");
            number
        })
    });
    let mut outer = limited_as_completed(checked, 4).map(|_| future::pending::<()>()).limited_as_completed(1);
    assert!(poll(&mut outer).is_pending());
    world.complete(0);
    assert!(poll(&mut outer).is_pending());
    world.complete(3);
    assert!(catch_unwind(AssertUnwindSafe(|| poll(&mut outer))).is_err());
    assert_eq!((world.live.get(), outer.is_terminated()), (0, true));
    let mut other = limited_as_completed([future::ready(1)], 1);
    assert_eq!(poll(&mut other), Poll::Ready(Some(1)), "others on the thread are as before");
}
