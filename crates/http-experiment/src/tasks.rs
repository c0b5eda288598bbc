//! Tasks that do next to nothing: what it costs to run one.

use std::{
    future::Future,
    io::{self, Write},
    num::NonZeroUsize,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use futures::{StreamExt, stream};
use jiff::Zoned;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Semaphore, oneshot},
    task::JoinSet,
};
use transducer::{batching_with, limited_as_completed, limited_in_order};

use crate::{compare::run_child, machine, stop::stopped};

/// What runs the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
enum Engine {
    /// `limited_as_completed`
    Limited,
    /// `limited_in_order`
    InOrder,
    /// `limited_as_completed` with `transduce_into`
    Pipeline,
    /// `buffer_unordered` of futures
    BufferUnordered,
    /// tokio's `JoinSet`, with no more than the limit in it
    JoinSet,
    /// every task spawned at once, behind a semaphore
    Semaphore,
}

/// What a task does.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Wakes itself once.
    Yield,
    /// Wakes itself once, and receives from a channel of tokio, which counts against the budget that tokio
    /// gives a task for one turn.
    Channel,
}

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What runs the tasks; left out, all in turn, each in a process of its own.
    #[arg(long)]
    engine: Option<Engine>,
    /// How many tasks.
    #[arg(short, long, default_value_t = 1_000_000)]
    tasks: u64,
    /// How many at a time.
    #[arg(short, long, value_delimiter = ',', default_value = "1000")]
    limit: Vec<NonZeroUsize>,
    /// What a task does.
    #[arg(long, default_value = "yield")]
    kind: Kind,
    /// How often all are run; the table shows the median.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    /// The semaphore is left out above this number of tasks.
    #[arg(long, default_value_t = 1_000_000)]
    semaphore_max: u64,
    /// Stops after this many seconds.
    #[arg(long, default_value_t = 3600)]
    max_seconds: u64,
    /// Prints the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What the tasks cost.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Cost {
    engine: Engine,
    limit: usize,
    tasks: u64,
    ended: Zoned,
    /// Nanoseconds of CPU time a task.
    cpu_ns: f64,
    /// Nanoseconds a task.
    ns: f64,
    peak_memory: Option<u64>,
    /// Whether the run was stopped before its end, so that the figures mean nothing.
    stopped: bool,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    if let (Some(engine), [limit]) = (options.engine, &*options.limit) {
        let cost = measure(engine, *limit, &options).await?;
        if options.json {
            writeln!(io::stdout(), "{}", serde_json::to_string(&cost)?)?;
        } else {
            print_table(&options, &[cost])?;
        }
        return Ok(());
    }
    let engines = <Engine as clap::ValueEnum>::value_variants();
    let mut costs = vec![];
    let mut interrupted = false;
    'all: for &limit in &options.limit {
        let mut rounds: Vec<Vec<Cost>> = engines.iter().map(|_| vec![]).collect();
        for _ in 0..options.rounds.max(1) {
            for (&engine, costs) in engines.iter().zip(&mut rounds) {
                let left_out = options.engine.is_some_and(|only| only != engine)
                    || engine == Engine::Semaphore && options.tasks > options.semaphore_max;
                if left_out {
                    continue;
                }
                let arguments = [
                    "tasks",
                    "--json",
                    "--engine",
                    &name(&engine),
                    "--tasks",
                    &options.tasks.to_string(),
                    "--limit",
                    &limit.to_string(),
                    "--kind",
                    &name(&options.kind),
                    "--max-seconds",
                    &options.max_seconds.to_string(),
                ];
                costs.push(run_child::<Cost>(&arguments.map(String::from), &mut interrupted).await?);
                if interrupted {
                    break 'all;
                }
            }
        }
        for mut rounds in rounds.into_iter().filter(|rounds| !rounds.is_empty()) {
            rounds.sort_by(|one, other| one.cpu_ns.total_cmp(&other.cpu_ns));
            costs.push(rounds.swap_remove(rounds.len() / 2));
        }
    }
    Ok(print_table(&options, &costs)?)
}

/// The name of a value as an argument.
fn name<V: clap::ValueEnum>(value: &V) -> String {
    value.to_possible_value().map_or(String::new(), |value| value.get_name().to_string())
}

fn print_table(options: &Options, costs: &[Cost]) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{}. {}.\n", machine::description(), Zoned::now())?;
    writeln!(out, "| engine | limit | tasks ({}) | ns a task | CPU ns a task | peak memory MB |", name(&options.kind))?;
    writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: |")?;
    for Cost { engine, limit, tasks, cpu_ns, ns, peak_memory, stopped, .. } in costs {
        let memory = peak_memory.map_or(f64::NAN, |bytes| bytes as f64 / 1e6);
        let engine = name(engine);
        if *stopped {
            writeln!(out, "| {engine} | {limit} | {tasks}, stopped before the end | | | {memory:.1} |")?;
        } else {
            writeln!(out, "| {engine} | {limit} | {tasks} | {ns:.0} | {cpu_ns:.0} | {memory:.1} |")?;
        }
    }
    Ok(())
}

async fn measure(engine: Engine, limit: NonZeroUsize, options: &Options) -> anyhow::Result<Cost> {
    let (start, cpu) = (Instant::now(), machine::cpu_time());
    let tasks = options.tasks;
    let run = async {
        match options.kind {
            Kind::Yield => sum((0..tasks).map(yielding), engine, limit.get()).await,
            Kind::Channel => sum((0..tasks).map(receiving), engine, limit.get()).await,
        }
    };
    let stopped = tokio::select! {
        sum = run => {
            anyhow::ensure!(sum == (0..tasks).sum::<u64>(), "a task was lost or run twice");
            false
        }
        stopped = stopped(options.max_seconds) => {
            stopped?;
            true
        }
    };
    let each = |seconds: f64| seconds * 1e9 / tasks.max(1) as f64;
    Ok(Cost {
        engine,
        limit: limit.get(),
        tasks,
        ended: Zoned::now(),
        cpu_ns: each((machine::cpu_time() - cpu).as_secs_f64()),
        ns: each(start.elapsed().as_secs_f64()),
        peak_memory: machine::peak_memory(),
        stopped,
    })
}

/// Runs the tasks and adds up what they give.
async fn sum<F>(tasks: impl Iterator<Item = F>, engine: Engine, limit: usize) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    let mut total = 0;
    let mut add = |output| {
        total += output;
        std::future::ready(())
    };
    match engine {
        Engine::Limited => limited_as_completed(tasks, limit).for_each(add).await,
        Engine::InOrder => limited_in_order(tasks, limit).for_each(add).await,
        Engine::BufferUnordered => stream::iter(tasks).buffer_unordered(limit).for_each(add).await,
        Engine::Pipeline => {
            let sums = batching_with(1000, |outputs: &[u64]| outputs.iter().sum::<u64>());
            let sink = futures::sink::unfold(&mut add, |add, output| async move {
                add(output).await;
                Ok::<_, std::convert::Infallible>(add)
            });
            let Ok(()) = limited_as_completed(tasks, limit).transduce_into(sums, std::pin::pin!(sink)).await;
        }
        Engine::JoinSet => {
            let mut running = JoinSet::new();
            for task in tasks {
                if running.len() == limit
                    && let Some(output) = running.join_next().await
                {
                    add(output.expect("tasks do not panic")).await;
                }
                running.spawn(task);
            }
            while let Some(output) = running.join_next().await {
                add(output.expect("tasks do not panic")).await;
            }
        }
        Engine::Semaphore => {
            let semaphore = Arc::new(Semaphore::new(limit));
            let mut running = JoinSet::new();
            for task in tasks {
                let semaphore = Arc::clone(&semaphore);
                running.spawn(async move {
                    let _permit = semaphore.acquire().await.expect("it is never closed");
                    task.await
                });
            }
            while let Some(output) = running.join_next().await {
                add(output.expect("tasks do not panic")).await;
            }
        }
    }
    total
}

async fn yielding(number: u64) -> u64 {
    Yield { yielded: false }.await;
    number
}

async fn receiving(number: u64) -> u64 {
    let (sender, receiver) = oneshot::channel();
    Yield { yielded: false }.await;
    let _ = sender.send(number);
    receiver.await.expect("it has been sent")
}

/// Pending once, and awake again at once.
struct Yield {
    yielded: bool,
}

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
