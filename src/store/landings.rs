//! Landing pages: entries of the type `landing`, with what they list.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::entry::{State, Visibility};
use crate::error::Result;

/// Which landing page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, FromRow)]
pub struct Key {
    /// The file that declares it.
    pub definition: String,
    /// The translation group of what it stands below.
    pub hub: i64,
    /// A choice, a translation group as text, or nothing.
    pub facet: String,
    pub locale: String,
}

/// A landing page that is there, or was.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Landing {
    pub entry_id: i64,
    #[sqlx(flatten)]
    pub key: Key,
    /// How many stand on it.
    pub entries: i64,
    state: String,
}

impl Landing {
    pub fn is_live(&self) -> bool {
        self.state == State::Published.as_str()
    }
}

macro_rules! landing {
    ($of:literal) => {
        concat!(
            "SELECT l.entry_id, l.definition, l.hub, l.facet, l.locale, l.entries, e.state
             FROM landings l JOIN entries e ON e.id = l.entry_id WHERE ",
            $of
        )
    };
}

pub async fn find(db: &impl Ask, key: &Key) -> Result<Option<Landing>> {
    db.optional(
        landing!("l.hub = $1 AND l.definition = $2 AND l.facet = $3 AND l.locale = $4"),
        args![key.hub, &key.definition, &key.facet, &key.locale],
    )
    .await
}

/// The landing page that an entry is.
pub async fn at(db: &impl Ask, entry: i64) -> Result<Option<Landing>> {
    db.optional(landing!("l.entry_id = $1"), args![entry]).await
}

/// Landing pages below a hub in a language.
pub async fn below(db: &impl Ask, hub: i64, locale: &str) -> Result<Vec<Landing>> {
    db.all(landing!("l.hub = $1 AND l.locale = $2 ORDER BY l.entry_id"), args![hub, locale]).await
}

/// Landing pages of an entry as the second relation.
pub async fn of_facet(db: &impl Ask, definition: &str, facet: &str, locale: &str) -> Result<Vec<Landing>> {
    db.all(
        landing!("l.definition = $1 AND l.facet = $2 AND l.locale = $3 ORDER BY l.entry_id"),
        args![definition, facet, locale],
    )
    .await
}

/// Landing pages after this one, by entry.
pub async fn after(db: &impl Ask, entry: i64, limit: i64) -> Result<Vec<Landing>> {
    db.all(landing!("l.entry_id > $1 ORDER BY l.entry_id LIMIT $2"), args![entry, limit]).await
}

/// The translation group of the same list in other languages, when there is one.
pub async fn group(db: &impl Ask, key: &Key) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT e.translation_group FROM landings l JOIN entries e ON e.id = l.entry_id
             WHERE l.hub = $1 AND l.definition = $2 AND l.facet = $3
             ORDER BY l.entry_id LIMIT 1",
            args![key.hub, &key.definition, &key.facet],
        )
        .await?;
    Ok(row.map(|(group,)| group))
}

pub async fn insert(tx: &Tx, entry: i64, key: &Key, entries: i64) -> Result<()> {
    tx.run(
        "INSERT INTO landings (entry_id, definition, hub, facet, locale, entries)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![entry, &key.definition, key.hub, &key.facet, &key.locale, entries],
    )
    .await?;
    Ok(())
}

/// Notes how many entries stand on it, and that this is what readers see of it from now on.
pub async fn set_entries(tx: &Tx, entry: i64, entries: i64, now: Time) -> Result<()> {
    tx.run("UPDATE landings SET entries = $2 WHERE entry_id = $1", args![entry, entries]).await?;
    tx.run("UPDATE entries SET modified_at = $2 WHERE id = $1", args![entry, now]).await?;
    Ok(())
}

/// Something that a landing page is about: a hub, or the entry of its second relation.
#[derive(Debug, Clone, FromRow)]
pub struct Subject {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub path: Option<String>,
    state: String,
    visibility: String,
    pub replaced_by: Option<i64>,
}

impl Subject {
    /// Whether it has a page that lists may lead to.
    pub fn is_listed(&self) -> bool {
        self.state == State::Published.as_str() && self.visibility == Visibility::Public.as_str()
    }
}

/// The member of a translation group in a language, whatever its state.
pub async fn subject(db: &impl Ask, group: i64, locale: &str) -> Result<Option<Subject>> {
    db.optional(
        "SELECT e.id, e.slug, e.title, p.path, e.state, e.visibility, e.replaced_by
         FROM entries e LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.translation_group = $1 AND e.locale = $2",
        args![group, locale],
    )
    .await
}

/// A live landing page as a link, with how much is on it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Linked {
    pub id: i64,
    pub definition: String,
    pub facet: String,
    pub title: String,
    pub path: String,
    pub noindex: bool,
    pub entries: i64,
}

macro_rules! linked {
    ($from:literal) => {
        concat!("SELECT e.id, l.definition, l.facet, e.title, p.path, e.noindex, l.entries FROM ", $from)
    };
}

/// The landing pages of a hub, those with the most first.
pub async fn on_hub(db: &impl Ask, hub: i64, locale: &str) -> Result<Vec<Linked>> {
    db.all(
        linked!(
            "landings l
             JOIN entries e ON e.id = l.entry_id AND e.state = 'published'
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE l.hub = $1 AND l.locale = $2
             ORDER BY l.entries DESC, e.title, e.id"
        ),
        args![hub, locale],
    )
    .await
}

/// The landing pages that an entry stands on.
pub async fn with_entry(db: &impl Ask, entry: i64) -> Result<Vec<Linked>> {
    db.all(
        linked!(
            "shelves s
             JOIN landings l ON l.hub = s.hub AND l.locale = s.locale
                  AND l.definition || '/' || l.facet = s.shelf
             JOIN entries e ON e.id = l.entry_id AND e.state = 'published'
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE s.entry_id = $1
             ORDER BY l.entries DESC, e.title, e.id"
        ),
        args![entry],
    )
    .await
}

/// The same list below other hubs, those with the most first; one range of `landings_facet`.
pub async fn elsewhere(db: &impl Ask, key: &Key, limit: i64) -> Result<Vec<Linked>> {
    db.all(
        linked!(
            "landings l
             JOIN entries e ON e.id = l.entry_id AND e.state = 'published'
             JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE l.definition = $1 AND l.facet = $2 AND l.locale = $3 AND l.entries > 0 AND l.hub <> $4
             ORDER BY l.entries DESC, l.entry_id LIMIT $5"
        ),
        args![&key.definition, &key.facet, &key.locale, key.hub, limit],
    )
    .await
}

/// The live landing pages that hold these folded paths.
pub async fn holding(db: &impl Ask, folded: &[String]) -> Result<Vec<Landing>> {
    db.all(
        landing!(
            "e.state = 'published' AND l.entry_id IN (
                 SELECT entry_id FROM paths WHERE folded IN {texts:$1} AND kind = 'canonical'
             )
             ORDER BY l.entry_id"
        ),
        args![folded],
    )
    .await
}

/// The entries that a landing page lists.
pub async fn listed(db: &impl Ask, hub: i64, locale: &str, shelf: &str) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "SELECT entry_id FROM shelves WHERE hub = $1 AND locale = $2 AND shelf = $3 ORDER BY entry_id",
            args![hub, locale, shelf],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The hubs on which entries that point at a second relation stand on its shelf.
pub async fn hubs_with(db: &impl Ask, shelf: &str, facet: i64, locale: &str) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "SELECT DISTINCT s.hub
             FROM entries t
             JOIN relations r ON r.to_id = t.id
             JOIN shelves s ON s.entry_id = r.from_id
             WHERE t.translation_group = $1 AND s.shelf = $2 AND s.locale = $3
             ORDER BY s.hub",
            args![facet, shelf, locale],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
