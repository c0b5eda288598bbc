//! What a task costs: `limited_as_completed` and its twin beside `futures_buffered`, the engine that they are built on.
//!
//! ```text
//! cargo bench --features tokio --bench concurrency
//! ```
//!
//! All engines run in one process, in turn, for some rounds. The table shows the round that took least CPU time, and the
//! median.

use std::{
    cell::{Cell, RefCell},
    future::{self, Future},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures::{Stream, StreamExt, stream};
use futures_buffered::BufferedStreamExt;
use rustix::time::{ClockId, clock_gettime};
use tokio::{runtime::Builder, task::yield_now};
use transducer::prelude::*;

const TASKS: u64 = 1_000_000;
const ROUNDS: usize = 7;
const LIMITS: [usize; 3] = [1_000, 10_000, 100_000];

/// What a task waits for. It then gives its number.
#[derive(Clone, Copy)]
enum Wait {
    /// For itself: it is awake again at once.
    Itself,
    /// For the next turn of the runtime, so that as many are in flight as the limit allows.
    Turn,
    /// For an event. When all that are in flight wait, a tenth of them have theirs, in no order.
    Event,
}

const WAITS: [(&str, Wait); 3] = [("itself", Wait::Itself), ("a turn", Wait::Turn), ("an event", Wait::Event)];

type Engine = (&'static str, fn(Wait, usize) -> Pin<Box<dyn Future<Output = u64>>>);

const ENGINES: [Engine; 4] = [
    ("futures_buffered, as completed", |wait, limit| Box::pin(sum(tasks(wait).buffered_unordered(limit)))),
    ("limited_as_completed", |wait, limit| Box::pin(sum(tasks(wait).limited_as_completed(limit)))),
    ("futures_buffered, in order", |wait, limit| Box::pin(sum(tasks(wait).buffered_ordered(limit)))),
    ("limited_in_order", |wait, limit| Box::pin(sum(tasks(wait).limited_in_order(limit)))),
];

fn main() {
    println!("| waits for | limit | engine | CPU ns a task, least | median | to `futures_buffered`, least | median |");
    println!("| --- | ---: | --- | ---: | ---: | ---: | ---: |");
    for (waits_for, wait) in WAITS {
        for limit in LIMITS {
            let mut rounds = ENGINES.map(|_| vec![]);
            for _ in 0..ROUNDS {
                for ((_, run), rounds) in ENGINES.iter().zip(&mut rounds) {
                    rounds.push(cost(run(wait, limit)));
                }
            }
            for rounds in &mut rounds {
                rounds.sort_by(f64::total_cmp);
            }
            for (at, (name, _)) in ENGINES.iter().enumerate() {
                let figures = |rounds: &[f64]| (rounds[0], rounds[ROUNDS / 2]);
                let (least, median) = figures(&rounds[at]);
                let (least_of_theirs, median_of_theirs) = figures(&rounds[at / 2 * 2]);
                let (by_least, by_median) = (least / least_of_theirs, median / median_of_theirs);
                println!(
                    "| {waits_for} | {limit} | {name} | {least:.1} | {median:.1} | {by_least:.2} | {by_median:.2} |"
                );
            }
        }
    }
}

/// Nanoseconds of CPU time a task.
fn cost(run: impl Future<Output = u64>) -> f64 {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let start = cpu_time();
    assert_eq!(runtime.block_on(with_events(run)), TASKS * (TASKS - 1) / 2, "each task gives its number once");
    (cpu_time() - start).as_nanos() as f64 / TASKS as f64
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

fn tasks(wait: Wait) -> impl Stream<Item = impl Future<Output = u64>> {
    stream::iter((0..TASKS).map(move |number| async move {
        match wait {
            Wait::Itself => pending_once(Waker::wake_by_ref).await,
            Wait::Turn => yield_now().await,
            Wait::Event => {
                pending_once(|waker| WAITING.with_borrow_mut(|waiting| waiting.push(waker.clone()))).await;
            }
        }
        DONE.set(DONE.get() + 1);
        number
    }))
}

async fn pending_once(on_pending: impl Fn(&Waker)) {
    let mut polled = false;
    future::poll_fn(|context| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        on_pending(context.waker());
        Poll::Pending
    })
    .await;
}

thread_local! {
    /// Tasks that wait for an event.
    static WAITING: RefCell<Vec<Waker>> = const { RefCell::new(vec![]) };
    static DONE: Cell<u64> = const { Cell::new(0) };
}

/// Runs `run`, and lets events happen.
async fn with_events<F: Future>(run: F) -> F::Output {
    let mut run = pin!(run);
    let mut random = fastrand::Rng::with_seed(1);
    let mut before = (0, 0);
    future::poll_fn(|context: &mut Context<'_>| {
        let polled = run.as_mut().poll(context);
        WAITING.with_borrow_mut(|waiting| {
            if (waiting.len(), DONE.get()) == before {
                for _ in 0..waiting.len().div_ceil(10) {
                    waiting.swap_remove(random.usize(..waiting.len())).wake();
                }
            }
            before = (waiting.len(), DONE.get());
        });
        context.waker().wake_by_ref();
        polled
    })
    .await
}

async fn sum(outputs: impl Stream<Item = u64>) -> u64 {
    outputs.fold(0, async |sum, number| sum + number).await
}
