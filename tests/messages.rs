//! What the compiler says to the likeliest mistakes. Each has a file that names the way out; `src/guide/compiler_says.md`
//! explains them.
//!
//! `TRYBUILD=overwrite cargo test --test messages` writes the messages anew. Read them as a newcomer would.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The compiler whose words are in the `.stderr` files.
const WRITTEN_FOR: &str = "rustc 1.95.";

/// Where a second run of this test finds the mistakes.
const MISTAKES: &str = "TRANSDUCER_MISTAKES";

#[test]
fn the_likeliest_mistakes_are_explained() {
    let mistakes = env::var(MISTAKES).map_or(PathBuf::from("tests/messages"), PathBuf::from);
    if mistakes.is_relative() && !has_the_same_words() {
        println!("The messages are not compared: they are those of {WRITTEN_FOR}");
        return refused(&mistakes);
    }
    trybuild::TestCases::new().compile_fail(mistakes.join("*.rs"));
}

#[test]
fn the_guide_has_the_first_line_of_each() {
    for message in fs::read_dir("tests/messages").unwrap().map(|entry| entry.unwrap().path()) {
        if message.extension().is_some_and(|extension| extension == "stderr") {
            let text = fs::read_to_string(&message).unwrap();
            let (_, first) = text.lines().next().unwrap().split_once(": ").unwrap();
            let section = format!("```text\n{first}\n```");
            assert!(include_str!("../src/guide/compiler_says.md").contains(&section), "{}: {first}", message.display());
        }
    }
}

/// Whether this is the compiler with which the messages were written.
fn has_the_same_words() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or("rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("rustc runs").stdout;
    version.starts_with(WRITTEN_FOR.as_bytes())
}

/// Tests that copies of the mistakes don't compile, whatever the compiler says.
fn refused(mistakes: &Path) {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    if copies.exists() {
        fs::remove_dir_all(&copies).unwrap();
    }
    fs::create_dir_all(&copies).unwrap();
    for mistake in fs::read_dir(mistakes).unwrap().map(|entry| entry.unwrap().path()) {
        if mistake.extension().is_some_and(|extension| extension == "rs") {
            fs::copy(&mistake, copies.join(mistake.file_name().unwrap())).unwrap();
        }
    }
    let test = Command::new(env::current_exe().unwrap()).env(MISTAKES, copies).env("TRYBUILD", "overwrite").status();
    assert!(test.unwrap().success());
}
