//! Feature `tokio`: spawned tasks, and tokio's channel as a sink of events.

use std::{
    future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use futures::{FutureExt, StreamExt, stream::FusedStream};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Notify, mpsc},
    task::yield_now,
};
use transducer::*;

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// Counts itself as long as it exists.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn spawned_tasks_give_what_unspawned_ones_give() {
    let squares = |limit| limited_in_order((0..100u64).map(|x| spawned(async move { x * x })), limit);
    for limit in [1, 7, 1000] {
        let seen = runtime().block_on(squares(limit).collect::<Vec<_>>());
        assert_eq!(seen, (0..100).map(|x| x * x).collect::<Vec<_>>());
    }
}

#[test]
fn nothing_is_spawned_before_the_first_poll_and_never_more_than_the_limit() {
    let live = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let tasks = (0..200).map(|_| {
        let (live, most) = (Arc::clone(&live), Arc::clone(&most));
        spawned(async move {
            let _alive = Alive::new(&live);
            most.fetch_max(live.load(Ordering::Relaxed), Ordering::Relaxed);
            yield_now().await;
        })
    });
    let limited = limited_as_completed(tasks, 8);
    // Outside of a runtime, spawning would panic.
    runtime().block_on(async {
        assert_eq!(limited.count().await, 200);
    });
    assert_eq!((most.load(Ordering::Relaxed), live.load(Ordering::Relaxed)), (8, 0));
}

#[test]
fn spawned_tasks_run_on_the_runtimes_threads() {
    // The runtime is driven by another thread than the one that takes the outputs.
    let (sender, receiver) = std::sync::mpsc::channel();
    let runtime = Arc::new(runtime());
    let driver = {
        let runtime = Arc::clone(&runtime);
        thread::spawn(move || {
            let stop = Arc::new(Notify::new());
            sender.send((thread::current().id(), Arc::clone(&stop))).unwrap();
            runtime.block_on(stop.notified());
        })
    };
    let (driver_id, stop) = receiver.recv().unwrap();
    let guard = runtime.enter();
    let ids = limited_as_completed((0..4).map(|_| spawned(async { thread::current().id() })), 2);
    let ids = futures::executor::block_on(ids.collect::<Vec<_>>());
    assert_eq!(ids, [driver_id; 4]);
    drop(guard);
    stop.notify_one();
    driver.join().unwrap();
}

#[test]
fn a_panic_of_a_spawned_task_resumes_in_the_caller_and_the_rest_is_aborted() {
    let runtime = runtime();
    let live = Arc::new(AtomicUsize::new(0));
    let tasks = (0..100).map(|number| {
        let alive = Alive::new(&live);
        spawned(async move {
            let _alive = alive;
            assert!(number != 5, "five");
            future::pending::<()>().await;
        })
    });
    let mut limited = limited_as_completed(tasks, 10);
    let panicked = catch_unwind(AssertUnwindSafe(|| runtime.block_on(limited.next())));
    assert_eq!(panicked.unwrap_err().downcast_ref::<&str>(), Some(&"five"));
    assert!(limited.is_terminated());
    // An aborted task is dropped by the runtime, at its next turn.
    runtime.block_on(yield_now());
    assert_eq!(live.load(Ordering::Relaxed), 0);
}

#[test]
fn dropping_aborts_spawned_tasks() {
    let runtime = runtime();
    let live = Arc::new(AtomicUsize::new(0));
    let tasks = (0..100).map(|_| {
        let alive = Alive::new(&live);
        spawned(async move {
            let _alive = alive;
            future::pending::<()>().await;
        })
    });
    let mut limited = limited_in_order(tasks, 10);
    runtime.block_on(async {
        assert!(limited.next().now_or_never().is_none());
        yield_now().await;
        assert_eq!(live.load(Ordering::Relaxed), 10);
        drop(limited);
        yield_now().await;
        assert_eq!(live.load(Ordering::Relaxed), 0);
    });
}

#[test]
fn a_runtime_that_is_shut_down_is_named_in_the_panic() {
    let outside = runtime();
    let guard = outside.enter();
    let mut task = spawned(future::pending::<()>());
    assert!((&mut task).now_or_never().is_none());
    drop(guard);
    drop(outside);
    let panicked = catch_unwind(AssertUnwindSafe(|| (&mut task).now_or_never())).unwrap_err();
    assert!(panicked.downcast_ref::<String>().unwrap().contains("the runtime was shut down"));
}

#[test]
fn a_push_pipeline_into_tokios_channel_ends_when_the_receiver_is_gone() {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut doubled = reactive_transduce(mapping(|x: i32| x * 2), sender);
    assert!(doubled.send(1).is_continue());
    assert_eq!(receiver.try_recv(), Ok(2));
    drop(receiver);
    assert!(doubled.send(2).is_break());
    assert!(doubled.send(3).is_break());
}

#[test]
fn a_large_limit_does_not_make_tasks_dearer_on_tokio() {
    // tokio gives a task a budget a turn; when it is spent, all that is awake asks for another turn. An engine that
    // polls the whole burst again then needs some `limit` polls for each 128 that get on.
    let polls = AtomicUsize::new(0);
    let limit = 20_000;
    let tasks = (0..2 * limit).map(|_| {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        sender.send(()).unwrap();
        sender.send(()).unwrap();
        let polls = &polls;
        async move {
            for _ in 0..2 {
                let mut receiving = std::pin::pin!(receiver.recv());
                future::poll_fn(|context| {
                    polls.fetch_add(1, Ordering::Relaxed);
                    receiving.as_mut().poll(context)
                })
                .await;
                yield_now().await;
            }
            drop(sender);
        }
    });
    let all = runtime().block_on(limited_as_completed(tasks, limit).count());
    assert_eq!(all, 2 * limit);
    let polls = polls.into_inner();
    assert!(polls < 10 * limit, "{polls} polls for {} receives", 4 * limit);
}
