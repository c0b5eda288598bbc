//! A week of earthquakes as it came in: live, at a speed that you choose, then again from the recording of that, at full
//! speed. Both give the same news.
//!
//! ```text
//! cargo run --release --example replay                    # the week of 2018 in examples/data, in some 3 seconds
//! cargo run --release --example replay -- --speed 20000   # in half a minute; Ctrl-C ends the input, and flushes
//! ```
//!
//! `pipeline` below is the one definition: it waits, and reads no clock. The live run is told the time by `Fast`, a timer
//! whose hours are short; the other one by the recording.

// In a program `pub` means what its other modules may use; this one uses less of an event than the other program does.
#![allow(dead_code, unreachable_pub)]

#[path = "../earthquakes/event.rs"]
mod event;

use std::{
    cell::RefCell,
    error::Error,
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use event::{Event, rows};
use futures::{StreamExt, stream};
use jiff::{Timestamp, tz::TimeZone};
use lexopt::{Arg, ValueExt};
use tokio::{
    signal::ctrl_c,
    sync::mpsc,
    time::{Sleep, sleep},
};
use transducer::{
    drivers::Timer,
    prelude::*,
    sources::Recorded,
    stages::FoldedWindow,
    {Time, Transducer},
};

const HELP: &str = "\
Replays the earthquakes in a USGS CSV feed, at a speed of your choice and then at full speed.

Usage: replay [FILE] [--speed TIMES]

  FILE      such as https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_week.csv; without
            it, a week of 2018 that comes with the program
  --speed   how many times as fast as it happened [200000]
";

const HOUR: Duration = Duration::from_secs(3_600);

/// What is told as soon as it is known.
#[derive(Clone, Debug, PartialEq)]
enum News {
    /// No quake for half an hour since this one, or until the end.
    Quiet(Event),
    /// So many quakes at once, or as many as came within some hours of the first, with the greatest magnitude.
    Digest(usize, Option<f64>),
    /// The quakes that a network has located, none more than some hours after the one before; likewise.
    Swarm(String, FoldedWindow<Time, (usize, Option<f64>)>),
}

/// The pipeline: earthquakes in, news out. Each stage of it waits for something.
fn pipeline() -> impl Transducer<Event, Out = News> + Clone {
    let summary = || (counting(), filter_mapping(|quake: Event| quake.magnitude).apply(maximum_by(f64::total_cmp)));
    let swarms = sessioning(Time::from_secs(3 * 3_600), moment).timed().folding(summary());
    fan_out((
        compose((debouncing(HOUR / 2), mapping(News::Quiet))),
        compose((
            batching_within(100, 12 * HOUR).folding(summary()),
            mapping(|(count, strongest)| News::Digest(count, strongest)),
        )),
        compose((
            by_key(|quake: &Event| quake.network.clone(), swarms),
            filtering(|(_, swarm): &(_, FoldedWindow<_, (usize, _)>)| swarm.output.0 >= 10),
            mapping(|(network, swarm)| News::Swarm(network, swarm)),
        )),
    ))
}

/// When an event happened, from the Unix epoch.
fn moment(event: &Event) -> Time {
    Time::from_nanos(event.time.as_nanosecond())
}

/// Shows a moment, with its time zone.
fn zoned(moment: Time) -> impl fmt::Display {
    let time = Timestamp::from_nanosecond(moment.as_nanos()).unwrap_or(Timestamp::MAX);
    time.to_zoned(TimeZone::UTC).strftime("%F %H:%M:%S %Z").to_string()
}

impl fmt::Display for News {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at_most = |strongest: &Option<f64>| strongest.map_or(String::new(), |most| format!(", up to M {most:.1}"));
        match self {
            Self::Quiet(quake) => write!(out, "quiet since {}, {}", zoned(moment(quake)), quake.place),
            Self::Digest(count, strongest) => write!(out, "{count} quakes{}", at_most(strongest)),
            Self::Swarm(network, FoldedWindow { start, end, output: (count, strongest), .. }) => {
                let most = at_most(strongest);
                write!(out, "{network}: {count} quakes from {} to {}{most}", zoned(*start), zoned(*end))
            }
        }
    }
}

/// A timer whose time goes faster than that of the clock on the wall.
#[derive(Clone, Copy)]
struct Fast {
    began: Instant,
    origin: Time,
    speed: f64,
}

impl Timer for Fast {
    type Sleep = Sleep;

    fn now(&self) -> Time {
        self.origin.checked_add(self.began.elapsed().mul_f64(self.speed)).unwrap_or(Time::END)
    }

    fn sleep_until(&self, moment: Time) -> Sleep {
        sleep(self.wait_for(moment))
    }
}

impl Fast {
    /// How long it really takes until it is `moment`.
    fn wait_for(&self, moment: Time) -> Duration {
        moment.since(self.now()).div_f64(self.speed)
    }
}

/// Sends each event when it happens, from a thread of its own. It ends when nobody receives any more.
fn happening(events: Vec<Event>, clock: Fast) -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(64);
    thread::spawn(move || {
        for event in events {
            thread::sleep(clock.wait_for(moment(&event)));
            if sender.blocking_send(event).is_err() {
                break;
            }
        }
    });
    receiver
}

async fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let file = fs::read(&options.input).map_err(|error| format!("cannot read {}: {error}", options.input.display()))?;
    let is_quake = filtering(|event: &Event| event.kind == "earthquake");
    let by_time = sorting_by_key(|event: &Event| event.time);
    let quakes: Vec<Event> = rows(&file)?.transduce(compose((filter_mapping(Result::ok), is_quake, by_time))).collect();
    let origin = quakes.first().map(moment).ok_or("there are no earthquakes in it")?;

    // Live: told the time by a clock, also while nothing comes.
    let clock = Fast { began: Instant::now(), origin, speed: options.speed };
    let log = RefCell::new(vec![]);
    let write_down = recording(|event: Recorded<&Event>| log.borrow_mut().push(event.cloned()));
    let mut receiver = happening(quakes, clock);
    let until_interrupted = stream::poll_fn(move |context| receiver.poll_recv(context)).take_until(ctrl_c());
    let news = until_interrupted.transduce_timed(compose((write_down, pipeline(), stamping())), clock);
    let live: Vec<(Time, News)> = news
        .map(|(known, news)| {
            writeln!(io::stdout(), "{}  {news}", zoned(known))?;
            Ok::<_, io::Error>((known, news))
        })
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;

    // Once more, as fast as it goes: the recording has the moments.
    let began = Instant::now();
    let replayed = recorded_source(
        log.borrow().iter().cloned(),
        timed_transduce(compose((pipeline(), stamping())), collection_sink(vec![])),
    );
    if replayed != live {
        return Err("the replay does NOT agree with the live run".into());
    }
    let took = began.elapsed();
    writeln!(
        io::stdout(),
        "\nReplayed at full speed, in {took:.1?}: {} events, and the same {} news at the same moments.",
        log.borrow().len() - 1,
        live.len()
    )?;
    Ok(())
}

/// The command line.
struct Options {
    input: PathBuf,
    speed: f64,
}

impl Options {
    /// `None` if help was asked for.
    fn parse(mut arguments: lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let mut options = Self {
            input: Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/earthquakes.csv"),
            speed: 200_000.0,
        };
        let mut has_input = false;
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                Arg::Long("speed") => {
                    let speed = |text: &str| text.parse().ok().filter(|speed| (1e-3..=1e9).contains(speed));
                    options.speed =
                        arguments.value()?.parse_with(|text| speed(text).ok_or("not a number from 0.001 to 1e9"))?;
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
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match Options::parse(lexopt::Parser::from_env()) {
        Ok(Some(options)) => run(&options).await,
        Ok(None) => io::stdout().write_all(HELP.as_bytes()).map_err(Into::into),
        Err(error) => Err(format!("{error}\n\n{HELP}").into()),
    };
    let error = match result {
        Ok(()) => return ExitCode::SUCCESS,
        Err(error) => match error.downcast::<io::Error>() {
            // Whoever reads the output has seen enough of it.
            Ok(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Ok(error) => format!("cannot write the output: {error}"),
            Err(error) => error.to_string(),
        },
    };
    let _ = writeln!(io::stderr(), "replay: {error}");
    ExitCode::FAILURE
}
