//! Whatever is listed is documented, and documents lead somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use atlas::config::SETTINGS;
use atlas::web::metrics::METRICS;
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::architecture::RANKS;
use crate::{assert_none, files_under, read, root};

#[test]
fn the_documentation_lists_every_setting_and_no_other() {
    let document = read("docs/configuration.md".as_ref());
    let written: Vec<&str> = document.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = SETTINGS
        .iter()
        .map(|setting| {
            let mut variables = format!("`{}`", setting.variable());
            for other in setting.also {
                variables += &format!(", `{other}`");
            }
            let default = match setting.default {
                "" => "unset".to_owned(),
                text => format!("`{text}`"),
            };
            format!("| `{}` | {variables} | {default} | {} |", setting.name, setting.help())
        })
        .collect();
    assert_eq!(written, expected, "the table should read:\n{}", expected.join("\n"));
}

#[test]
fn the_documentation_lists_every_metric_and_no_other() {
    let document = read("docs/metrics.md".as_ref());
    let written: Vec<&str> = document.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = METRICS
        .iter()
        .map(|metric| {
            let labels = if metric.labels.is_empty() { "none" } else { metric.labels };
            format!("| `{}` | {} | {labels} | {} |", metric.name, metric.kind, metric.help)
        })
        .collect();
    assert_eq!(written, expected, "the table should read:\n{}", expected.join("\n"));
}

/// The README files, and everything in `docs/`.
pub fn documents() -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("README.md"), PathBuf::from("deploy/README.md")];
    files.extend(
        files_under("docs").into_iter().filter(|file| file.extension().is_some_and(|end| end == "md")),
    );
    files
}

/// A link of a document to a file of this folder.
struct Link {
    /// From the folder of the README, without dots.
    to: PathBuf,
    fragment: Option<String>,
}

fn links(file: &Path) -> Vec<Link> {
    let text = read(file);
    let destinations = Parser::new_ext(&text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    let local = destinations.filter(|to| !to.contains("://") && !to.starts_with("mailto:"));
    local
        .map(|to| {
            let (path, fragment) = match to.split_once('#') {
                Some((path, fragment)) => (path, Some(fragment.to_owned())),
                None => (to.as_str(), None),
            };
            let to = if path.is_empty() { file.to_owned() } else { beside(file, path) };
            Link { to, fragment }
        })
        .collect()
}

/// `decisions/../x.md` beside `docs/a.md` is `docs/x.md`.
fn beside(file: &Path, path: &str) -> PathBuf {
    let mut whole = file.parent().unwrap_or(Path::new("")).to_owned();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => assert!(whole.pop(), "{}: {path} leads out of the project", file.display()),
            name => whole.push(name),
        }
    }
    whole
}

/// The anchors of a document's headings, as code hosts make them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings
        .map(|heading| {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for file in documents() {
        for link in links(&file) {
            seen += 1;
            let (from, to) = (file.display(), link.to.display());
            match &link.fragment {
                _ if !root().join(&link.to).exists() => faults.push(format!("{from}: {to} does not exist")),
                Some(fragment) if !anchors(&read(&link.to)).contains(fragment) => {
                    faults.push(format!("{from}: {to} has no heading for #{fragment}"));
                }
                _ => {}
            }
        }
    }
    assert!(seen > 10, "the documents have lost their links");
    assert_none(&faults, "links that lead nowhere");
}

#[test]
fn every_document_can_be_reached_from_the_readme() {
    let mut reached = BTreeSet::from([PathBuf::from("README.md")]);
    let mut open: Vec<PathBuf> = reached.iter().cloned().collect();
    while let Some(file) = open.pop() {
        for link in links(&file) {
            let is_document = link.to.extension().is_some_and(|end| end == "md");
            if reached.insert(link.to.clone()) && is_document {
                open.push(link.to);
            }
        }
    }
    let all = files_under("docs").into_iter().chain(documents());
    let faults: Vec<String> =
        all.filter(|file| !reached.contains(file)).map(|file| file.display().to_string()).collect();
    assert_none(&faults, "no chain of links leads from the README to these");
}

#[test]
fn every_source_file_that_a_document_names_exists() {
    let mut named = 0;
    let mut faults = Vec::new();
    for file in documents() {
        let text = read(&file);
        let codes = Parser::new_ext(&text, Options::ENABLE_TABLES).filter_map(|event| match event {
            Event::Code(code) => Some(code.to_string()),
            _ => None,
        });
        let is_file = |code: &String| {
            (code.starts_with("src/") || code.starts_with("tests/")) && !code.contains("NAME")
        };
        for code in codes.filter(is_file) {
            named += 1;
            let path = code.split([' ', ':']).next().unwrap_or_default();
            if !root().join(path).exists() {
                faults.push(format!("{}: `{code}` does not exist", file.display()));
            }
        }
    }
    assert!(named > 10, "the documents name no source files any more");
    assert_none(&faults, "documents name files that are not there");
}

#[test]
fn the_architecture_document_has_the_ranks_of_the_architecture_test() {
    let document = read("docs/ARCHITECTURE.md".as_ref());
    let written: BTreeSet<(String, u8)> = document
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            let rank: u8 = cells.next()?.trim().parse().ok()?;
            let module = cells.next()?.trim().trim_matches('`').to_owned();
            Some((module, rank))
        })
        .collect();
    let expected = RANKS.iter().map(|(module, rank)| ((*module).to_owned(), *rank)).collect();
    assert_eq!(written, expected);
}

#[test]
fn decisions_are_numbered_without_gaps_and_listed() {
    let is_decision = |name: &String| name != "README.md";
    let names: Vec<String> = files_under("docs/decisions")
        .iter()
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .filter(is_decision)
        .collect();
    let list = read("docs/decisions/README.md".as_ref());
    for (at, name) in names.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}-", at + 1)), "{name} should have the number {}", at + 1);
        assert!(list.contains(&format!("]({name})")), "{name} is missing in docs/decisions/README.md");
        let text = read(&Path::new("docs/decisions").join(name));
        for part in ["**Context.**", "**Choice.**", "**Consequence.**"] {
            assert!(text.contains(part), "{name} has no {part}");
        }
    }
    assert!(!names.is_empty());
}

#[test]
fn planted_links_and_headings_are_read() {
    assert_eq!(beside(Path::new("docs/decisions/x.md"), "../a.md"), Path::new("docs/a.md"));
    assert_eq!(beside(Path::new("README.md"), "./docs/a.md"), Path::new("docs/a.md"));
    assert_eq!(anchors("# A `b`, c\n## Ding-Dong\ntext"), ["a-b-c", "ding-dong"]);
}
