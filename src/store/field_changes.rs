//! Which files of `content/changes/` were applied, and how far.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// A file that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Applied {
    /// The last entry it was applied to.
    pub last_entry: i64,
    pub finished_at: Option<Time>,
}

pub async fn find(db: &impl Ask, file: &str) -> Result<Option<Applied>> {
    db.optional("SELECT last_entry, finished_at FROM field_changes WHERE file = $1", args![file]).await
}

/// Notes how far a file has come; with a time, that it is done.
pub async fn write(tx: &Tx, file: &str, last_entry: i64, finished_at: Option<Time>) -> Result<()> {
    tx.run(
        "INSERT INTO field_changes (file, last_entry, finished_at) VALUES ($1, $2, $3)
         ON CONFLICT (file) DO UPDATE
         SET last_entry = excluded.last_entry, finished_at = excluded.finished_at",
        args![file, last_entry, finished_at],
    )
    .await?;
    Ok(())
}
