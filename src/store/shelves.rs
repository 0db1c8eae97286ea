//! What stands on which hub, the best first: a table of its own, so that a page of a hub's list is one
//! range of its key, whatever else points there.
//!
//! A hub is a translation group, and an entry stands on those of everything it points at and of the
//! regions, cities and areas above that. The hub [`SITE`] is the site itself: on it stands everything, in
//! the order of its type's listing. A shelf is a type, or a landing page's part of it.

use serde_json::json;
use sqlx::FromRow;

use super::entries::Worth;
use super::lists::{Listed, Slice};
use super::shelf_parts::{self, HIGHEST, LOWEST, Start};
use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// The hub of the types' listings.
pub const SITE: i64 = 0;

/// The rank of what lacks the number that its type is sorted by.
pub const MISSING: f64 = -9e15;

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Shelved {
    pub hub: i64,
    pub locale: String,
    pub shelf: String,
    pub rank: f64,
    pub at: Time,
    /// Its title, where that is what the list is sorted by.
    pub name: String,
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
             FROM above a CROSS JOIN relations r CROSS JOIN entries t
             WHERE r.from_id = a.id AND t.id = r.to_id AND t.type IN {texts:$2}
         )
         SELECT e.translation_group AS hub, e.type, e.id, a.field
         FROM above a CROSS JOIN entries e WHERE e.id = a.id
         ORDER BY e.id, a.field",
        args![entry, hub_types],
    )
    .await
}

/// Each of these entries, and what of the types named stands above it, by its id.
pub async fn above_of(db: &impl Ask, ids: &[i64], hub_types: &[String]) -> Result<Vec<(i64, Above)>> {
    let rows: Vec<Rooted> = db
        .all(
            "WITH RECURSIVE above (root, id) AS (
                 SELECT id, id FROM entries WHERE id IN {ids:$1}
                 UNION
                 SELECT a.root, t.id
                 FROM above a CROSS JOIN relations r CROSS JOIN entries t
                 WHERE r.from_id = a.id AND t.id = r.to_id AND t.type IN {texts:$2}
             )
             SELECT a.root, e.translation_group AS hub, e.type, e.id, NULL AS field
             FROM above a CROSS JOIN entries e WHERE e.id = a.id
             ORDER BY e.id",
            args![ids, hub_types],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.root, row.above)).collect())
}

#[derive(FromRow)]
struct Rooted {
    root: i64,
    #[sqlx(flatten)]
    above: Above,
}

/// Where an entry stands now.
pub async fn of(db: &impl Ask, entry: i64) -> Result<Vec<Shelved>> {
    db.all(
        "SELECT hub, locale, shelf, rank, at, name FROM shelves WHERE entry_id = $1 ORDER BY hub, shelf",
        args![entry],
    )
    .await
}

/// Puts an entry where it does not stand yet.
pub async fn add(tx: &Tx, entry: i64, places: &[&Shelved]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let stands = stands(places);
    tx.run(
        "INSERT INTO shelves (hub, locale, shelf, rank, at, name, entry_id)
         SELECT n.hub, n.locale, n.shelf, n.rank, n.at, n.name, $2 FROM {stands:$1} AS n",
        args![&stands, entry],
    )
    .await?;
    shelf_parts::grow(tx, entry, &stands, places.len()).await
}

/// Takes an entry from where it stands.
pub async fn take(tx: &Tx, entry: i64, places: &[&Shelved]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let stands = stands(places);
    tx.run(
        "DELETE FROM shelves
         WHERE entry_id = $2
           AND (hub + 0, locale, shelf) IN (SELECT n.hub, n.locale, n.shelf FROM {stands:$1} AS n)",
        args![&stands, entry],
    )
    .await?;
    shelf_parts::shrink(tx, entry, &stands).await
}

/// Rows as the dialect's `stands` reads them. Ranks lie between the ends of the first and last part.
fn stands(places: &[&Shelved]) -> String {
    let row = |at: &&Shelved| {
        json!([at.hub, at.locale, at.shelf, at.rank.clamp(LOWEST + 1.0, HIGHEST - 1.0), at.at.0, at.name])
    };
    serde_json::Value::Array(places.iter().map(row).collect()).to_string()
}

/// All entries on any shelf of a hub, by id.
pub async fn on_hub(db: &impl Ask, hub: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> =
        db.all("SELECT DISTINCT entry_id FROM shelves WHERE hub = $1 ORDER BY entry_id", args![hub]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
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
    ($range:literal, $order:literal, $outer:literal) => {
        concat!(
            "SELECT e.id, e.type, e.locale, e.translation_group, e.title, e.summary,
                    CASE WHEN e.summary = '' THEN b.excerpt END AS excerpt, e.cover, e.published_at, p.path
             FROM (
                 SELECT entry_id, rank, at, name FROM shelves
                 WHERE hub = $3 AND locale = $4 AND shelf = $5 AND (rank, at, name, entry_id) ",
            $range,
            " ($6, $7, $8, $9)
                 ORDER BY ",
            $order,
            " LIMIT $1 OFFSET $2
             ) s
             CROSS JOIN entries e
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             LEFT JOIN rendered b ON b.entry_id = e.id
             WHERE e.id = s.entry_id
             ORDER BY ",
            $outer
        )
    };
}

/// A slice of a shelf, the highest rank first, among equals the newest. Only the slice's rows are
/// joined; of those before it, at most the ones in its part are passed over within the key.
pub async fn slice(db: &impl Ask, asked: Asked<'_>, slice: Slice) -> Result<Vec<Listed>> {
    let shelf = (asked.hub, asked.locale, asked.shelf);
    let Start { from, skip } = shelf_parts::start(db, shelf, slice.offset, !asked.reversed).await?;
    let sql = if asked.reversed {
        shelf!(">=", "rank, at, name, entry_id", "s.rank, s.at, s.name, s.entry_id")
    } else {
        shelf!(
            "<",
            "rank DESC, at DESC, name DESC, entry_id DESC",
            "s.rank DESC, s.at DESC, s.name DESC, s.entry_id DESC"
        )
    };
    let key = args![from.rank, from.at, from.name, from.entry_id];
    let mut asked = args![slice.limit, skip, asked.hub, asked.locale, asked.shelf];
    asked.extend(key);
    db.all(sql, asked).await
}

/// Where an entry stands on a shelf.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Stands {
    entry_id: i64,
    rank: f64,
    at: i64,
    name: String,
    /// Entries before it, read from the end of which it was asked.
    pub before: i64,
    /// Entries on the shelf.
    pub of: i64,
}

/// Where an entry stands on a shelf that is read from its first end; none when it does not stand there.
/// Those before it are counted within the key.
pub async fn standing(db: &impl Ask, asked: Asked<'_>, entry: i64) -> Result<Option<Stands>> {
    db.optional(
        "SELECT s.entry_id, s.rank, s.at, s.name,
                (SELECT COUNT(*) FROM shelves b
                 WHERE b.hub = $1 AND b.locale = $2 AND b.shelf = $3
                   AND (b.rank, b.at, b.name, b.entry_id) < (s.rank, s.at, s.name, s.entry_id)) AS before,
                (SELECT CAST(COALESCE(SUM(q.entries), 0) AS BIGINT) FROM shelf_parts q
                 WHERE q.hub = $1 AND q.locale = $2 AND q.shelf = $3) AS of
         FROM shelves s
         WHERE s.entry_id = $4 AND s.hub + 0 = $1 AND s.locale = $2 AND s.shelf = $3",
        args![asked.hub, asked.locale, asked.shelf, entry],
    )
    .await
}

/// One of the two neighbours below.
macro_rules! neighbour {
    ($after:literal, $range:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $after,
            " AS after, e.id, e.title, p.path
             FROM (
                 SELECT entry_id FROM shelves
                 WHERE hub = $1 AND locale = $2 AND shelf = $3 AND (rank, at, name, entry_id) ",
            $range,
            " ($4, $5, $6, $7)
                 ORDER BY ",
            $order,
            " LIMIT 1
             ) AS s
             CROSS JOIN entries e
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.id = s.entry_id"
        )
    };
}

/// Who stands right before an entry and right after it, read from the first end of the shelf.
pub async fn beside(db: &impl Ask, asked: Asked<'_>, of: &Stands) -> Result<(Option<Near>, Option<Near>)> {
    #[derive(FromRow)]
    struct Beside {
        after: bool,
        #[sqlx(flatten)]
        near: Near,
    }
    let found: Vec<Beside> = db
        .all(
            concat!(
                neighbour!("FALSE", "<", "rank DESC, at DESC, name DESC, entry_id DESC"),
                " UNION ALL ",
                neighbour!("TRUE", ">", "rank, at, name, entry_id")
            ),
            args![asked.hub, asked.locale, asked.shelf, of.rank, of.at, &of.name, of.entry_id],
        )
        .await?;
    let (after, before): (Vec<_>, Vec<_>) = found.into_iter().partition(|beside| beside.after);
    let first = |found: Vec<Beside>| found.into_iter().next().map(|beside| beside.near);
    Ok((first(before), first(after)))
}

/// A hub near another one.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Near {
    pub id: i64,
    pub title: String,
    pub path: String,
}

/// How far around a hub neighbours are looked for, in degrees of latitude: some 22 km, and where that
/// finds too few, 110 km.
const AROUND: [f64; 2] = [0.2, 1.0];

/// The nearest entries of a type around a point, itself left out; one band of the index
/// `entries_near`. On a map this small, degrees of longitude shrink by one factor.
pub async fn near(
    db: &impl Ask,
    (id, kind, locale): (i64, &str, &str),
    (latitude, longitude): (f64, f64),
    limit: i64,
) -> Result<Vec<Near>> {
    let shrink = latitude.to_radians().cos().max(0.01);
    let mut found: Vec<Near> = Vec::new();
    for around in AROUND {
        found = db
            .all(
                "SELECT e.id, e.title, p.path
                 FROM (
                     SELECT n.id, (n.latitude - $8) * (n.latitude - $8)
                                + (n.longitude - $9) * (n.longitude - $9) * $10 AS far
                     FROM entries n
                     WHERE n.type = $1 AND n.locale = $2 AND n.latitude BETWEEN $3 AND $4
                       AND n.longitude BETWEEN $5 AND $6 AND n.id <> $7
                       AND n.state || '' = 'published' AND n.visibility = 'public'
                     ORDER BY far, n.id LIMIT $11
                 ) AS near
                 CROSS JOIN entries e
                 JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
                 WHERE e.id = near.id
                 ORDER BY near.far, e.id",
                args![
                    kind,
                    locale,
                    latitude - around,
                    latitude + around,
                    longitude - around / shrink,
                    longitude + around / shrink,
                    id,
                    latitude,
                    longitude,
                    shrink * shrink,
                    limit,
                ],
            )
            .await?;
        if found.len() as i64 >= limit {
            break;
        }
    }
    Ok(found)
}

/// Of the first entries on a shelf, so many are compared by what is in them.
const COMPARED: i64 = 48;

/// The entries of a type that stand on the same hub, of the first of them those with the most on their own
/// shelves.
pub async fn siblings(
    db: &impl Ask,
    hub: i64,
    (id, kind, locale): (i64, &str, &str),
    limit: i64,
) -> Result<Vec<Near>> {
    db.all(
        "SELECT e.id, e.title, p.path
         FROM (
             SELECT entry_id, rank, at, name FROM shelves
             WHERE hub = $1 AND locale = $2 AND shelf = $3 AND entry_id <> $4
             ORDER BY rank DESC, at DESC, name DESC, entry_id DESC LIMIT $6
         ) AS s
         CROSS JOIN entries e
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.id = s.entry_id
         ORDER BY (SELECT COALESCE(SUM(o.entries), 0) FROM shelf_parts o
                   WHERE o.hub = e.translation_group AND o.locale = $2 AND o.shelf NOT LIKE '%/%') DESC,
                  s.rank DESC, s.at DESC, s.name DESC, s.entry_id DESC
         LIMIT $5",
        args![hub, locale, kind, id, limit, COMPARED],
    )
    .await
}

/// Writes what lists of a live entry go by.
pub async fn set_worth(tx: &Tx, entry: i64, worth: Worth) -> Result<()> {
    let Worth { filled, place } = worth;
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
