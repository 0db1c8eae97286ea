//! What people are writing: texts that are not saved yet, and who has which form open.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// A form as somebody left it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unsaved {
    /// As a form sends them.
    pub fields: String,
    pub kept_at: Time,
}

/// Keeps a form of somebody's in place of what was kept of it before.
pub async fn keep(tx: &Tx, user: i64, form: &str, fields: &str, now: Time) -> Result<()> {
    tx.run(
        "INSERT INTO unsaved (user_id, form, fields, kept_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, form) DO UPDATE SET fields = excluded.fields, kept_at = excluded.kept_at",
        args![user, form, fields, now],
    )
    .await?;
    Ok(())
}

pub async fn find(db: &impl Ask, user: i64, form: &str) -> Result<Option<Unsaved>> {
    db.optional("SELECT fields, kept_at FROM unsaved WHERE user_id = $1 AND form = $2", args![user, form])
        .await
}

pub async fn forget(tx: &Tx, user: i64, form: &str) -> Result<()> {
    tx.run("DELETE FROM unsaved WHERE user_id = $1 AND form = $2", args![user, form]).await?;
    Ok(())
}

/// Notes that somebody has the form of an entry open.
pub async fn open(tx: &Tx, entry: i64, user: i64, now: Time) -> Result<()> {
    tx.run(
        "INSERT INTO editing (entry_id, user_id, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (entry_id, user_id) DO UPDATE SET seen_at = excluded.seen_at",
        args![entry, user, now],
    )
    .await?;
    Ok(())
}

/// Notes that they have left it.
pub async fn close(tx: &Tx, entry: i64, user: i64) -> Result<()> {
    tx.run("DELETE FROM editing WHERE entry_id = $1 AND user_id = $2", args![entry, user]).await?;
    Ok(())
}

/// The names of the others who have it open, by a sign they gave after an instant.
pub async fn others(db: &impl Ask, entry: i64, user: i64, after: Time) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all(
            "SELECT u.name FROM editing e JOIN users u ON u.id = e.user_id
             WHERE e.entry_id = $1 AND e.user_id <> $2 AND e.seen_at > $3
             ORDER BY u.name LIMIT 20",
            args![entry, user, after],
        )
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Forgets texts that were kept before an instant, and forms that were left before another; at most so
/// many of each. How many went.
pub async fn forget_before(tx: &Tx, kept: Time, seen: Time, limit: i64) -> Result<u64> {
    let texts = tx
        .run(
            "DELETE FROM unsaved WHERE (user_id, form) IN (
                 SELECT user_id, form FROM unsaved WHERE kept_at < $1 ORDER BY kept_at LIMIT $2
             )",
            args![kept, limit],
        )
        .await?;
    let forms = tx
        .run(
            "DELETE FROM editing WHERE (entry_id, user_id) IN (
                 SELECT entry_id, user_id FROM editing WHERE seen_at < $1 ORDER BY seen_at LIMIT $2
             )",
            args![seen, limit],
        )
        .await?;
    Ok(texts + forms)
}
