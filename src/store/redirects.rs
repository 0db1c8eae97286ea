//! Editors' exact redirects, and paths that are gone: rows of the registry that are no entry's.

use serde::Serialize;
use sqlx::FromRow;

use super::{Ask, Tx, db::args, office::pattern};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::text::Path;

/// A redirect as an editor made it: exact path to an entry, a path or another site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct Redirect {
    pub path: String,
    /// 410 for a path that is gone.
    pub status: i64,
    /// The present address of the target; none when it is gone.
    pub target: Option<String>,
    pub entry_id: Option<i64>,
}

/// All exact redirects and gone paths, by path.
pub async fn redirects(db: &impl Ask) -> Result<Vec<Redirect>> {
    db.all(
        "SELECT p.path, COALESCE(p.status, 410) AS status, COALESCE(p.target, c.path) AS target, p.entry_id
         FROM paths p LEFT JOIN paths c ON c.entry_id = p.entry_id AND c.kind = 'canonical'
         WHERE p.kind IN ('redirect', 'gone')
         ORDER BY p.folded",
        args![],
    )
    .await
}

/// An exact redirect in a list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Listed {
    pub folded: String,
    #[sqlx(flatten)]
    pub redirect: Redirect,
    /// Of people, as far as they were counted.
    pub visits: i64,
    pub visited_at: Option<Time>,
}

/// As [`redirects`], those alone whose address or target holds these words, letters folded as far as
/// the database folds them; after this folded path, at most `limit`.
pub async fn matching(db: &impl Ask, words: &str, after: &str, limit: i64) -> Result<Vec<Listed>> {
    db.all(
        "SELECT p.folded, p.path, COALESCE(p.status, 410) AS status, COALESCE(p.target, c.path) AS target, p.entry_id,
                COALESCE(v.visits, 0) AS visits, v.last_at AS visited_at
         FROM paths p LEFT JOIN paths c ON c.entry_id = p.entry_id AND c.kind = 'canonical'
         LEFT JOIN redirect_visits v ON v.kind = 'exact' AND v.pattern = p.folded
         WHERE p.kind IN ('redirect', 'gone') AND p.folded > $3
           AND ($1 = '' OR lower(p.path) LIKE $1 ESCAPE '\\' OR lower(COALESCE(p.target, c.path)) LIKE $1 ESCAPE '\\')
         ORDER BY p.folded LIMIT $2",
        args![pattern(&words.to_lowercase()), limit, after],
    )
    .await
}

/// Adds visits to a redirect or a rule.
pub async fn count(tx: &Tx, kind: &str, pattern: &str, visits: i64, at: Time) -> Result<()> {
    tx.run(
        "INSERT INTO redirect_visits (kind, pattern, visits, last_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, pattern) DO UPDATE
         SET visits = redirect_visits.visits + excluded.visits, last_at = excluded.last_at",
        args![kind, pattern, visits, at],
    )
    .await?;
    Ok(())
}

/// Forgets the visits to one that is taken away.
pub(super) async fn forget_visits(tx: &Tx, kind: &str, pattern: &str) -> Result<()> {
    tx.run("DELETE FROM redirect_visits WHERE kind = $1 AND pattern = $2", args![kind, pattern]).await?;
    Ok(())
}

/// The exact redirect at a folded path, if there is one.
pub async fn redirect_at(db: &impl Ask, folded: &str) -> Result<Option<Redirect>> {
    db.optional(
        "SELECT p.path, COALESCE(p.status, 410) AS status, COALESCE(p.target, c.path) AS target, p.entry_id
         FROM paths p LEFT JOIN paths c ON c.entry_id = p.entry_id AND c.kind = 'canonical'
         WHERE p.folded = $1 AND p.kind IN ('redirect', 'gone')",
        args![folded],
    )
    .await
}

/// Where a redirect leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Entry(i64),
    Site(Path),
    Elsewhere(String),
    Gone,
}

/// Writes an exact redirect, or a path that is gone. Redirects that led to its path are bent to its
/// target, so no chain comes to be. Where a page once was, `public_at` stays and remembers it.
///
/// # Errors
/// `Error::Conflict` when a page is at the path.
pub async fn redirect(tx: &Tx, path: &Path, status: i64, target: &Target, now: Time) -> Result<()> {
    let folded = path.folded();
    let (kind, entry, to, to_folded) = match target {
        Target::Entry(id) => ("redirect", Some(*id), None, None),
        Target::Site(to) => ("redirect", None, Some(to.to_string()), Some(to.folded())),
        Target::Elsewhere(url) => ("redirect", None, Some(url.clone()), None),
        Target::Gone => ("gone", None, None, None),
    };
    let status = (kind == "redirect").then_some(status);
    let written = tx
        .run(
            "INSERT INTO paths (folded, path, kind, entry_id, target, target_folded, status, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (folded) DO UPDATE
             SET path = excluded.path, kind = excluded.kind, entry_id = excluded.entry_id,
                 target = excluded.target, target_folded = excluded.target_folded, status = excluded.status
             WHERE paths.kind IN ('redirect', 'gone')
                OR NOT EXISTS (SELECT 1 FROM entries e WHERE e.id = paths.entry_id AND e.state = 'published')",
            args![&folded, path.as_str(), kind, entry, to.clone(), to_folded.clone(), status, now],
        )
        .await?;
    if written == 0 {
        return Err(Error::Conflict(format!("{path} belongs to a page; a redirect would hide it")));
    }
    tx.run(
        "UPDATE paths
         SET kind = $2, entry_id = $3, target = $4, target_folded = $5,
             status = CASE WHEN $2 = 'gone' THEN NULL ELSE status END
         WHERE target_folded = $1",
        args![&folded, kind, entry, to, to_folded],
    )
    .await?;
    Ok(())
}

/// Takes an exact redirect or a gone mark away. The site forgets a redirect, but never a page:
/// where one once was, 410 stays.
pub async fn remove_redirect(tx: &Tx, folded: &str) -> Result<bool> {
    forget_visits(tx, "exact", folded).await?;
    let forgotten = tx
        .run(
            "DELETE FROM paths WHERE folded = $1 AND kind IN ('redirect', 'gone') AND public_at IS NULL",
            args![folded],
        )
        .await?;
    let marked = tx
        .run(
            "UPDATE paths
             SET kind = 'gone', entry_id = NULL, target = NULL, target_folded = NULL, status = NULL
             WHERE folded = $1 AND kind = 'redirect'",
            args![folded],
        )
        .await?;
    Ok(forgotten + marked > 0)
}
