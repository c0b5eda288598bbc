//! The example `quakes`, run as a user runs it: the same table from one worker, threads and processes, and after a machine was
//! lost.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/earthquakes.csv");

/// How long a test waits for what should happen soon.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program, beside this one.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--example", "quakes", "--profile", profile])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(built.expect("cargo runs").success());
    let this = std::env::current_exe().expect("it has a path");
    this.parent().and_then(Path::parent).expect("it is in a folder").join("examples/quakes")
});

struct Ran {
    code: Option<i32>,
    output: String,
    errors: String,
}

/// A process that doesn't outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(arguments: &[&str], files: &[&str]) -> Running {
    let mut command = Command::new(&*PROGRAM);
    command.args(arguments).args(files).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Running(command.spawn().expect("the program starts"))
}

impl Running {
    /// Waits for its end. It writes less than a pipe holds.
    fn ended(mut self) -> Ran {
        wait_until(|| self.0.try_wait().expect("it is a child").is_some());
        let text = |pipe: Option<&mut dyn std::io::Read>| {
            let mut text = String::new();
            pipe.expect("a pipe").read_to_string(&mut text).expect("UTF-8");
            text
        };
        let output = text(self.0.stdout.as_mut().map(|pipe| pipe as _));
        let errors = text(self.0.stderr.as_mut().map(|pipe| pipe as _));
        Ran { code: self.0.wait().expect("it has ended").code(), output, errors }
    }
}

fn wait_until(mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited too long");
        thread::sleep(Duration::from_millis(2));
    }
}

/// A folder of one test's own, and in it a file with as many addresses as there are processes.
fn folder(test: &str, processes: usize) -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("quakes-{test}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let listeners: Vec<_> = (0..processes).map(|_| TcpListener::bind("127.0.0.1:0").expect("a port")).collect();
    let addresses = listeners.iter().map(|listener| format!("{}\n", listener.local_addr().expect("an address")));
    let hosts = folder.join("hosts");
    fs::write(&hosts, addresses.collect::<String>()).expect("written");
    let hosts = hosts.display().to_string();
    (folder, hosts)
}

fn table(arguments: &[&str], files: &[&str]) -> String {
    let Ran { code, output, errors } = start(arguments, files).ended();
    assert_eq!((code, &*errors), (Some(0), ""));
    output
}

#[test]
fn one_worker_threads_and_processes_print_the_same_table() {
    let files = [DATA, DATA];
    let expected = table(&[], &files);
    // As another program counts them.
    let counts = expected
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().rev().nth(3).and_then(|count| count.parse::<u64>().ok()).expect("a count"));
    assert_eq!(counts.sum::<u64>(), 2 * 1_679);
    let first = "CA                                            1478      4.33       5.9  2018-02-07T01:26:13Z";
    assert_eq!(expected.lines().nth(1), Some(first));
    for threads in ["2", "3", "7"] {
        assert_eq!(table(&["--threads", threads], &files), expected);
    }
    for (test, processes, threads) in [("two", 2, "1"), ("three", 3, "2")] {
        let (_, hosts) = folder(test, processes);
        let running: Vec<_> = (0..processes)
            .map(|process| start(&["--threads", threads, "--hosts", &hosts, "--process", &process.to_string()], &files))
            .collect();
        let ran: Vec<_> = running.into_iter().map(Running::ended).collect();
        assert!(ran.iter().all(|ran| ran.code == Some(0) && ran.errors.is_empty()));
        assert_eq!(ran[0].output, expected);
        assert!(ran[1..].iter().all(|ran| ran.output.is_empty()));
    }
}

#[test]
fn a_run_goes_on_after_a_lost_machine_from_the_first_file_that_is_not_kept() {
    let files = [DATA; 80];
    let (folder, hosts) = folder("lost", 2);
    let keep = folder.join("kept");
    let keep = keep.to_str().expect("UTF-8");
    let both = |from: &str| {
        ["0", "1"]
            .map(|process| start(&["--hosts", &hosts, "--process", process, "--keep", keep, "--from", from], &files))
    };
    let [first, mut second] = both("0");
    wait_until(|| folder.join("kept/3.tsv").exists());
    second.0.kill().expect("it runs");
    let ran = first.ended();
    assert_eq!((ran.code, &*ran.output), (Some(74), ""));
    let (_, next) = ran.errors.trim().rsplit_once("start each process again, with --from ").expect("it says so");
    assert!((4..80).contains(&next.parse::<usize>().expect("a number")), "{}", ran.errors);

    let [first, second] = both(next);
    let (first, second) = (first.ended(), second.ended());
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{} {}", first.errors, second.errors);
    assert_eq!(first.output, table(&[], &files));
}

#[test]
fn what_cant_be_read_ends_the_job() {
    let (folder, _) = folder("unreadable", 0);
    let bad = folder.join("bad.csv");
    let text = fs::read_to_string(DATA).expect("it is there");
    fs::write(&bad, text.replacen("-118.6671667,26.49,2,", "-118.6671667,26.49,two,", 1)).expect("written");
    let bad = bad.to_str().expect("UTF-8");
    let ran = start(&["--threads", "2"], &[bad]).ended();
    assert_eq!(ran.code, Some(70));
    assert!(ran.errors.contains("the magnitude is `two`"), "{}", ran.errors);

    let ran = start(&[], &["no.csv"]).ended();
    assert_eq!(ran.code, Some(66));
    assert!(ran.errors.starts_with("error: no.csv: "), "{}", ran.errors);
    let ran = start(&[], &[concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]).ended();
    assert_eq!(ran.code, Some(66));
    assert!(ran.errors.contains("it doesn't begin with `time,"), "{}", ran.errors);
}
