//! Lists narrowed by what a visitor chose. The first choice is read from its index, the others are
//! checked on what that gives.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::FromRow;

use super::lists::{Listed, Slice};
use super::{Arg, Ask, db::args};
use crate::error::Result;

/// One choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    pub field: String,
    pub by: By,
}

/// What the field must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A relation to an entry or one of its translations.
    Group(i64),
    /// As the index has it.
    Text(String),
    Number(f64),
}

/// A list that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Narrowed<'a> {
    pub kind: &'a str,
    pub locale: &'a str,
    /// At least one.
    pub filters: &'a [Filter],
}

/// `|| ''` keeps the planner off the index of all entries of a type: those of the first choice are
/// fewer.
macro_rules! narrowed {
    ($what:literal, $first:literal, $end:literal) => {
        concat!(
            $what,
            " WHERE e.type || '' = $1 AND e.locale || '' = $2
               AND e.state = 'published' AND e.visibility = 'public'
               AND e.id IN (",
            $first,
            ")
               AND NOT EXISTS (
                   SELECT 1 FROM {filters:$3} AS f
                   WHERE NOT ((f.hub IS NOT NULL AND EXISTS (
                                  SELECT 1 FROM relations r JOIN entries t ON t.id = r.to_id
                                  WHERE r.from_id = e.id AND r.field = f.field AND t.translation_group = f.hub))
                           OR (f.hub IS NULL AND EXISTS (
                                  SELECT 1 FROM field_index i
                                  WHERE i.entry_id = e.id AND i.field = f.field
                                    AND (i.text = f.text OR i.number = f.number)))))",
            $end
        )
    };
}

macro_rules! by_first {
    ($filters:expr, $what:literal, $end:literal) => {
        match &$filters[0].by {
            By::Group(_) => narrowed!(
                $what,
                "SELECT r.from_id FROM relations r
                 WHERE r.field = $4 AND r.to_id IN (SELECT t.id FROM entries t WHERE t.translation_group = $5)",
                $end
            ),
            By::Text(_) => narrowed!(
                $what,
                "SELECT i.entry_id FROM field_index i WHERE i.type = $1 AND i.field = $4 AND i.text = $5",
                $end
            ),
            By::Number(_) => narrowed!(
                $what,
                "SELECT i.entry_id FROM field_index i WHERE i.type = $1 AND i.field = $4 AND i.number = $5",
                $end
            ),
        }
    };
}

fn arguments(asked: &Narrowed<'_>) -> Vec<Arg> {
    let rows: Vec<_> = asked
        .filters
        .iter()
        .map(|filter| match &filter.by {
            By::Group(group) => json!([filter.field, group, null, null]),
            By::Text(text) => json!([filter.field, null, text, null]),
            By::Number(number) => json!([filter.field, null, null, number]),
        })
        .collect();
    let first = &asked.filters[0];
    let value: Arg = match &first.by {
        By::Group(group) => (*group).into(),
        By::Text(text) => text.into(),
        By::Number(number) => (*number).into(),
    };
    let mut list = args![asked.kind, asked.locale, json!(rows).to_string(), &first.field];
    list.push(value);
    list
}

/// How many entries there are.
pub async fn count(db: &impl Ask, asked: Narrowed<'_>) -> Result<i64> {
    let sql = by_first!(asked.filters, "SELECT COUNT(*) FROM entries e", "");
    let (count,): (i64,) = db.one(sql, arguments(&asked)).await?;
    Ok(count)
}

/// The entries, the best filled first.
pub async fn slice(db: &impl Ask, asked: Narrowed<'_>, slice: Slice) -> Result<Vec<Listed>> {
    let sql = by_first!(
        asked.filters,
        "SELECT e.id, e.type, e.locale, e.translation_group, e.title, e.summary,
                CASE WHEN e.summary = '' THEN b.excerpt END AS excerpt, e.cover, e.published_at, p.path
         FROM entries e
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         LEFT JOIN rendered b ON b.entry_id = e.id",
        " ORDER BY e.filled DESC, e.published_at DESC, e.id DESC LIMIT $6 OFFSET $7"
    );
    let mut list = arguments(&asked);
    list.extend(args![slice.limit, slice.offset]);
    db.all(sql, list).await
}

/// Something that a relation can be narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Target {
    pub id: i64,
    #[sqlx(rename = "translation_group")]
    pub group: i64,
    pub slug: String,
    pub title: String,
}

/// The entries of a type with a slug or a title, the oldest first.
pub async fn named(db: &impl Ask, kind: &str, locale: &str, slug: &str, title: &str) -> Result<Vec<Target>> {
    db.all(
        "SELECT id, translation_group, slug, title FROM (
             SELECT * FROM entries WHERE type = $1 AND slug = $3
             UNION
             SELECT * FROM entries WHERE type = $1 AND title = $4
         ) AS e
         WHERE e.locale = $2 AND e.state = 'published' AND e.visibility = 'public'
         ORDER BY (e.slug = $3) DESC, e.id LIMIT 50",
        args![kind, locale, slug, title],
    )
    .await
}

/// A possible choice, and whether anything of the listed type stands there.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Possible {
    #[sqlx(flatten)]
    pub target: Target,
    pub used: bool,
}

/// The newest entries of a type, for a form: at most so many.
pub async fn possible(
    db: &impl Ask,
    kind: &str,
    locale: &str,
    listed: &str,
    limit: i64,
) -> Result<Vec<Possible>> {
    db.all(
        "SELECT e.id, e.translation_group, e.slug, e.title,
                EXISTS (SELECT 1 FROM shelves s
                        WHERE s.hub = e.translation_group AND s.locale = $2 AND s.shelf = $3) AS used
         FROM entries e
         WHERE e.type = $1 AND e.locale = $2 AND e.state = 'published' AND e.visibility = 'public'
         ORDER BY e.published_at DESC, e.id DESC LIMIT $4",
        args![kind, locale, listed, limit],
    )
    .await
}
