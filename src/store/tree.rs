//! Entries by what their addresses begin with: what stands at the top, and what right below an entry.

use sqlx::FromRow;

use super::{Ask, db::args};
use crate::entry::State;
use crate::error::Result;

/// An entry in the tree.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Leaf {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub title: String,
    state: String,
    pub path: Option<String>,
    /// Whether anything stands below it.
    pub bears: bool,
}

impl Leaf {
    pub fn state(&self) -> State {
        self.state.parse().expect("entries_state allows no other")
    }
}

/// The last entry of the page before: its type, title and number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct After {
    pub kind: String,
    pub title: String,
    pub id: i64,
}

/// Entries of a type whose address begins with no other's, by title.
pub async fn tops(db: &impl Ask, kind: &str, after: &After, limit: i64) -> Result<Vec<Leaf>> {
    db.all(
        "SELECT e.id, e.type, e.locale, e.title, e.state, p.path,
                EXISTS (SELECT 1 FROM entries b WHERE b.path_parent_id = e.id) AS bears
         FROM entries e LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.type = $1 AND e.path_parent_id IS NULL AND e.state <> 'trashed'
           AND (e.title, e.id) > ($2, $3)
         ORDER BY e.title, e.id LIMIT $4",
        args![kind, &after.title, after.id, limit],
    )
    .await
}

/// Entries whose address begins with this one's and has one part more, by type and title.
pub async fn below(db: &impl Ask, entry: i64, after: &After, limit: i64) -> Result<Vec<Leaf>> {
    db.all(
        "SELECT e.id, e.type, e.locale, e.title, e.state, p.path,
                EXISTS (SELECT 1 FROM entries b WHERE b.path_parent_id = e.id) AS bears
         FROM entries e LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.path_parent_id = $1 AND e.state <> 'trashed' AND e.type <> 'landing'
           AND (e.type, e.title, e.id) > ($2, $3, $4)
         ORDER BY e.type, e.title, e.id LIMIT $5",
        args![entry, &after.kind, &after.title, after.id, limit],
    )
    .await
}

/// How many entries have a path that begins with this entry's; counted up to `most`.
pub async fn count_below(db: &impl Ask, entry: i64, most: i64) -> Result<i64> {
    let (count,) = db
        .one(
            "WITH RECURSIVE below (id, depth) AS (
                 SELECT id, 1 FROM entries WHERE path_parent_id = $1
                 UNION
                 SELECT e.id, b.depth + 1
                 FROM entries e JOIN below b ON e.path_parent_id = b.id
                 WHERE b.depth < 64
             )
             SELECT COUNT(*) FROM (SELECT id FROM below LIMIT $2) AS counted",
            args![entry, most],
        )
        .await?;
    Ok(count)
}
