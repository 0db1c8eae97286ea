//! Addresses that lead nowhere and are asked for by people.

use sqlx::FromRow;

use super::{Ask, Tx, db::args, office::pattern};
use crate::clock::Time;
use crate::error::Result;
use crate::text::Path;

/// Addresses that are kept. Beyond them those with the fewest visits go, the oldest of these first.
pub const MOST: i64 = 2_000;

/// An address that nothing answers at.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Missed {
    pub id: i64,
    pub path: String,
    pub visits: i64,
    pub first_at: Time,
    pub last_at: Time,
    /// A path of the site, or another one's host.
    pub referrer: Option<String>,
    pub ignored_at: Option<Time>,
}

/// Visits to add to what is known of an address.
#[derive(Debug, Clone)]
pub struct Visits<'a> {
    pub path: &'a Path,
    pub visits: i64,
    pub first_at: Time,
    pub last_at: Time,
    pub referrer: Option<&'a str>,
}

pub async fn count(tx: &Tx, new: &Visits<'_>) -> Result<()> {
    tx.run(
        "INSERT INTO not_found (folded, path, visits, first_at, last_at, referrer)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (folded) DO UPDATE
         SET path = excluded.path, visits = not_found.visits + excluded.visits, last_at = excluded.last_at,
             referrer = COALESCE(excluded.referrer, not_found.referrer)",
        args![new.path.folded(), new.path.as_str(), new.visits, new.first_at, new.last_at, new.referrer],
    )
    .await?;
    Ok(())
}

/// Lets go of what is more than [`MOST`].
pub async fn trim(tx: &Tx) -> Result<u64> {
    tx.run(
        "DELETE FROM not_found WHERE id IN (
             SELECT id FROM not_found
             ORDER BY CASE WHEN ignored_at IS NULL THEN 1 ELSE 0 END, visits DESC, last_at DESC, id DESC
             LIMIT 1000000 OFFSET $1
         )",
        args![MOST],
    )
    .await
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Those that somebody has set aside, instead of those that wait.
    pub ignored: bool,
    /// What the address holds; empty for all.
    pub words: &'a str,
    /// Visits and number of the last one of the page before.
    pub after: Option<(i64, i64)>,
    pub limit: i64,
}

/// Addresses by visits, the most first. What has answered since is left out, but for rules.
pub async fn list(db: &impl Ask, wanted: Wanted<'_>) -> Result<Vec<Missed>> {
    let (visits, id) = wanted.after.unwrap_or((i64::MAX, i64::MAX));
    db.all(
        "SELECT n.id, n.path, n.visits, n.first_at, n.last_at, n.referrer, n.ignored_at FROM not_found n
         WHERE (n.ignored_at IS NOT NULL) = $1 AND (n.visits < $2 OR (n.visits = $2 AND n.id < $3))
           AND ($4 = '' OR lower(n.path) LIKE $4 ESCAPE '\\')
           AND NOT EXISTS (SELECT 1 FROM paths p WHERE p.folded = n.folded
                           AND (p.kind IN ('redirect', 'gone') OR p.public_at IS NOT NULL))
         ORDER BY n.visits DESC, n.id DESC LIMIT $5",
        args![wanted.ignored, visits, id, pattern(&wanted.words.to_lowercase()), wanted.limit],
    )
    .await
}

/// How many wait that were asked for more than once.
pub async fn waiting(db: &impl Ask) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            "SELECT COUNT(*) FROM not_found n
             WHERE n.ignored_at IS NULL AND n.visits > 1
               AND NOT EXISTS (SELECT 1 FROM paths p WHERE p.folded = n.folded
                               AND (p.kind IN ('redirect', 'gone') OR p.public_at IS NOT NULL))",
            args![],
        )
        .await?;
    Ok(count)
}

pub async fn find(db: &impl Ask, id: i64) -> Result<Option<Missed>> {
    db.optional(
        "SELECT id, path, visits, first_at, last_at, referrer, ignored_at FROM not_found WHERE id = $1",
        args![id],
    )
    .await
}

/// Sets an address aside, or takes it back.
pub async fn set_ignored(tx: &Tx, id: i64, at: Option<Time>) -> Result<()> {
    tx.run("UPDATE not_found SET ignored_at = $2 WHERE id = $1", args![id, at]).await?;
    Ok(())
}

/// Number and address of every one.
pub async fn all(db: &impl Ask) -> Result<Vec<(i64, String)>> {
    db.all("SELECT id, path FROM not_found ORDER BY id", args![]).await
}

pub async fn forget(tx: &Tx, ids: &[i64]) -> Result<u64> {
    tx.run("DELETE FROM not_found WHERE id IN {ids:$1}", args![ids]).await
}

/// Forgets what nobody has asked for since.
pub async fn forget_before(tx: &Tx, at: Time) -> Result<u64> {
    tx.run("DELETE FROM not_found WHERE last_at < $1", args![at]).await
}
