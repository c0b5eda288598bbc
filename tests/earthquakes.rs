//! The example `earthquakes`, run as a user would.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

const HEADER: &str = "time,latitude,longitude,depth,mag,magType,net,id,place,type\n";
const QUAKE: &str = "2026-11-01T00:00:00.000Z,1.0,2.0,10,5.5,mw,us,us1,\"10 km N of Nowhere, Sea\",earthquake\n";

/// The program, built.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let built =
            Command::new(env!("CARGO")).args(["build", "--quiet", "--example", "earthquakes"]).status().unwrap();
        assert!(built.success());
        // This test is in `deps`, beside `examples`.
        let here = env::current_exe().unwrap();
        here.ancestors().nth(2).unwrap().join("examples").join("earthquakes")
    })
}

/// Runs the program on `input`, without waiting between events.
fn run_on(input: &[u8], plot: &str) -> Output {
    let plot = env::temp_dir().join(format!("earthquakes-{}-{plot}.svg", std::process::id()));
    let mut child = Command::new(program())
        .args(["-", "--seconds", "0", "--output"])
        .arg(plot)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_week_that_comes_with_it_is_reported_on_and_plotted() {
    let plot = env::temp_dir().join(format!("earthquakes-{}-week.svg", std::process::id()));
    let output = Command::new(program()).args(["--seconds", "0", "--output"]).arg(&plot).output().unwrap();
    let report = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(report.contains("1707 rows, of which malformed: 0"), "{report}");
    assert!(
        report.contains("M 6.4   2018-02-06T15:50:42.400Z  2018-02-06T23:50:42+08:00  22km NNE of Hualian"),
        "{report}"
    );
    assert!(report.contains("52 rows read, 1655 left unread"), "{report}");
    assert!(report.contains("The three ways agree: eager, lazy and pushed, 1679 equal readings each."), "{report}");
    let svg = std::fs::read_to_string(&plot).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    std::fs::remove_file(plot).unwrap();
}

#[test]
fn malformed_rows_are_reported_with_line_and_column_and_the_rest_is_processed() {
    let mut file = HEADER.as_bytes().to_vec();
    file.extend_from_slice(QUAKE.as_bytes());
    file.extend_from_slice(QUAKE.replace("2.0", "east").as_bytes());
    file.extend_from_slice(QUAKE.replace("2026-11-01T", "yesterday").as_bytes());
    file.extend_from_slice(b"2026-11-01T00:00:00Z,1.0\n");
    file.extend_from_slice(&QUAKE.bytes().map(|byte| if byte == b'w' { 0xff } else { byte }).collect::<Vec<_>>());
    file.extend_from_slice(QUAKE.replace("5.5", "").as_bytes());
    let output = run_on(&file, "malformed");
    let (report, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert!(report.contains("6 rows, of which malformed: 4"), "{report}");
    assert!(errors.contains("line 3, column 3 (longitude): `east` is not a number"), "{errors}");
    assert!(errors.contains("line 4, column 1 (time): `yesterday00:00:00.000Z` is not a time"), "{errors}");
    assert!(errors.contains("line 5, column 3 (longitude): the row has 2 fields, the header 10"), "{errors}");
    assert!(errors.contains("line 6, column 9 (place): the text is not UTF-8"), "{errors}");
    assert!(report.contains("2 equal readings each"), "{report}");
    assert!(report.contains("M   ? "), "an event without a magnitude is one all the same: {report}");
}

#[test]
fn line_ends_of_other_systems_byte_order_marks_and_a_missing_last_line_end_do_no_harm() {
    let plain = format!("{HEADER}{QUAKE}\n{}", QUAKE.replace("5.5", "bad"));
    for (name, file) in [
        ("crlf", plain.replace('\n', "\r\n")),
        ("bom", format!("\u{feff}{plain}")),
        ("unterminated", plain.trim_end().to_owned()),
    ] {
        let output = run_on(file.as_bytes(), name);
        assert!(text(&output.stdout).contains("2 rows, of which malformed: 1"), "{name}: {}", text(&output.stdout));
        assert!(text(&output.stderr).contains("line 4, column 5 (mag)"), "{name}: {}", text(&output.stderr));
    }
}

#[test]
fn a_file_without_events_is_said_to_have_none() {
    for (name, file) in [("empty", ""), ("header", HEADER)] {
        let output = run_on(file.as_bytes(), name);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("There are no earthquakes to report on."), "{}", text(&output.stdout));
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let fails = |arguments: &[&str], error: &str| {
        let output = Command::new(program()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(error), "{}", text(&output.stderr));
    };
    fails(&["no/such/file.csv"], "cannot read no/such/file.csv: No such file or directory");
    fails(&["."], "cannot read .: Is a directory");
    fails(&["--seconds", "soon"], "not a number of seconds");
    fails(&["one.csv", "two.csv"], "two.csv");
    let output = run_on(b"name,age\nAda,36\n", "other");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("names no column `time`"), "{}", text(&output.stderr));
}
