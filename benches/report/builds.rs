//! The same figures under other profiles, and how long pipelines take to compile.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{figures::Measured, times::median};

/// The argument by which this program is told to measure itself and write the figures to a file.
pub(crate) const MEASURED: &str = "--measured";

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.stdout(Stdio::null());
    cargo
}

/// Builds this program with another profile, and has it measure itself.
pub(crate) fn measure(profile: &str, scratch: &Path) -> io::Result<Measured> {
    let path = scratch.join("figures.txt");
    let status = cargo()
        .args(["bench", "--quiet", "--bench", "report", "--profile", profile, "--", MEASURED])
        .arg(&path)
        .current_dir(ROOT)
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("the report with profile {profile}: {status}")));
    }
    let measured = Measured::read(&path)?;
    fs::remove_file(path)?;
    Ok(measured)
}

/// How long it takes to compile so many stages, by the same number of `Iterator` adaptors.
pub(crate) struct Compiling {
    pub(crate) stages: usize,
    pub(crate) profile: &'static str,
    pub(crate) fluent: Option<f64>,
    pub(crate) iterator: Option<f64>,
}

/// Compiles pipelines and adaptors in turns, three times each.
pub(crate) fn compile(scratch: &Path) -> io::Result<Vec<Compiling>> {
    let project = scratch.join("compiling");
    fs::create_dir_all(project.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"compiling\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\ntransducer = {{ path = {ROOT:?} }}\n[workspace]\n"
    );
    fs::write(project.join("Cargo.toml"), manifest)?;
    fs::copy(Path::new(ROOT).join("Cargo.lock"), project.join("Cargo.lock"))?;
    let mut all = vec![];
    for profile in ["dev", "release"] {
        // Whatever they depend on is not to be timed.
        build(&project, profile, "fn main() {}")?;
        for stages in [8, 32, 64] {
            let (mut fluent, mut iterator) = (vec![], vec![]);
            for _ in 0..3 {
                fluent.extend(build(&project, profile, &fluent_program(stages))?);
                iterator.extend(build(&project, profile, &iterator_program(stages))?);
            }
            let median = |times: Vec<f64>| (!times.is_empty()).then(|| median(times));
            all.push(Compiling { stages, profile, fluent: median(fluent), iterator: median(iterator) });
        }
    }
    Ok(all)
}

/// Seconds; `None` if it does not compile.
fn build(project: &Path, profile: &str, program: &str) -> io::Result<Option<f64>> {
    fs::write(project.join("src/main.rs"), program)?;
    let start = Instant::now();
    let status = cargo()
        .args(["build", "--quiet", "--profile", profile])
        .current_dir(project)
        .env("CARGO_TARGET_DIR", project.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .stderr(Stdio::null())
        .status()?;
    Ok(status.success().then(|| start.elapsed().as_secs_f64()))
}

/// `stages` adaptors by methods that pipelines and iterators have in common.
fn stages(count: usize) -> String {
    (0..count)
        .map(|stage| match stage % 4 {
            0 => format!("        .map(|x| x ^ {stage})\n"),
            1 => format!("        .filter(|x| x % {} != 1)\n", stage + 2),
            2 => format!("        .map(|x| x + {stage})\n"),
            _ => format!("        .filter_map(|x| x.checked_sub({stage}))\n"),
        })
        .collect()
}

fn fluent_program(count: usize) -> String {
    let stages = stages(count);
    format!(
        "use transducer::*;\n\nfn main() {{\n    let stages = pipeline::<u64>()\n{stages};\n    \
         println!(\"{{}}\", transduce(stages, summing::<u64>(), 0..std::env::args().count() as u64));\n}}\n"
    )
}

fn iterator_program(count: usize) -> String {
    let stages = stages(count);
    format!(
        "fn main() {{\n    let stages = (0..std::env::args().count() as u64)\n{stages};\n    \
         println!(\"{{}}\", stages.sum::<u64>());\n}}\n"
    )
}
