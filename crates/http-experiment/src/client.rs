//! The clients: the same requests, run in five ways.

use std::{
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures::{Stream, StreamExt, sink, stream};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, task::JoinSet, time::sleep_until};
use transducer::{LimitedStream, TransduceStream, batching_with, compose, inspecting, mapping, taking_until};

use crate::{
    delay::exponential,
    http::{Client, Failure, Outcome},
    machine,
    record::{Recorder, Window},
    stop::stopped,
};

/// How the requests are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    /// One after another.
    Sequential,
    /// A task for each request, spawned at once, behind a semaphore.
    Semaphore,
    /// `limited_as_completed`.
    Limited,
    /// A transducer that builds requests, the requests under the limit, and a transducer that sums up.
    Pipeline,
    /// No driver at all: as many loops as the limit, each with a connection of its own.
    Direct,
}

impl std::fmt::Display for Mode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Sequential => "sequential",
            Self::Semaphore => "semaphore",
            Self::Limited => "limited",
            Self::Pipeline => "pipeline",
            Self::Direct => "direct",
        })
    }
}

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Where the server listens. Only on the loopback.
    #[arg(long, default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)))]
    address: SocketAddr,
    /// How the requests are run.
    #[arg(long, default_value = "limited")]
    mode: Mode,
    /// How many requests.
    #[arg(short, long, default_value_t = 10_000)]
    requests: u64,
    /// How many at a time, at most.
    #[arg(short, long, default_value = "1000")]
    limit: NonZeroUsize,
    /// An open loop: requests arrive at random, this many a second on average (a Poisson process), and
    /// latencies count from the arrival. Without it, a closed loop: the next one starts as soon as there is room.
    #[arg(long, value_parser = rate)]
    rate: Option<f64>,
    /// Makes the arrivals the same each time.
    #[arg(long)]
    seed: Option<u64>,
    /// Stops at the first request that fails.
    #[arg(long)]
    fail_fast: bool,
    /// A request without an answer after so many seconds has failed. 0 waits for ever.
    #[arg(long, default_value_t = 30)]
    timeout: u64,
    /// Stops after this many seconds.
    #[arg(long, default_value_t = 24 * 3600)]
    max_seconds: u64,
    /// Adds a line on the progress to this file, every 5 s.
    #[arg(long)]
    progress_file: Option<PathBuf>,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
}

/// A rate whose longest gap is within what clocks can hold.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate @ 0.001..=1e9) => Ok(rate),
        _ => Err("a rate is from 0.001 to 1,000,000,000 requests a second".into()),
    }
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    anyhow::ensure!(options.address.ip().is_loopback(), "{} is not on the loopback", options.address);
    anyhow::ensure!(options.mode != Mode::Direct || options.rate.is_none(), "`direct` has no open loop");
    let limit = if options.mode == Mode::Sequential { NonZeroUsize::MIN } else { options.limit };
    machine::allow_open_files(limit.get())?;
    let timeout = (options.timeout > 0).then(|| Duration::from_secs(options.timeout));
    let run = Run {
        client: Arc::new(Client::new(options.address, timeout)),
        recorder: Arc::new(Mutex::new(Recorder::start(
            options.requests,
            options.fail_fast,
            options.progress_file.as_deref(),
        )?)),
        requests: options.requests,
        limit,
        fail_fast: options.fail_fast,
    };
    let arrivals = || run.arrivals(options.rate, options.seed);
    let done = async {
        match options.mode {
            Mode::Sequential => run.sequential(arrivals()).await,
            Mode::Semaphore => run.semaphore(arrivals()).await,
            Mode::Limited => run.limited(arrivals()).await,
            Mode::Pipeline => run.pipeline(arrivals()).await,
            Mode::Direct => run.direct().await,
        }
    };
    // When stopped, the work in flight is dropped, and what has been measured stays.
    let stopped = tokio::select! {
        () = done => None,
        stopped = stopped(options.max_seconds) => Some(stopped?.to_string()),
    };
    let report = run.recorder().report(options.mode, limit.get(), options.rate, stopped);
    let mut out = io::stdout();
    if options.json {
        writeln!(out, "{}", serde_json::to_string(&report)?)?;
    } else {
        writeln!(out, "{report}\nmachine    {}", machine::description())?;
    }
    let failures = report.failures();
    anyhow::ensure!(!options.fail_fast || failures == 0, "stopped at the first failure");
    anyhow::ensure!(failures == 0 || report.successes() > 0, "no request succeeded, {failures} failed");
    Ok(())
}

/// When a request is due; as soon as there is room if at no set time.
type Due = Option<Instant>;

struct Run {
    client: Arc<Client>,
    recorder: Arc<Mutex<Recorder>>,
    requests: u64,
    limit: NonZeroUsize,
    fail_fast: bool,
}

impl Run {
    fn recorder(&self) -> MutexGuard<'_, Recorder> {
        self.recorder.lock().expect("no panic while it is held")
    }

    fn arrivals(&self, rate: Option<f64>, seed: Option<u64>) -> stream::BoxStream<'static, Due> {
        let Some(rate) = rate else { return stream::iter(0..self.requests).map(|_| None).boxed() };
        let random = seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        stream::unfold((random, Instant::now()), move |(mut random, last)| async move {
            let due = last + Duration::from_secs_f64(exponential(&mut random) / rate);
            // One that is overdue is not waited for, so that the rate holds.
            if due > Instant::now() {
                sleep_until(due.into()).await;
            }
            Some((Some(due), (random, due)))
        })
        .take(self.requests as usize)
        .boxed()
    }

    async fn sequential(&self, mut arrivals: impl Stream<Item = Due> + Unpin) {
        while let Some(due) = arrivals.next().await {
            let outcome = self.client.send(self.client.plan(due)).await;
            if self.recorder().record(&outcome) {
                break;
            }
        }
    }

    async fn semaphore(&self, mut arrivals: impl Stream<Item = Due> + Unpin) {
        let semaphore = Arc::new(Semaphore::new(self.limit.get()));
        let mut tasks = JoinSet::new();
        let take_note = |joined: Result<Outcome, tokio::task::JoinError>| {
            let outcome = joined.unwrap_or_else(|_| Outcome { latency: Duration::ZERO, result: Err(Failure::Task) });
            self.recorder().record(&outcome)
        };
        loop {
            tokio::select! {
                biased;
                due = arrivals.next() => {
                    let Some(due) = due else { break };
                    let (client, semaphore) = (Arc::clone(&self.client), Arc::clone(&semaphore));
                    tasks.spawn(async move {
                        let _permit = semaphore.acquire().await.expect("it is never closed");
                        client.send(client.plan(due)).await
                    });
                }
                Some(joined) = tasks.join_next() => if take_note(joined) { return },
            }
        }
        while let Some(joined) = tasks.join_next().await {
            if take_note(joined) {
                return;
            }
        }
    }

    async fn limited(&self, arrivals: impl Stream<Item = Due>) {
        let requests = arrivals.map(|due| self.client.send(self.client.plan(due)));
        let mut outcomes = pin!(requests.limited_as_completed(self.limit));
        while let Some(outcome) = outcomes.next().await {
            if self.recorder().record(&outcome) {
                break;
            }
        }
    }

    async fn pipeline(&self, arrivals: impl Stream<Item = Due>) {
        let before = compose((mapping(|due| self.client.plan(due)), mapping(|planned| self.client.send(planned))));
        let after = compose((
            inspecting(|outcome| {
                self.recorder().record(outcome);
            }),
            taking_until(|outcome: &Outcome| self.fail_fast && outcome.result.is_err()),
            batching_with(1000, Window::of),
        ));
        let windows = sink::unfold((), |(), window: Window| async move {
            self.recorder().show(&window);
            Ok::<_, std::convert::Infallible>(())
        });
        let Ok(()) = arrivals.transduce(before).limited_as_completed(self.limit).transduce_into(after, windows).await;
    }

    async fn direct(&self) {
        let started = Arc::new(AtomicU64::new(0));
        let mut loops = JoinSet::new();
        for _ in 0..self.limit.get() {
            let (client, recorder, started) =
                (Arc::clone(&self.client), Arc::clone(&self.recorder), Arc::clone(&started));
            let requests = self.requests;
            loops.spawn(async move {
                while started.fetch_add(1, Ordering::Relaxed) < requests {
                    let outcome = client.send(client.plan(None)).await;
                    if recorder.lock().expect("no panic while it is held").record(&outcome) {
                        started.store(requests, Ordering::Relaxed);
                    }
                }
            });
        }
        while loops.join_next().await.is_some() {}
    }
}
