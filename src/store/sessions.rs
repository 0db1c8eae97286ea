//! Where people are in: one row a browser.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// How long a session lasts without a sign of its user, in milliseconds (SECURITY 2.1).
pub const IDLE: i64 = 30 * 60 * 1000;
/// How long it lasts at most.
pub const ABSOLUTE: i64 = 12 * 60 * 60 * 1000;

/// What is known of a visit.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// SHA-256 of the id in the cookie.
    pub digest: String,
    pub user_id: Option<i64>,
    /// As JSON.
    pub data: String,
    pub agent: String,
    pub created_at: Time,
    pub seen_at: Time,
}

/// A new session; false when its id is another's already.
pub async fn create(tx: &Tx, session: &Session) -> Result<bool> {
    let rows = tx
        .run(
            "INSERT INTO sessions (digest, user_id, data, agent, created_at, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (digest) DO NOTHING",
            args![
                &session.digest,
                session.user_id,
                &session.data,
                &session.agent,
                session.created_at,
                session.seen_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Remembers more of a session; one that has ended stays so.
pub async fn save(tx: &Tx, digest: &str, user: Option<i64>, data: &str, now: Time) -> Result<()> {
    tx.run(
        "UPDATE sessions SET user_id = $2, data = $3, seen_at = $4 WHERE digest = $1",
        args![digest, user, data, now],
    )
    .await
    .map(|_| ())
}

/// The session of this digest, if it has not expired.
pub async fn find(db: &impl Ask, digest: &str, now: Time) -> Result<Option<Session>> {
    db.optional(
        "SELECT * FROM sessions WHERE digest = $1 AND seen_at > $2 AND created_at > $3",
        args![digest, now.0 - IDLE, now.0 - ABSOLUTE],
    )
    .await
}

/// A sign of its user.
pub async fn touch(tx: &Tx, digest: &str, now: Time) -> Result<()> {
    tx.run("UPDATE sessions SET seen_at = $2 WHERE digest = $1 AND seen_at < $2", args![digest, now])
        .await
        .map(|_| ())
}

/// Where a user is in, the latest sign first.
pub async fn of_user(db: &impl Ask, user: i64, now: Time) -> Result<Vec<Session>> {
    db.all(
        "SELECT * FROM sessions WHERE user_id = $1 AND seen_at > $2 AND created_at > $3
         ORDER BY seen_at DESC, digest LIMIT 100",
        args![user, now.0 - IDLE, now.0 - ABSOLUTE],
    )
    .await
}

pub async fn end(tx: &Tx, digest: &str) -> Result<()> {
    tx.run("DELETE FROM sessions WHERE digest = $1", args![digest]).await.map(|_| ())
}

/// Ends a session of a user; false when it is none of theirs.
pub async fn end_of_user(tx: &Tx, user: i64, digest: &str) -> Result<bool> {
    let rows = tx.run("DELETE FROM sessions WHERE digest = $1 AND user_id = $2", args![digest, user]).await?;
    Ok(rows == 1)
}

/// Ends every session of a user but one; how many.
pub async fn end_others(tx: &Tx, user: i64, but: Option<&str>) -> Result<u64> {
    tx.run("DELETE FROM sessions WHERE user_id = $1 AND digest <> $2", args![user, but.unwrap_or_default()])
        .await
}

/// Forgets what has expired, the oldest first; how many.
pub async fn forget_expired(tx: &Tx, now: Time, limit: i64) -> Result<u64> {
    tx.run(
        "DELETE FROM sessions WHERE digest IN (
             SELECT digest FROM sessions WHERE seen_at <= $1 OR created_at <= $2 ORDER BY seen_at LIMIT $3
         )",
        args![now.0 - IDLE, now.0 - ABSOLUTE, limit],
    )
    .await
}
