//! What a run measures, shown while it goes on and reported at its end.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;
use hdrhistogram::Histogram;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Zoned;
use serde::{Deserialize, Serialize};

use crate::{client::Mode, http::Outcome, machine};

/// How often the progress file has a line added.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// What is known of a run so far.
pub(crate) struct Recorder {
    requests: u64,
    done: u64,
    failed: BTreeMap<String, u64>,
    /// Microseconds.
    latencies: Histogram<u64>,
    started: Zoned,
    start: Instant,
    /// CPU time used before the start.
    cpu: Duration,
    bar: ProgressBar,
    file: Option<File>,
    next_look: Instant,
    next_line: Instant,
    fail_fast: bool,
}

impl Recorder {
    pub(crate) fn start(requests: u64, fail_fast: bool, progress_file: Option<&Path>) -> anyhow::Result<Self> {
        let bar = ProgressBar::new(requests);
        bar.set_style(ProgressStyle::with_template("{elapsed_precise} {bar:16} {percent}%, {eta} left, {wide_msg}")?);
        let file = match progress_file {
            None => None,
            Some(path) => {
                let file = OpenOptions::new().create(true).append(true).open(path);
                Some(file.with_context(|| format!("cannot write to {}", path.display()))?)
            }
        };
        let start = Instant::now();
        Ok(Self {
            requests,
            done: 0,
            failed: BTreeMap::new(),
            // From 1 µs to an hour, by three digits.
            latencies: Histogram::new_with_bounds(1, 3_600_000_000, 3)?,
            started: Zoned::now(),
            start,
            cpu: machine::cpu_time(),
            bar,
            file,
            next_look: start,
            next_line: start + LINE_EVERY,
            fail_fast,
        })
    }

    /// Takes note of an outcome. True if it is to be the last.
    pub(crate) fn record(&mut self, outcome: &Outcome) -> bool {
        self.done += 1;
        match &outcome.result {
            Ok(()) => self.latencies.saturating_record(outcome.latency.as_micros() as u64),
            Err(failure) => *self.failed.entry(failure.to_string()).or_default() += 1,
        }
        let now = Instant::now();
        if now >= self.next_look {
            self.next_look = now + Duration::from_millis(200);
            self.look(now);
        }
        self.fail_fast && outcome.result.is_err()
    }

    /// Shows what the latest requests were like.
    pub(crate) fn show(&self, latest: &Window) {
        let Window { requests, failed, mean } = latest;
        self.bar.set_prefix(format!("; latest {requests}: {mean:.1?}, {failed} failed"));
    }

    fn look(&mut self, now: Instant) {
        let megabytes = machine::memory().unwrap_or(0) as f64 / 1e6;
        let failed: u64 = self.failed.values().sum();
        let per_second = (self.done - failed) as f64 / self.start.elapsed().as_secs_f64();
        let so_far = format!("{per_second:.0}/s, {megabytes:.1} MB, {failed} failed");
        self.bar.set_position(self.done);
        self.bar.set_message(format!("{so_far}{}", self.bar.prefix()));
        if now < self.next_line {
            return;
        }
        self.next_line = now + LINE_EVERY;
        if let Some(file) = &mut self.file {
            let line = writeln!(file, "{} {} of {}, {so_far}", Zoned::now(), self.done, self.requests);
            if let Err(error) = line {
                // If nobody reads this, the run goes on all the same.
                let _ = self.bar.suspend(|| writeln!(io::stderr(), "the progress file: {error}"));
                self.file = None;
            }
        }
    }

    /// Puts the numbers together. `stopped` says why, if the run was.
    pub(crate) fn report(&self, mode: Mode, limit: usize, rate: Option<f64>, stopped: Option<String>) -> Report {
        let seconds = self.start.elapsed().as_secs_f64();
        let cpu = machine::cpu_time() - self.cpu;
        self.bar.finish_and_clear();
        let quantile = |quantile| self.latencies.value_at_quantile(quantile) as f64 / 1000.0;
        Report {
            mode,
            requests: self.requests,
            done: self.done,
            failed: self.failed.clone(),
            limit,
            rate,
            stopped,
            started: self.started.clone(),
            ended: Zoned::now(),
            seconds,
            latency_ms: (!self.latencies.is_empty()).then(|| [0.5, 0.9, 0.99, 0.999, 1.0].map(quantile)),
            peak_memory: machine::peak_memory(),
            cpu_us: cpu.as_secs_f64() * 1e6 / self.done.max(1) as f64,
        }
    }
}

/// Some requests in a row, summed up.
pub(crate) struct Window {
    requests: usize,
    failed: usize,
    /// The mean latency.
    mean: Duration,
}

impl Window {
    pub(crate) fn of(outcomes: &[Outcome]) -> Self {
        let failed = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
        let total: Duration = outcomes.iter().map(|outcome| outcome.latency).sum();
        Self { requests: outcomes.len(), failed, mean: total / outcomes.len().max(1) as u32 }
    }
}

/// What a run has come to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) mode: Mode,
    pub(crate) requests: u64,
    /// How many have been answered or have failed.
    pub(crate) done: u64,
    /// How many failed, by kind.
    pub(crate) failed: BTreeMap<String, u64>,
    pub(crate) limit: usize,
    /// Arrivals a second, in an open loop.
    pub(crate) rate: Option<f64>,
    pub(crate) stopped: Option<String>,
    pub(crate) started: Zoned,
    pub(crate) ended: Zoned,
    pub(crate) seconds: f64,
    /// At the quantiles 0.5, 0.9, 0.99, 0.999 and 1 of the requests that succeeded, if any has.
    pub(crate) latency_ms: Option<[f64; 5]>,
    /// In bytes.
    pub(crate) peak_memory: Option<u64>,
    /// Microseconds of CPU time a request.
    pub(crate) cpu_us: f64,
}

impl Report {
    /// The requests that succeeded, a second.
    pub(crate) fn per_second(&self) -> f64 {
        self.successes() as f64 / self.seconds
    }

    pub(crate) fn successes(&self) -> u64 {
        self.done - self.failures()
    }

    pub(crate) fn failures(&self) -> u64 {
        self.failed.values().sum()
    }

    pub(crate) fn megabytes(&self) -> f64 {
        self.peak_memory.map_or(f64::NAN, |bytes| bytes as f64 / 1e6)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrivals = self.rate.map_or("closed loop".into(), |rate| format!("Poisson arrivals, {rate} a second"));
        writeln!(out, "client     {}, limit {}, {arrivals}", self.mode, self.limit)?;
        write!(out, "requests   {} of {} done, {} failed", self.done, self.requests, self.failures())?;
        writeln!(out, "{}", self.stopped.as_ref().map_or(String::new(), |why| format!(" (stopped: {why})")))?;
        self.failed.iter().try_for_each(|(kind, count)| writeln!(out, "           {count} × {kind}"))?;
        writeln!(out, "started    {}", self.started)?;
        writeln!(out, "ended      {}", self.ended)?;
        writeln!(out, "took       {:.3} s, {:.0} requests/s", self.seconds, self.per_second())?;
        if let Some([median, p90, p99, p999, most]) = self.latency_ms {
            let latencies = "50%, 90%, 99%, 99.9%, longest";
            writeln!(out, "latency    {median:.2}, {p90:.2}, {p99:.2}, {p999:.2}, {most:.2} ms ({latencies})")?;
        }
        writeln!(out, "memory     {:.1} MB at its peak", self.megabytes())?;
        write!(out, "CPU time   {:.2} µs a request", self.cpu_us)
    }
}
