//! What was found, in words.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use jiff::{SignedDuration, civil::Date, tz::Offset};
use transducer::{
    Transducer, appending, collecting, compose, counting, filter_mapping, filtering, frequencies, mapping,
    maximum_by_key, pipeline, reducers::IndexMap, sorting_by, taking, transduce,
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
const UNKNOWN: &str = "not known";

/// Prints the report. `rows` and `readings` are in order of time.
pub fn print<'a>(out: &mut impl Write, name: &str, rows: &[Row], readings: &'a [Reading]) -> io::Result<()> {
    // A tuple of reducers is a reducer, and a stage applied to a reducer too: all in one pass.
    let malformed = filtering(|row: &&Row| row.is_err()).apply(counting());
    let kinds = filter_mapping(|row: &Row| row.as_ref().ok().map(|event| event.kind.clone())).apply(frequencies());
    let (malformed, kinds) = transduce(pipeline(), (malformed, kinds), rows);
    writeln!(out, "{name}\n{} rows, of which malformed: {malformed}", rows.len())?;
    table(out, "Events by kind (the rest is about earthquakes)", by_count(kinds))?;

    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return writeln!(out, "\nThere are no earthquakes to report on.");
    };
    let figures = (
        compose((
            filter_mapping(|reading: &'a Reading| Some((reading.quake.magnitude?, &reading.quake))),
            sorting_by(|(one, _): &(f64, _), (other, _): &(f64, _)| other.total_cmp(one)),
            taking(10),
        ))
        .apply(appending()),
        mapping(|reading: &Reading| reading.quake.network.clone()).apply(frequencies()),
        mapping(|reading: &Reading| class(&reading.quake)).apply(frequencies()),
        maximum_by_key(|reading: &&Reading| reading.quiet()),
        // In a map, a later reading takes the place of an earlier one of the same day.
        filter_mapping(|reading: &Reading| Some((day(&reading.quake), reading.average?))).apply(collecting()),
    );
    let (strongest, networks, classes, quietest, averages) = transduce(pipeline(), figures, readings);

    writeln!(out, "\nFirst and last\n  {}\n  {}", line(&first.quake), line(&last.quake))?;
    writeln!(out, "\nStrongest")?;
    for (_, quake) in strongest {
        writeln!(out, "  {}", line(quake))?;
    }
    table(out, "By network", by_count(networks))?;
    let in_order = CLASSES.iter().map(|&(name, _)| name).chain([UNKNOWN]);
    table(out, "By magnitude", in_order.filter_map(|name| Some((name, *classes.get(name)?))))?;
    if let Some((reading, quiet)) = quietest.and_then(|reading| Some((reading, reading.quiet()?))) {
        let rounded = SignedDuration::from_secs(quiet.as_secs());
        writeln!(out, "\nLongest quiet time: {rounded:#}, until\n  {}", line(&reading.quake))?;
    }
    writeln!(out, "\nMoving average of magnitude over {WINDOW} quakes, at the end of each day in UTC")?;
    let averages: BTreeMap<Date, f64> = averages;
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

fn class(quake: &Event) -> &'static str {
    let Some(magnitude) = quake.magnitude else { return UNKNOWN };
    CLASSES.iter().find(|&&(_, end)| magnitude < end).map_or(UNKNOWN, |&(name, _)| name)
}

fn day(quake: &Event) -> Date {
    Offset::UTC.to_datetime(quake.time).date()
}

/// The most frequent first.
fn by_count<T>(mut counts: IndexMap<T, usize>) -> IndexMap<T, usize> {
    counts.sort_by(|_, one, _, other| other.cmp(one));
    counts
}

fn table<T: AsRef<str>>(
    out: &mut impl Write,
    title: &str,
    counts: impl IntoIterator<Item = (T, usize)>,
) -> io::Result<()> {
    writeln!(out, "\n{title}")?;
    counts.into_iter().try_for_each(|(name, count)| writeln!(out, "  {:<18}{count:>6}", name.as_ref()))
}
