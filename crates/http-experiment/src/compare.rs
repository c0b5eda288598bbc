//! The whole comparison in one command.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::PathBuf,
    process::Stdio,
};

use anyhow::Context;
use jiff::Zoned;
use rustix::process::{Pid, Signal, kill_process};
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, Command},
};

use crate::{chart, client::Mode, delay::Delay, machine, record::Report, stop::stopped};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Numbers of requests.
    #[arg(short, long, value_delimiter = ',', default_value = "1000,10000,100000")]
    requests: Vec<u64>,
    /// Which clients.
    #[arg(short, long, value_delimiter = ',', default_value = "sequential,semaphore,limited,pipeline,direct")]
    modes: Vec<Mode>,
    /// How many requests at a time.
    #[arg(short, long, default_value_t = 1000)]
    limit: usize,
    /// How long the server waits before each answer.
    #[arg(long, default_value = "none")]
    delay: Delay,
    /// Makes the delays the same each time.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often all is run; the table shows the run of median rate.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    /// The semaphore client, which spawns a task for each request, is left out above this number.
    #[arg(long, default_value_t = 1_000_000)]
    semaphore_max: u64,
    /// The sequential client is left out above this number.
    #[arg(long, default_value_t = 100_000)]
    sequential_max: u64,
    /// A request without an answer after so many seconds has failed. 0 waits for ever.
    #[arg(long, default_value_t = 30)]
    timeout: u64,
    /// Stops each client after this many seconds.
    #[arg(long, default_value_t = 3600)]
    max_seconds: u64,
    /// Each client adds lines on its progress to this file.
    #[arg(long)]
    progress_file: Option<PathBuf>,
    /// Where the chart goes, and beside it, as JSON lines, all reports.
    #[arg(long, default_value = "target/http-experiment/memory.svg")]
    chart: PathBuf,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    anyhow::ensure!(options.limit > 0, "`limit` must be at least 1");
    machine::allow_open_files(options.limit)?;
    let reports_file = options.chart.with_extension("jsonl");
    if let Some(folder) = options.chart.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut kept = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&reports_file)
        .with_context(|| format!("cannot write {}", reports_file.display()))?;
    let mut out = io::stdout();
    writeln!(out, "# HTTP over the loopback, limit {}, delay of the server: {}\n", options.limit, options.delay)?;
    writeln!(out, "{}. Started {}.\n", machine::description(), Zoned::now())?;

    let (mut server, address) = start_server(&options).await?;
    let mut reports: BTreeMap<(u64, Mode), Vec<Report>> = BTreeMap::new();
    let mut interrupted = false;
    'all: for round in 1..=options.rounds.max(1) {
        for &requests in &options.requests {
            for &mode in &options.modes {
                let most = match mode {
                    Mode::Semaphore => options.semaphore_max,
                    Mode::Sequential => options.sequential_max,
                    _ => u64::MAX,
                };
                if requests > most {
                    continue;
                }
                writeln!(io::stderr(), "round {round}: {mode}, {requests} requests")?;
                let mut arguments = vec!["client".into(), "--json".into()];
                let mut argument = |name: &str, value: String| arguments.extend([format!("--{name}"), value]);
                argument("address", address.clone());
                argument("mode", mode.to_string());
                argument("requests", requests.to_string());
                argument("limit", options.limit.to_string());
                argument("timeout", options.timeout.to_string());
                argument("max-seconds", options.max_seconds.to_string());
                if let Some(path) = &options.progress_file {
                    argument("progress-file", path.display().to_string());
                }
                let report: Report = run_child(&arguments, &mut interrupted).await?;
                writeln!(kept, "{}", serde_json::to_string(&report)?)
                    .with_context(|| format!("cannot write {}", reports_file.display()))?;
                reports.entry((requests, mode)).or_default().push(report);
                if interrupted {
                    break 'all;
                }
            }
        }
    }
    server.kill().await.context("cannot stop the server")?;
    let median = |mut rounds: Vec<Report>| {
        rounds.sort_by(|one, other| one.per_second().total_cmp(&other.per_second()));
        rounds.swap_remove(rounds.len() / 2)
    };
    let reports: Vec<Report> = reports.into_values().map(median).collect();
    print_table(&mut out, &reports, &options)?;
    print_known(&mut out)?;
    if reports.is_empty() {
        return Ok(());
    }
    chart::draw(&options.chart, &reports, &known())?;
    writeln!(
        out,
        "\nEnded {}. Chart: {}. All reports: {}.",
        Zoned::now(),
        options.chart.display(),
        reports_file.display()
    )?;
    Ok(())
}

/// Starts the server in a process of its own, which ends with this one at the latest, and gives its address.
async fn start_server(options: &Options) -> anyhow::Result<(Child, String)> {
    let mut server = Command::new(std::env::current_exe()?)
        .args(["server", "--port", "0", "--until-input-closes"])
        .args(["--delay", &options.delay.to_string(), "--seed", &options.seed.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .context("cannot start the server")?;
    let mut line = String::new();
    let output = server.stdout.as_mut().context("the server's output is piped")?;
    BufReader::new(output).read_line(&mut line).await?;
    let address = line.trim().strip_prefix("listening on ").context("the server did not start")?;
    Ok((server, address.to_string()))
}

/// Runs this program once more, and reads what it prints as JSON. SIGINT is passed on; the child then
/// prints what it has.
pub(crate) async fn run_child<T: DeserializeOwned>(arguments: &[String], interrupted: &mut bool) -> anyhow::Result<T> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // So that SIGINT at the terminal comes here alone.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()?;
    let id = child.id().and_then(|id| Pid::from_raw(id as i32));
    let mut output = child.stdout.take().context("the output is piped")?;
    let mut text = String::new();
    let mut read = std::pin::pin!(output.read_to_string(&mut text));
    tokio::select! {
        read = &mut read => { read?; }
        stopped = stopped(u32::MAX.into()) => {
            stopped?;
            *interrupted = true;
            if let Some(id) = id {
                kill_process(id, Signal::INT)?;
            }
            read.await?;
        }
    }
    let status = child.wait().await?;
    let ended = || format!("`{}` ended with {status}", arguments.join(" "));
    anyhow::ensure!(status.success(), ended());
    serde_json::from_str(&text).with_context(ended)
}

fn print_table(out: &mut impl Write, reports: &[Report], options: &Options) -> io::Result<()> {
    writeln!(
        out,
        "| client | requests | failed | s | requests/s | of the ideal | p50 ms | p99 ms | peak memory MB | CPU µs a request |"
    )?;
    writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
    for report in reports {
        let Report { mode, requests, done, seconds, latency_ms, .. } = report;
        let ideal = ideal(report, reports, &options.delay);
        let of_ideal = ideal.map_or("".into(), |ideal| format!("{:.1}%", 100.0 * report.per_second() / ideal));
        let latency = |place: usize| latency_ms.map_or("".into(), |all| format!("{:.2}", all[place]));
        let requests = if done == requests { done.to_string() } else { format!("{done} of {requests}") };
        writeln!(
            out,
            "| {mode} | {requests} | {} | {seconds:.2} | {:.0} | {of_ideal} | {} | {} | {:.1} | {:.2} |",
            report.failures(),
            report.per_second(),
            latency(0),
            latency(2),
            report.megabytes(),
            report.cpu_us,
        )?;
    }
    match options.delay {
        Delay::None => {
            writeln!(out, "\nThe ideal: the same client with no driver (direct), for the same number of requests.")?;
        }
        _ => writeln!(out, "\nThe ideal: limit ÷ mean delay; without the time to start and to run out.")?,
    }
    for report in reports {
        for (kind, count) in &report.failed {
            writeln!(out, "- {}, {} requests: {count} × {kind}", report.mode, report.requests)?;
        }
        if let Some(why) = &report.stopped {
            writeln!(out, "- {}, {} requests: stopped, {why}", report.mode, report.requests)?;
        }
    }
    Ok(())
}

/// The most requests a second that there could be.
fn ideal(report: &Report, reports: &[Report], delay: &Delay) -> Option<f64> {
    let mean = delay.mean().as_secs_f64();
    if mean > 0.0 {
        return Some(report.limit as f64 / mean);
    }
    let direct = reports.iter().find(|other| other.mode == Mode::Direct && other.requests == report.requests);
    direct.map(Report::per_second)
}

/// What the clients of the original experiment needed, in Python, with a limit of 1,000.
pub(crate) struct Known {
    pub(crate) client: &'static str,
    pub(crate) requests: u64,
    pub(crate) seconds: Option<f64>,
    pub(crate) megabytes: Option<f64>,
}

fn known() -> [Known; 6] {
    let known = |client, requests, seconds, megabytes| Known { client, requests, seconds, megabytes };
    let (limited, semaphore) = ("Python, limited_as_completed", "Python, semaphore");
    [
        known(limited, 10_000, Some(17.9), Some(47.0)),
        known(limited, 1_000_000, Some(1506.0), Some(162.0)),
        known(limited, 100_000_000, Some(150_213.0), Some(294.0)),
        known(semaphore, 10_000, None, Some(78.0)),
        known(semaphore, 1_000_000, None, Some(3815.0)),
        known(semaphore, 100_000_000, None, None),
    ]
}

fn print_known(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "\nKnown figures: Python's aiohttp, limit 1,000, a server that waits 0, 1, 2 or 3 s (choice:0,1000,2000,3000)."
    )?;
    writeln!(out, "That delay sets the time, for any client: compare seconds only with runs of the same delay.\n")?;
    writeln!(out, "| client | requests | s | peak memory MB |\n| --- | ---: | ---: | ---: |")?;
    for Known { client, requests, seconds, megabytes } in known() {
        let seconds = seconds.map_or(String::new(), |seconds| seconds.to_string());
        let memory = megabytes.map_or("killed, out of memory".into(), |megabytes| megabytes.to_string());
        writeln!(out, "| {client} | {requests} | {seconds} | {memory} |")?;
    }
    Ok(())
}
