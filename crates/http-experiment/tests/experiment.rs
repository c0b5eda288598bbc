//! The program as a person runs it, with few requests.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
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
fn what_cannot_be_is_refused() {
    let refused = |arguments: &[&str]| {
        let output = experiment(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["client", "--address", "192.0.2.1:80"]).contains("not on the loopback"));
    assert!(refused(&["client", "--limit", "0"]).contains("--limit"));
    assert!(refused(&["client", "--limit", "1000000000"]).contains("open files"));
    assert!(refused(&["client", "--rate=-1"]).contains("positive"));
    assert!(refused(&["server", "--delay", "sometimes"]).contains("uniform:MS-MS"));
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
