//! What is done to many entries, one after the other: the runs, and what became of each entry.

use serde_json::{Value, json};
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Run {
    pub id: i64,
    pub user_id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    /// As JSON.
    pub deed: String,
    /// The list that all of are meant; none where entries were ticked.
    pub query: Option<String>,
    pub total: i64,
    pub created_at: Time,
    pub ended_at: Option<Time>,
}

/// Begins a run over a list, or over what is added to it.
pub async fn begin(tx: &Tx, run: &Run) -> Result<i64> {
    let (id,): (i64,) = tx
        .one(
            "INSERT INTO bulk_runs (user_id, type, deed, query, total, created_at)
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            args![run.user_id, &run.kind, &run.deed, run.query.clone(), run.total, run.created_at],
        )
        .await?;
    Ok(id)
}

/// More entries of a run; those it has already stay as they are.
pub async fn add(tx: &Tx, run: i64, entries: &[(i64, Option<i64>)]) -> Result<()> {
    let rows = entries.iter().map(|(entry, seen)| json!([entry.to_string(), seen]));
    tx.run(
        "INSERT INTO bulk_entries (run_id, entry_id, seen, done)
         SELECT $2, CAST(r.a AS BIGINT), CAST(r.b AS BIGINT), 0 FROM {rows:$1} AS r
         WHERE true
         ON CONFLICT (run_id, entry_id) DO NOTHING",
        args![Value::from_iter(rows).to_string(), run],
    )
    .await
    .map(|_| ())
}

/// Gives a run all entries that another one has done; how many.
pub async fn add_done(tx: &Tx, of: i64, to: i64) -> Result<u64> {
    let added = tx
        .run(
            "INSERT INTO bulk_entries (run_id, entry_id, seen, done)
             SELECT $2, entry_id, NULL, 0 FROM bulk_entries WHERE run_id = $1 AND done = 1",
            args![of, to],
        )
        .await?;
    tx.run("UPDATE bulk_runs SET total = $2 WHERE id = $1", args![to, added as i64]).await?;
    Ok(added)
}

pub async fn find(db: &impl Ask, id: i64) -> Result<Option<Run>> {
    db.optional("SELECT * FROM bulk_runs WHERE id = $1", args![id]).await
}

/// Entries that are still to be done, with the versions that were seen, the oldest first.
pub async fn left(db: &impl Ask, run: i64, limit: i64) -> Result<Vec<(i64, Option<i64>)>> {
    db.all(
        "SELECT entry_id, seen FROM bulk_entries WHERE run_id = $1 AND done = 0 ORDER BY entry_id LIMIT $2",
        args![run, limit],
    )
    .await
}

/// The oldest entry of a run: what is left of its list comes before.
pub async fn last(db: &impl Ask, run: i64) -> Result<Option<i64>> {
    let (last,): (Option<i64>,) =
        db.one("SELECT MIN(entry_id) FROM bulk_entries WHERE run_id = $1", args![run]).await?;
    Ok(last)
}

/// Whether an entry of a run is still to be done.
pub async fn is_left(db: &impl Ask, run: i64, entry: i64) -> Result<bool> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT entry_id FROM bulk_entries WHERE run_id = $1 AND entry_id = $2 AND done = 0",
            args![run, entry],
        )
        .await?;
    Ok(row.is_some())
}

/// Notes that an entry was done, or why it was not.
pub async fn done(tx: &Tx, run: i64, entry: i64, reason: Option<&str>) -> Result<()> {
    tx.run(
        "UPDATE bulk_entries SET done = $3, reason = $4 WHERE run_id = $1 AND entry_id = $2",
        args![run, entry, if reason.is_none() { 1 } else { 2 }, reason.map(str::to_owned)],
    )
    .await
    .map(|_| ())
}

pub async fn end(tx: &Tx, run: i64, now: Time) -> Result<()> {
    tx.run("UPDATE bulk_runs SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", args![run, now])
        .await
        .map(|_| ())
}

/// How many were done, and how many failed.
pub async fn progress(db: &impl Ask, run: i64) -> Result<(i64, i64)> {
    db.one(
        "SELECT COALESCE(SUM(CASE WHEN done = 1 THEN 1 ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN done = 2 THEN 1 ELSE 0 END), 0)
         FROM bulk_entries WHERE run_id = $1",
        args![run],
    )
    .await
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Became {
    pub entry_id: i64,
    pub title: String,
    pub done: i64,
    pub reason: Option<String>,
}

/// What became of the entries, those that failed first, the newest first; after one of them.
pub async fn report(db: &impl Ask, run: i64, after: Option<(i64, i64)>, limit: i64) -> Result<Vec<Became>> {
    let (done, entry) = after.unwrap_or((i64::MAX, i64::MAX));
    db.all(
        "SELECT b.entry_id, e.title, b.done, b.reason
         FROM bulk_entries b JOIN entries e ON e.id = b.entry_id
         WHERE b.run_id = $1 AND b.done > 0 AND (b.done, b.entry_id) < ($2, $3)
         ORDER BY b.done DESC, b.entry_id DESC LIMIT $4",
        args![run, done, entry, limit],
    )
    .await
}
