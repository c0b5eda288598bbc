//! A program beside the loop that it replaces: files are read and hashed, those with the same content as another are left out, and
//! the others are listed by kind; the first error ends it. How many lines each takes is counted here, in this file.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    process,
};

use transducer::{reducers::IndexMap, *};

/// Names of files, by the kind of file.
type Listed = IndexMap<String, Vec<String>>;

// begin: a pipeline
fn listed(paths: Vec<PathBuf>) -> io::Result<Listed> {
    let once = pipeline::<PathBuf>()
        .map(|path| Ok::<_, io::Error>((hash_of(&fs::read(&path)?), path)))
        .on_ok(pipeline::<(u64, PathBuf)>().distinct_by_key(|(hash, _)| *hash).map(|(_, path)| path));
    let by_kind = grouping(kind_of, mapping(name_of).apply(appending()));
    transduce(once, trying(by_kind), paths)
}
// end

// begin: by hand
fn listed_by_hand(paths: Vec<PathBuf>) -> io::Result<Listed> {
    let mut seen = HashSet::new();
    let mut listed = Listed::default();
    for path in paths {
        let content = fs::read(&path)?;
        if seen.insert(hash_of(&content)) {
            listed.entry(kind_of(&path)).or_default().push(name_of(path));
        }
    }
    Ok(listed)
}
// end

/// FNV-1a.
fn hash_of(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[allow(clippy::ptr_arg)] // a key is a function of an item
fn kind_of(path: &PathBuf) -> String {
    path.extension().unwrap_or_default().to_string_lossy().into_owned()
}

fn name_of(path: PathBuf) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A folder of its own, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Self(std::env::temp_dir().join(format!("transducer-{name}-{}", process::id())));
        fs::create_dir_all(&folder.0).unwrap();
        files.iter().for_each(|(name, content)| fs::write(folder.0.join(name), content).unwrap());
        folder
    }

    fn paths(&self, names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| self.0.join(name)).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all::<&Path>(&self.0);
    }
}

const FILES: [(&str, &str); 5] =
    [("a.txt", "one"), ("b.rs", "two"), ("c.txt", "one"), ("d.txt", "three"), ("e", "four")];

#[test]
fn files_are_listed_by_kind_without_those_whose_content_has_come() {
    let folder = Folder::with("listed", &FILES);
    let paths = || folder.paths(&FILES.map(|(name, _)| name));
    let expected: Listed = [("txt", vec!["a", "d"]), ("rs", vec!["b"]), ("", vec!["e"])]
        .into_iter()
        .map(|(kind, names)| (kind.into(), names.into_iter().map(Into::into).collect()))
        .collect();
    assert_eq!(listed(paths()).unwrap(), expected);
    assert_eq!(listed_by_hand(paths()).unwrap(), expected);
}

#[test]
fn the_first_file_that_cannot_be_read_ends_it() {
    let folder = Folder::with("missing", &FILES);
    let paths = || folder.paths(&["a.txt", "missing.txt", "b.rs"]);
    assert_eq!(listed(paths()).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert_eq!(listed_by_hand(paths()).unwrap_err().kind(), io::ErrorKind::NotFound);
}

/// How many lines of this file are between `// begin: name` and `// end`.
fn lines_of(name: &str) -> usize {
    let begin = format!("// begin: {name}");
    let part = include_str!("files.rs").lines().skip_while(|line| *line != begin).skip(1);
    part.take_while(|line| *line != "// end").count()
}

#[test]
fn the_pipeline_takes_no_more_lines() {
    assert_eq!(["a pipeline", "by hand"].map(lines_of), [7, 11]);
}
