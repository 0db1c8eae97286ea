//! What feeds, the news sitemap and the linter of `robots.txt` walk over; only what may be indexed.

use sqlx::FromRow;

use super::entries::indexable;
use super::{Ask, db::args};
use crate::clock::Time;
use crate::error::Result;
use crate::schema::ImageRef;

/// The address of a picture that is stored as JSON.
pub fn picture_address(json: &str) -> Option<String> {
    serde_json::from_str::<ImageRef>(json).ok().map(|image| image.src)
}

/// A page that crawlers may ask for.
#[derive(Debug, Clone, FromRow)]
pub struct Crawled {
    pub id: i64,
    pub path: String,
    pub indexable: bool,
}

/// Live entries by id, after this one.
pub async fn crawled_after(db: &impl Ask, id: i64, limit: i64) -> Result<Vec<Crawled>> {
    db.all(
        concat!(
            "SELECT e.id, p.path, ",
            indexable!(),
            " AS indexable
             FROM entries e JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.id > $1 AND e.state = 'published' AND e.visibility <> 'private'
             ORDER BY e.id LIMIT $2"
        ),
        args![id, limit],
    )
    .await
}

/// A story of the news sitemap.
#[derive(Debug, Clone, FromRow)]
pub struct Story {
    pub path: String,
    pub locale: String,
    pub title: String,
    pub published_at: Time,
}

/// Where news are looked for: in a type, or among those of its entries that say so in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsSource {
    pub kind: String,
    /// A field marked `filter`, and its value.
    pub only: Option<(String, String)>,
}

/// Of an entry `e`: its type is news as a whole (`$2`), or its field says that it is (`$3`).
macro_rules! is_news {
    () => {
        "(e.type IN {texts:$2} OR EXISTS (
             SELECT 1 FROM field_index f
             WHERE f.entry_id = e.id AND f.type || ' ' || f.field || ' ' || f.text IN {texts:$3}))"
    };
}

/// The types to look into, those that are news as a whole, and what a field has to say in the others.
fn news_args(sources: &[NewsSource]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let kinds = sources.iter().map(|source| source.kind.clone()).collect();
    let whole = sources.iter().filter(|source| source.only.is_none());
    let said = sources.iter().filter_map(|source| {
        let (field, value) = source.only.as_ref()?;
        Some(format!("{} {field} {value}", source.kind))
    });
    (kinds, whole.map(|source| source.kind.clone()).collect(), said.collect())
}

/// Indexable news in these languages that were published after one instant and not after the other,
/// the newest first: one range of `entries_listing` for each type and language.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn news(
    db: &impl Ask,
    sources: &[NewsSource],
    locales: &[String],
    (since, until): (Time, Time),
    limit: i64,
) -> Result<Vec<Story>> {
    let (kinds, whole, said) = news_args(sources);
    db.all(
        concat!(
            "SELECT p.path, e.locale, e.title, e.published_at
             FROM entries e JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.type IN {texts:$1} AND ",
            is_news!(),
            " AND e.locale IN {texts:$4} AND e.published_at > $5 AND e.published_at <= $6 AND ",
            indexable!(),
            " ORDER BY e.published_at DESC, e.id DESC LIMIT $7"
        ),
        args![&kinds, &whole, &said, locales, since, until, limit],
    )
    .await
}

/// When the next of these is dated that has been published with a date to come.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn next_news(
    db: &impl Ask,
    sources: &[NewsSource],
    locales: &[String],
    after: Time,
) -> Result<Option<Time>> {
    let (kinds, whole, said) = news_args(sources);
    let (next,): (Option<Time>,) = db
        .one(
            concat!(
                "SELECT MIN(e.published_at) FROM entries e
                 WHERE e.type IN {texts:$1} AND ",
                is_news!(),
                " AND e.locale IN {texts:$4} AND e.published_at > $5 AND ",
                indexable!()
            ),
            args![&kinds, &whole, &said, locales, after],
        )
        .await?;
    Ok(next)
}

/// A member of a translation group.
#[derive(Debug, Clone, FromRow)]
pub struct Translated {
    pub translation_group: i64,
    pub locale: String,
    pub path: String,
}

/// Indexable members of those of these groups that have more than one entry.
pub async fn translated(db: &impl Ask, groups: &[i64]) -> Result<Vec<Translated>> {
    db.all(
        concat!(
            "SELECT e.translation_group, e.locale, p.path
             FROM entries e JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.translation_group IN (
                 SELECT translation_group FROM entries
                 WHERE translation_group IN {ids:$1}
                 GROUP BY translation_group HAVING COUNT(*) > 1
             ) AND ",
            indexable!(),
            " ORDER BY e.translation_group, e.locale"
        ),
        args![groups],
    )
    .await
}

/// Type and path of the pages in this language of what these entries are or are translations of.
pub async fn pages_of_groups(db: &impl Ask, ids: &[i64], locale: &str) -> Result<Vec<(String, String)>> {
    db.all(
        "SELECT DISTINCT t.type, p.path
         FROM entries e
         JOIN entries t ON t.translation_group = e.translation_group AND t.locale = $2
         JOIN paths p ON p.entry_id = t.id AND p.kind = 'canonical'
         WHERE e.id IN {ids:$1} AND t.state = 'published' AND t.visibility <> 'private'",
        args![ids, locale],
    )
    .await
}

/// An entry of a feed.
#[derive(Debug, Clone, FromRow)]
pub struct FeedRow {
    pub id: i64,
    pub title: String,
    pub summary: String,
    pub cover: Option<String>,
    pub published_at: Option<Time>,
    pub modified_at: Option<Time>,
    pub created_at: Time,
    pub path: String,
    pub html: Option<String>,
    pub excerpt: Option<String>,
}

macro_rules! feed_rows {
    ($from:literal, $of:literal, $order:literal) => {
        concat!(
            "SELECT e.id, e.title, e.summary, e.cover, e.published_at, e.modified_at, e.created_at, p.path,
                    b.html, b.excerpt
             FROM ",
            $from,
            " JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             LEFT JOIN rendered b ON b.entry_id = e.id
             WHERE ",
            $of,
            " AND ",
            indexable!(),
            " ORDER BY ",
            $order,
            " LIMIT $1"
        )
    };
}

/// The newest of these types with their bodies: for each type the beginning of a range of
/// `entries_listing`, however many entries there are.
pub async fn feed(db: &impl Ask, kinds: &[String], locale: &str, limit: i64) -> Result<Vec<FeedRow>> {
    let mut found = Vec::new();
    for kind in kinds {
        let sql = feed_rows!("entries e", "e.type = $2 AND e.locale = $3", "e.published_at DESC, e.id DESC");
        found.extend(db.all(sql, args![limit, kind, locale]).await?);
    }
    Ok(newest(found, limit))
}

/// The newest of these types that point at an entry or at one of its translations. Those in `dated`
/// stand on their shelves by date alone, so that the beginning of one range of `shelves` is enough.
pub async fn feed_pointing_at(
    db: &impl Ask,
    group: i64,
    dated: &[String],
    others: &[String],
    locale: &str,
    limit: i64,
) -> Result<Vec<FeedRow>> {
    let mut found = Vec::new();
    for kind in dated {
        let sql = feed_rows!(
            "shelves s JOIN entries e ON e.id = s.entry_id",
            "s.hub = $4 AND s.locale = $3 AND s.shelf = $2",
            "s.rank DESC, s.at DESC, s.name DESC, s.entry_id DESC"
        );
        found.extend(db.all(sql, args![limit, kind, locale, group]).await?);
    }
    if !others.is_empty() {
        // `|| ''` keeps the planner off the index of all entries of a language: those that point here
        // are few.
        let sql = feed_rows!(
            "entries e",
            "e.type || '' IN {texts:$2} AND e.locale || '' = $3 AND e.id IN (
                 SELECT r.from_id FROM relations r
                 WHERE r.to_id IN (SELECT t.id FROM entries t WHERE t.translation_group = $4)
             )",
            "e.published_at DESC, e.id DESC"
        );
        found.extend(db.all(sql, args![limit, others, locale, group]).await?);
    }
    Ok(newest(found, limit))
}

fn newest(mut found: Vec<FeedRow>, limit: i64) -> Vec<FeedRow> {
    found.sort_by_key(|row| std::cmp::Reverse((row.published_at, row.id)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    found
}
