//! The program as a person runs it, with few requests.

use std::{
    fs,
    io::{self, BufRead, BufReader, PipeWriter, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

fn experiment(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_http-experiment"));
    command.args(arguments);
    command
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = experiment(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// A server that ends with the test, whatever becomes of it.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(delay: &str) -> Self {
        let mut child = experiment(&["server", "--port", "0", "--until-input-closes", "--delay", delay])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap().to_string();
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

/// Serves each connection by `answer`, one after another, and gives what `run` gives with the address.
fn serving<T>(answer: impl Fn(TcpStream) + Sync, run: impl FnOnce(&str) -> T) -> T {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for connection in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                answer(connection.unwrap());
            }
        });
        let result = run(&address.to_string());
        over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        TcpStream::connect(address).unwrap();
        result
    })
}

/// Reads a request to its end; false if the client has closed the connection.
fn read_request(connection: &mut TcpStream) -> bool {
    let mut request = vec![];
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        match connection.read(&mut byte) {
            Ok(1) => request.push(byte[0]),
            _ => return false,
        }
    }
    true
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\nHello, World!";

/// The end of a pipe that nobody reads.
fn closed_pipe() -> PipeWriter {
    io::pipe().unwrap().1
}

fn full_disk() -> fs::File {
    fs::OpenOptions::new().write(true).open("/dev/full").unwrap()
}

#[test]
fn every_client_makes_every_request() {
    let server = Server::start("uniform:0-2");
    for mode in ["sequential", "semaphore", "limited", "pipeline", "direct"] {
        let report = json(&["client", "--json", "--address", &server.address, "--mode", mode, "-r", "300", "-l", "20"]);
        assert_eq!((&report["done"], &report["failed"]), (&300.into(), &serde_json::json!({})), "{mode}");
        assert!(report["started"].as_str().unwrap().ends_with(']'), "{mode}: the time has its zone");
        assert!(report["peak_memory"].as_u64().unwrap() > 0, "{mode}");
    }
}

#[test]
fn an_open_loop_makes_every_request() {
    let server = Server::start("none");
    for mode in ["sequential", "semaphore", "limited", "pipeline"] {
        let client = ["client", "--json", "--address", &server.address, "--mode", mode];
        let report = json(&[&client[..], &["-r", "200", "--rate", "2000", "--seed", "7"]].concat());
        assert_eq!(report["done"], 200, "{mode}");
    }
}

#[test]
fn failures_are_counted_by_kind_and_fail_fast_stops_at_the_first() {
    // Port 9 is refused: the address is the loopback's, and privileged.
    let client = ["client", "--json", "--address", "127.0.0.1:9", "-r", "100", "-l", "10"];
    for mode in ["sequential", "semaphore", "limited", "pipeline", "direct"] {
        let report = json(&[&client[..], &["--mode", mode]].concat());
        assert_eq!(report["failed"], serde_json::json!({ "connecting failed: connection refused": 100 }), "{mode}");
        let output = experiment(&[&client[..], &["--mode", mode, "--fail-fast"]].concat()).output().unwrap();
        assert!(!output.status.success(), "{mode}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["done"].as_u64().unwrap() <= 10, "{mode}: {report}");
    }
    let server = Server::start("fixed:60000");
    let report = json(&["client", "--json", "--address", &server.address, "-r", "3", "--timeout", "1"]);
    assert_eq!(report["failed"], serde_json::json!({ "no answer in time": 3 }));
}

#[test]
fn nothing_but_failures_is_a_failure_and_no_rate() {
    // Port 9 is refused: the address is the loopback's, and privileged.
    let arguments = ["client", "--address", "127.0.0.1:9", "-r", "100", "-l", "10"];
    for mode in ["sequential", "semaphore", "limited", "pipeline", "direct"] {
        let output = experiment(&arguments).args(["--mode", mode]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{mode}");
        assert!(text(&output).contains(" s, 0 requests/s\n"), "{mode}: {}", text(&output));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(errors, "Error: no request succeeded, 100 failed\n", "{mode}");
    }
    let server = Server::start("none");
    let none = experiment(&["client", "--address", &server.address, "-r", "0"]).output().unwrap();
    assert!(none.status.success(), "no request is no failure: {none:?}");
}

#[test]
fn rates_count_successes() {
    // Each second answer is another one.
    let answered = AtomicUsize::new(0);
    let answer = |mut connection: TcpStream| {
        while read_request(&mut connection) {
            let other = answered.fetch_add(1, Ordering::SeqCst) % 2 == 1;
            let answer = if other { ANSWER.to_ascii_uppercase() } else { ANSWER.to_vec() };
            connection.write_all(&answer).unwrap();
            if other {
                return;
            }
        }
    };
    let client = |address: &str| {
        let output = experiment(&["client", "--address", address, "-r", "20", "-l", "1"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        text(&output)
    };
    let report = serving(answer, client);
    assert!(report.contains("20 of 20 done, 10 failed"), "{report}");
    let took = report.lines().find_map(|line| line.strip_prefix("took")).unwrap();
    let numbers: Vec<f64> = took.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [seconds, per_second] = *numbers else { panic!("{took}") };
    // Both are rounded.
    assert!((10.0 / (seconds + 0.001)..=10.0 / (seconds - 0.001)).contains(&per_second), "{took}");
}

#[test]
fn a_body_without_end_is_given_up() {
    const MOST: usize = 256 << 20;
    let sent = AtomicUsize::new(0);
    let answer = |mut connection: TcpStream| {
        read_request(&mut connection);
        connection.write_all(b"HTTP/1.1 200 OK\r\n\r\nHello, World!").unwrap();
        while sent.load(Ordering::SeqCst) < MOST && connection.write_all(&[b'!'; 1 << 16]).is_ok() {
            sent.fetch_add(1 << 16, Ordering::SeqCst);
        }
    };
    let report = serving(answer, |address| json(&["client", "--json", "--address", address, "-r", "1", "--timeout=0"]));
    assert_eq!(report["failed"], serde_json::json!({ "another answer than «Hello, World!»": 1 }));
    let (memory, sent) = (report["peak_memory"].as_u64().unwrap(), sent.load(Ordering::SeqCst));
    assert!(memory < 64 << 20 && sent < MOST, "{memory} bytes in memory, {sent} sent");
}

#[test]
fn a_connection_that_the_server_has_closed_is_no_failure() {
    let once = |mut connection: TcpStream| {
        read_request(&mut connection);
        connection.write_all(ANSWER).unwrap();
    };
    for mode in ["sequential", "semaphore", "limited", "pipeline", "direct"] {
        let client =
            |address: &str| json(&["client", "--json", "--address", address, "-r", "100", "-l", "1", "--mode", mode]);
        let report = serving(once, client);
        assert_eq!((&report["done"], &report["failed"]), (&100.into(), &serde_json::json!({})), "{mode}");
    }
}

#[test]
fn a_request_is_tried_no_more_than_twice() {
    let connections = AtomicUsize::new(0);
    let first_only = |mut connection: TcpStream| {
        read_request(&mut connection);
        if connections.fetch_add(1, Ordering::SeqCst) == 0 {
            connection.write_all(ANSWER).unwrap();
        }
    };
    let report = serving(first_only, |address| json(&["client", "--json", "--address", address, "-r", "3", "-l", "1"]));
    assert_eq!(
        (&report["done"], &report["failed"]["sending: connection closed before message completed"]),
        (&3.into(), &2.into()),
        "{report}"
    );
    // The second request is tried on the first connection and on one of its own, the third on one of its own.
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

#[test]
fn whoever_reads_the_output_may_have_enough_of_it() {
    let server = Server::start("none");
    let address = ["--address", &server.address];
    let chart = Path::new(env!("CARGO_TARGET_TMPDIR")).join("closed/memory.svg");
    let compare = ["compare", "-r", "10", "--modes", "limited", "--chart", chart.to_str().unwrap()];
    let commands = [
        &[&["client", "-r", "10"], &address[..]].concat()[..],
        &[&["client", "--json", "-r", "10"], &address[..]].concat(),
        &["server", "--port", "0", "--max-seconds", "0"],
        &["tasks", "--tasks", "10"],
        &["tasks", "--tasks", "10", "--engine", "limited", "--json"],
        &compare,
        &["--help"],
        &["client", "--help"],
    ];
    for command in commands {
        let output = experiment(command).stdout(closed_pipe()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{command:?}: {:?} {errors}", output.status);
        assert!(!errors.contains("rror"), "{command:?}: {errors}");
        let output = experiment(command).stdout(full_disk()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {errors}");
        assert!(errors.ends_with("Error: No space left on device (os error 28)\n"), "{command:?}: {errors}");
    }
    // Where the errors themselves can't be told, the exit code tells.
    let refused = ["client", "--address", "127.0.0.1:9", "-r", "1"];
    for command in [&refused[..], &["client", "--limit", "0"]] {
        for stderr in [Stdio::from(closed_pipe()), full_disk().into()] {
            let status = experiment(command).stdout(Stdio::null()).stderr(stderr).status().unwrap();
            assert!(matches!(status.code(), Some(1 | 2)), "{command:?}: {status}");
        }
    }
    let status = experiment(&compare).stdout(Stdio::null()).stderr(full_disk()).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_server_whose_output_is_closed_stops_when_asked_to() {
    let mut server = Server::start("none");
    // Once it has answered, it listens to signals too.
    json(&["client", "--json", "--address", &server.address, "-r", "1"]);
    let input = server.child.stdin.take();
    drop(server.child.stdout.take());
    kill_process(Pid::from_child(&server.child), Signal::INT).unwrap();
    // It must not wait for its input to close too.
    let mut ended = None;
    for _ in 0..1_000 {
        ended = server.child.try_wait().unwrap();
        if ended.is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    drop(input);
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
}

#[test]
fn a_progress_file_on_a_full_disk_is_told_and_the_run_goes_on() {
    let server = Server::start("fixed:10");
    // The first line is due after 5 s.
    let arguments =
        ["client", "--json", "-r", "1000000", "-l", "10", "--max-seconds", "6", "--progress-file", "/dev/full"];
    let output = experiment(&arguments).args(["--address", &server.address]).output().unwrap();
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(errors, "the progress file: No space left on device (os error 28)\n");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success() && report["stopped"] == "out of time", "{report}");
}

#[test]
fn no_tasks_cost_nothing() {
    let cost = json(&["tasks", "--json", "--engine", "limited", "--tasks", "0"]);
    assert!(cost["cpu_ns"].is_f64() && cost["ns"].is_f64(), "{cost}");
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |arguments: &[&str]| {
        let output = experiment(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["client", "--address", "192.0.2.1:80"]).contains("not on the loopback"));
    assert!(refused(&["client", "--limit", "0"]).contains("--limit"));
    assert!(refused(&["client", "--limit", "1000000000"]).contains("open files"));
    for rate in ["-1", "0", "1e-300", "1e300", "inf", "NaN", "often"] {
        let error = refused(&["client", &format!("--rate={rate}")]);
        assert!(error.contains("a rate is from 0.001 to 1,000,000,000 requests a second"), "{rate}: {error}");
    }
    assert!(refused(&["server", "--delay", "sometimes"]).contains("uniform:MS-MS"));
    for delay in ["fixed:-5", "uniform:5--3", "choice:1,-2", "exponential:-1"] {
        let error = refused(&["server", "--port=0", "--max-seconds=0", "--delay", delay]);
        assert!(error.contains("a delay is from 0 to 3,600,000 ms, an hour"), "{delay}: {error}");
    }
}

#[test]
fn an_interrupted_client_prints_what_it_has_measured() {
    let server = Server::start("fixed:10");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let progress = folder.join("progress.txt");
    let _ = fs::remove_file(&progress);
    let mut client = experiment(&["client", "--json", "--address", &server.address, "-r", "1000000", "-l", "10"])
        .arg("--progress-file")
        .arg(&progress)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The first line comes after 5 s: by then there is something to report.
    while fs::read_to_string(&progress).is_ok_and(|text| text.is_empty()) || !progress.exists() {
        thread::sleep(Duration::from_millis(50));
    }
    kill_process(Pid::from_child(&client), Signal::INT).unwrap();
    let mut text = String::new();
    client.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(client.wait().unwrap().success());
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["stopped"], "interrupted");
    let done = report["done"].as_u64().unwrap();
    assert!(done > 0 && done < 1_000_000);
    assert!(fs::read_to_string(progress).unwrap().contains(" of 1000000, "));
}

#[test]
fn the_comparison_prints_its_table_and_draws_its_chart() {
    let chart = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chart/memory.svg");
    let output = experiment(&["compare", "--requests", "50,100", "--limit", "10", "--rounds", "2", "--chart"])
        .arg(&chart)
        .output()
        .unwrap();
    let table = text(&output);
    assert!(output.status.success(), "{output:?}");
    for mode in ["sequential", "semaphore", "limited", "pipeline", "direct"] {
        assert!(table.contains(&format!("| {mode} | 100 | 0 |")), "{table}");
    }
    assert!(table.contains("| Python, limited_as_completed | 100000000 | 150213 | 294 |"));
    let chart = fs::read_to_string(chart).unwrap();
    assert!(chart.contains("<svg") && chart.contains("limited") && chart.contains("Python, semaphore"));
}

#[test]
fn a_comparison_in_which_all_requests_fail_fails() {
    let chart = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failing/memory.svg");
    let arguments = ["compare", "-r", "5", "--modes", "limited", "--delay", "fixed:60000", "--timeout", "1", "--chart"];
    let output = experiment(&arguments).arg(chart).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("Error: no request succeeded, 5 failed\n"), "{errors}");
    assert!(errors.ends_with("ended with exit status: 1\n"), "{errors}");
}

#[test]
fn memory_is_flat_in_the_number_of_tasks() {
    let peak = |engine: &str, tasks: &str| {
        let cost = json(&["tasks", "--json", "--engine", engine, "--tasks", tasks, "--limit", "1000"]);
        cost["peak_memory"].as_u64().unwrap()
    };
    for engine in ["limited", "in-order", "pipeline"] {
        let (few, many) = (peak(engine, "10000"), peak(engine, "300000"));
        assert!(many < few + few / 4, "{engine}: {few} and {many} bytes");
    }
    // That the measure sees it where it is not.
    assert!(peak("semaphore", "300000") > 5 * peak("semaphore", "10000"));
}
