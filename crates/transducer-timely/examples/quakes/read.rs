//! Reading: the rows of a part of a file.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use csv::{ReaderBuilder, StringRecord};

/// The columns that are read, where they are in the layout of the feeds.
const HEADER: &str = "time,latitude,longitude,depth,mag,";

/// Refuses files that can't be read, or have another layout, before anything is started.
pub fn check(files: &[PathBuf]) -> io::Result<()> {
    for path in files {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let mut start = String::new();
        File::open(path).and_then(|file| file.take(200).read_to_string(&mut start)).map_err(named)?;
        if !start.starts_with(HEADER) {
            return Err(named(io::Error::new(io::ErrorKind::InvalidData, format!("it doesn't begin with `{HEADER}`"))));
        }
    }
    Ok(())
}

/// The rows that begin in part `index` of `parts` of the file, as bytes; no row has a line break inside.
///
/// Panics if the file can't be read. That ends the job.
pub fn part(path: PathBuf, index: usize, parts: usize) -> impl Iterator<Item = StringRecord> {
    let failed = |error: &dyn std::fmt::Display| -> ! { panic!("{}: {error}", path.display()) };
    let reader = range(&path, index as u64, parts as u64).unwrap_or_else(|error| failed(&error));
    let path = path.clone();
    ReaderBuilder::new().has_headers(false).from_reader(reader).into_records().map(move |row| match row {
        Ok(row) => row,
        Err(error) => panic!("{}: {error}", path.display()),
    })
}

/// A part of the file that begins and ends with a row. The first one is without the header.
fn range(path: &Path, index: u64, parts: u64) -> io::Result<io::Take<BufReader<File>>> {
    let mut file = BufReader::new(File::open(path)?);
    let length = file.get_ref().metadata()?.len();
    let mut begin_of = |index: u64| {
        // The row that begins at the cut or behind it; the header isn't one.
        let cut = (u128::from(length) * u128::from(index) / u128::from(parts)) as u64;
        file.seek(SeekFrom::Start(cut.saturating_sub(1)))?;
        let skipped = file.skip_until(b'\n')?;
        io::Result::Ok((cut.saturating_sub(1) + skipped as u64).min(length))
    };
    let (begin, end) = (begin_of(index)?, begin_of(index + 1)?);
    file.seek(SeekFrom::Start(begin))?;
    Ok(file.take(end - begin))
}
