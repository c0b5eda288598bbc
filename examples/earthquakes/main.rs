//! A week of earthquakes: one pipeline, defined once, run three ways, with the same results.
//!
//! ```text
//! cargo run --release --example earthquakes                    # a week of 2018 that is kept in examples/data
//! curl https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_week.csv |
//!     cargo run --release --example earthquakes -- -           # the week until now
//! ```
//!
//! `pipeline` below is the one definition. `run` runs it eagerly, lazily and pushed by events.
//! The rest is reading rows (`event`), telling what was found (`report`) and drawing it (`plot`).

// In a program `pub` means what its other modules may use.
#![allow(unreachable_pub)]

mod event;
mod plot;
mod report;

use std::{
    error::Error,
    fs,
    io::{self, BufWriter, Read, Write},
    iter,
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use event::{Event, Row, rows};
use indicatif::{ProgressBar, ProgressIterator, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use lexopt::{Arg, ValueExt};
use transducer::{
    TransduceIterator, Transducer, appending, averaging, compose, filter_mapping, filtering, iterable_source,
    reactive_transduce, taking, transduce,
};

const HELP: &str = "\
Reports on the earthquakes in a USGS CSV feed, and plots them.

Usage: earthquakes [FILE|-] [--output PLOT.svg] [--seconds SECONDS]

  FILE       such as https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_week.csv, `-` for
             standard input; without it, a week of 2018 that comes with the program
  --output   where the plot goes [target/earthquakes.svg]
  --seconds  how long the replay of all events takes, 0 for no waiting [3]
";

/// How many quakes a moving average is over.
const WINDOW: usize = 50;

/// What is known each time the earth has shaken.
#[derive(Clone, Debug, PartialEq)]
struct Reading {
    quake: Rc<Event>,
    /// When the one before it was.
    previous: Option<Timestamp>,
    /// The mean magnitude of the last [`WINDOW`] quakes, once there have been as many.
    average: Option<f64>,
}

/// The pipeline: rows in, as they were read; a reading out for each earthquake, as soon as it is known.
///
/// It knows nothing of files, clocks or screens, nor of who runs it.
fn pipeline() -> impl Transducer<Row, Out = Reading> {
    transducer::pipeline::<Row>()
        .filter_map(Result::ok)
        // The feed has explosions, quarry blasts and ice quakes too.
        .filter(|event| event.kind == "earthquake")
        .map(|quake| Some(Rc::new(quake)))
        // Empty places before the first quake, so that it ends a window as all others do.
        .prepend(iter::repeat_n(None, WINDOW - 1))
        .windows(WINDOW)
        .filter_map(Reading::of_latest)
}

impl Reading {
    /// Reads a window that ends with the latest quake.
    fn of_latest(window: Vec<Option<Rc<Event>>>) -> Option<Self> {
        let [earlier @ .., Some(quake)] = window.as_slice() else { return None };
        let previous = earlier.last().and_then(Option::as_ref).map(|event| event.time);
        let is_full = window.iter().all(Option::is_some);
        let magnitude = filter_mapping(|quake: &Rc<Event>| quake.magnitude);
        let average = if is_full { transduce(magnitude, averaging(), window.iter().flatten()) } else { None };
        Some(Self { quake: quake.clone(), previous, average })
    }

    /// How long it had been quiet.
    fn quiet(&self) -> Option<SignedDuration> {
        self.previous.map(|previous| self.quake.time.duration_since(previous))
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let file = options.read()?;
    let pipeline = pipeline();

    // The feed begins with the latest event, and need not be in order at all. Gaps and moving averages
    // are about the order in which things happened; rows that have no time go first.
    let mut rows: Vec<Row> = rows(&file).map_err(|error| format!("{}: {error}", options.name()))?.collect();
    rows.sort_by_key(|row| row.as_ref().ok().map(|event| event.time));
    let mut errors = BufWriter::new(io::stderr().lock());
    for malformed in rows.iter().filter_map(|row| row.as_ref().err()) {
        writeln!(errors, "{}: {malformed}", options.name())?;
    }
    errors.flush()?;
    drop(errors);
    if !rows.is_empty() && rows.iter().all(Result::is_err) {
        return Err(format!("{}: all of its rows ({}) are malformed", options.name(), rows.len()).into());
    }

    // Eagerly: the whole source into one result.
    let eager: Vec<Reading> = transduce(&pipeline, appending(), rows.iter().cloned());

    // Lazily: the pipeline is an iterator, and this loop sets the pace.
    let mut lazy = Vec::new();
    for reading in rows.iter().cloned().transduce(&pipeline) {
        lazy.push(reading);
    }

    // Pushed: each event comes when its time has come, and what follows from it is known at once.
    let progress = ProgressBar::new(rows.len() as u64)
        .with_style(ProgressStyle::with_template("replaying the events {bar:30} {pos}/{len} {msg}")?);
    let mut pushed = Vec::new();
    let sink = |reading: Reading| {
        progress.set_message(format!("{:.0} {}", reading.quake.time, report::magnitude(&reading.quake)));
        pushed.push(reading);
    };
    let happening = replay(&rows, options.duration).progress_with(progress.clone());
    iterable_source(happening, reactive_transduce(&pipeline, sink));
    progress.finish_and_clear();

    report::print(&mut out, &options.name(), &rows, &eager)?;
    stop_early(&mut out, &file, &pipeline)?;

    if eager != lazy || eager != pushed {
        return Err("the three ways do NOT agree: eager, lazy and pushed results differ".into());
    }
    writeln!(out, "\nThe three ways agree: eager, lazy and pushed, {} equal readings each.", eager.len())?;

    if eager.is_empty() {
        writeln!(out, "No plot: there is nothing to draw.")?;
    } else {
        let plot = plot::draw(&eager)?;
        options.write(&plot)?;
        writeln!(out, "Plot: {}", options.output.display())?;
    }
    Ok(())
}

/// Asks for the three latest quakes of magnitude 5, straight from the file, where the latest come first:
/// the pipeline stops reading as soon as it has them.
fn stop_early(
    out: &mut impl Write,
    file: &[u8],
    pipeline: impl Transducer<Row, Out = Reading>,
) -> Result<(), Box<dyn Error>> {
    let mut source = rows(file)?;
    let mut read = 0;
    let strong = compose((pipeline, filtering(|reading: &Reading| reading.quake.magnitude >= Some(5.0)), taking(3)));
    let found: Vec<Reading> = source.by_ref().inspect(|_| read += 1).transduce(strong).collect();
    // The source was lent: what the pipeline did not want is still there.
    let unread = source.count();
    writeln!(
        out,
        "\nThe first {} of magnitude 5 and more in the file, lazily: {read} rows read, {unread} left unread",
        found.len()
    )?;
    for reading in &found {
        writeln!(out, "  {}", report::line(&reading.quake))?;
    }
    Ok(())
}

/// The rows, each when it happened, with all the time that they span compressed into `duration`.
fn replay(rows: &[Row], duration: Duration) -> impl ExactSizeIterator<Item = Row> {
    let time = |row: &Row| row.as_ref().ok().map(|event| event.time);
    let (first, last) = (rows.iter().find_map(time), rows.iter().next_back().and_then(time));
    let since_first = move |time: Timestamp| first.map_or(0.0, |first| time.duration_since(first).as_secs_f64());
    let span = last.map_or(0.0, since_first);
    let start = Instant::now();
    rows.iter().cloned().inspect(move |row| {
        // From the start and not from the event before, so that sleeping too long does not add up.
        if let (Some(time), true) = (time(row), span > 0.0) {
            let due = duration.mul_f64(since_first(time) / span);
            thread::sleep(due.saturating_sub(start.elapsed()));
        }
    })
}

/// The command line.
struct Options {
    /// `-` is standard input.
    input: PathBuf,
    output: PathBuf,
    duration: Duration,
}

impl Options {
    /// `None` if help was asked for.
    fn parse(mut arguments: lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self {
            input: Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/earthquakes.csv"),
            output: "target/earthquakes.svg".into(),
            duration: Duration::from_secs(3),
        };
        let mut has_input = false;
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                Arg::Long("output") => options.output = arguments.value()?.into(),
                Arg::Long("seconds") => {
                    let seconds = |text: &str| text.parse().ok().and_then(|s| Duration::try_from_secs_f64(s).ok());
                    options.duration =
                        arguments.value()?.parse_with(|text| seconds(text).ok_or("not a number of seconds"))?;
                }
                Arg::Value(file) if !has_input => {
                    options.input = file.into();
                    has_input = true;
                }
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(options))
    }

    fn name(&self) -> String {
        if self.input.as_os_str() == "-" { "standard input".into() } else { self.input.display().to_string() }
    }

    /// The whole file, because three runs read it.
    fn read(&self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = if self.input.as_os_str() == "-" {
            io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(&self.input)
        };
        read.map_err(|error| format!("cannot read {}: {error}", self.name()))
    }

    fn write(&self, plot: &str) -> Result<(), String> {
        let directory = self.output.parent().map_or(Ok(()), fs::create_dir_all);
        let written = directory.and_then(|()| fs::write(&self.output, plot));
        written.map_err(|error| format!("cannot write {}: {error}", self.output.display()))
    }
}

fn main() -> ExitCode {
    let result = match Options::parse(lexopt::Parser::from_env()) {
        Ok(Some(options)) => run(&options),
        Ok(None) => io::stdout().write_all(HELP.as_bytes()).map_err(Into::into),
        Err(error) => Err(format!("{error}\n\n{HELP}").into()),
    };
    let error = match result {
        Ok(()) => return ExitCode::SUCCESS,
        Err(error) => match error.downcast::<io::Error>() {
            // Whoever reads the output has seen enough of it, as `head` has: early termination, from outside.
            Ok(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Ok(error) => format!("cannot write the output: {error}"),
            Err(error) => error.to_string(),
        },
    };
    // If nobody reads this either, the exit code still tells.
    let _ = writeln!(io::stderr(), "earthquakes: {error}");
    ExitCode::FAILURE
}
