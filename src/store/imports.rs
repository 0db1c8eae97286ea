//! Where imported entries came from, so that a second run changes nothing.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::error::Result;

/// One file or row of an earlier import.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Source {
    pub entry_id: i64,
    pub hash: String,
    /// A link or relation waits for an entry that was not there yet.
    pub waiting: bool,
}

pub async fn find(db: &impl Ask, source: &str, key: &str) -> Result<Option<Source>> {
    db.optional(
        "SELECT entry_id, hash, waiting FROM sources WHERE source = $1 AND key = $2",
        args![source, key],
    )
    .await
}

#[derive(FromRow)]
struct Keyed {
    key: String,
    #[sqlx(flatten)]
    source: Source,
}

/// Those of these keys that are known, by key.
pub async fn find_many(db: &impl Ask, source: &str, keys: &[String]) -> Result<HashMap<String, Source>> {
    let rows: Vec<Keyed> = db
        .all(
            "SELECT key, entry_id, hash, waiting FROM sources WHERE source = $1 AND key IN {texts:$2}",
            args![source, keys],
        )
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.source)).collect())
}

/// What was read, and the entry that it became.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The type and the name of the file or folder.
    pub source: String,
    pub key: String,
    pub kind: String,
    pub read: Source,
}

/// Notes what was read; of a key that was read twice, the last time counts.
pub async fn write(tx: &Tx, origins: &[Origin]) -> Result<()> {
    if origins.is_empty() {
        return Ok(());
    }
    let mut seen = HashSet::new();
    let last = origins.iter().rev().filter(|origin| seen.insert((&origin.source, &origin.key)));
    let rows: Vec<_> = last
        .map(|Origin { source, key, kind, read }| {
            json!([source, key, kind, read.entry_id, read.hash, i64::from(read.waiting)])
        })
        .collect();
    tx.run(
        "INSERT INTO sources (source, key, type, entry_id, hash, waiting)
         SELECT r.a, r.b, r.c, CAST(r.d AS BIGINT), r.e, CAST(r.f AS BIGINT) <> 0 FROM {rows:$1} AS r
         WHERE true
         ON CONFLICT (source, key) DO UPDATE
         SET entry_id = excluded.entry_id, hash = excluded.hash, waiting = excluded.waiting",
        args![serde_json::Value::Array(rows).to_string()],
    )
    .await?;
    Ok(())
}

/// The entry that another import made from a file or row of that key, in the same type.
pub async fn elsewhere(db: &impl Ask, kind: &str, key: &str, entry: i64) -> Result<bool> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT entry_id FROM sources WHERE type = $1 AND key = $2 AND entry_id = $3",
            args![kind, key, entry],
        )
        .await?;
    Ok(row.is_some())
}
