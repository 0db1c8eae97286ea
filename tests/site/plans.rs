//! No page and no save reads a large table from one end to the other.

use std::collections::BTreeSet;

use atlas::actions::Change;
use atlas::actions::import::Unwatched;
use atlas::actions::restore::restore;
use atlas::actions::seed::{Options, seed};
use atlas::actions::trash::trash;
use atlas::actions::unpublish::Then;
use atlas::entry::Actor;
use atlas::store::Ask;
use atlas::text::Path;
use regex::Regex;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::support::database::{Engine, run};
use crate::support::web::Site;

/// Tables that have a row or more for each entry.
const LARGE: &str =
    "entries|revisions|rendered|relations|field_index|links|paths|shelves|shelf_parts|landings|search";

/// What grows with the site all the same: the reasons stand in docs/ARCHITECTURE.md, Known quirks.
const ALLOWED: [&str; 1] = [
    // The cities of the search page, counted over an index.
    "SELECT s.city, COUNT(*) AS entries FROM search s",
];

#[test]
fn no_page_reads_a_large_table_whole() {
    run(Engine::Sqlite, check);
}

async fn check(site: Site) {
    let options = Options { entries: 400, seed: 1, anyway: false };
    seed(&site.app, &Actor::Operator, options, &mut Unwatched).await.unwrap();
    let paths: Vec<(String,)> = site
        .app
        .db
        .all(
            "SELECT MIN(p.path) FROM entries e JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.state = 'published' GROUP BY e.type, e.locale",
            vec![],
        )
        .await
        .unwrap();
    // What this test itself has asked is no page's.
    let before: BTreeSet<&str> = site.app.db.texts().into_iter().collect();
    let listings = [
        "/",
        "/fa",
        "/articles",
        "/places?page=2",
        "/people",
        "/cities",
        "/regions",
        "/feed.xml",
        "/search?q=garden",
        "/nowhere/garden-of-bread",
        "/places?business_type=cafe",
        "/services",
        "/articles?page=3",
        "/fa/places?page=2",
        "/fa/search?q=باغ",
        "/search?q=garden&type=place",
        "/articles/rss.xml",
        "/places/feed.json",
        "/articles?category=1",
    ];
    let hrefs = paths.into_iter().map(|(path,)| Path::parse(&path).unwrap().href());
    for target in listings.map(str::to_owned).into_iter().chain(hrefs) {
        let answer = site.get(&target).await;
        assert!(answer.status < 500, "{target}: {}", answer.status);
    }
    let asked: Vec<&str> = site.app.db.texts().into_iter().filter(|text| !before.contains(text)).collect();
    assert!(asked.len() >= 35, "pages ask {} statements, 36 when this was written", asked.len());
    none_is_read_whole(&site, asked).await;
}

#[test]
fn no_save_reads_a_large_table_whole() {
    run(Engine::Sqlite, check_saves);
}

async fn check_saves(site: Site) {
    let before: BTreeSet<&str> = site.app.db.texts().into_iter().collect();
    let options = Options { entries: 400, seed: 1, anyway: false };
    seed(&site.app, &Actor::Operator, options, &mut Unwatched).await.unwrap();
    for kind in ["article", "place", "person", "city", "region"] {
        let of_kind = "SELECT MIN(id) FROM entries WHERE state = 'published' AND type = $1";
        let (id,): (i64,) = site.app.db.one(of_kind, vec![kind.into()]).await.unwrap();
        site.edit(id, |content| content.title.push_str(" renamed")).await;
        site.edit(id, |content| content.slug = format!("moved-{kind}")).await;
        if kind != "region" && kind != "city" {
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            let seen = trash(&mut change, id, site.version(id).await, Then::Gone).await.unwrap();
            restore(&mut change, id, seen).await.unwrap();
            change.commit().await.unwrap();
        }
    }
    let texts = site.app.db.texts();
    let is_new = |text: &&str| !before.contains(text) && !text.starts_with("SELECT MIN(id)");
    let asked: Vec<&str> = texts.into_iter().filter(is_new).collect();
    assert!(asked.len() >= 60, "saves ask {} statements", asked.len());
    none_is_read_whole(&site, asked).await;
}

/// No statement walks through a large table.
async fn none_is_read_whole(site: &Site, asked: Vec<&str>) {
    let mut connection = SqliteConnection::connect(&site.database.url).await.unwrap();
    let mut wrong = Vec::new();
    for text in asked.into_iter().filter(|text| !ALLOWED.iter().any(|allowed| text.contains(allowed))) {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
        let named = names(text);
        let scans = plan.iter().filter_map(|(.., step)| step.strip_prefix("SCAN "));
        for scan in scans.filter(|scan| named.contains(scan.split(' ').next().unwrap_or_default())) {
            wrong.push(format!("{scan}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What a statement calls its large tables.
fn names(text: &str) -> BTreeSet<String> {
    let table = Regex::new(&format!(r"\b({LARGE})\b(?: AS)?(?: (\w+))?")).unwrap();
    let words = ["ON", "WHERE", "JOIN", "LEFT", "CROSS", "ORDER", "GROUP", "SET"];
    table
        .captures_iter(text)
        .map(|found| match found.get(2) {
            Some(alias) if !words.contains(&alias.as_str()) => alias.as_str().to_owned(),
            _ => found[1].to_owned(),
        })
        .collect()
}

#[test]
fn names_of_tables_are_read() {
    let text = "SELECT e.id FROM entries e JOIN paths AS p ON p.x = e.y LEFT JOIN search WHERE 1";
    assert_eq!(names(text).into_iter().collect::<Vec<_>>(), ["e", "p", "search"]);
}
