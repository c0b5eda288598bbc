//! Examples, built as a user builds them.

use std::{path::PathBuf, process::Command};

/// The program of an example. Cargo knows no variable for its path, but says where it has built it.
pub(crate) fn built(example: &str) -> PathBuf {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let build = Command::new(env!("CARGO"))
        .args(["build", "--all-features", "--example", example, "--profile", profile, "--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let messages = String::from_utf8(build.stdout).expect("JSON is UTF-8");
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).expect("a message a line");
        (message["target"]["name"] == example).then(|| message["executable"].as_str().map(PathBuf::from)).flatten()
    });
    executable.expect("cargo names the executable")
}
