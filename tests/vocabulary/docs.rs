//! The tables of the docs are those of the code: `UPDATE_DOCS=1 cargo test --test vocabulary docs` rewrites them.

use std::{env, fmt::Write, fs};

use crate::table::{GROUPS, REDUCERS};

/// Holds the part of a file between two marks to `expected`, or sets it.
fn hold(file: &str, begin: &str, end: &str, expected: &str) {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap();
    let from = text.find(begin).expect(begin) + begin.len();
    let to = from + text[from..].find(end).expect(end);
    let expected = format!("\n{expected}");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
    } else {
        assert!(
            text[from..to] == expected,
            "{file} is out of date: UPDATE_DOCS=1 cargo test --test vocabulary docs rewrites it"
        );
    }
}

#[test]
fn the_guide_lists_every_stage_and_reducer_with_its_like() {
    let mut table = String::from("| group | function | method | like |\n| --- | --- | --- | --- |\n");
    for (group, rows) in GROUPS {
        for (place, row) in rows.iter().filter(|row| !row.name.contains(' ')).enumerate() {
            let group = if place == 0 { group } else { "" };
            let function = format!("[`{0}`](fn@crate::{0})", row.name);
            let method = format!("[`{0}`](crate::Pipeline::{0})", row.method);
            writeln!(table, "| {group} | {function} | {method} | {} |", row.like).unwrap();
        }
    }
    hold("src/guide/all_stages.md", "<!-- stages -->", "<!-- end of stages -->", &table);

    let mut table = String::from("| reducer | like |\n| --- | --- |\n");
    for row in REDUCERS.iter().filter(|row| !row.name.contains(' ')) {
        writeln!(table, "| [`{0}`](fn@crate::{0}) | {1} |", row.name, row.like).unwrap();
    }
    hold("src/guide/all_stages.md", "<!-- reducers -->", "<!-- end of reducers -->", &table);
}

#[test]
fn the_docs_list_every_stage_and_reducer() {
    let mut list = String::from("| group | functions | methods |\n| --- | --- | --- |\n");
    for (group, rows) in GROUPS {
        let rows = || rows.iter().filter(|row| !row.name.contains(' '));
        let functions: Vec<String> = rows().map(|row| format!("[`{0}`](fn@{0})", row.name)).collect();
        let methods: Vec<String> = rows().map(|row| format!("[`{0}`](Pipeline::{0})", row.method)).collect();
        writeln!(list, "| {group} | {} | {} |", functions.join(", "), methods.join(", ")).unwrap();
    }
    hold("src/vocabulary.md", "<!-- stages -->", "<!-- end of stages -->", &list);

    let names = REDUCERS.iter().map(|row| row.name).filter(|name| !name.contains(' '));
    let names: Vec<String> = names.map(|name| format!("[`{name}`](fn@{name})")).collect();
    hold("src/vocabulary.md", "<!-- reducers -->", "<!-- end of reducers -->", &format!("{}\n", names.join(", ")));
}
