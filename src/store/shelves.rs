//! What stands on which hub, the best first: a table of its own, so that a page of a hub's list is one
//! range of its key, whatever else points there.
//!
//! A hub is a translation group, and an entry stands on those of everything it points at and of the
//! regions, cities and areas above that. A shelf is a type, or a landing page's part of it.

use sqlx::FromRow;

use super::lists::{Listed, Slice};
use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Shelved {
    pub hub: i64,
    pub locale: String,
    pub shelf: String,
    pub rank: f64,
    pub at: Time,
}

/// Something an entry points at, or that stands above that.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Above {
    /// Its translation group.
    pub hub: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub id: i64,
    /// The field that leads there; none when it stands above something else.
    pub field: Option<String>,
}

/// Everything an entry points at, and what of the types named stands above that, however deep.
pub async fn above(db: &impl Ask, entry: i64, hub_types: &[String]) -> Result<Vec<Above>> {
    db.all(
        "WITH RECURSIVE above (id, field) AS (
             SELECT to_id, field FROM relations WHERE from_id = $1
             UNION
             SELECT t.id, NULL
             FROM above a
             JOIN relations r ON r.from_id = a.id
             JOIN entries t ON t.id = r.to_id AND t.type IN {texts:$2}
         )
         SELECT e.translation_group AS hub, e.type, e.id, a.field
         FROM above a JOIN entries e ON e.id = a.id
         ORDER BY e.id, a.field",
        args![entry, hub_types],
    )
    .await
}

/// Where an entry stands now.
pub async fn of(db: &impl Ask, entry: i64) -> Result<Vec<Shelved>> {
    db.all(
        "SELECT hub, locale, shelf, rank, at FROM shelves WHERE entry_id = $1 ORDER BY hub, shelf",
        args![entry],
    )
    .await
}

pub async fn add(tx: &Tx, entry: i64, at: &Shelved) -> Result<()> {
    tx.run(
        "INSERT INTO shelves (hub, locale, shelf, rank, at, entry_id) VALUES ($1, $2, $3, $4, $5, $6)",
        args![at.hub, &at.locale, &at.shelf, at.rank, at.at, entry],
    )
    .await?;
    Ok(())
}

pub async fn take(tx: &Tx, entry: i64, from: &Shelved) -> Result<()> {
    tx.run(
        "DELETE FROM shelves
         WHERE hub = $1 AND locale = $2 AND shelf = $3 AND rank = $4 AND at = $5 AND entry_id = $6",
        args![from.hub, &from.locale, &from.shelf, from.rank, from.at, entry],
    )
    .await?;
    Ok(())
}

/// The entries on any shelf of a hub after this one, by id.
pub async fn on_hub_after(db: &impl Ask, hub: i64, entry: i64, limit: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "SELECT DISTINCT entry_id FROM shelves WHERE hub = $1 AND entry_id > $2 ORDER BY entry_id LIMIT $3",
            args![hub, entry, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many entries stand on a shelf.
pub async fn count(db: &impl Ask, hub: i64, locale: &str, shelf: &str) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            "SELECT COUNT(*) FROM shelves WHERE hub = $1 AND locale = $2 AND shelf = $3",
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

/// The shelves of hubs in a language. One range of the key a hub, in the key's order.
pub async fn shelves(db: &impl Ask, hubs: &[i64], locale: &str) -> Result<Vec<Shelf>> {
    db.all(
        "SELECT hub, shelf, COUNT(*) AS entries FROM shelves
         WHERE hub IN {ids:$1} AND locale = $2
         GROUP BY hub, shelf ORDER BY hub, shelf",
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
        "SELECT hub, locale, shelf, COUNT(*) AS entries FROM shelves
         WHERE (hub > $1 OR (hub = $1 AND (locale > $2 OR (locale = $2 AND shelf > $3))))
           AND shelf LIKE '%/%'
         GROUP BY hub, locale, shelf ORDER BY hub, locale, shelf LIMIT $4",
        args![hub, locale, shelf, limit],
    )
    .await
}

/// A list on a hub: which, and from which end.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub hub: i64,
    pub locale: &'a str,
    pub shelf: &'a str,
    /// The parts of a series are read from the first.
    pub reversed: bool,
}

macro_rules! shelf {
    ($order:literal, $outer:literal) => {
        concat!(
            "SELECT e.id, e.type, e.locale, e.translation_group, e.title, e.summary, b.excerpt, e.cover,
                    e.published_at, p.path
             FROM (
                 SELECT entry_id, rank, at FROM shelves
                 WHERE hub = $3 AND locale = $4 AND shelf = $5
                 ORDER BY ",
            $order,
            " LIMIT $1 OFFSET $2
             ) s
             JOIN entries e ON e.id = s.entry_id
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             LEFT JOIN rendered b ON b.entry_id = e.id
             ORDER BY ",
            $outer
        )
    };
}

/// A slice of a shelf, the highest rank first, among equals the newest. Only the slice's rows are
/// joined; those before it are passed over within the key.
pub async fn slice(db: &impl Ask, asked: Asked<'_>, slice: Slice) -> Result<Vec<Listed>> {
    let sql = if asked.reversed {
        shelf!("rank, at, entry_id", "s.rank, s.at, s.entry_id")
    } else {
        shelf!("rank DESC, at DESC, entry_id DESC", "s.rank DESC, s.at DESC, s.entry_id DESC")
    };
    db.all(sql, args![slice.limit, slice.offset, asked.hub, asked.locale, asked.shelf]).await
}

/// A hub near another one.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Near {
    pub id: i64,
    pub title: String,
    pub path: String,
}

/// How far around a hub neighbours are looked for, in degrees of latitude: some 110 km.
const AROUND: f64 = 1.0;

/// The nearest entries of a type around a point, itself left out; one band of the index
/// `entries_near`. On a map this small, degrees of longitude shrink by one factor.
pub async fn near(
    db: &impl Ask,
    (id, kind, locale): (i64, &str, &str),
    (latitude, longitude): (f64, f64),
    limit: i64,
) -> Result<Vec<Near>> {
    let shrink = latitude.to_radians().cos().max(0.01);
    db.all(
        "SELECT e.id, e.title, p.path
         FROM entries e JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.type = $1 AND e.locale = $2 AND e.latitude BETWEEN $3 AND $4
           AND e.longitude BETWEEN $5 AND $6 AND e.id <> $7
           AND e.state = 'published' AND e.visibility = 'public'
         ORDER BY (e.latitude - $8) * (e.latitude - $8)
                + (e.longitude - $9) * (e.longitude - $9) * $10, e.id
         LIMIT $11",
        args![
            kind,
            locale,
            latitude - AROUND,
            latitude + AROUND,
            longitude - AROUND / shrink,
            longitude + AROUND / shrink,
            id,
            latitude,
            longitude,
            shrink * shrink,
            limit,
        ],
    )
    .await
}

/// The entries of a type that stand on the same hub, those with the most on their own shelves first.
pub async fn siblings(
    db: &impl Ask,
    hub: i64,
    (id, kind, locale): (i64, &str, &str),
    limit: i64,
) -> Result<Vec<Near>> {
    db.all(
        "SELECT e.id, e.title, p.path
         FROM shelves s
         JOIN entries e ON e.id = s.entry_id
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE s.hub = $1 AND s.locale = $2 AND s.shelf = $3 AND e.id <> $4
         ORDER BY (SELECT COUNT(*) FROM shelves o WHERE o.hub = e.translation_group AND o.locale = $2) DESC,
                  s.rank DESC, s.at DESC, s.entry_id DESC
         LIMIT $5",
        args![hub, locale, kind, id, limit],
    )
    .await
}

/// Writes what lists of a live entry go by.
pub async fn set_worth(tx: &Tx, entry: i64, filled: i64, place: Option<(f64, f64)>) -> Result<()> {
    tx.run(
        "UPDATE entries SET filled = $2, latitude = $3, longitude = $4
         WHERE id = $1 AND (filled <> $2 OR latitude IS DISTINCT FROM $3 OR longitude IS DISTINCT FROM $4)",
        args![entry, filled, place.map(|(latitude, _)| latitude), place.map(|(_, longitude)| longitude)],
    )
    .await?;
    Ok(())
}

/// What was last worked out under a name.
pub async fn mark(db: &impl Ask, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = db.optional("SELECT value FROM marks WHERE name = $1", args![name]).await?;
    Ok(row.map(|(value,)| value))
}

pub async fn set_mark(tx: &Tx, name: &str, value: &str) -> Result<()> {
    tx.run(
        "INSERT INTO marks (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        args![name, value],
    )
    .await?;
    Ok(())
}
