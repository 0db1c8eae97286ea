//! Full-text search: the words of every entry that may be indexed, and what is found by them.
//!
//! Both databases find the same entries. Their own ranks differ, so they only choose the best few
//! hundred of very many; the order that visitors see is made of these, in one place for both.

use sqlx::FromRow;

use super::dialect::{Wanted, question};
use super::{Ask, Db, Tx, db::args};
use crate::error::Result;
use crate::text::search::{Guess, Query, Text, likeness, score, words};

/// The form of the stored words. Whoever changes what [`words`] gives, or what else is worked out along
/// with the rows, raises it: every process then writes all rows anew.
pub const VERSION: i64 = 2;

/// The type whose entries a search can be narrowed to.
pub const CITY: &str = "city";

/// More than these are not shown: who finds more asks for less.
pub const MOST: usize = 200;
/// Characters of a body that count for the order.
const BODY: i64 = 4_000;
/// Entries that are compared by words with one, and the characters of a body that count there.
const COMPARED: i64 = 60;
const LIKE_BODY: i64 = 1_000;
/// Characters of a body that are shown from.
const PLAIN: i64 = 40_000;
/// Cities that are offered to narrow a search to.
const CITIES: i64 = 100;

/// What the index holds of an entry, in a reader's spelling.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    pub entry: i64,
    pub kind: &'a str,
    pub locale: &'a str,
    pub city: Option<i64>,
    pub title: &'a str,
    pub summary: &'a str,
    /// The body as plain text.
    pub plain: &'a str,
    /// The words of its fields and the titles of what it points at.
    pub facts: &'a str,
}

pub async fn write(tx: &Tx, found: &Found<'_>) -> Result<()> {
    let body = match (found.plain, found.facts) {
        ("", facts) => words(facts),
        (plain, "") => words(plain),
        // What the fields say is found however long the body is.
        (plain, facts) => words(&format!("{facts}\n{plain}")),
    };
    tx.run(
        "INSERT INTO search (entry_id, type, locale, city, stale, facts, title, summary, body)
         VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7, $8)
         ON CONFLICT (entry_id) DO UPDATE
         SET type = excluded.type, locale = excluded.locale, city = excluded.city, stale = FALSE,
             facts = excluded.facts, title = excluded.title, summary = excluded.summary, body = excluded.body",
        args![
            found.entry,
            found.kind,
            found.locale,
            found.city,
            found.facts,
            words(found.title),
            words(found.summary),
            body
        ],
    )
    .await?;
    Ok(())
}

pub async fn remove(tx: &Tx, entry: i64) -> Result<()> {
    tx.run("DELETE FROM search WHERE entry_id = $1", args![entry]).await?;
    Ok(())
}

/// Marks the rows that hold the title of an entry or of one of its translations.
pub async fn mark_stale(tx: &Tx, group: i64) -> Result<()> {
    tx.run(
        "UPDATE search SET stale = TRUE
         WHERE entry_id IN (
             SELECT r.from_id FROM relations r
             WHERE r.to_id IN (SELECT t.id FROM entries t WHERE t.translation_group = $1)
         )",
        args![group],
    )
    .await?;
    Ok(())
}

/// Entries whose rows are marked, by id.
pub async fn stale(db: &impl Ask, limit: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> =
        db.all("SELECT entry_id FROM search WHERE stale ORDER BY entry_id LIMIT $1", args![limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The [`VERSION`] that all rows have.
pub async fn version(db: &impl Ask) -> Result<i64> {
    let (version,): (i64,) = db.one("SELECT value FROM counters WHERE name = 'search'", args![]).await?;
    Ok(version)
}

pub async fn set_version(tx: &Tx, version: i64) -> Result<()> {
    tx.run("UPDATE counters SET value = $1 WHERE name = 'search' AND value < $1", args![version]).await?;
    Ok(())
}

/// Something that an entry points at.
#[derive(Debug, Clone, FromRow)]
pub struct Topic {
    #[sqlx(rename = "type")]
    pub kind: String,
    pub translation_group: i64,
    /// In the language of the entry, where there is one.
    pub title: String,
}

/// What an entry points at, live and public ones only.
pub async fn topics(db: &impl Ask, entry: i64, locale: &str) -> Result<Vec<Topic>> {
    db.all(
        "SELECT target.type, target.translation_group, shown.title
         FROM relations r
         JOIN entries target ON target.id = r.to_id
         LEFT JOIN entries own ON own.translation_group = target.translation_group AND own.locale = $2
              AND own.state = 'published' AND own.visibility = 'public'
         JOIN entries shown ON shown.id = COALESCE(own.id, target.id)
              AND shown.state = 'published' AND shown.visibility = 'public'
         WHERE r.from_id = $1
         ORDER BY r.field, r.position",
        args![entry, locale],
    )
    .await
}

#[derive(FromRow)]
struct Asked {
    asked: i64,
    #[sqlx(flatten)]
    topic: Topic,
}

/// These entries as [`topics`] has them, by id.
pub async fn topics_of(db: &impl Ask, ids: &[i64], locale: &str) -> Result<Vec<(i64, Topic)>> {
    let rows: Vec<Asked> = db
        .all(
            "SELECT target.id AS asked, target.type, target.translation_group, shown.title
             FROM entries target
             LEFT JOIN entries own ON own.translation_group = target.translation_group AND own.locale = $2
                  AND own.state = 'published' AND own.visibility = 'public'
             JOIN entries shown ON shown.id = COALESCE(own.id, target.id)
                  AND shown.state = 'published' AND shown.visibility = 'public'
             WHERE target.id IN {ids:$1}",
            args![ids, locale],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.asked, row.topic)).collect())
}

/// What a search is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow<'a> {
    pub kind: Option<&'a str>,
    /// The translation group of a city.
    pub city: Option<i64>,
}

/// What was found: the best [`MOST`] entries in their order, and whether there are more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Best {
    pub ids: Vec<i64>,
    pub more: bool,
}

#[derive(FromRow)]
struct Candidate {
    entry_id: i64,
    title: String,
    summary: String,
    body: String,
}

/// Finds the entries of a language that hold every term, the best first. `CROSS JOIN` keeps SQLite from
/// asking the index of words once for each entry.
pub async fn search(db: &Db, query: &Query, locale: &str, narrow: Narrow<'_>) -> Result<Best> {
    let asked = question(&query.terms, Wanted::Every, db.engine());
    let found: Vec<Candidate> = db
        .all(
            "SELECT s.entry_id, s.title, s.summary, substr(s.body, 1, CAST($7 AS INTEGER)) AS body
             FROM (
                 SELECT w.entry_id
                 FROM {found:$1} AS f CROSS JOIN search w
                 WHERE w.entry_id = f.entry_id AND w.locale = $2
                   AND ($3 IS NULL OR w.type = $3) AND ($4 IS NULL OR w.city = $4)
                 ORDER BY (w.title = $5) DESC, f.rank, w.entry_id
                 LIMIT $6
             ) AS best
             CROSS JOIN search s
             WHERE s.entry_id = best.entry_id",
            args![asked, locale, narrow.kind, narrow.city, &query.exact, MOST as i64 + 1, BODY],
        )
        .await?;
    let more = found.len() > MOST;
    let mut ids = by_score(query, found);
    ids.truncate(MOST);
    Ok(Best { ids, more })
}

fn by_score(query: &Query, found: Vec<Candidate>) -> Vec<i64> {
    let mut scored: Vec<(i64, i64)> = found
        .iter()
        .map(|one| {
            let text = Text { title: &one.title, summary: &one.summary, body: &one.body };
            (-score(query, text), one.entry_id)
        })
        .collect();
    scored.sort_unstable();
    scored.into_iter().map(|(_, id)| id).collect()
}

/// Entries of a type and language that hold any of the terms, the best of the newest first.
pub async fn like(db: &Db, query: &Query, kind: &str, locale: &str, limit: i64) -> Result<Vec<i64>> {
    let asked = question(&query.terms, Wanted::Any, db.engine());
    let found: Vec<Candidate> = db
        .all(
            "SELECT s.entry_id, s.title, s.summary, substr(s.body, 1, CAST($5 AS INTEGER)) AS body
             FROM {newest:$1} AS f CROSS JOIN search s
             WHERE s.entry_id = f.entry_id AND s.locale = $2 AND s.type = $3
             LIMIT $4",
            args![asked, locale, kind, COMPARED, LIKE_BODY],
        )
        .await?;
    let mut ids = by_score(query, found);
    ids.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(ids)
}

/// A page that somebody may have meant.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Meant {
    pub id: i64,
    pub title: String,
    pub path: String,
}

/// How many of the words a title holds, and how well.
type Likeness = (usize, i64);

#[derive(FromRow)]
struct MeantRow {
    #[sqlx(flatten)]
    meant: Meant,
    words: String,
}

/// Entries whose titles hold at least half of the words, the likeliest first. Words are looked for as they
/// are written: whatever begins like a common word is long to find. Where no title holds all of them, their
/// ends may differ: in titles that hold every word so, or, where nothing was found, any.
pub async fn meant(db: &Db, guess: &Guess, locale: &str, limit: usize) -> Result<Vec<Meant>> {
    let begun = &guess.begun;
    let written = (Wanted::AnyWordInTitle, Wanted::EveryWordInTitle);
    let mut ranked = titled(db, (&guess.written, begun), written, locale).await?;
    if ranked.first().is_none_or(|((terms, _), _)| *terms != begun.terms.len()) {
        let any = if ranked.is_empty() { Wanted::AnyInTitle } else { Wanted::EveryInTitle };
        ranked.extend(titled(db, (begun, begun), (any, Wanted::EveryInTitle), locale).await?);
        ranked.sort_unstable_by(|(a, one), (b, other)| b.cmp(a).then(one.id.cmp(&other.id)));
        ranked.dedup_by_key(|(_, meant)| meant.id);
    }
    Ok(ranked.into_iter().take(limit).map(|(_, meant)| meant).collect())
}

/// Entries that are found by the terms of the first question, as far as their titles hold half of the terms
/// of the second. Where very many titles hold one of them, not all are looked at: those that hold every
/// term come first.
async fn titled(
    db: &Db,
    (asked, query): (&Query, &Query),
    (any, every): (Wanted, Wanted),
    locale: &str,
) -> Result<Vec<(Likeness, Meant)>> {
    let any = question(&asked.terms, any, db.engine());
    let every = question(&asked.terms, every, db.engine());
    let rows: Vec<MeantRow> = db
        .all(
            "SELECT e.id, e.title, p.path, best.words
             FROM (
                 SELECT w.entry_id, w.title AS words
                 FROM (
                     SELECT entry_id FROM (SELECT entry_id FROM {newest:$3} AS n LIMIT 50) AS every
                     UNION
                     SELECT entry_id FROM (SELECT entry_id FROM {newest:$1} AS n LIMIT 200) AS any_of
                 ) AS f
                 CROSS JOIN search w
                 WHERE w.entry_id = f.entry_id AND w.locale = $2
             ) AS best
             CROSS JOIN entries e
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.id = best.entry_id",
            args![any, locale, every],
        )
        .await?;
    let mut ranked: Vec<(Likeness, Meant)> = rows
        .into_iter()
        .map(|row| (likeness(query, &row.words), row.meant))
        .filter(|((terms, _), _)| terms * 2 >= query.terms.len())
        .collect();
    ranked.sort_unstable_by(|(a, one), (b, other)| b.cmp(a).then(one.id.cmp(&other.id)));
    Ok(ranked)
}

/// An entry as a search shows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Shown {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub title: String,
    pub summary: String,
    /// The beginning of its body, as plain text.
    pub plain: Option<String>,
    pub facts: String,
    pub path: String,
}

/// These entries, in this order.
pub async fn shown(db: &impl Ask, ids: &[i64]) -> Result<Vec<Shown>> {
    let mut rows: Vec<Shown> = db
        .all(
            "SELECT e.id, e.type, e.title, e.summary, substr(b.plain, 1, CAST($2 AS INTEGER)) AS plain, s.facts, p.path
             FROM search s
             JOIN entries e ON e.id = s.entry_id
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             LEFT JOIN rendered b ON b.entry_id = e.id
             WHERE s.entry_id IN {ids:$1}",
            args![ids, PLAIN],
        )
        .await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// Those of these types that have anything to be found in a language.
pub async fn kinds(db: &impl Ask, kinds: &[String], locale: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all(
            "SELECT k.value FROM {texts:$1} AS k
             WHERE EXISTS (SELECT 1 FROM search s WHERE s.locale = $2 AND s.type = k.value)",
            args![kinds, locale],
        )
        .await?;
    Ok(rows.into_iter().map(|(kind,)| kind).collect())
}

/// A city that a search can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct City {
    /// Its translation group.
    pub id: i64,
    pub title: String,
}

/// The cities with most entries of other types, and the one that is chosen, by title.
pub async fn cities(db: &impl Ask, locale: &str, chosen: Option<i64>) -> Result<Vec<City>> {
    db.all(
        "SELECT c.translation_group AS id, c.title
         FROM entries c
         WHERE c.locale = $1 AND c.type = $2 AND c.state = 'published' AND c.visibility = 'public'
           AND (c.translation_group = $3 OR c.translation_group IN (
               SELECT counted.city FROM (
                   SELECT s.city, COUNT(*) AS entries FROM search s
                   WHERE s.locale = $1 AND s.city IS NOT NULL AND s.type <> $2
                   GROUP BY s.city ORDER BY entries DESC, s.city LIMIT $4
               ) AS counted
           ))
         ORDER BY c.title, c.id",
        args![locale, CITY, chosen, CITIES],
    )
    .await
}
