//! Entries that would have the same title, or say the same of themselves.

use sqlx::FromRow;

use super::entries::indexable;
use super::{Ask, Tx, db::args};
use crate::error::Result;

/// A live entry with a given title.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Namesake {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub slug: String,
}

/// Whose namesakes are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    pub id: i64,
    pub title: &'a str,
    pub locale: &'a str,
    /// The title of what it stands below, where that tells namesakes apart; empty when it stands
    /// below nothing.
    pub below: Option<&'a str>,
}

/// The cache tag of a title: a page whose title others have carries it.
pub fn tag(locale: &str, title: &str) -> String {
    format!("title:{locale}:{title}")
}

/// The other live entries of these types with the same title, by id. Served by the index
/// `entries_title`: language and state are no plain columns here, or SQLite would begin with every entry
/// of the language.
pub async fn of(db: &impl Ask, named: &Named<'_>, kinds: &[String]) -> Result<Vec<Namesake>> {
    db.all(
        "SELECT e.id, e.type, e.slug
         FROM entries e
         LEFT JOIN entries p ON p.id = COALESCE(e.path_parent_id, e.parent_id)
         WHERE e.type IN {texts:$1} AND e.title = $2 AND e.locale || '' = $3 AND e.id <> $4
           AND e.state || '' = 'published' AND e.visibility <> 'private'
           AND ($5 = 0 OR COALESCE(p.title, '') = $6)
         ORDER BY e.id LIMIT 1000",
        args![
            kinds,
            named.title,
            named.locale,
            named.id,
            i64::from(named.below.is_some()),
            named.below.unwrap_or_default(),
        ],
    )
    .await
}

/// The cache tag of what entries say of themselves: a page carries that of its own words.
pub fn words_tag(key: i64) -> String {
    format!("words:{key}")
}

/// Whether another entry of the index says the same. Served by the index `entries_words_key`.
pub async fn say_the_same(db: &impl Ask, id: i64, words_key: i64) -> Result<bool> {
    let other: Option<(i64,)> = db
        .optional(
            concat!(
                "SELECT e.id FROM entries e WHERE e.words_key = $1 AND e.id <> $2 AND ",
                indexable!(),
                " LIMIT 1"
            ),
            args![words_key, id],
        )
        .await?;
    Ok(other.is_some())
}

/// Notes what an entry says of itself, for those that were published before anybody did.
pub async fn set_words_key(tx: &Tx, id: i64, words_key: Option<i64>) -> Result<()> {
    tx.run("UPDATE entries SET words_key = $2 WHERE id = $1", args![id, words_key]).await?;
    Ok(())
}
