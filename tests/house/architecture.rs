//! Who may import whom, and where things stand (docs/ARCHITECTURE.md).

use std::collections::BTreeSet;
use std::path::Path;

use crate::source::Source;
use crate::{assert_none, files_under, root};

/// A module imports only modules of lower ranks.
pub const RANKS: &[(&str, u8)] = &[
    ("config", 0),
    ("clock", 0),
    ("error", 0),
    ("threads", 0),
    ("account", 1),
    ("text", 1),
    ("source", 1),
    ("schema", 2),
    ("entry", 3),
    ("seo", 4),
    ("store", 5),
    ("files", 5),
    ("cache", 5),
    ("egress", 5),
    ("app", 6),
    ("actions", 7),
    ("jobs", 8),
    ("web", 8),
    ("cli", 9),
];

/// The modules of the lowest rank know each other: settings fail with problems, problems have times.
const GROUND: u8 = 0;

/// The areas of `web` that must not know each other.
const AREAS: &[&str] = &["public", "admin", "api"];

const LONGEST_FILE: usize = 500;

/// Files that may be longer, each with the reason and its own limit.
const LONGER_FILES: &[(&str, usize, &str)] = &[];

/// The files that make text which templates print unescaped.
const UNESCAPED_SINKS: &[&str] = &["src/seo/json_ld.rs", "src/text/safe_html.rs"];

/// What may stand beside the README, apart from dot files.
const TOP_LEVEL: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "content",
    "deploy",
    "docs",
    "migrations",
    "rustfmt.toml",
    "src",
    "static",
    "templates",
    "tests",
];

/// What building and running leave there; git ignores them.
const MADE_AT_WORK: &[&str] = &["atlas.toml", "data", "target"];

#[test]
fn modules_import_only_lower_ranks() {
    let faults: Vec<String> = Source::all().iter().flat_map(rank_faults).collect();
    assert_none(&faults, "a module imports only modules of lower ranks");
}

#[test]
fn public_admin_and_api_do_not_know_each_other() {
    let faults: Vec<String> = Source::all().iter().flat_map(area_faults).collect();
    assert_none(&faults, "the areas of `web` never import each other");
}

#[test]
fn only_the_store_speaks_sql() {
    let faults: Vec<String> = Source::all().iter().flat_map(sql_faults).collect();
    assert_none(&faults, "only `store` uses sqlx");
}

#[test]
fn only_the_two_sinks_make_unescaped_html() {
    let faults: Vec<String> = Source::all()
        .iter()
        .filter(|source| !UNESCAPED_SINKS.iter().any(|sink| source.file == Path::new(sink)))
        .flat_map(|source| at_lines(source, "HtmlSafe"))
        .collect();
    assert_none(&faults, "only the sanitiser's and the JSON-LD sink's types are printed unescaped");
}

#[test]
fn files_stay_short() {
    let faults: Vec<String> = Source::all().iter().filter_map(length_fault).collect();
    assert_none(&faults, "a file has at most 500 lines outside its tests");
}

#[test]
fn every_exemption_is_still_needed() {
    for (file, limit, reason) in LONGER_FILES {
        let source = Source::parse(Path::new(file), &crate::read(Path::new(file)));
        assert!(source.lines > LONGEST_FILE, "{file} is short now: take it off the list");
        assert!(*limit > LONGEST_FILE && !reason.is_empty(), "{file} needs a limit and a reason");
    }
}

#[test]
fn the_top_level_holds_what_its_readers_expect() {
    let faults: Vec<String> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && !MADE_AT_WORK.contains(&name.as_str()))
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    assert_none(&faults, "these don't belong beside the README");
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder| -> BTreeSet<String> {
        let name = |file: &std::path::PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
        files_under(folder).iter().map(name).collect()
    };
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
}

fn rank(module: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

fn rank_faults(source: &Source) -> Vec<String> {
    let Some(own) = source.module.first() else { return Vec::new() };
    let Some(own_rank) = rank(own) else {
        return vec![format!("{}: module `{own}` has no rank", source.file.display())];
    };
    let mut faults = Vec::new();
    for reference in source.references() {
        let other = &reference.path[0];
        let allowed = match rank(other) {
            Some(rank) => other == own || rank < own_rank || rank == GROUND,
            None => false,
        };
        if !allowed {
            let path = reference.path.join("::");
            faults.push(format!("{}:{}: `{own}` imports `{path}`", source.file.display(), reference.line));
        }
    }
    faults
}

fn area_faults(source: &Source) -> Vec<String> {
    let area = |path: &[String]| match path {
        [web, area, ..] if web == "web" => AREAS.iter().find(|known| *known == area).copied(),
        _ => None,
    };
    let Some(own) = area(&source.module) else { return Vec::new() };
    let references = source.references();
    let strangers =
        references.iter().filter(|reference| area(&reference.path).is_some_and(|other| other != own));
    strangers
        .map(|reference| {
            let path = reference.path.join("::");
            format!("{}:{}: `web::{own}` imports `{path}`", source.file.display(), reference.line)
        })
        .collect()
}

fn sql_faults(source: &Source) -> Vec<String> {
    if source.module.first().is_some_and(|module| module == "store") {
        return Vec::new();
    }
    at_lines(source, "sqlx")
}

fn length_fault(source: &Source) -> Option<String> {
    let exemption = LONGER_FILES.iter().find(|(file, ..)| source.file == Path::new(file));
    let limit = exemption.map_or(LONGEST_FILE, |(_, limit, _)| *limit);
    (source.lines > limit).then(|| format!("{}: {} lines", source.file.display(), source.lines))
}

fn at_lines(source: &Source, word: &str) -> Vec<String> {
    let lines = source.lines_with(word);
    lines.iter().map(|line| format!("{}:{line}: `{word}`", source.file.display())).collect()
}

/// A file that does not exist, to show that the rules above catch what they are for.
fn planted(file: &str, text: &str) -> Source {
    Source::parse(Path::new(file), text)
}

#[test]
fn a_planted_import_of_a_higher_rank_is_caught() {
    let faults = |file, text| rank_faults(&planted(file, text)).len();
    assert_eq!(faults("src/text/slug.rs", "use crate::store::Db;"), 1);
    assert_eq!(faults("src/text/slug.rs", "use super::super::store::Db;"), 1);
    assert_eq!(faults("src/store/mod.rs", "use crate::{error::Error, files};"), 1);
    assert_eq!(faults("src/jobs/mod.rs", "fn f() { crate::web::routes(); }"), 1);
    assert_eq!(faults("src/entry.rs", "use crate::somewhere::Else;"), 1);
    assert_eq!(faults("src/somewhere.rs", ""), 1);
    assert_eq!(faults("src/config/mod.rs", "use crate::error::Error; use crate::clock;"), 0);
    assert_eq!(faults("src/cli/mod.rs", "use crate::{app::App, web, config}; use super::cli::serve;"), 0);
}

#[test]
fn a_planted_import_between_areas_is_caught() {
    let faults = |file, text| area_faults(&planted(file, text)).len();
    assert_eq!(faults("src/web/public/show.rs", "use crate::web::admin::Form;"), 1);
    assert_eq!(faults("src/web/public/show.rs", "use super::super::{api, errors};"), 1);
    assert_eq!(faults("src/web/admin/mod.rs", "use super::public;"), 1);
    assert_eq!(faults("src/web/admin/entries.rs", "use super::Form; use crate::web::{admin, errors};"), 0);
    assert_eq!(faults("src/web/routes.rs", "use super::{admin, api, public};"), 0);
}

#[test]
fn planted_sql_is_caught_outside_the_store() {
    let query = r#"fn f() { sqlx::query("SELECT 1"); }"#;
    assert_eq!(sql_faults(&planted("src/web/routes.rs", query)).len(), 1);
    assert_eq!(sql_faults(&planted("src/store/mod.rs", query)).len(), 0);
    assert_eq!(sql_faults(&planted("src/web/routes.rs", "// sqlx::query\n fn f() { \"sqlx\"; }")).len(), 0);
}

#[test]
fn a_planted_long_file_is_caught_unless_its_tests_make_it_long() {
    let code = "fn f() {}\n".repeat(LONGEST_FILE);
    assert!(length_fault(&planted("src/app.rs", &code)).is_none());
    assert!(length_fault(&planted("src/app.rs", &format!("{code}fn g() {{}}\n"))).is_some());
    assert!(
        length_fault(&planted("src/app.rs", &format!("{code}#[cfg(test)]\nmod tests {{\n{code}}}\n")))
            .is_none()
    );
}
