//! What changed, numbered in the order in which it became visible.

use sqlx::FromRow;

use super::{Ask, Db, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// A commit's cache tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub sequence: i64,
    pub tags: Vec<String>,
}

#[derive(FromRow)]
struct Stored {
    sequence: i64,
    tags: String,
}

/// Takes the next number and writes the tags under it; the last thing a transaction does. The
/// counter's row stays locked until the commit, so a higher number never becomes visible before a
/// lower one: a follower that reads "greater than the last I saw" skips none.
pub async fn append(tx: &Tx, at: Time, tags: &[String]) -> Result<i64> {
    let (sequence,): (i64,) = tx
        .one("UPDATE counters SET value = value + 1 WHERE name = 'changes' RETURNING value", args![])
        .await?;
    tx.run(
        "INSERT INTO changes (sequence, at, tags) VALUES ($1, $2, $3)",
        args![sequence, at, serde_json::json!(tags).to_string()],
    )
    .await?;
    Ok(sequence)
}

/// The number of the last change.
pub async fn last(db: &Db) -> Result<i64> {
    let (value,) = db.one::<(i64,)>("SELECT value FROM counters WHERE name = 'changes'", args![]).await?;
    Ok(value)
}

/// At most 500 changes after that number, oldest first.
pub async fn after(db: &Db, sequence: i64) -> Result<Vec<Change>> {
    let rows: Vec<Stored> = db
        .all(
            "SELECT sequence, tags FROM changes WHERE sequence > $1 ORDER BY sequence LIMIT 500",
            args![sequence],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Change {
            sequence: row.sequence,
            tags: serde_json::from_str(&row.tags).expect("only `append` writes tags"),
        })
        .collect())
}

/// Forgets changes from before an instant, the oldest first; how many. The last one stays, so that
/// whoever asks sees whether they missed any.
pub async fn forget_before(tx: &Tx, at: Time, limit: i64) -> Result<u64> {
    tx.run(
        "DELETE FROM changes WHERE sequence IN (
             SELECT sequence FROM changes
             WHERE at < $1 AND sequence < (SELECT MAX(sequence) FROM changes)
             ORDER BY sequence LIMIT $2
         )",
        args![at, limit],
    )
    .await
}
