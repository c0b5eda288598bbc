//! What was found, in words. Each figure is one run of a reducer, over the rows or over the readings.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
    io::{self, Write},
};

use jiff::{SignedDuration, civil::Date, tz::Offset};
use transducer::{
    appending, collecting, compose, counting, filter_mapping, filtering, folding, frequencies, mapping, sorting_by,
    taking, transduce,
};

use crate::{
    Reading, WINDOW,
    event::{Event, Row},
};

/// The names that seismologists have for magnitudes, and where each ends.
const CLASSES: [(&str, f64); 7] = [
    ("below 3, micro", 3.0),
    ("3 to 4, minor", 4.0),
    ("4 to 5, light", 5.0),
    ("5 to 6, moderate", 6.0),
    ("6 to 7, strong", 7.0),
    ("7 to 8, major", 8.0),
    ("from 8, great", f64::INFINITY),
];

/// Prints the report. `rows` and `readings` are in order of time.
pub fn print(out: &mut impl Write, name: &str, rows: &[Row], readings: &[Reading]) -> io::Result<()> {
    let malformed = transduce(filtering(|row: &&Row| row.is_err()), counting(), rows);
    writeln!(out, "{name}\n{} rows, of which malformed: {malformed}", rows.len())?;
    let kind = filter_mapping(|row: &Row| row.as_ref().ok().map(|event| event.kind.clone()));
    table(out, "Events by kind (the rest is about earthquakes)", &by_count(transduce(kind, frequencies(), rows)))?;

    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return writeln!(out, "\nThere are no earthquakes to report on.");
    };
    writeln!(out, "\nFirst and last")?;
    writeln!(out, "  {}\n  {}", line(&first.quake), line(&last.quake))?;

    // Magnitudes are finite, so that all compare; of equal ones, the first comes first.
    let strongest = compose((
        filtering(|reading: &&Reading| reading.quake.magnitude.is_some()),
        sorting_by(|one: &&Reading, other: &&Reading| {
            other.quake.magnitude.partial_cmp(&one.quake.magnitude).unwrap_or(Ordering::Equal)
        }),
        taking(10),
    ));
    writeln!(out, "\nStrongest")?;
    for reading in transduce(strongest, appending(), readings) {
        writeln!(out, "  {}", line(&reading.quake))?;
    }

    let network = mapping(|reading: &Reading| reading.quake.network.clone());
    table(out, "By network", &by_count(transduce(network, frequencies(), readings)))?;

    // By its place in the list, so that the counts come in the order of the classes.
    let class =
        |quake: &Event| CLASSES.iter().position(|&(_, end)| quake.magnitude.is_some_and(|magnitude| magnitude < end));
    let class = mapping(move |reading: &Reading| {
        class(&reading.quake).map_or((CLASSES.len(), "not known"), |at| (at, CLASSES[at].0))
    });
    let mut classes: Vec<_> = transduce(class, frequencies(), readings).into_iter().collect();
    classes.sort();
    let classes: Vec<_> = classes.into_iter().map(|((_, name), count)| (name, count)).collect();
    table(out, "By magnitude", &classes)?;

    let longest = folding(None, |longest, quiet: (SignedDuration, &Reading)| match longest {
        Some((duration, _)) if duration >= quiet.0 => longest,
        _ => Some(quiet),
    });
    let quiet = filter_mapping(|reading| Reading::quiet(reading).map(|duration| (duration, reading)));
    if let Some((duration, reading)) = transduce(quiet, longest, readings) {
        let rounded = SignedDuration::from_secs(duration.as_secs());
        writeln!(out, "\nLongest quiet time: {rounded:#}, until\n  {}", line(&reading.quake))?;
    }

    // A later reading takes the place of an earlier one of the same day.
    let day = |reading: &Reading| Offset::UTC.to_datetime(reading.quake.time).date();
    let average = filter_mapping(move |reading: &Reading| Some((day(reading), reading.average?)));
    let averages: BTreeMap<Date, f64> = transduce(average, collecting(), readings);
    writeln!(out, "\nMoving average of magnitude over {WINDOW} quakes, at the end of each day in UTC")?;
    for (day, average) in averages {
        writeln!(out, "  {day}  {average:.2}  {}", "*".repeat((average * 10.0).max(0.0) as usize))?;
    }
    Ok(())
}

/// A quake in one line: its time in UTC and, where it is known, in local time.
pub fn line(quake: &Event) -> String {
    let local = quake.offset.map_or(String::new(), |offset| format!("{:.0}", quake.time.display_with_offset(offset)));
    let (north, east) = quake.epicentre;
    let depth = quake.depth_km.map_or(String::new(), |depth| format!(", {depth:.0} km deep"));
    format!("{}  {:.3}  {local:25}  {} ({north:.2}, {east:.2}{depth})", magnitude(quake), quake.time, quake.place)
}

/// As seismologists write it, always six characters.
pub fn magnitude(quake: &Event) -> String {
    quake.magnitude.map_or("M   ? ".into(), |magnitude| format!("M {magnitude:<4.1}"))
}

/// The most frequent first.
fn by_count<T>(counts: impl IntoIterator<Item = (T, usize)>) -> Vec<(T, usize)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| Reverse(count));
    counts
}

fn table(out: &mut impl Write, title: &str, counts: &[(impl AsRef<str>, usize)]) -> io::Result<()> {
    writeln!(out, "\n{title}")?;
    counts.iter().try_for_each(|(name, count)| writeln!(out, "  {:<18}{count:>6}", name.as_ref()))
}
