//! `docs/seo.md` answers every known way to fail, and each test it names exists.

use std::collections::BTreeSet;

use crate::{assert_none, read, root};

/// The rows of `docs/seo.md`: 3.1 to this one.
const LAST: usize = 46;

/// A row of the table: its number and the tests that it names as `FILE::NAME`.
struct Row {
    number: String,
    tests: Vec<(String, String)>,
    /// Whether it says that something is not built yet.
    open: bool,
}

fn rows(document: &str) -> Vec<Row> {
    let cells = |line: &str| -> Option<Vec<String>> {
        let cells: Vec<String> =
            line.strip_prefix("| 3.")?.trim_end_matches(" |").split(" | ").map(str::to_owned).collect();
        assert_eq!(cells.len(), 4, "a row has four cells: {line}");
        Some(cells)
    };
    let row = |cells: Vec<String>| Row {
        number: format!("3.{}", cells[0].trim()),
        tests: cells[3].split('`').filter_map(|code| code.split_once("::")).map(owned).collect(),
        open: cells[2].contains("**Not built yet"),
    };
    document.lines().filter_map(cells).map(row).collect()
}

fn owned((file, name): (&str, &str)) -> (String, String) {
    (file.to_owned(), name.to_owned())
}

#[test]
fn every_known_failure_has_its_row_and_no_other() {
    let numbers: Vec<String> =
        rows(&read("docs/seo.md".as_ref())).into_iter().map(|row| row.number).collect();
    let expected: Vec<String> = (1..=LAST).map(|number| format!("3.{number}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn every_test_that_a_row_names_exists() {
    let mut faults = Vec::new();
    let mut named = BTreeSet::new();
    for row in rows(&read("docs/seo.md".as_ref())) {
        if row.tests.is_empty() && !row.open {
            faults.push(format!("{} names no test", row.number));
        }
        for (file, name) in row.tests {
            let text = std::fs::read_to_string(root().join(&file)).unwrap_or_default();
            if !text.contains(&format!("fn {name}(")) {
                faults.push(format!("{}: {file} has no test {name}", row.number));
            }
            named.insert(name);
        }
    }
    assert!(named.len() > 40, "the rows have lost their tests");
    assert_none(&faults, "docs/seo.md names tests that are not there");
}

#[test]
fn a_planted_row_is_read() {
    let row = rows("| 3.7 | a | b. **Not built yet**: c | `tests/x.rs::one`, `src/y.rs::two` |").remove(0);
    let tests = [("tests/x.rs", "one"), ("src/y.rs", "two")].map(owned).to_vec();
    assert_eq!((row.number.as_str(), row.tests, row.open), ("3.7", tests, true));
}
