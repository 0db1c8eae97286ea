//! The Rust blog and the tables of cities and countries, when they are at hand.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Options, Parser, Tag};
use url::Url;

use super::shared;
use crate::source::csv::{self, Mapping, Table};
use crate::source::{Dialect, Target, links, locate, parse, resolve, walk};

#[test]
fn every_post_of_the_rust_blog_keeps_its_address() {
    let Some(dir) = shared("rust-blog/content") else { return };
    let folder = walk(&dir).unwrap();
    assert_eq!((folder.documents.len(), folder.images.len()), (380, 365));
    let locales = ["en".to_owned()];
    let mut paths = BTreeSet::new();
    for file in &folder.documents {
        let text = std::fs::read_to_string(dir.join(file)).unwrap();
        let document = parse(file, &text).unwrap_or_else(|problems| panic!("{problems}"));
        let located = locate(file, &document, &locales).unwrap();
        assert_eq!(document.dialect, Dialect::Toml, "{file}");
        assert!(!document.front.title.is_empty() && !document.body.starts_with("+++"), "{file}");
        match file.as_str() {
            "_index.md" => assert_eq!((located.path.as_str(), located.section), ("/", true)),
            "releases/_index.md" => assert_eq!(located.path, "/releases"),
            "releases/latest.md" => assert_eq!(located.path, "/releases/latest"),
            _ => {
                let written = document.front.path.as_deref().unwrap();
                assert_eq!(located.path, format!("/{written}"), "{file}");
                let day = located.date.unwrap().date();
                let dated = format!("{:04}/{:02}/{:02}", day.year(), u8::from(day.month()), day.day());
                assert!(written.contains(&dated), "{file}: {written} and {dated}");
                assert!(!document.front.authors.is_empty(), "{file}");
                for (alias, written) in located.aliases.iter().zip(&document.front.aliases) {
                    let plain = written.strip_suffix("index.html").unwrap_or(written);
                    assert_eq!(alias.trim_matches('/'), plain.trim_matches('/'), "{file}");
                }
            }
        }
        assert!(paths.insert(located.path), "{file} has the address of another file");
    }
}

#[test]
fn every_link_of_the_rust_blog_to_a_file_beside_it_finds_the_file_or_one_left_out() {
    let Some(dir) = shared("rust-blog/content") else { return };
    let folder = walk(&dir).unwrap();
    let files: BTreeSet<&String> = folder.documents.iter().chain(&folder.images).collect();
    let origin = Url::parse("https://blog.rust-lang.org").unwrap();
    let mut found = 0;
    let mut missing = BTreeSet::new();
    for file in &folder.documents {
        let text = std::fs::read_to_string(dir.join(file)).unwrap();
        let document = parse(file, &text).unwrap();
        let path = locate(file, &document, &["en".to_owned()]).unwrap().path;
        let from = links::From { file, path: &path, old_site: Some(&origin) };
        for event in Parser::new_ext(&document.body, Options::all()) {
            let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) =
                event
            else {
                continue;
            };
            if let Target::File { path, .. } = resolve(from, &dest_url) {
                if files.contains(&path) {
                    found += 1
                } else {
                    missing.extend([path])
                };
            }
        }
    }
    assert!(found > 150 && missing.len() < 12, "{found} found, {} missing: {missing:#?}", missing.len());
}

#[test]
fn cities_and_countries_are_read_whole() {
    let Some(file) = shared("cities.csv") else { return };
    let table = Table::open(&file, &csv::Options::default()).unwrap();
    assert_eq!(table.id(), "geonameid");
    let mapping =
        Mapping::parse(&["title=name", "region=country", "geo=latitude,longitude"], table.headers());
    let mapping = mapping.unwrap();
    let mut rows = table.rows(&mapping).unwrap();
    let first = rows.next().unwrap().unwrap();
    assert_eq!((first.line, first.key.as_str()), (2, "362"));
    let cells: Vec<_> = first.cells.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
    assert_eq!(cells, [("title", "Shahrak-e Qods"), ("region", "IR"), ("geo", "35.75936,51.37601")]);
    assert_eq!(rows.by_ref().filter(Result::is_ok).count(), 34_005);
    assert_eq!(rows.position(), table.size());
    let countries = Table::open(&shared("countries.csv").unwrap(), &csv::Options::default()).unwrap();
    assert_eq!(
        countries.rows(&mapping_of(&countries, "title=name")).unwrap().filter(Result::is_ok).count(),
        252
    );
}

fn mapping_of(table: &Table, map: &str) -> Mapping {
    Mapping::parse(&[map], table.headers()).unwrap()
}
