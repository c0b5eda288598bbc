//! Reading rows: a file in the layout of the USGS CSV feeds becomes events, and rows that cannot be read.

use std::{fmt, str};

use csv::{ByteRecord, ReaderBuilder};
use jiff::{Timestamp, tz::Offset};

/// One row of the file.
pub type Row = Result<Event, Malformed>;

/// What happened, where and when. USGS describes each column at
/// <https://earthquake.usgs.gov/earthquakes/feed/v1.0/csv.php>.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub time: Timestamp,
    /// What local clocks showed, as far as the file says: the feeds of today no longer do.
    pub offset: Option<Offset>,
    /// Degrees north and east.
    pub epicentre: (f64, f64),
    pub depth_km: Option<f64>,
    /// Some events have been located but not measured yet.
    pub magnitude: Option<f64>,
    pub network: String,
    pub kind: String,
    pub place: String,
}

/// No magnitude is near it: the strongest quakes have some 9.5, and -3 is a cracking stone. A plot has room for as much.
const GREATEST: f64 = 20.0;

/// Where a row cannot be read, and why. Both numbers count from 1, as an editor shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Malformed {
    pub line: usize,
    pub column: usize,
    pub name: String,
    pub reason: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {} ({}): {}", self.line, self.column, self.name, self.reason)
    }
}

/// The rows of `file`, each read when it is asked for. An empty file has none.
///
/// Columns are found by their names in the header, so that more of them, or another order, do no harm.
pub fn rows(file: &[u8]) -> Result<impl Iterator<Item = Row>, String> {
    const IN_MEMORY: &str = "reading from memory does not fail";

    // Flexible, because a row of the wrong length is this program's to report, not a reason to stop.
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(file);
    let header = reader.byte_headers().expect(IN_MEMORY).clone();
    let columns = Columns::find(&header)?;
    let mut lines = Lines { file, position: 0, line: 1 };
    Ok(reader.into_byte_records().map(move |record| {
        let record = record.expect(IN_MEMORY);
        columns.event(&record).map_err(|(column, reason)| {
            let name = header.get(column).map_or("beyond the header".into(), String::from_utf8_lossy);
            Malformed { line: lines.first_of(&record), column: column + 1, name: name.into_owned(), reason }
        })
    }))
}

/// Counts lines, each once, as far as they have been asked for.
struct Lines<'a> {
    file: &'a [u8],
    position: usize,
    /// The line of `position`.
    line: usize,
}

impl Lines<'_> {
    /// The line on which `record` begins, which is not before one that was asked for. The reader's own count does not
    /// yet know of line ends it has still to skip before the record: blank lines, and the second half of `\r\n`.
    fn first_of(&mut self, record: &ByteRecord) -> usize {
        let position = record.position().map_or(0, |position| position.byte() as usize);
        let skipped = self.file[position..].iter().take_while(|byte| b"\r\n".contains(byte)).count();
        let passed = &self.file[self.position..position + skipped];
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count();
        self.position += passed.len();
        self.line
    }
}

/// The place of each column that is used, counted from 0.
#[derive(Default)]
struct Columns {
    count: usize,
    time: usize,
    latitude: usize,
    longitude: usize,
    depth: usize,
    magnitude: usize,
    network: usize,
    place: usize,
    kind: usize,
    /// Minutes east of Greenwich. Not in the feed: see `examples/data/README.md`.
    offset: Option<usize>,
}

/// A column and what is wrong with its field.
type Fault = (usize, String);

impl Columns {
    fn find(header: &ByteRecord) -> Result<Self, String> {
        if header.is_empty() {
            return Ok(Self::default());
        }
        let find = |name: &str| header.iter().position(|field| field == name.as_bytes());
        let require =
            |name| find(name).ok_or_else(|| format!("not a USGS feed: its first line names no column `{name}`"));
        Ok(Self {
            count: header.len(),
            time: require("time")?,
            latitude: require("latitude")?,
            longitude: require("longitude")?,
            depth: require("depth")?,
            magnitude: require("mag")?,
            network: require("net")?,
            place: require("place")?,
            kind: require("type")?,
            offset: find("tz"),
        })
    }

    fn event(&self, record: &ByteRecord) -> Result<Event, Fault> {
        // First of all: in a row with a comma too many or too few, what follows is in the wrong column.
        if record.len() != self.count {
            let reason = format!("the row has {} fields, the header {}", record.len(), self.count);
            return Err((record.len().min(self.count), reason));
        }
        let time = text(record, self.time)?;
        let time = time.parse().map_err(|_| (self.time, format!("`{time}` is not a time in ISO 8601 with a zone")))?;
        Ok(Event {
            time,
            offset: self.offset.map_or(Ok(None), |column| offset(record, column))?,
            epicentre: (coordinate(record, self.latitude, 90.0)?, coordinate(record, self.longitude, 180.0)?),
            depth_km: number(record, self.depth)?,
            magnitude: magnitude(record, self.magnitude)?,
            network: text(record, self.network)?.to_owned(),
            kind: text(record, self.kind)?.to_owned(),
            place: text(record, self.place)?.to_owned(),
        })
    }
}

fn text(record: &ByteRecord, column: usize) -> Result<&str, Fault> {
    str::from_utf8(&record[column]).map(str::trim).map_err(|_| (column, "the text is not UTF-8".into()))
}

/// A finite number, or `None` where the field is empty.
fn number(record: &ByteRecord, column: usize) -> Result<Option<f64>, Fault> {
    match text(record, column)? {
        "" => Ok(None),
        field => match field.parse() {
            Ok(number) if f64::is_finite(number) => Ok(Some(number)),
            _ => Err((column, format!("`{field}` is not a number"))),
        },
    }
}

fn magnitude(record: &ByteRecord, column: usize) -> Result<Option<f64>, Fault> {
    match number(record, column)? {
        Some(number) if number.abs() > GREATEST => {
            Err((column, format!("`{}` is not a magnitude", text(record, column)?)))
        }
        number => Ok(number),
    }
}

fn coordinate(record: &ByteRecord, column: usize, limit: f64) -> Result<f64, Fault> {
    match number(record, column)? {
        Some(degrees) if degrees.abs() <= limit => Ok(degrees),
        Some(degrees) => Err((column, format!("{degrees} is more than {limit} degrees"))),
        None => Err((column, "there is no number".into())),
    }
}

fn offset(record: &ByteRecord, column: usize) -> Result<Option<Offset>, Fault> {
    match text(record, column)? {
        "" => Ok(None),
        field => {
            let seconds = field.parse::<i32>().ok().and_then(|minutes| minutes.checked_mul(60));
            let offset = seconds.and_then(|seconds| Offset::from_seconds(seconds).ok());
            offset.map(Some).ok_or_else(|| (column, format!("`{field}` is not an offset from UTC in minutes")))
        }
    }
}
