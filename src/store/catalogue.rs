//! Entries as the site's operator lists them: all of them, whatever their state.

use serde::Serialize;
use sqlx::FromRow;

use super::{Ask, db::args};
use crate::error::Result;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Line {
    pub id: i64,
    #[sqlx(rename = "type")]
    #[serde(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub state: String,
    pub visibility: String,
    pub title: String,
    /// Its present address; none where another entry has taken it.
    pub path: Option<String>,
}

/// Which entries; what is empty narrows nothing.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub kind: &'a str,
    pub locale: &'a str,
    pub state: &'a str,
    /// Those with a higher number than this.
    pub after: i64,
    pub limit: i64,
}

/// A part of the list, by number.
pub async fn list(db: &impl Ask, wanted: Wanted<'_>) -> Result<Vec<Line>> {
    db.all(
        "SELECT e.id, e.type, e.locale, e.state, e.visibility, e.title, p.path
         FROM entries e
         LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.id > $1
           AND ($2 = '' OR e.type = $2) AND ($3 = '' OR e.locale = $3) AND ($4 = '' OR e.state = $4)
         ORDER BY e.id LIMIT $5",
        args![wanted.after, wanted.kind, wanted.locale, wanted.state, wanted.limit],
    )
    .await
}
