//! Earthquakes by region: how many, the strongest, how deep on average and the latest, of any number of CSV files, by one
//! worker, several threads, or several machines. The table is the same.
//!
//! ```text
//! cargo run --release -p transducer-timely --example quakes -- examples/data/earthquakes.csv
//! cargo run --release -p transducer-timely --example quakes -- --threads 2 examples/data/earthquakes.csv
//! ```
//!
//! Each worker reads a part of each file, by its bytes, so that any number of workers have work. A file is a timestamp. What
//! is known of each region in a file is folded on the worker that has read it, combined on the worker that the region belongs
//! to, and brought to worker 0, which adds it up and, with `--keep`, writes it down.
//!
//! `read` reads, `region` knows rows and regions, `keep` is what a later run goes on from.

#![allow(unreachable_pub)]

mod keep;
mod read;
mod region;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lexopt::{Arg, ValueExt};
use timely::{
    dataflow::operators::{Inspect, exchange::Exchange},
    worker::Worker,
};
use transducer::prelude::*;
use transducer_timely::{Cluster, Stop, Transduce, source_at_times};

use crate::{
    keep::Kept,
    region::{Regions, Row, quake, summary},
};

const HELP: &str = "\
Counts the earthquakes of USGS CSV files by region.

Usage: quakes [--threads N] [--hosts HOSTFILE --process N] [OPTIONS] FILE...

  FILE       in the layout of https://earthquake.usgs.gov/earthquakes/feed/v1.0/csv.php; each machine needs
             each file, under the same path or another one
  --threads  workers in each process [1]
  --hosts    a file with the address of each process, host:port, one a line
  --process  which of these lines is this process's own, from 0 on
  --job      a name that all processes have in common [quakes]
  --wait     how many seconds to wait for the other processes to start [30]
  --silent   for how many seconds another process may be silent [10]
  --keep     a folder in which process 0 writes down what was found in each file, as soon as it is known
  --from     the number of the first file to read; what is kept of those before is read instead
";

struct Options {
    cluster: Cluster,
    process: usize,
    keep: Option<PathBuf>,
    from: u64,
    files: Vec<PathBuf>,
}

fn options() -> Result<Option<Options>, Box<dyn std::error::Error>> {
    let (mut threads, mut process, mut hosts, mut job) = (1, 0, None::<PathBuf>, "quakes".to_owned());
    let (mut wait, mut silent, mut keep, mut from, mut files) = (30.0, 10.0, None, 0, Vec::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("threads") => threads = parser.value()?.parse()?,
            Arg::Long("process") => process = parser.value()?.parse()?,
            Arg::Long("hosts") => hosts = Some(parser.value()?.into()),
            Arg::Long("job") => job = parser.value()?.string()?,
            Arg::Long("wait") => wait = parser.value()?.parse()?,
            Arg::Long("silent") => silent = parser.value()?.parse()?,
            Arg::Long("keep") => keep = Some(parser.value()?.into()),
            Arg::Long("from") => from = parser.value()?.parse()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Value(file) => files.push(PathBuf::from(file)),
            argument => return Err(argument.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err("there must be at least one FILE; --help tells more".into());
    }
    let cluster = match hosts {
        Some(hosts) => Cluster::hostfile(process, hosts)?.with_threads(threads),
        None => Cluster::threads(threads),
    };
    let cluster = cluster
        .with_job(job)
        .connect_within(Duration::try_from_secs_f64(wait)?)
        .silent_for(Duration::try_from_secs_f64(silent)?);
    Ok(Some(Options { cluster, process, keep, from, files }))
}

/// The dataflow on one worker. Gives what comes together on worker 0.
fn regions(worker: &mut Worker, files: &[PathBuf], from: u64, kept: Option<&Kept>) -> Arc<Mutex<Regions>> {
    let total = Arc::new(Mutex::new(Regions::default()));
    let (shared, kept) = (Arc::clone(&total), kept.cloned());
    let (index, workers) = (worker.index(), worker.peers());
    let files = files.to_vec();
    worker.dataflow::<u64, _, _>(|scope| {
        let rows = (from..).zip(files.into_iter().skip(from as usize));
        let rows = rows.flat_map(move |(number, file)| read::part(file, index, workers).map(move |row| (number, row)));
        source_at_times(scope, rows, &Stop::new())
            .transduce(compose((mapping(Row::parse), filter_mapping(quake))))
            .combine_by_key_each_time(|(region, _)| region.clone(), summary())
            // All regions of a file, on worker 0.
            .exchange(|_| 0)
            .transduce_each_time(reducing(collecting::<Regions>()))
            .inspect_core(move |event| {
                let Ok((file, found)) = event else { return };
                for regions in found {
                    if let Some(kept) = &kept {
                        kept.write(*file.expect_singleton(), regions);
                    }
                    shared.lock().unwrap_or_else(PoisonError::into_inner).add(regions);
                }
            });
    });
    total
}

fn run(options: Options) -> Result<(), (String, u8)> {
    let Options { cluster, process, keep, from, files } = options;
    let usage = |error: io::Error| (error.to_string(), 66);
    let kept = keep.map(Kept::open).transpose().map_err(usage)?;
    let before = match &kept {
        Some(kept) if process == 0 => kept.read_before(from).map_err(usage)?,
        _ => Regions::default(),
    };
    read::check(&files).map_err(usage)?;
    let shared = kept.clone();
    let result = cluster.run(move |worker| regions(worker, &files, from, shared.as_ref()));
    match result {
        Ok(workers) => {
            let mut total = before;
            for regions in workers {
                total.add(&regions.lock().unwrap_or_else(PoisonError::into_inner));
            }
            // The others have nothing to say.
            if process == 0 {
                print(&total.to_string())?;
            }
            Ok(())
        }
        Err(failure) => {
            let mut message = failure.to_string();
            if let (Some(kept), 0) = (kept, process) {
                let next = kept.next(from).map_err(usage)?;
                message +=
                    &format!("\nall files before number {next} are kept: start each process again, with --from {next}");
            }
            Err((message, failure.exit_code()))
        }
    }
}

/// Prints, even if nobody listens.
fn print(text: &str) -> Result<(), (String, u8)> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err((format!("can't print: {error}"), 74)),
        _ => Ok(()),
    }
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            return print(HELP).map_or_else(|(_, code)| ExitCode::from(code), |()| ExitCode::SUCCESS);
        }
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(64);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err((message, code)) => {
            eprintln!("error: {message}");
            ExitCode::from(code)
        }
    }
}
