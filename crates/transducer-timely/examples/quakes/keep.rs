//! What is kept of each file, so that a run which is started again doesn't read it again.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
};

use crate::region::{Regions, Summary};

/// A folder with a file `NUMBER.tsv` for each file that is done.
#[derive(Clone, Debug)]
pub struct Kept {
    folder: PathBuf,
}

fn invalid(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

impl Kept {
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Writes down what was found in the file of this number: all of it, or, if the machine fails meanwhile, nothing.
    ///
    /// Panics if that fails. That ends the job.
    pub fn write(&self, number: u64, regions: &Regions) {
        let path = self.folder.join(format!("{number}.tsv"));
        let write = || {
            let beside = path.with_extension("part");
            let mut file = File::create(&beside)?;
            for (region, (count, strongest, metres, latest)) in &regions.0 {
                let text = |number: &Option<i64>| number.map_or(String::new(), |number| number.to_string());
                writeln!(file, "{region}\t{count}\t{}\t{metres}\t{}", text(strongest), text(latest))?;
            }
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().unwrap_or_else(|error: io::Error| panic!("{}: {error}", path.display()));
    }

    /// What was found in the files before this number.
    pub fn read_before(&self, number: u64) -> io::Result<Regions> {
        let mut regions = Regions::default();
        for number in self.numbers()?.into_iter().filter(|found| *found < number) {
            let path = self.folder.join(format!("{number}.tsv"));
            for line in fs::read_to_string(&path)?.lines() {
                let row = parse(line).ok_or_else(|| invalid(format!("{}: `{line}` is no region", path.display())))?;
                regions.extend([row]);
            }
        }
        Ok(regions)
    }

    /// The number of the file to go on from. Files are done in their order.
    pub fn next(&self, from: u64) -> io::Result<u64> {
        Ok(self.numbers()?.into_iter().map(|number| number + 1).max().unwrap_or(0).max(from))
    }

    fn numbers(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tsv") {
                numbers.extend(path.file_stem().and_then(|name| name.to_str()?.parse::<u64>().ok()));
            }
        }
        Ok(numbers)
    }
}

fn parse(line: &str) -> Option<(String, Summary)> {
    let mut columns = line.split('\t');
    let region = columns.next()?.to_owned();
    let mut number = || match columns.next()? {
        "" => Some(None),
        text => text.parse::<i64>().ok().map(Some),
    };
    let (count, strongest, metres, latest) = (number()??, number()?, number()??, number()?);
    Some((region, (usize::try_from(count).ok()?, strongest, metres, latest)))
}
