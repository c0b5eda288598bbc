//! The example `replay`, run as a user runs it: live and replayed agree, an interrupt flushes, times have their zone.

mod programs;

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Command, Stdio},
    sync::LazyLock,
};

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| programs::built("replay"));

/// The news, and the line about the replay.
fn parts(output: &str) -> (Vec<&str>, &str) {
    let (news, last) = output.trim_end().split_once("\n\n").expect("a blank line between them");
    (news.lines().collect(), last)
}

#[test]
fn a_week_replayed_is_the_week_live_and_every_time_has_its_zone() {
    let output = Command::new(&*PROGRAM).args(["--speed", "2e6"]).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).expect("output in UTF-8");
    let (news, last) = parts(&output);
    assert!(
        last.contains(": 1679 events, and the same ") && last.contains(&format!(" {} news at ", news.len())),
        "{last}"
    );
    // However late the clock was looked at: each quake is in one digest, the strongest too.
    let digest = |line: &str| line.split_once("UTC  ")?.1.split_once(" quakes")?.0.parse::<usize>().ok();
    assert_eq!(news.iter().filter_map(|line| digest(line)).sum::<usize>(), 1_679, "{output}");
    assert!(news.iter().any(|line| digest(line).is_some() && line.ends_with("up to M 6.4")), "{output}");
    for line in news {
        // A time of day is followed by its zone.
        let times = line.split_whitespace().collect::<Vec<_>>();
        let is_time = |word: &str| word.len() == 8 && word.bytes().filter(|byte| *byte == b':').count() == 2;
        assert!(is_time(times[1]), "{line}");
        assert!(times.windows(2).all(|pair| !is_time(pair[0]) || pair[1].starts_with("UTC")), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_flushes_what_is_pending() {
    // It would take a minute.
    let mut child = Command::new(&*PROGRAM)
        .args(["--speed", "1e4"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let first = lines.next().expect("some news").expect("output in UTF-8");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    let rest: Vec<String> = lines.map(|line| line.expect("output in UTF-8")).collect();
    let status = child.wait().expect("the program ends");
    let mut errors = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut errors).expect("errors in UTF-8");
    assert!(status.success(), "{errors}");
    let output = format!("{first}\n{}\n", rest.join("\n"));
    let (news, last) = parts(&output);
    // The swarms that were open, and a digest of the quakes that were not in one before.
    assert!(news.len() > 2 && news.iter().any(|line| line.contains(" quakes from ")), "{output}");
    assert!(last.ends_with(&format!("and the same {} news at the same moments.", news.len())), "{output}");
    let events = last.split(": ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a number of events");
    assert!(events.parse::<usize>().expect("a number") < 1_679, "{output}");
}

#[test]
fn what_it_cannot_read_or_understand_is_a_clear_error() {
    for (arguments, said) in [
        (&["no/such/file.csv"][..], "replay: cannot read no/such/file.csv: "),
        (&["--speed", "0"], "replay: cannot parse argument \"0\": not a number from 0.001 to 1e9"),
        (&["--slowly"], "replay: invalid option '--slowly'"),
    ] {
        let output = Command::new(&*PROGRAM).args(arguments).output().expect("the program runs");
        let errors = String::from_utf8(output.stderr).expect("errors in UTF-8");
        assert_eq!(output.status.code(), Some(1), "{errors}");
        assert!(errors.starts_with(said), "{errors}");
    }
}
