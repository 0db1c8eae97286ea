//! Links that show a draft to whoever has them.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// A link, without what opens it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PreviewLink {
    pub id: i64,
    pub actor: String,
    pub created_at: Time,
    pub expires_at: Time,
}

pub async fn insert(tx: &Tx, digest: &str, entry: i64, actor: &str, now: Time, expires: Time) -> Result<()> {
    tx.run(
        "INSERT INTO preview_links (digest, entry_id, actor, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        args![digest, entry, actor, now, expires],
    )
    .await
    .map(|_| ())
}

/// The entry that a secret shows: none when the link has expired, the entry is in the trash, or whoever
/// made the link is kept out.
pub async fn entry(db: &impl Ask, digest: &str, now: Time) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT l.entry_id FROM preview_links l JOIN entries e ON e.id = l.entry_id
             WHERE l.digest = $1 AND l.expires_at > $2 AND e.state <> 'trashed'
               AND NOT EXISTS (SELECT 1 FROM users u
                               WHERE 'user:' || u.id = l.actor AND u.disabled_at IS NOT NULL)",
            args![digest, now],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// The links of an entry that open it, the latest first.
pub async fn of_entry(db: &impl Ask, entry: i64, now: Time) -> Result<Vec<PreviewLink>> {
    db.all(
        "SELECT id, actor, created_at, expires_at FROM preview_links
         WHERE entry_id = $1 AND expires_at > $2 ORDER BY id DESC",
        args![entry, now],
    )
    .await
}

/// Takes a link back; whether there was one.
pub async fn remove(tx: &Tx, entry: i64, id: i64) -> Result<bool> {
    let removed =
        tx.run("DELETE FROM preview_links WHERE entry_id = $1 AND id = $2", args![entry, id]).await?;
    Ok(removed == 1)
}

/// Forgets those that have expired, at most `limit`; how many.
pub async fn forget_expired(tx: &Tx, now: Time, limit: i64) -> Result<u64> {
    tx.run(
        "DELETE FROM preview_links
         WHERE id IN (SELECT id FROM preview_links WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        args![now, limit],
    )
    .await
}
