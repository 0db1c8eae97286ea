//! Reviews of drafts, and what was said in them.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::entry::ReviewState;
use crate::error::Result;

/// The review of an entry.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Review {
    state: String,
    /// The draft that was asked about, or that was approved.
    pub revision: i64,
    pub asked_by: String,
    pub asked_at: Time,
}

impl Review {
    pub fn state(&self) -> ReviewState {
        self.state.parse().expect("reviews_state allows no other")
    }
}

/// What was said of an entry.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Note {
    pub id: i64,
    pub at: Time,
    pub actor: String,
    /// `ask`, `withdraw`, `comment`, `approve` or `return`.
    pub kind: String,
    pub text: String,
}

/// An entry that somebody asked about.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Asked {
    #[sqlx(rename = "entry_id")]
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub title: String,
    state: String,
    pub asked_by: String,
    pub asked_at: Time,
}

impl Asked {
    pub fn state(&self) -> ReviewState {
        self.state.parse().expect("reviews_state allows no other")
    }
}

pub async fn find(db: &impl Ask, entry: i64) -> Result<Option<Review>> {
    db.optional("SELECT state, revision, asked_by, asked_at FROM reviews WHERE entry_id = $1", args![entry])
        .await
}

/// What is asked about a draft from now on.
pub async fn ask(tx: &Tx, entry: i64, revision: i64, actor: &str, now: Time) -> Result<()> {
    tx.run(
        "INSERT INTO reviews (entry_id, state, revision, asked_by, asked_at)
         VALUES ($1, 'waiting', $2, $3, $4)
         ON CONFLICT (entry_id) DO UPDATE
         SET state = 'waiting', revision = excluded.revision, asked_by = excluded.asked_by,
             asked_at = excluded.asked_at, settled_by = NULL, settled_at = NULL",
        args![entry, revision, actor, now],
    )
    .await?;
    Ok(())
}

/// What somebody decided about a draft.
pub async fn settle(
    tx: &Tx,
    entry: i64,
    state: ReviewState,
    revision: i64,
    actor: &str,
    now: Time,
) -> Result<()> {
    tx.run(
        "UPDATE reviews SET state = $2, revision = $3, settled_by = $4, settled_at = $5 WHERE entry_id = $1",
        args![entry, state.as_str(), revision, actor, now],
    )
    .await?;
    Ok(())
}

/// Ends a review: taken back, or readers see the draft. What was said stays.
pub async fn close(tx: &Tx, entry: i64) -> Result<()> {
    tx.run("DELETE FROM reviews WHERE entry_id = $1", args![entry]).await?;
    Ok(())
}

pub async fn note(tx: &Tx, entry: i64, actor: &str, kind: &str, text: &str, now: Time) -> Result<()> {
    tx.run(
        "INSERT INTO review_notes (entry_id, at, actor, kind, text) VALUES ($1, $2, $3, $4, $5)",
        args![entry, now, actor, kind, text],
    )
    .await?;
    Ok(())
}

/// What was said of an entry, the latest first; at most `limit`.
pub async fn notes(db: &impl Ask, entry: i64, limit: i64) -> Result<Vec<Note>> {
    db.all(
        "SELECT id, at, actor, kind, text FROM review_notes WHERE entry_id = $1 ORDER BY id DESC LIMIT $2",
        args![entry, limit],
    )
    .await
}

/// What waits for somebody who decides, the longest first, after an instant and an entry.
pub async fn waiting(db: &impl Ask, after: (Time, i64), limit: i64) -> Result<Vec<Asked>> {
    db.all(
        "SELECT w.entry_id, e.type, e.locale, e.title, w.state, w.asked_by, w.asked_at
         FROM reviews w JOIN entries e ON e.id = w.entry_id
         WHERE w.state = 'waiting' AND e.state NOT IN ('trashed', 'archived')
           AND (w.asked_at > $1 OR (w.asked_at = $1 AND w.entry_id > $2))
         ORDER BY w.asked_at, w.entry_id LIMIT $3",
        args![after.0, after.1, limit],
    )
    .await
}

/// What an actor asked about, the latest entry first, before an entry.
pub async fn asked_by(db: &impl Ask, actor: &str, before: i64, limit: i64) -> Result<Vec<Asked>> {
    db.all(
        "SELECT w.entry_id, e.type, e.locale, e.title, w.state, w.asked_by, w.asked_at
         FROM reviews w JOIN entries e ON e.id = w.entry_id
         WHERE w.asked_by = $1 AND e.state NOT IN ('trashed', 'archived') AND w.entry_id < $2
         ORDER BY w.entry_id DESC LIMIT $3",
        args![actor, before, limit],
    )
    .await
}
