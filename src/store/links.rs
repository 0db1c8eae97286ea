//! Internal links of live bodies.

use serde_json::{Value, json};
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::error::Result;

/// A link as it stands in a body: to an entry, or to an address of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub to: Option<i64>,
    /// The entry's id as text, or the folded path.
    pub address: String,
}

pub async fn write(tx: &Tx, entry: i64, links: &[Link], fresh: bool) -> Result<()> {
    if !fresh {
        tx.run("DELETE FROM links WHERE from_id = $1", args![entry]).await?;
    }
    if links.is_empty() {
        return Ok(());
    }
    let rows = links.iter().map(|link| json!([link.to, link.address]));
    tx.run(
        "INSERT INTO links (from_id, to_id, address)
         SELECT $2, CAST(r.a AS BIGINT), r.b FROM {rows:$1} AS r
         WHERE true
         ON CONFLICT (from_id, address) DO NOTHING",
        args![Value::from_iter(rows).to_string(), entry],
    )
    .await?;
    Ok(())
}

/// Where an entry's links lead today.
#[derive(Debug, Clone, FromRow)]
pub struct Led {
    pub id: i64,
    pub path: String,
}

/// Present paths of the live entries that a body links to.
pub async fn led(db: &impl Ask, entry: i64) -> Result<Vec<Led>> {
    db.all(
        "SELECT e.id, p.path
         FROM links l
         JOIN entries e ON e.id = l.to_id AND e.state = 'published' AND e.visibility <> 'private'
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE l.from_id = $1",
        args![entry],
    )
    .await
}

/// Present paths of these entries, the live ones among them: where a body that names them would lead.
pub async fn would_lead(db: &impl Ask, entries: &[i64]) -> Result<Vec<Led>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    db.all(
        "SELECT e.id, p.path
         FROM entries e
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.id IN {ids:$1} AND e.state = 'published' AND e.visibility <> 'private'",
        args![entries],
    )
    .await
}

/// A link of one of several bodies.
#[derive(Debug, Clone, FromRow)]
pub struct LedFrom {
    pub from_id: i64,
    #[sqlx(flatten)]
    pub led: Led,
}

/// As [`led`], for several entries at once.
pub async fn led_from(db: &impl Ask, entries: &[i64]) -> Result<Vec<LedFrom>> {
    db.all(
        "SELECT l.from_id, e.id, p.path
         FROM links l
         JOIN entries e ON e.id = l.to_id AND e.state = 'published' AND e.visibility <> 'private'
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE l.from_id IN {ids:$1}",
        args![entries],
    )
    .await
}

/// Entries with a link to an address that an entry has got since, after this one by id.
pub async fn settleable(db: &impl Ask, after: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "SELECT DISTINCT l.from_id
             FROM links l JOIN paths p ON p.folded = l.address
             WHERE l.to_id IS NULL AND l.from_id > $1 AND p.entry_id IS NOT NULL AND p.kind <> 'redirect'
             ORDER BY l.from_id LIMIT 500",
            args![after],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether any live entry leads here: by a link, by a relation, or because it stands below.
pub async fn leads_here(db: &impl Ask, entry: i64) -> Result<bool> {
    let found: Option<(i64,)> = db
        .optional(
            "SELECT e.id FROM (
                 SELECT from_id AS id FROM links WHERE to_id = $1
                 UNION ALL
                 SELECT from_id AS id FROM relations WHERE to_id = $1
                 UNION ALL
                 SELECT id FROM entries WHERE path_parent_id = $1
             ) AS leads
             JOIN entries e ON e.id = leads.id AND e.id <> $1
                  AND e.state = 'published' AND e.visibility = 'public'
             LIMIT 1",
            args![entry],
        )
        .await?;
    Ok(found.is_some())
}

/// A link that leads to no entry.
#[derive(Debug, Clone, FromRow)]
pub struct Dangling {
    pub from_id: i64,
    pub title: String,
    pub address: String,
}

/// Every internal link of a live body to an address that no entry has.
pub async fn dangling(db: &impl Ask) -> Result<Vec<Dangling>> {
    db.all(
        "SELECT l.from_id, e.title, l.address
         FROM links l JOIN entries e ON e.id = l.from_id
         WHERE l.to_id IS NULL AND e.state = 'published'
         ORDER BY l.from_id, l.address",
        args![],
    )
    .await
}
