//! The example `earthquakes`, run as a user runs it: what it prints, reports and answers to the shell.

mod programs;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

const HEADER: &str = "time,latitude,longitude,depth,mag,magType,nst,gap,dmin,rms,net,id,updated,place,type,\
    horizontalError,depthError,magError,magNst,status,locationSource,magSource";

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| programs::built("earthquakes"));

struct Ran {
    code: Option<i32>,
    report: String,
    errors: String,
}

/// A command that does not wait between events, and plots to a file of this `test`'s own.
fn command(test: &str) -> (Command, PathBuf) {
    let plot = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.svg"));
    let mut command = Command::new(&*PROGRAM);
    command.args(["--seconds", "0", "--output"]).arg(&plot);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    (command, plot)
}

/// Runs the program with `arguments` and `input` at its standard input.
fn run(test: &str, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
    let mut child = command(test).0.args(arguments).spawn().expect("the program starts");
    // A program that does not read its input may have closed it by now.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_ref());
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("output in UTF-8");
    Ran { code: output.status.code(), report: text(output.stdout), errors: text(output.stderr) }
}

/// A row with what matters, in the layout of the feeds.
fn row(time: &str, magnitude: &str, kind: &str, place: &str) -> String {
    format!("{time},34.5,-118.7,26.5,{magnitude},ml,7,174,0.04,0.35,ci,ci1,{time},{place},{kind},,,,,automatic,,")
}

fn quake(minute: u32, magnitude: &str) -> String {
    row(&format!("2018-02-07T01:{minute:02}:00.000Z"), magnitude, "earthquake", "\"somewhere, CA\"")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn without_arguments_it_reports_on_the_week_that_comes_with_it() {
    let (mut command, plot) = command("week");
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    let report = String::from_utf8(output.stdout).expect("output in UTF-8");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing is malformed, and no bar is drawn into a pipe");
    for line in [
        "1707 rows, of which malformed: 0",
        "  earthquake          1679",
        "  M 6.4   2018-02-06T15:50:42.400Z  2018-02-06T23:50:42+08:00  22km NNE of Hualian, Taiwan (24.17, 121.65, 11 km deep)",
        "  ci                   379",
        "  6 to 7, strong         5",
        "Longest quiet time: 48m 38s, until",
        "  2018-02-05  1.85  ******************",
        "The first 3 of magnitude 5 and more in the file, lazily: 52 rows read, 1655 left unread",
        "The three ways agree: eager, lazy and pushed, 1679 equal readings each.",
    ] {
        assert!(report.lines().any(|printed| printed == line), "no line `{line}` in\n{report}");
    }
    let plot = fs::read_to_string(plot).expect("a plot");
    assert!(plot.starts_with("<svg") && plot.contains("time (UTC)") && plot.trim_end().ends_with("</svg>"));
}

#[test]
fn malformed_rows_are_reported_with_line_and_column_and_the_rest_is_processed() {
    let mut bytes = file(&[
        quake(9, "2.0"),
        quake(8, "strong"),
        row("yesterday", "1", "earthquake", "here"),
        "2018-02-07T01:06:00Z,1,2".into(),
        quake(5, "NaN"),
        quake(4, "1") + ",more",
        quake(3, "1").replace("34.5", "134.5"),
        quake(2, "1").replace("-118.7", ""),
        quake(1, "1.0"),
    ])
    .into_bytes();
    bytes.extend(
        row("2018-02-07T01:00:00Z", "1", "earthquake", "caf?")
            .bytes()
            .map(|byte| if byte == b'?' { 0xE9 } else { byte }),
    );

    let ran = run("malformed", &["-"], bytes);
    let errors: Vec<_> = ran.errors.lines().collect();
    assert_eq!(
        errors,
        [
            "standard input: line 3, column 5 (mag): `strong` is not a number",
            "standard input: line 4, column 1 (time): `yesterday` is not a time in ISO 8601 with a zone",
            "standard input: line 5, column 4 (depth): the row has 3 fields, the header 22",
            "standard input: line 6, column 5 (mag): `NaN` is not a number",
            "standard input: line 7, column 23 (beyond the header): the row has 23 fields, the header 22",
            "standard input: line 8, column 2 (latitude): 134.5 is more than 90 degrees",
            "standard input: line 9, column 3 (longitude): there is no number",
            "standard input: line 11, column 14 (place): the text is not UTF-8",
        ]
    );
    assert_eq!(ran.code, Some(0));
    assert!(ran.report.contains("10 rows, of which malformed: 8"), "{}", ran.report);
    assert!(ran.report.contains("2 equal readings each"), "{}", ran.report);
}

#[test]
fn a_magnitude_that_no_quake_has_is_malformed() {
    let magnitudes = ["1e9", "-1e9", "1e300", "20.1"];
    let mut rows = magnitudes.map(|magnitude| quake(9, magnitude)).to_vec();
    rows.extend([quake(8, "9.5"), quake(7, "-3")]);
    let ran = run("magnitudes", &["-"], file(&rows));
    let errors: Vec<_> = ran.errors.lines().collect();
    let expected = magnitudes.map(|magnitude| format!("column 5 (mag): `{magnitude}` is not a magnitude"));
    assert_eq!(errors.len(), expected.len(), "{}", ran.errors);
    assert!(expected.iter().zip(&errors).all(|(expected, error)| error.ends_with(expected)), "{}", ran.errors);
    assert!(ran.code == Some(0) && ran.report.contains("2 equal readings each"), "{}", ran.report);
}

/// If each row's line were counted from the first, this would take a quarter of an hour.
#[test]
fn malformed_rows_cost_the_same_however_many_came_before() {
    let rows = 300_000;
    let ran = run("many", &["-"], format!("{HEADER}\n{}{}\n", "x\n".repeat(rows), quake(1, "1")));
    assert!(ran.code == Some(0) && ran.report.contains("1 equal readings each"), "{}", ran.report);
    assert_eq!(ran.errors.lines().count(), rows);
    let last = format!("standard input: line {}, column 2 (latitude): the row has 1 fields, the header 22", rows + 1);
    assert_eq!(ran.errors.lines().last(), Some(&*last));
}

#[test]
fn nothing_but_malformed_rows_is_an_error() {
    let ran = run("only_malformed", &["-"], file(&[quake(9, "strong"), "x".into()]));
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.report, "");
    assert_eq!(ran.errors.lines().count(), 3, "{}", ran.errors);
    assert!(ran.errors.ends_with("earthquakes: standard input: all of its rows (2) are malformed\n"), "{}", ran.errors);
}

#[test]
fn lines_are_counted_across_blank_lines_line_breaks_in_fields_and_both_line_ends() {
    let two_lines = row("2018-02-07T01:09:00Z", "2", "earthquake", "\"near \"\"A\"\",\nCA\"");
    let text = format!("\n{HEADER}\n{two_lines}\n\n\n{}\n{}", quake(8, "x"), quake(7, "y"));
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        let ran = run("lines", &["-"], text);
        assert!(ran.errors.contains("line 7, column 5 (mag): `x`"), "{}", ran.errors);
        assert!(ran.errors.contains("line 8, column 5 (mag): `y`"), "{}", ran.errors);
        assert!(ran.report.contains("near \"A\","), "{}", ran.report);
    }
}

#[test]
fn the_report_is_the_same_however_lines_end() {
    let plain = file(&[quake(9, "2.0"), quake(5, "3.5"), quake(1, "1.0")]);
    let expected = run("line_ends", &["-"], &plain);
    assert!(expected.code == Some(0) && expected.report.contains("3 equal readings each"), "{}", expected.report);
    let bom = format!("\u{feff}{plain}");
    for text in [plain.trim_end(), &plain.replace('\n', "\r\n"), &bom] {
        let ran = run("line_ends", &["-"], text);
        assert_eq!((ran.report, ran.errors), (expected.report.clone(), String::new()), "{text:?}");
    }
}

#[test]
fn a_file_and_standard_input_make_the_same_report() {
    let text = file(&[quake(9, "2.0"), quake(5, "3.5")]);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two.csv");
    fs::write(&path, &text).expect("a file");
    let path = path.to_str().expect("a path in UTF-8");
    let (from_file, from_input) = (run("same", &[path], ""), run("same", &["-"], text));
    assert!(from_file.code == Some(0) && from_input.code == Some(0));
    assert_eq!(from_file.report.replace(path, "standard input"), from_input.report);
}

#[test]
fn rows_in_any_order_are_taken_in_order_of_time() {
    let ran = run("order", &["-"], file(&[quake(10, "2"), quake(30, "2"), quake(5, "2"), quake(12, "2")]));
    assert!(
        ran.report.contains("Longest quiet time: 18m, until\n  M 2.0   2018-02-07T01:30:00.000Z"),
        "{}",
        ran.report
    );
}

#[test]
fn events_without_a_magnitude_and_of_other_kinds_are_counted() {
    let blast = row("2018-02-07T01:06:00.000Z", "1.0", "quarry blast", "here");
    let ran = run("kinds", &["-"], file(&[quake(9, ""), blast, quake(3, "-0.5")]));
    for line in [
        "  earthquake             2",
        "  quarry blast           1",
        "  not known              1",
        "  below 3, micro         1",
    ] {
        assert!(ran.report.lines().any(|printed| printed == line), "no line `{line}` in\n{}", ran.report);
    }
    assert!(ran.code == Some(0) && ran.errors.is_empty(), "{}", ran.errors);
}

#[test]
fn a_local_offset_that_is_out_of_range_is_malformed() {
    let with_tz = |tz: &str| format!("{HEADER},tz\n{},{tz}\n", quake(1, "1"));
    assert!(run("tz", &["-"], with_tz("-480")).report.contains("2018-02-06T17:01:00-08:00"));
    assert!(run("tz", &["-"], with_tz("")).report.contains("1 equal readings each"));
    let ran = run("tz", &["-"], with_tz("99999999999"));
    assert!(ran.errors.contains("line 2, column 23 (tz): `99999999999` is not an offset"), "{}", ran.errors);
}

#[test]
fn nothing_in_is_nothing_to_report() {
    for text in [String::new(), HEADER.to_owned(), format!("{HEADER}\r\n")] {
        let ran = run("nothing", &["-"], &text);
        assert!(ran.code == Some(0) && ran.errors.is_empty(), "{text:?}: {}", ran.errors);
        assert!(ran.report.contains("There are no earthquakes to report on."), "{text:?}: {}", ran.report);
    }
}

#[test]
fn what_cannot_be_read_is_a_clear_error() {
    let directory = env!("CARGO_TARGET_TMPDIR");
    for (arguments, error) in [
        (&["no/such/file.csv"][..], "earthquakes: cannot read no/such/file.csv: "),
        (&[directory], &format!("earthquakes: cannot read {directory}: ")),
        (&["-"], "earthquakes: standard input: not a USGS feed: its first line names no column `time`"),
        (&["-", "another"], "earthquakes: unexpected argument \"another\""),
        (&["--seconds", "-1"], "earthquakes: cannot parse argument \"-1\""),
        (&["--unknown"], "earthquakes: invalid option '--unknown'"),
    ] {
        let ran = run("unreadable", arguments, "<html>\n");
        assert!(ran.code == Some(1) && ran.report.is_empty(), "{arguments:?}: {}", ran.report);
        assert!(ran.errors.starts_with(error), "{arguments:?}: {}", ran.errors);
    }
}

#[test]
fn a_plot_that_cannot_be_written_is_a_clear_error() {
    let path = format!("{}/directory.svg", env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(&path).expect("a directory");
    let ran = run("unwritable", &["-", "--output", &path], file(&[quake(1, "1")]));
    assert_eq!(ran.code, Some(1));
    assert!(ran.errors.starts_with(&format!("earthquakes: cannot write {path}: ")), "{}", ran.errors);
}

/// One row to report on, and one to complain of.
fn good_and_bad() -> String {
    file(&[quake(2, "1"), quake(1, "x")])
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    for (test, closes_errors) in [("closed_output", false), ("closed_errors", true)] {
        let mut child = command(test).0.arg("-").spawn().expect("the program starts");
        // Gone before the program has anything to print, because it has nothing to read yet.
        if closes_errors {
            drop(child.stderr.take());
        } else {
            drop(child.stdout.take());
        }
        child.stdin.take().expect("a pipe").write_all(good_and_bad().as_bytes()).expect("the program reads");
        let output = child.wait_with_output().expect("the program ends");
        assert!(output.status.success(), "{test}: {:?} {}", output.status, String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.iter().filter(|&&byte| byte == b'\n').count() <= 1, "{test}");
    }
}

#[test]
fn an_error_that_nobody_reads_is_still_an_error() {
    let mut child = command("unread").0.arg("-").spawn().expect("the program starts");
    drop(child.stderr.take());
    child.stdin.take().expect("a pipe").write_all(b"<html>\n").expect("the program reads");
    assert_eq!(child.wait().expect("the program ends").code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_clear_error() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let input = Path::new(env!("CARGO_TARGET_TMPDIR")).join("good_and_bad.csv");
    fs::write(&input, good_and_bad()).expect("a file");
    for arguments in [input.to_str().expect("a path in UTF-8"), "--help"] {
        let ran = command("full").0.arg(arguments).stdout(full()).output().expect("the program runs");
        let errors = String::from_utf8(ran.stderr).expect("output in UTF-8");
        assert_eq!(ran.status.code(), Some(1), "{errors}");
        let error = "earthquakes: cannot write the output: No space left on device (os error 28)";
        assert_eq!(errors.lines().last(), Some(error));
    }
    let ran = command("full").0.arg(&input).stderr(full()).output().expect("the program runs");
    assert_eq!((ran.status.code(), ran.stdout), (Some(1), vec![]));
}
