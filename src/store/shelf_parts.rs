//! How long a shelf is, and where in it a page begins: a shelf is cut into parts of some thousand
//! entries, each counted, so that neither has to go through it.

use sqlx::FromRow;

use super::{Arg, Ask, Tx, db::args};
use crate::error::Result;

/// A part with more entries is cut in two.
const LARGEST: i64 = 8192;
/// Before every rank, and after it; both are whole numbers that every database reads alike.
pub const LOWEST: f64 = -9_007_199_254_740_992.0;
pub const HIGHEST: f64 = -LOWEST;

/// What a shelf is sorted by.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Key {
    pub rank: f64,
    pub at: i64,
    pub name: String,
    pub entry_id: i64,
}

impl Key {
    pub fn lowest() -> Key {
        Key { rank: LOWEST, at: 0, name: String::new(), entry_id: 0 }
    }

    pub fn highest() -> Key {
        Key { rank: HIGHEST, ..Key::lowest() }
    }
}

#[derive(FromRow)]
struct Part {
    #[sqlx(flatten)]
    begin: Key,
    entries: i64,
}

/// A part whose count has changed.
#[derive(FromRow)]
struct Counted {
    id: i64,
    entries: i64,
}

/// The parts that keys of an entry belong to, one a shelf.
macro_rules! parts_of {
    () => {
        "(SELECT (SELECT q.id FROM shelf_parts q
                  WHERE q.hub = n.hub AND q.locale = n.locale AND q.shelf = n.shelf
                    AND (q.rank, q.at, q.name, q.entry_id) <= (n.rank, n.at, n.name, CAST($2 AS BIGINT))
                  ORDER BY q.rank DESC, q.at DESC, q.name DESC, q.entry_id DESC LIMIT 1)
          FROM {stands:$1} AS n)"
    };
}

/// Counts an entry that has come to these places: rows of the dialect's `stands`, so many.
pub async fn grow(tx: &Tx, entry: i64, stands: &str, count: usize) -> Result<()> {
    let counted: Vec<Counted> = tx
        .all(
            concat!(
                "UPDATE shelf_parts SET entries = entries + 1 WHERE id IN ",
                parts_of!(),
                " RETURNING id, entries"
            ),
            args![stands, entry],
        )
        .await?;
    if counted.len() < count {
        tx.run(
            "INSERT INTO shelf_parts (hub, locale, shelf, rank, at, name, entry_id, entries)
             SELECT n.hub, n.locale, n.shelf, $2, 0, '', 0, 1
             FROM {stands:$1} AS n
             WHERE NOT EXISTS (
                 SELECT 1 FROM shelf_parts q
                 WHERE q.hub = n.hub AND q.locale = n.locale AND q.shelf = n.shelf
             )",
            args![stands, LOWEST],
        )
        .await?;
    }
    for part in counted.iter().filter(|part| part.entries > LARGEST) {
        split(tx, part).await?;
    }
    Ok(())
}

/// Counts an entry that has gone from these places.
pub async fn shrink(tx: &Tx, entry: i64, stands: &str) -> Result<()> {
    let counted: Vec<Counted> = tx
        .all(
            concat!(
                "UPDATE shelf_parts SET entries = entries - 1 WHERE id IN ",
                parts_of!(),
                " RETURNING id, entries"
            ),
            args![stands, entry],
        )
        .await?;
    let empty: Vec<i64> = counted.iter().filter(|part| part.entries <= 0).map(|part| part.id).collect();
    if !empty.is_empty() {
        // The first part of a shelf goes last: what comes before all others belongs to it.
        tx.run(
            "DELETE FROM shelf_parts
             WHERE id IN {ids:$1} AND NOT (rank = $2 AND EXISTS (
                 SELECT 1 FROM shelf_parts o
                 WHERE o.hub = shelf_parts.hub AND o.locale = shelf_parts.locale
                   AND o.shelf = shelf_parts.shelf AND o.id <> shelf_parts.id
             ))",
            args![&empty, LOWEST],
        )
        .await?;
    }
    Ok(())
}

/// The later half of a part becomes one of its own.
async fn split(tx: &Tx, part: &Counted) -> Result<()> {
    let half = part.entries / 2;
    tx.run(
        "INSERT INTO shelf_parts (hub, locale, shelf, rank, at, name, entry_id, entries)
         SELECT s.hub, s.locale, s.shelf, s.rank, s.at, s.name, s.entry_id, $3
         FROM shelf_parts p JOIN shelves s ON s.hub = p.hub AND s.locale = p.locale AND s.shelf = p.shelf
          AND (s.rank, s.at, s.name, s.entry_id) >= (p.rank, p.at, p.name, p.entry_id)
         WHERE p.id = $1
         ORDER BY s.hub, s.locale, s.shelf, s.rank, s.at, s.name, s.entry_id LIMIT 1 OFFSET $2",
        args![part.id, half, part.entries - half],
    )
    .await?;
    tx.run("UPDATE shelf_parts SET entries = $2 WHERE id = $1", args![part.id, half]).await?;
    Ok(())
}

/// How many entries stand on a shelf.
pub async fn count(db: &impl Ask, hub: i64, locale: &str, shelf: &str) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            "SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) FROM shelf_parts
             WHERE hub = $1 AND locale = $2 AND shelf = $3",
            args![hub, locale, shelf],
        )
        .await?;
    Ok(count)
}

/// A shelf with how much stands on it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Shelf {
    pub hub: i64,
    pub shelf: String,
    pub entries: i64,
}

/// The shelves of hubs in a language.
pub async fn shelves(db: &impl Ask, hubs: &[i64], locale: &str) -> Result<Vec<Shelf>> {
    db.all(
        "SELECT hub, shelf, CAST(SUM(entries) AS BIGINT) AS entries FROM shelf_parts
         WHERE hub IN {ids:$1} AND locale = $2
         GROUP BY hub, shelf HAVING SUM(entries) > 0 ORDER BY hub, shelf",
        args![hubs, locale],
    )
    .await
}

/// The shelves of hubs that types stand on: those of landing pages, of which there are more, are passed
/// over within the key.
pub async fn types(db: &impl Ask, hubs: &[i64], locale: &str) -> Result<Vec<Shelf>> {
    db.all(
        "SELECT hub, shelf, CAST(SUM(entries) AS BIGINT) AS entries FROM shelf_parts
         WHERE hub IN {ids:$1} AND locale = $2 AND shelf NOT LIKE '%/%'
         GROUP BY hub, shelf HAVING SUM(entries) > 0 ORDER BY hub, shelf",
        args![hubs, locale],
    )
    .await
}

/// A landing page's shelf somewhere on the site.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Somewhere {
    pub hub: i64,
    pub locale: String,
    pub shelf: String,
    pub entries: i64,
}

/// Shelves of landing pages after this one, in the order of hub, language and name.
pub async fn landing_shelves_after(
    db: &impl Ask,
    (hub, locale, shelf): (i64, &str, &str),
    limit: i64,
) -> Result<Vec<Somewhere>> {
    db.all(
        "SELECT hub, locale, shelf, CAST(SUM(entries) AS BIGINT) AS entries FROM shelf_parts
         WHERE (hub, locale, shelf) > ($1, $2, $3) AND shelf LIKE '%/%'
         GROUP BY hub, locale, shelf HAVING SUM(entries) > 0 ORDER BY hub, locale, shelf LIMIT $4",
        args![hub, locale, shelf, limit],
    )
    .await
}

/// Where to begin reading a shelf, and how many entries to pass over from there.
pub struct Start {
    pub from: Key,
    pub skip: i64,
}

/// The start of what lies `offset` entries behind the end that is read first. Read backwards, `from` is
/// the first key that is not read any more. What lies near the end needs no look at the parts.
pub async fn start(
    db: &impl Ask,
    (hub, locale, shelf): (i64, &str, &str),
    offset: i64,
    backwards: bool,
) -> Result<Start> {
    let end = if backwards { Key::highest() } else { Key::lowest() };
    if offset <= LARGEST {
        return Ok(Start { from: end, skip: offset });
    }
    let mut parts: Vec<Part> = db
        .all(
            "SELECT rank, at, name, entry_id, entries FROM shelf_parts
             WHERE hub = $1 AND locale = $2 AND shelf = $3
             ORDER BY rank, at, name, entry_id",
            vec![Arg::from(hub), locale.into(), shelf.into()],
        )
        .await?;
    let mut start = Start { from: end, skip: offset };
    if backwards {
        while let Some(part) = parts.pop_if(|part| part.entries <= start.skip) {
            start.skip -= part.entries;
            start.from = part.begin;
        }
        return Ok(start);
    }
    for part in parts {
        if start.skip < part.entries {
            return Ok(Start { from: part.begin, ..start });
        }
        start.skip -= part.entries;
    }
    // Behind the last entry there is nothing.
    Ok(Start { from: Key::highest(), skip: 0 })
}
