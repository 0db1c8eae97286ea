//! Entries, their revisions, and what is derived from the live one.

use sqlx::FromRow;

use super::{Arg, Ask, Tx, db::args};
use crate::clock::Time;
use crate::entry::{Content, Indexable, State, Visibility};
use crate::error::{Error, Result};

/// The SQL twin of [`crate::entry::is_indexable`], over `entries e`.
macro_rules! indexable {
    () => {
        "(e.state = 'published' AND e.visibility = 'public' AND NOT e.noindex AND e.canonical IS NULL)"
    };
}
pub(super) use indexable;

/// An entry without its content: what is live, or the draft before there was anything live.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Entry {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub translation_group: i64,
    pub parent_id: Option<i64>,
    pub path_parent_id: Option<i64>,
    pub slug: String,
    pub title: String,
    pub summary: String,
    /// An `ImageRef` as JSON.
    pub cover: Option<String>,
    state: String,
    visibility: String,
    pub noindex: bool,
    pub canonical: Option<String>,
    pub published_at: Option<Time>,
    pub modified_at: Option<Time>,
    pub publish_at: Option<Time>,
    pub unpublish_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
    pub live_revision: Option<i64>,
    pub content_hash: Option<String>,
    /// What it says of itself in a line, as [`namesakes`](super::namesakes) compare it.
    pub words_key: Option<i64>,
    pub replaced_by: Option<i64>,
}

impl Entry {
    pub fn state(&self) -> State {
        self.state.parse().expect("entries_state allows no other")
    }

    pub fn visibility(&self) -> Visibility {
        self.visibility.parse().expect("entries_visibility allows no other")
    }

    /// Published, and for the public's eyes.
    pub fn is_live(&self) -> bool {
        self.state() == State::Published && self.visibility() != Visibility::Private
    }

    /// The entry as it would be if this content were published now; `is_live` says that it is already.
    #[must_use]
    pub fn as_if_live(mut self, content: &Content, is_live: bool, now: Time) -> Entry {
        State::Published.as_str().clone_into(&mut self.state);
        content.visibility.as_str().clone_into(&mut self.visibility);
        self.title.clone_from(&content.title);
        self.summary.clone_from(&content.summary);
        self.noindex = content.seo.noindex;
        self.canonical.clone_from(&content.seo.canonical);
        self.published_at = content.published_at.or(self.published_at).or(Some(now));
        self.modified_at = match self.modified_at {
            Some(before) if is_live => Some(before),
            Some(_) => content.modified_at.or(Some(now)),
            None => content.modified_at.or(content.published_at).or(Some(now)),
        };
        self
    }

    pub fn indexable(&self) -> Indexable<'_> {
        Indexable {
            state: self.state(),
            visibility: self.visibility(),
            noindex: self.noindex,
            canonical: self.canonical.as_deref(),
        }
    }
}

/// What a new entry is for life.
#[derive(Debug, Clone)]
pub struct Birth<'a> {
    pub kind: &'a str,
    pub locale: &'a str,
    pub translation_of: Option<i64>,
    pub at: Time,
}

/// The columns that follow from a content.
#[derive(Debug, Clone)]
pub struct Columns<'a> {
    pub content: &'a Content,
    pub path_parent: Option<i64>,
}

impl Columns<'_> {
    /// From `parent_id` to `published_at`, in the order of both statements below.
    fn args(&self) -> Vec<Arg> {
        let content = self.content;
        args![
            content.parent,
            self.path_parent,
            &content.slug,
            &content.title,
            &content.summary,
            content.cover.as_ref().map(|cover| serde_json::json!(cover).to_string()),
            content.visibility.as_str(),
            content.seo.noindex,
            content.seo.canonical.clone(),
            content.published_at,
        ]
    }
}

/// Writes a new draft.
pub async fn insert(tx: &Tx, birth: &Birth<'_>, columns: &Columns<'_>) -> Result<Entry> {
    let mut given = args![birth.kind, birth.locale, birth.translation_of, birth.at];
    given.extend(columns.args());
    tx.one(
        "INSERT INTO entries (id, type, locale, translation_group, created_at, parent_id, path_parent_id, slug, title,
                              summary, cover, visibility, noindex, canonical, published_at, state, version)
         SELECT n.id, $1, $2, COALESCE($3, n.id), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'draft', 1
         FROM {next:entries} AS n
         RETURNING *",
        given,
    )
    .await
}

/// Writes the columns of a content that is live from now on, or of a draft that never was.
pub async fn write_columns(tx: &Tx, id: i64, columns: &Columns<'_>) -> Result<()> {
    let mut given = args![id];
    given.extend(columns.args());
    tx.run(
        "UPDATE entries
         SET parent_id = $2, path_parent_id = $3, slug = $4, title = $5, summary = $6, cover = $7,
             visibility = $8, noindex = $9, canonical = $10, published_at = COALESCE($11, published_at)
         WHERE id = $1",
        given,
    )
    .await?;
    Ok(())
}

/// Takes the next version, if the entry still has the one the actor saw.
///
/// # Errors
/// `Error::Conflict` when somebody saved in between: nothing is ever silently overwritten.
pub async fn advance(tx: &Tx, id: i64, seen: i64) -> Result<Entry> {
    let advanced = tx
        .optional(
            "UPDATE entries SET version = version + 1 WHERE id = $1 AND version = $2 RETURNING *",
            args![id, seen],
        )
        .await?;
    if let Some(entry) = advanced {
        return Ok(entry);
    }
    match find(tx, id).await? {
        None => Err(Error::NotFound),
        Some(entry) => Err(Error::Conflict(format!(
            "“{}” was saved by somebody else in the meantime: you saw version {seen}, it is now version {}",
            entry.title, entry.version
        ))),
    }
}

/// A state with the dates that belong to it.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub publish_at: Option<Time>,
    pub unpublish_at: Option<Time>,
    pub replaced_by: Option<i64>,
}

pub async fn set_state(tx: &Tx, id: i64, state: State, standing: &Standing) -> Result<()> {
    tx.run(
        "UPDATE entries SET state = $2, publish_at = $3, unpublish_at = $4, replaced_by = $5 WHERE id = $1",
        args![id, state.as_str(), standing.publish_at, standing.unpublish_at, standing.replaced_by],
    )
    .await?;
    Ok(())
}

/// What goes live with a revision.
#[derive(Debug, Clone)]
pub struct GoingLive {
    pub revision: i64,
    pub published: Time,
    pub modified: Time,
    pub content_hash: String,
    /// What its description is known by, where it has words for one.
    pub words_key: Option<i64>,
    pub worth: Worth,
    /// The version rises with it.
    pub advance: bool,
}

/// What lists of an entry go by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Worth {
    /// How much it says of itself, from 0 to 100.
    pub filled: i64,
    /// Where it is, in degrees of latitude and longitude.
    pub place: Option<(f64, f64)>,
}

/// Makes a revision the live one: the entry is published, and nothing replaces it. A set end stays.
pub async fn set_live(tx: &Tx, id: i64, live: &GoingLive) -> Result<()> {
    let place = live.worth.place;
    tx.run(
        "UPDATE entries
         SET state = 'published', publish_at = NULL, replaced_by = NULL,
             live_revision = $2, published_at = $3, modified_at = $4, content_hash = $5,
             words_key = $6, filled = $7, latitude = $8, longitude = $9, version = version + $10
         WHERE id = $1",
        args![
            id,
            live.revision,
            live.published,
            live.modified,
            &live.content_hash,
            live.words_key,
            live.worth.filled,
            place.map(|(latitude, _)| latitude),
            place.map(|(_, longitude)| longitude),
            i64::from(live.advance),
        ],
    )
    .await?;
    Ok(())
}

/// Entries that lead to this one, now that it is replaced itself, lead to its replacement.
pub async fn bend_replacements(tx: &Tx, from: i64, to: i64) -> Result<()> {
    tx.run("UPDATE entries SET replaced_by = $2 WHERE replaced_by = $1", args![from, to]).await?;
    Ok(())
}

pub async fn find(db: &impl Ask, id: i64) -> Result<Option<Entry>> {
    db.optional("SELECT * FROM entries WHERE id = $1", args![id]).await
}

/// The types of these entries.
pub async fn kinds(db: &impl Ask, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    db.all("SELECT id, type FROM entries WHERE id IN {ids:$1}", args![ids]).await
}

pub async fn find_many(db: &impl Ask, ids: &[i64]) -> Result<Vec<Entry>> {
    db.all("SELECT * FROM entries WHERE id IN {ids:$1} ORDER BY id", args![ids]).await
}

/// The entry of that type and locale with that slug, title, or key in an earlier import. A slug is
/// unique below a parent only, so there may be several: the oldest that is not in the trash. Names are
/// found by their own indexes: `|| ''` keeps SQLite from taking the one of listings for its three columns.
pub async fn find_by_name(
    db: &impl Ask,
    kind: &str,
    locale: &str,
    name: &str,
    slug: &str,
) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT id FROM (
                 SELECT id, 1 AS rank FROM entries
                 WHERE type = $1 AND slug IN ($3, $4) AND locale || '' = $2 AND state <> 'trashed'
                 UNION ALL
                 SELECT id, 2 AS rank FROM entries
                 WHERE type = $1 AND title = $4 AND locale || '' = $2 AND state <> 'trashed'
                 UNION ALL
                 SELECT e.id, 3 AS rank FROM sources s JOIN entries e ON e.id = s.entry_id
                 WHERE s.type = $1 AND s.key = $4 AND e.state <> 'trashed'
             ) AS named
             ORDER BY rank, id LIMIT 1",
            args![kind, locale, slug, name],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// The entry's translations, itself included, live ones only.
pub async fn translations(db: &impl Ask, group: i64) -> Result<Vec<Translation>> {
    db.all(
        concat!(
            "SELECT e.id, e.locale, p.path, ",
            indexable!(),
            " AS indexable
             FROM entries e JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
             WHERE e.translation_group = $1 AND e.state = 'published' AND e.visibility <> 'private'
             ORDER BY e.locale"
        ),
        args![group],
    )
    .await
}

#[derive(Debug, Clone, FromRow)]
pub struct Translation {
    pub id: i64,
    pub locale: String,
    pub path: String,
    pub indexable: bool,
}

/// The translation of an entry in a locale, whatever its state.
pub async fn translation_in(db: &impl Ask, entry: i64, locale: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT t.id FROM entries e JOIN entries t ON t.translation_group = e.translation_group
             WHERE e.id = $1 AND t.locale = $2",
            args![entry, locale],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Saves a state of the content; the revision's id.
pub async fn append_revision(
    tx: &Tx,
    entry: i64,
    number: i64,
    actor: &str,
    content: &Content,
    at: Time,
) -> Result<i64> {
    let json = serde_json::to_string(content).map_err(Error::internal)?;
    let (id,): (i64,) = tx
        .one(
            "INSERT INTO revisions (entry_id, number, created_at, actor, content)
             VALUES ($1, $2, $3, $4, $5) RETURNING id",
            args![entry, number, at, actor, json],
        )
        .await?;
    Ok(id)
}

#[derive(Debug, Clone)]
pub struct Revision {
    pub id: i64,
    pub number: i64,
    pub content: Content,
}

#[derive(FromRow)]
struct StoredRevision {
    id: i64,
    number: i64,
    content: String,
}

impl StoredRevision {
    fn read(self) -> Result<Revision> {
        let content = serde_json::from_str(&self.content).map_err(Error::internal)?;
        Ok(Revision { id: self.id, number: self.number, content })
    }
}

/// The newest revision: the draft.
pub async fn draft(db: &impl Ask, entry: i64) -> Result<Revision> {
    db.one::<StoredRevision>(
        "SELECT id, number, content FROM revisions WHERE entry_id = $1 ORDER BY number DESC LIMIT 1",
        args![entry],
    )
    .await?
    .read()
}

/// The live revision, if there is one.
pub async fn live(db: &impl Ask, entry: i64) -> Result<Option<Revision>> {
    db.optional::<StoredRevision>(
        "SELECT r.id, r.number, r.content FROM entries e JOIN revisions r ON r.id = e.live_revision WHERE e.id = $1",
        args![entry],
    )
    .await?
    .map(StoredRevision::read)
    .transpose()
}

/// The live contents of several entries.
pub async fn live_of_all(db: &impl Ask, entries: &[i64]) -> Result<Vec<(i64, Content)>> {
    let rows: Vec<(i64, String)> = db
        .all(
            "SELECT e.id, r.content
             FROM entries e
             JOIN revisions r ON r.id = e.live_revision
             WHERE e.id IN {ids:$1}",
            args![entries],
        )
        .await?;
    let read = |(id, json): (i64, String)| Ok((id, serde_json::from_str(&json).map_err(Error::internal)?));
    rows.into_iter().map(read).collect()
}

/// The body as readers get it.
#[derive(Debug, Clone, FromRow)]
pub struct Rendered {
    pub html: String,
    /// `[{level, id, title}]` as JSON.
    pub outline: String,
    pub plain: String,
    pub excerpt: String,
    pub words: i64,
    pub minutes: i64,
}

pub async fn write_rendered(tx: &Tx, entry: i64, sanitiser: i64, body: &Rendered) -> Result<()> {
    tx.run(
        "INSERT INTO rendered (entry_id, sanitiser, html, outline, plain, excerpt, words, minutes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (entry_id) DO UPDATE
         SET sanitiser = excluded.sanitiser, html = excluded.html, outline = excluded.outline,
             plain = excluded.plain, excerpt = excluded.excerpt, words = excluded.words,
             minutes = excluded.minutes",
        args![
            entry,
            sanitiser,
            &body.html,
            &body.outline,
            &body.plain,
            &body.excerpt,
            body.words,
            body.minutes
        ],
    )
    .await?;
    Ok(())
}

pub async fn rendered(db: &impl Ask, entry: i64) -> Result<Option<Rendered>> {
    db.optional(
        "SELECT html, outline, plain, excerpt, words, minutes FROM rendered WHERE entry_id = $1",
        args![entry],
    )
    .await
}

/// How many words the live body has.
pub async fn words(db: &impl Ask, entry: i64) -> Result<i64> {
    let row: Option<(i64,)> =
        db.optional("SELECT words FROM rendered WHERE entry_id = $1", args![entry]).await?;
    Ok(row.map_or(0, |(words,)| words))
}

/// Ids after this one, in order, for walks over everything in bounded memory.
pub async fn ids_after(db: &impl Ask, id: i64, limit: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> =
        db.all("SELECT id FROM entries WHERE id > $1 ORDER BY id LIMIT $2", args![id, limit]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Entries of a type by id, after this one; along the primary key, so that each is looked at once in a
/// walk over all.
pub async fn of_type_after(db: &impl Ask, kind: &str, id: i64, limit: i64) -> Result<Vec<Entry>> {
    db.all(
        "SELECT * FROM entries WHERE type || '' = $1 AND id > $2 ORDER BY id LIMIT $3",
        args![kind, id, limit],
    )
    .await
}

pub async fn count_of_type(db: &impl Ask, kind: &str) -> Result<i64> {
    let (count,): (i64,) = db.one("SELECT COUNT(*) FROM entries WHERE type = $1", args![kind]).await?;
    Ok(count)
}

/// The highest number of an entry; 0 where there is none.
pub async fn last_id(db: &impl Ask) -> Result<i64> {
    let (last,): (i64,) = db.one("SELECT COALESCE(MAX(id), 0) FROM entries", args![]).await?;
    Ok(last)
}

/// Whether there is any entry at all.
pub async fn any(db: &impl Ask) -> Result<bool> {
    let row: Option<(i64,)> = db.optional("SELECT id FROM entries LIMIT 1", args![]).await?;
    Ok(row.is_some())
}

pub async fn count(db: &impl Ask) -> Result<i64> {
    let (count,): (i64,) = db.one("SELECT COUNT(*) FROM entries", args![]).await?;
    Ok(count)
}
