//! Where imported entries came from, so that a second run changes nothing.

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

/// Notes what was read.
pub async fn write(
    tx: &Tx,
    source: &str,
    key: &str,
    kind: &str,
    entry: i64,
    hash: &str,
    waiting: bool,
) -> Result<()> {
    tx.run(
        "INSERT INTO sources (source, key, type, entry_id, hash, waiting)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (source, key) DO UPDATE
         SET entry_id = excluded.entry_id, hash = excluded.hash, waiting = excluded.waiting",
        args![source, key, kind, entry, hash, waiting],
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
