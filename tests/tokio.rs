//! Feature `tokio`: spawned tasks, time-outs and retries, tokio's channel as a sink of events; and what the drivers do on
//! a runtime.

use std::{
    future::{self, Future},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use futures::{
    FutureExt, StreamExt,
    stream::{self, FusedStream},
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Mutex, Notify, mpsc},
    task::yield_now,
    time::{Duration, Instant, sleep},
};
use transducer::{
    drivers::{
        TimedOut,
        backon::{ConstantBuilder, ExponentialBuilder},
    },
    *,
};

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// A runtime whose clock goes on only when nothing else does.
fn paused() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
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

/// Two `limited` in a row, whose tasks need one lock: those of the first hold it for a while, and some are done without
/// it, so that tasks of the second that wait for it fill the second.
async fn one_behind_the_other_with_a_shared_lock<F: Future<Output = ()> + Send + 'static>(
    task: impl Fn(Pin<Box<dyn Future<Output = ()> + Send>>) -> F,
) -> usize {
    let lock = Arc::new(Mutex::new(0));
    let locked = |turns: usize| {
        let lock = Arc::clone(&lock);
        Box::pin(async move {
            let mut count = lock.lock().await;
            for _ in 0..turns {
                yield_now().await;
            }
            *count += 1;
        })
    };
    let first = (0..1000).map(|number| if number % 4 == 0 { task(locked(5)) } else { task(Box::pin(yield_now())) });
    let plain = limited_as_completed(first, 4).map(|()| task(locked(1))).limited_as_completed(2);
    assert_eq!(plain.count().await, 1000);
    let first = (0..1000).map(|number| if number % 4 == 0 { task(locked(5)) } else { task(Box::pin(yield_now())) });
    let staged = limited_in_order(first, 4).transduce(compose((repeating(2), mapping(|()| task(locked(1))))));
    let sink = futures::sink::drain();
    staged.limited_as_completed(3).transduce_into(mapping(|()| ()), pin!(sink)).await.unwrap();
    *lock.lock().await
}

#[test]
fn one_behind_the_other_runs_on_one_thread() {
    // On a paused clock the time-out comes as soon as nothing else is awake.
    let count = paused().block_on(async {
        tokio::time::timeout(Duration::from_secs(1), one_behind_the_other_with_a_shared_lock(|task| task)).await
    });
    assert_eq!(count, Ok(250 + 1000 + 250 + 2000));
}

#[test]
fn one_behind_the_other_runs_on_four_threads() {
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    // The time is there for a deadlock only: without one, this is done long before.
    let unspawned = one_behind_the_other_with_a_shared_lock(|task| task);
    let count = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(100), unspawned).await });
    assert_eq!(count, Ok(250 + 1000 + 250 + 2000));
    let spawning = one_behind_the_other_with_a_shared_lock(spawned);
    let count = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(100), spawning).await });
    assert_eq!(count, Ok(250 + 1000 + 250 + 2000));
}

#[test]
fn one_behind_the_other_can_be_spawned() {
    let first = (0..100u64).map(|number| async move { number });
    let both = limited_as_completed(first, 5).map(|number| async move { number }).limited_as_completed(3);
    let both = both.fold(0, |sum, number| async move { sum + number });
    let runtime = Builder::new_multi_thread().worker_threads(4).build().unwrap();
    assert_eq!(runtime.block_on(runtime.spawn(both)).unwrap(), 4950);
}

#[test]
fn between_tasks_that_are_always_ready_other_tasks_of_the_runtime_have_their_turns() {
    runtime().block_on(async {
        let turns = Arc::new(AtomicUsize::new(0));
        let other = {
            let turns = Arc::clone(&turns);
            tokio::spawn(async move {
                loop {
                    turns.fetch_add(1, Ordering::Relaxed);
                    yield_now().await;
                }
            })
        };
        let tasks = 100_000;
        let sum = limited_as_completed((0..tasks).map(future::ready), 10).count().await;
        other.abort();
        assert_eq!(sum, tasks);
        let turns = turns.load(Ordering::Relaxed);
        assert!(turns >= tasks / 128 - 1, "{turns} turns");
    });
}

#[derive(Debug, PartialEq)]
enum Failed {
    TimedOut(TimedOut),
    Busy,
    Missing,
}

impl From<TimedOut> for Failed {
    fn from(error: TimedOut) -> Self {
        Self::TimedOut(error)
    }
}

#[test]
fn a_task_that_is_not_done_in_time_is_dropped_and_others_go_on() {
    let live = Arc::new(AtomicUsize::new(0));
    let task = |seconds| {
        let alive = Alive::new(&live);
        within(Duration::from_secs(5), async move {
            let _alive = alive;
            sleep(Duration::from_secs(seconds)).await;
            if seconds == 0 { Err(Failed::Missing) } else { Ok(seconds) }
        })
    };
    let outputs = paused().block_on(async {
        let start = Instant::now();
        let outputs = limited_in_order([1, 60, 0, 4].into_iter().map(task), 2).collect::<Vec<_>>().await;
        assert_eq!(start.elapsed().as_secs(), 5 + 4);
        outputs
    });
    let Err(Failed::TimedOut(timed_out)) = &outputs[1] else { panic!("{outputs:?}") };
    assert_eq!(timed_out.to_string(), "not done within 5s");
    assert_eq!(timed_out.duration(), Duration::from_secs(5));
    assert_eq!((&outputs[0], &outputs[2], &outputs[3]), (&Ok(1), &Err(Failed::Missing), &Ok(4)));
    assert_eq!(live.load(Ordering::Relaxed), 0);
}

#[test]
fn a_task_is_tried_again_after_each_delay_until_it_succeeds_or_there_are_no_more() {
    paused().block_on(async {
        let attempts = AtomicUsize::new(0);
        let until = |successful: usize, backoff| {
            attempts.store(0, Ordering::Relaxed);
            let attempts = &attempts;
            retried(
                move || async move {
                    let attempt = attempts.fetch_add(1, Ordering::Relaxed) + 1;
                    if attempt == successful { Ok(attempt) } else { Err(Failed::Busy) }
                },
                backoff,
            )
        };
        let start = Instant::now();
        let backoff = ExponentialBuilder::default().with_max_times(4);
        assert_eq!(until(4, backoff).await, Ok(4));
        assert_eq!(start.elapsed().as_secs(), 1 + 2 + 4);
        assert_eq!(until(9, backoff).await, Err(Failed::Busy));
        assert_eq!(attempts.load(Ordering::Relaxed), 5);
        assert_eq!(start.elapsed().as_secs(), 7 + 1 + 2 + 4 + 8);

        // Jitter: each delay is longer by up to its own length, and not all are the same.
        let mut delays = vec![];
        for _ in 0..20 {
            let start = Instant::now();
            assert_eq!(until(2, backoff.with_jitter()).await, Ok(2));
            delays.push(start.elapsed());
        }
        assert!(delays.iter().all(|delay| (1.0..=2.01).contains(&delay.as_secs_f64())), "{delays:?}");
        assert!(delays.iter().any(|delay| *delay != delays[0]), "{delays:?}");
    });
}

#[test]
fn only_what_the_predicate_finds_worth_it_is_tried_again() {
    paused().block_on(async {
        let attempts = AtomicUsize::new(0);
        let task = |number: usize| {
            let attempts = &attempts;
            let attempt = move || async move {
                attempts.fetch_add(1, Ordering::Relaxed);
                Err::<(), _>(if number == 0 { Failed::Busy } else { Failed::Missing })
            };
            retried(attempt, ConstantBuilder::default().with_max_times(3)).when(|error| *error == Failed::Busy)
        };
        let outputs = limited_in_order((0..3).map(task), 2).collect::<Vec<_>>().await;
        assert_eq!(outputs, [Err(Failed::Busy), Err(Failed::Missing), Err(Failed::Missing)]);
        assert_eq!(attempts.load(Ordering::Relaxed), 4 + 1 + 1);
    });
}

#[test]
fn time_outs_and_retries_go_around_each_other_under_a_limit_and_on_several_cores() {
    // The first two attempts of each task hang; each has 2 s, and the whole has 20 s, or 3 s.
    let tasks = |whole: u64| {
        mapping(move |number: usize| {
            let attempts = Arc::new(AtomicUsize::new(0));
            let attempt = move || {
                let attempts = Arc::clone(&attempts);
                within(Duration::from_secs(2), async move {
                    if attempts.fetch_add(1, Ordering::Relaxed) < 2 {
                        future::pending::<()>().await;
                    }
                    Ok::<_, Failed>(number)
                })
            };
            let backoff = ConstantBuilder::default().with_delay(Duration::from_secs(1));
            spawned(within(Duration::from_secs(whole), retried(attempt, backoff)))
        })
    };
    paused().block_on(async {
        let start = Instant::now();
        let all = stream::iter(0..10).transduce(tasks(20)).limited_in_order(5).collect::<Vec<_>>().await;
        assert_eq!(all, (0..10).map(Ok).collect::<Vec<_>>());
        assert_eq!(start.elapsed().as_secs(), 2 * (2 + 1 + 2 + 1), "five at a time");
        let first = stream::iter(0..10).transduce(tasks(3)).try_limited_in_order(5).collect::<Vec<_>>().await;
        let [Err(Failed::TimedOut(timed_out))] = first[..] else { panic!("{first:?}") };
        assert_eq!(timed_out.duration(), Duration::from_secs(3));
    });
}
