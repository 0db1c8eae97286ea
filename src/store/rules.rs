//! Redirect rules for paths that the registry doesn't know.

use serde::Serialize;
use sqlx::FromRow;

use super::{Ask, Tx, db::args, redirects};
use crate::clock::Time;
use crate::error::Result;

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct Rule {
    /// `prefix` or `regex`.
    pub kind: String,
    pub pattern: String,
    /// None with status 410.
    pub target: Option<String>,
    pub status: i64,
}

/// All rules: prefixes first, longer ones before shorter, then expressions in the order they were
/// made.
pub async fn all(db: &impl Ask) -> Result<Vec<Rule>> {
    db.all(
        "SELECT kind, pattern, target, status FROM rules
         ORDER BY kind, CASE WHEN kind = 'prefix' THEN -LENGTH(pattern) ELSE 0 END, id",
        args![],
    )
    .await
}

pub async fn write(tx: &Tx, rule: &Rule, at: Time) -> Result<()> {
    tx.run(
        "INSERT INTO rules (kind, pattern, target, status, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, pattern) DO UPDATE SET target = excluded.target, status = excluded.status",
        args![&rule.kind, &rule.pattern, rule.target.clone(), rule.status, at],
    )
    .await?;
    Ok(())
}

/// How often people were led on by a rule.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Visits {
    pub kind: String,
    pub pattern: String,
    pub visits: i64,
    pub last_at: Time,
}

/// Those of all rules that were used.
pub async fn visits(db: &impl Ask) -> Result<Vec<Visits>> {
    db.all(
        "SELECT kind, pattern, visits, last_at FROM redirect_visits WHERE kind IN ('prefix', 'regex')",
        args![],
    )
    .await
}

pub async fn remove(tx: &Tx, kind: &str, pattern: &str) -> Result<bool> {
    redirects::forget_visits(tx, kind, pattern).await?;
    let gone = tx.run("DELETE FROM rules WHERE kind = $1 AND pattern = $2", args![kind, pattern]).await?;
    Ok(gone > 0)
}
