//! What the back office lists: entries whatever their state, their revisions, and what was done.

use sqlx::FromRow;

use super::{Ask, db::args};
use crate::clock::Time;
use crate::entry::{Content, ReviewState, State};
use crate::error::{Error, Result};

/// An entry in a list of the back office.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Listed {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub title: String,
    state: String,
    pub visibility: String,
    pub publish_at: Option<Time>,
    /// Its newest revision, and when and by whom that was saved.
    pub draft: i64,
    pub live_revision: Option<i64>,
    pub version: i64,
    pub saved_at: Time,
    pub actor: String,
    pub path: Option<String>,
    review: Option<String>,
}

impl Listed {
    /// How a review of what is newest stands.
    pub fn review(&self) -> Option<ReviewState> {
        self.review.as_deref().map(|state| state.parse().expect("reviews_state allows no other"))
    }

    pub fn state(&self) -> State {
        self.state.parse().expect("entries_state allows no other")
    }

    /// What readers see is not the newest.
    pub fn is_changed(&self) -> bool {
        self.state() == State::Published && self.live_revision != Some(self.draft)
    }
}

macro_rules! listed {
    ($from:literal) => {
        concat!(
            "SELECT e.id, e.type, e.locale, e.title, e.state, e.visibility, e.publish_at, e.live_revision, e.version,
                    r.id AS draft, r.created_at AS saved_at, r.actor, p.path,
                    (SELECT w.state FROM reviews w WHERE w.entry_id = e.id
                     AND (w.state <> 'approved' OR w.revision = r.id)) AS review
             FROM ",
            $from,
            " JOIN revisions r ON r.entry_id = e.id
                  AND r.number = (SELECT MAX(n.number) FROM revisions n WHERE n.entry_id = e.id)
             LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical' "
        )
    };
}

/// What `LIKE … ESCAPE '\\'` finds these words by; empty for none.
pub fn pattern(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() {
        return String::new();
    }
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// The entries of these numbers, in no order.
pub async fn listed_of(db: &impl Ask, ids: &[i64]) -> Result<Vec<Listed>> {
    db.all(concat!(listed!("entries e"), "WHERE e.id IN {ids:$1}"), args![ids]).await
}

/// Whether this actor saved the first state of an entry.
pub async fn is_begun_by(db: &impl Ask, entry: i64, actor: &str) -> Result<bool> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT id FROM revisions WHERE entry_id = $1 AND number = 1 AND actor = $2",
            args![entry, actor],
        )
        .await?;
    Ok(row.is_some())
}

/// Entries of a state, whatever their type, the newest first; of one actor alone, when one is named.
pub async fn in_state(db: &impl Ask, state: State, actor: Option<&str>, limit: i64) -> Result<Vec<Listed>> {
    match actor {
        None => {
            db.all(
                concat!(
                    listed!("entries e"),
                    "WHERE e.state = $1 AND e.state <> 'published' AND e.type <> 'landing'
                     ORDER BY e.id DESC LIMIT $2"
                ),
                args![state.as_str(), limit],
            )
            .await
        }
        Some(actor) => {
            db.all(
                concat!(
                    listed!("revisions b JOIN entries e ON e.id = b.entry_id"),
                    "WHERE b.actor = $3 AND b.number = 1 AND b.actor <> 'operator'
                       AND e.state = $1 AND e.state <> 'published'
                     ORDER BY e.id DESC LIMIT $2"
                ),
                args![state.as_str(), limit, actor],
            )
            .await
        }
    }
}

/// The newest entries of a type by number and title: what a relation offers. Of what is not published,
/// only what one may see: everything, or nothing.
pub async fn offered(db: &impl Ask, kind: &str, everything: bool, limit: i64) -> Result<Vec<(i64, String)>> {
    db.all(
        "SELECT id, title FROM entries
         WHERE type = $1 AND state <> 'trashed' AND ((state = 'published' AND visibility <> 'private') OR $2)
         ORDER BY id DESC LIMIT $3",
        args![kind, everything, limit],
    )
    .await
}

/// The titles of those of these entries that everybody may read, or that this actor began; with
/// `everything`, of all.
pub async fn titles(db: &impl Ask, ids: &[i64], everything: bool, actor: &str) -> Result<Vec<(i64, String)>> {
    db.all(
        "SELECT e.id, e.title FROM entries e
         WHERE e.id IN {ids:$1}
           AND ((e.state = 'published' AND e.visibility <> 'private') OR $2
                OR EXISTS (SELECT 1 FROM revisions r
                           WHERE r.entry_id = e.id AND r.number = 1 AND r.actor = $3))",
        args![ids, everything, actor],
    )
    .await
}

/// A saved state without what it holds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Saved {
    pub id: i64,
    pub number: i64,
    pub created_at: Time,
    pub actor: String,
}

/// The saved states of an entry, the newest first; at most 200.
pub async fn revisions(db: &impl Ask, entry: i64) -> Result<Vec<Saved>> {
    db.all(
        "SELECT id, number, created_at, actor FROM revisions WHERE entry_id = $1
         ORDER BY number DESC LIMIT 200",
        args![entry],
    )
    .await
}

/// What a saved state of an entry holds.
pub async fn revision(db: &impl Ask, entry: i64, number: i64) -> Result<Option<Content>> {
    let row: Option<(String,)> = db
        .optional("SELECT content FROM revisions WHERE entry_id = $1 AND number = $2", args![entry, number])
        .await?;
    row.map(|(json,)| serde_json::from_str(&json).map_err(Error::internal)).transpose()
}

/// A line of the audit log, with the title of its entry, if that is one that people write.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Done {
    pub id: i64,
    pub at: Time,
    pub actor: String,
    pub action: String,
    pub entry_id: Option<i64>,
    pub detail: String,
    pub title: Option<String>,
}

/// What was done, the latest first, before a line.
pub async fn done(db: &impl Ask, before: Option<i64>, limit: i64) -> Result<Vec<Done>> {
    db.all(
        "SELECT a.id, a.at, a.actor, a.action, a.entry_id, a.detail, e.title
         FROM audit a LEFT JOIN entries e ON e.id = a.entry_id AND e.type <> 'landing'
         WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2",
        args![before.unwrap_or(i64::MAX), limit],
    )
    .await
}
