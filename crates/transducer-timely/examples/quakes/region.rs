//! Rows, and what is known of a region.

use std::{collections::BTreeMap, fmt};

use csv::StringRecord;
use jiff::Timestamp;
use transducer::{Combine, prelude::*};

/// What a row tells. Whole numbers only, so that sums are the same in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub kind: String,
    pub region: String,
    /// `None` if nobody has given it one.
    pub hundredths: Option<i64>,
    pub metres: i64,
    /// Milliseconds since 1970 in UTC.
    pub millis: i64,
}

impl Row {
    /// Reads a row. Panics if it can't be read, which ends the job: a table with rows left out would be wrong.
    pub fn parse(record: StringRecord) -> Self {
        let failed = |column: &str, text: &str| -> ! {
            let line = record.position().map_or(0, |position| position.line());
            panic!("row {line} of its part, {record:?}: {column} is `{text}`")
        };
        let text = |column: usize| record.get(column).unwrap_or_else(|| failed("a column", ""));
        let number = |column: usize, name: &str, scale: f64| {
            let number: f64 = text(column).parse().unwrap_or_else(|_| failed(name, text(column)));
            (number * scale).round() as i64
        };
        let time: Timestamp = text(0).parse().unwrap_or_else(|_| failed("the time", text(0)));
        // "4km W of Castaic, CA" is in CA, "Near the coast of Peru" where it says.
        let place = text(13);
        let region = place.rsplit_once(", ").map_or(place, |(_, region)| region);
        Self {
            kind: text(14).to_owned(),
            region: region.to_owned(),
            hundredths: (!text(4).is_empty()).then(|| number(4, "the magnitude", 100.0)),
            metres: if text(3).is_empty() { 0 } else { number(3, "the depth", 1_000.0) },
            millis: time.as_millisecond(),
        }
    }
}

/// Magnitude, depth and time of an earthquake.
pub type Quake = (i64, i64, i64);

/// The quake of a row, with its region. The files have explosions and quarry blasts, too.
pub fn quake(row: Row) -> Option<(String, Quake)> {
    let Row { kind, region, hundredths, metres, millis } = row;
    let hundredths = hundredths.filter(|_| kind == "earthquake")?;
    Some((region, (hundredths, metres, millis)))
}

/// How many, the strongest, the sum of the depths, and the latest.
pub type Summary = (usize, Option<i64>, i64, Option<i64>);

/// What is made of the quakes of a region.
pub fn summary() -> impl Combine<(String, Quake), Output = Summary, Acc: timely::ExchangeData> + 'static {
    mapping(|(_, quake): (String, Quake)| quake).apply((
        counting(),
        mapping(|(hundredths, ..): Quake| hundredths).apply(maximum()),
        mapping(|(_, metres, _): Quake| metres).apply(summing::<i64>()),
        mapping(|(.., millis): Quake| millis).apply(maximum()),
    ))
}

/// The regions, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions(pub BTreeMap<String, Summary>);

impl Extend<(String, Summary)> for Regions {
    fn extend<I: IntoIterator<Item = (String, Summary)>>(&mut self, regions: I) {
        for (region, (count, strongest, metres, latest)) in regions {
            let all = self.0.entry(region).or_default();
            *all = (all.0 + count, all.1.max(strongest), all.2 + metres, all.3.max(latest));
        }
    }
}

impl Regions {
    pub fn add(&mut self, others: &Self) {
        self.extend(others.0.iter().map(|(region, summary)| (region.clone(), *summary)));
    }
}

/// A table, the region with the most quakes first.
impl fmt::Display for Regions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut regions: Vec<_> = self.0.iter().collect();
        regions.sort_by_key(|(region, (count, ..))| (std::cmp::Reverse(*count), *region));
        writeln!(out, "{:<40} {:>9} {:>9} {:>9}  latest, UTC", "region", "quakes", "strongest", "mean km")?;
        for (region, (count, strongest, metres, latest)) in regions {
            let strongest = strongest.map_or(0.0, |hundredths| hundredths as f64 / 100.0);
            let depth = *metres as f64 / 1_000.0 / *count as f64;
            let latest = latest.and_then(|millis| Timestamp::from_millisecond(millis).ok());
            let latest = latest.map_or(String::new(), |latest| format!("{latest:.0}"));
            writeln!(out, "{region:<40} {count:>9} {strongest:>9.2} {depth:>9.1}  {latest}")?;
        }
        Ok(())
    }
}
