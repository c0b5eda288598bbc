//! What the pages say of figures and places is so.

use std::{fs, path::Path};

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn the_readme_has_the_ratios_of_the_performance_page() {
    let (readme, performance) = (page("README.md"), page("PERFORMANCE.md"));
    let (_, table) = performance.split_once("## Instructions an item: the default release profile").unwrap();
    let header = cells(table.lines().find(|line| line.starts_with("| workload")).unwrap());
    let figure = |workload: &str, contender: &str| -> Option<f64> {
        let row = table.lines().map(cells).find(|row| row[0] == workload)?;
        row[header.iter().position(|name| *name == contender)?].parse().ok()
    };
    for (work, workload) in [
        ("filter, map, take, sum", "filter, map, take, sum"),
        ("64 items to a `Vec`", "batch 64 to Vec"),
        ("a sum for each key", "sum by key"),
        ("long words to upper case, collect", "strings, collect"),
    ] {
        let hand = figure(workload, "hand loop").unwrap();
        let std = figure(workload, "std, `for`").or(figure(workload, "itertools"));
        let ours = ["eager", "lazy, `for`", "pushed", "boxed"].map(|contender| figure(workload, contender));
        let ratios = [std].into_iter().chain(ours).map(|figure| format!("{:.2}", figure.unwrap() / hand));
        let row = readme.lines().map(cells).find(|row| row[0] == work).expect(work);
        assert_eq!(row[1..], ratios.collect::<Vec<_>>(), "{work}");
    }
    let (_, made) = performance.split_once("Made by `cargo bench --bench report`, on ").unwrap();
    let (day, _) = made.split_once(" (").unwrap();
    assert!(readme.contains(day), "the README says of another day than {day}");
}

#[test]
fn links_between_pages_lead_somewhere() {
    for name in ["README.md", "DESIGN.md", "CONTRIBUTING.md", "COMPARE.md", "PERFORMANCE.md", "SECURITY.md"] {
        let text = page(name);
        for link in text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
            // Other packages are not in this one, when it is published.
            let elsewhere = link.is_empty() || link.contains(':') || link.starts_with("crates/");
            assert!(elsewhere || Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "{name}: {link}");
        }
        for (_, guide) in text.match_indices("/transducer/guide/").map(|(at, found)| text.split_at(at + found.len())) {
            let module = guide.split('/').next().unwrap();
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide").join(module);
            assert!(source.exists() || source.with_extension("md").exists(), "{name}: {module}");
        }
    }
}
