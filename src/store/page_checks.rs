//! What was found on the pages of live entries when they were last looked at.

use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// What a look at a page gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCheck<'a> {
    pub entry: i64,
    pub revision: i64,
    pub title_key: i64,
    pub errors: i64,
    pub warnings: i64,
    pub hints: i64,
    /// The findings as JSON.
    pub findings: &'a str,
}

/// Two pages have the same key when they have the same title in the same language.
pub fn title_key(locale: &str, title: &str) -> i64 {
    let hash = Sha256::digest(format!("{locale}\n{title}"));
    i64::from_be_bytes(hash.first_chunk().copied().unwrap_or_default())
}

/// In place of what was noted before.
pub async fn write(tx: &Tx, check: &PageCheck<'_>, at: Time) -> Result<()> {
    tx.run(
        "INSERT INTO page_checks (entry_id, revision_id, title_key, errors, warnings, hints, findings, checked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (entry_id) DO UPDATE
         SET revision_id = excluded.revision_id, title_key = excluded.title_key, errors = excluded.errors,
             warnings = excluded.warnings, hints = excluded.hints, findings = excluded.findings,
             checked_at = excluded.checked_at",
        args![
            check.entry,
            check.revision,
            check.title_key,
            check.errors,
            check.warnings,
            check.hints,
            check.findings,
            at
        ],
    )
    .await?;
    Ok(())
}

/// The path of another live page that has this title.
pub async fn same_title(db: &impl Ask, entry: i64, title_key: i64) -> Result<Option<String>> {
    let row: Option<(String,)> = db
        .optional(
            "SELECT p.path
             FROM page_checks r
             JOIN entries e ON e.id = r.entry_id AND e.live_revision = r.revision_id
                  AND e.state = 'published' AND e.visibility = 'public'
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE r.title_key = $1 AND r.entry_id <> $2
             ORDER BY r.entry_id LIMIT 1",
            args![title_key, entry],
        )
        .await?;
    Ok(row.map(|(path,)| path))
}

/// A live entry whose page has faults.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Faulty {
    pub id: i64,
    pub title: String,
    pub errors: i64,
    pub warnings: i64,
}

/// The live entries with most errors, then most warnings; of one actor alone, when one is named.
pub async fn faulty(db: &impl Ask, actor: Option<&str>, limit: i64) -> Result<Vec<Faulty>> {
    match actor {
        None => {
            db.all(
                "SELECT e.id, e.title, r.errors, r.warnings
                 FROM page_checks r JOIN entries e ON e.id = r.entry_id AND e.state = 'published'
                 WHERE r.errors + r.warnings > 0
                 ORDER BY r.errors DESC, r.warnings DESC, r.entry_id LIMIT $1",
                args![limit],
            )
            .await
        }
        Some(actor) => {
            db.all(
                "SELECT e.id, e.title, r.errors, r.warnings
                 FROM revisions b
                 JOIN page_checks r ON r.entry_id = b.entry_id AND r.errors + r.warnings > 0
                 JOIN entries e ON e.id = r.entry_id AND e.state = 'published'
                 WHERE b.actor = $2 AND b.number = 1 AND b.actor <> 'operator'
                 ORDER BY r.errors DESC, r.warnings DESC, r.entry_id LIMIT $1",
                args![limit, actor],
            )
            .await
        }
    }
}
