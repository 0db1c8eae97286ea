//! What stands in lists: cards of published, public entries.

use sqlx::FromRow;

use super::entries::indexable;
use super::{Ask, db::args};
use crate::clock::Time;
use crate::error::Result;

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
    /// The beginning of the body, for want of a summary.
    pub excerpt: Option<String>,
    pub cover: Option<String>,
    pub published_at: Option<Time>,
    pub path: String,
}

macro_rules! columns {
    () => {
        "SELECT e.id, e.type, e.locale, e.translation_group, e.title, e.summary, b.excerpt, e.cover, e.published_at, p.path
         FROM entries e
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         LEFT JOIN rendered b ON b.entry_id = e.id "
    };
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order<'a> {
    Newest,
    Oldest,
    Title,
    TitleDescending,
    /// By a field of the index, entries without it last.
    Field {
        name: &'a str,
        descending: bool,
    },
}

/// A slice of a list.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    pub limit: i64,
    pub offset: i64,
}

/// One statement an order: the text after `ORDER BY` can't be a parameter.
macro_rules! in_order {
    ($order:expr, $from:expr, $field:literal) => {
        match $order {
            Order::Newest => {
                concat!(columns!(), $from, " ORDER BY e.published_at DESC, e.id DESC LIMIT $1 OFFSET $2")
            }
            Order::Oldest => concat!(columns!(), $from, " ORDER BY e.published_at, e.id LIMIT $1 OFFSET $2"),
            Order::Title => concat!(columns!(), $from, " ORDER BY e.title, e.id LIMIT $1 OFFSET $2"),
            Order::TitleDescending => {
                concat!(columns!(), $from, " ORDER BY e.title DESC, e.id LIMIT $1 OFFSET $2")
            }
            Order::Field { descending: true, .. } => concat!(
                columns!(),
                "LEFT JOIN field_index f ON f.entry_id = e.id AND f.field = ",
                $field,
                " ",
                $from,
                " ORDER BY (f.entry_id IS NULL), f.number DESC, f.text DESC, e.title, e.id LIMIT $1 OFFSET $2"
            ),
            Order::Field { descending: false, .. } => concat!(
                columns!(),
                "LEFT JOIN field_index f ON f.entry_id = e.id AND f.field = ",
                $field,
                " ",
                $from,
                " ORDER BY (f.entry_id IS NULL), f.number, f.text, e.title, e.id LIMIT $1 OFFSET $2"
            ),
        }
    };
}

fn with_field(mut args: Vec<super::Arg>, order: Order<'_>) -> Vec<super::Arg> {
    if let Order::Field { name, .. } = order {
        args.push(name.into());
    }
    args
}

/// Entries of a type in a language.
pub async fn of_type(
    db: &impl Ask,
    kind: &str,
    locale: &str,
    order: Order<'_>,
    slice: Slice,
) -> Result<Vec<Listed>> {
    let sql = in_order!(order, concat!("WHERE e.type = $3 AND e.locale = $4 AND ", listed!()), "$5");
    db.all(sql, with_field(args![slice.limit, slice.offset, kind, locale], order)).await
}

pub async fn count_of_type(db: &impl Ask, kind: &str, locale: &str) -> Result<i64> {
    let (count,): (i64,) = db
        .one(
            concat!("SELECT COUNT(*) FROM entries e WHERE e.type = $1 AND e.locale = $2 AND ", listed!()),
            args![kind, locale],
        )
        .await?;
    Ok(count)
}

/// Whether there is anything in the list of a type.
pub async fn is_any_of_type(db: &impl Ask, kind: &str, locale: &str) -> Result<bool> {
    let found: Option<(i64,)> = db
        .optional(
            concat!(
                "SELECT e.id FROM entries e WHERE e.type = $1 AND e.locale = $2 AND ",
                listed!(),
                " LIMIT 1"
            ),
            args![kind, locale],
        )
        .await?;
    Ok(found.is_some())
}

/// Entries of a type that point at an entry or at one of its translations. `|| ''` keeps the planner
/// off the index of all entries of a type: those that point here are few.
pub async fn pointing_at(
    db: &impl Ask,
    group: i64,
    kind: &str,
    locale: &str,
    order: Order<'_>,
    slice: Slice,
) -> Result<Vec<Listed>> {
    let sql = in_order!(
        order,
        concat!(
            "WHERE e.type || '' = $3 AND e.locale || '' = $4 AND e.id IN (
                 SELECT r.from_id FROM relations r
                 WHERE r.to_id IN (SELECT t.id FROM entries t WHERE t.translation_group = $5)
             ) AND ",
            listed!()
        ),
        "$6"
    );
    db.all(sql, with_field(args![slice.limit, slice.offset, kind, locale, group], order)).await
}

/// These entries, as far as they stand in lists, in no order.
pub async fn of_ids(db: &impl Ask, ids: &[i64]) -> Result<Vec<Listed>> {
    db.all(concat!(columns!(), "WHERE e.id IN {ids:$1} AND ", listed!()), args![ids]).await
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
