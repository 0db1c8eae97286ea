//! What stands in lists: cards of published, public entries.

use sqlx::FromRow;

use super::entries::indexable;
use super::shelves::{self, Asked, SITE};
use super::{Ask, db::args, shelf_parts};
use crate::clock::Time;
use crate::error::Result;
use crate::schema::{SortBy, Type};

/// Who stands in lists, over `entries e`.
macro_rules! listed {
    () => {
        "e.state = 'published' AND e.visibility = 'public'"
    };
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Listed {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub translation_group: i64,
    pub title: String,
    pub summary: String,
    /// The beginning of the body, where there is no summary: it lies behind the whole text.
    pub excerpt: Option<String>,
    pub cover: Option<String>,
    pub published_at: Option<Time>,
    pub path: String,
}

macro_rules! columns {
    () => {
        "SELECT e.id, e.type, e.locale, e.translation_group, e.title, e.summary,
                CASE WHEN e.summary = '' THEN b.excerpt END AS excerpt, e.cover, e.published_at, p.path
         FROM entries e
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         LEFT JOIN rendered b ON b.entry_id = e.id "
    };
}

/// A slice of a list.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    pub limit: i64,
    pub offset: i64,
}

/// Entries of a type in a language, in the order of its listing.
pub async fn of_type(db: &impl Ask, kind: &Type, locale: &str, slice: Slice) -> Result<Vec<Listed>> {
    let reversed = !kind.sort().descending;
    shelves::slice(db, Asked { hub: SITE, locale, shelf: &kind.name, reversed }, slice).await
}

/// The newest entries of a type in a language.
pub async fn newest(db: &impl Ask, kind: &Type, locale: &str, limit: i64) -> Result<Vec<Listed>> {
    let sort = kind.sort();
    if sort.descending && matches!(sort.by, SortBy::Published | SortBy::Updated) {
        return of_type(db, kind, locale, Slice { limit, offset: 0 }).await;
    }
    db.all(
        concat!(
            columns!(),
            "WHERE e.type = $2 AND e.locale = $3 AND ",
            listed!(),
            " ORDER BY e.published_at DESC, e.id DESC LIMIT $1"
        ),
        args![limit, &kind.name, locale],
    )
    .await
}

pub async fn count_of_type(db: &impl Ask, kind: &str, locale: &str) -> Result<i64> {
    shelf_parts::count(db, SITE, locale, kind).await
}

/// These entries, as far as they may be indexed, in no order.
pub async fn of_ids(db: &impl Ask, ids: &[i64]) -> Result<Vec<Listed>> {
    db.all(concat!(columns!(), "WHERE e.id IN {ids:$1} AND ", indexable!()), args![ids]).await
}

/// Entries below an entry by `parent`.
pub async fn children(db: &impl Ask, parent: i64, slice: Slice) -> Result<Vec<Listed>> {
    db.all(
        concat!(
            columns!(),
            "WHERE e.parent_id = $3 AND e.type <> 'landing' AND ",
            listed!(),
            " ORDER BY e.title, e.id LIMIT $1 OFFSET $2"
        ),
        args![slice.limit, slice.offset, parent],
    )
    .await
}

/// The path of the newest entry of a language that may be indexed.
pub async fn newest_indexable(db: &impl Ask, locale: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = db
        .optional(
            concat!(
                "SELECT p.path FROM entries e
                 JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
                 WHERE e.locale = $1 AND ",
                indexable!(),
                " ORDER BY e.published_at DESC, e.id DESC LIMIT 1"
            ),
            args![locale],
        )
        .await?;
    Ok(row.map(|(path,)| path))
}

/// A live entry above another one, by path: a step of its breadcrumbs.
#[derive(Debug, Clone, FromRow)]
pub struct Above {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub title: String,
    pub path: String,
}

/// The live entries above an entry, the highest first.
pub async fn above(db: &impl Ask, entry: i64) -> Result<Vec<Above>> {
    db.all(
        "WITH RECURSIVE above (id, steps) AS (
             SELECT COALESCE(path_parent_id, parent_id), 1 FROM entries WHERE id = $1
             UNION ALL
             SELECT COALESCE(e.path_parent_id, e.parent_id), a.steps + 1
             FROM entries e JOIN above a ON e.id = a.id
             WHERE a.steps < 16
         )
         SELECT e.id, e.type, e.title, p.path
         FROM above a
         JOIN entries e ON e.id = a.id AND e.state = 'published' AND e.visibility <> 'private'
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         ORDER BY a.steps DESC",
        args![entry],
    )
    .await
}
