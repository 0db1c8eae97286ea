//! What sitemaps are built from: the lines of a range of entries, and which shards have changed.

use sqlx::FromRow;

use super::entries::indexable;
use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::{Error, Result};

/// How many ids a shard covers. Migration 0014 fills `sitemap_shards` by the same number; a power of
/// two, so that a shard that is too large is halved evenly.
pub const SPAN: i64 = 8_192;

/// When a shard last changed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Shard {
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub bucket: i64,
    pub sequence: i64,
    pub changed_at: Time,
}

/// Notes that the lines of these entries have changed with this change; of those in `siblings`, also
/// the lines of their translations, which name each other.
pub async fn mark(tx: &Tx, entries: &[i64], siblings: &[i64], sequence: i64, now: Time) -> Result<()> {
    tx.run(
        "INSERT INTO sitemap_shards (type, locale, bucket, sequence, changed_at)
         SELECT DISTINCT e.type, e.locale, e.id / $3, $4, $5
         FROM entries e
         JOIN (
             SELECT id FROM entries WHERE id IN {ids:$1}
             UNION
             SELECT t.id FROM entries s JOIN entries t ON t.translation_group = s.translation_group
             WHERE s.id IN {ids:$2}
         ) stale ON stale.id = e.id
         WHERE e.id IS NOT NULL
         ON CONFLICT (type, locale, bucket) DO UPDATE
         SET sequence = excluded.sequence, changed_at = excluded.changed_at",
        args![entries, siblings, SPAN, sequence, now],
    )
    .await?;
    Ok(())
}

/// Every shard that ever changed.
pub async fn all(db: &impl Ask) -> Result<Vec<Shard>> {
    db.all("SELECT type, locale, bucket, sequence, changed_at FROM sitemap_shards", args![]).await
}

/// A line of the sitemap.
#[derive(Debug, Clone, FromRow)]
pub struct Located {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub translation_group: i64,
    /// Whether its group has other members.
    pub translated: bool,
    pub path: String,
    pub modified_at: Option<Time>,
    /// The addresses of its pictures as JSON.
    pub images: Option<String>,
}

/// The indexable entries whose ids are in a range, by id: one range of the entries and one of
/// `paths_entry`, which holds the addresses. They are put in order here, for a database would carry
/// whole rows into its sort.
pub async fn located(db: &impl Ask, from: i64, to: i64) -> Result<Vec<Located>> {
    let sql = concat!(
        "SELECT e.id, e.type, e.locale, e.translation_group, p.path, e.modified_at, i.images,
                (e.translation_group <> e.id OR EXISTS (
                    SELECT 1 FROM entries t
                    WHERE t.translation_group = e.id AND t.translation_group <> t.id
                )) AS translated
         FROM entries e
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         LEFT JOIN sitemap_images i ON i.entry_id = e.id
         WHERE e.id >= $1 AND e.id < $2 AND ",
        indexable!()
    );
    let mut rows: Vec<Located> = db.all(sql, args![from, to]).await?;
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows)
}

/// The first id that is not below this one.
pub async fn next_id(db: &impl Ask, from: i64) -> Result<Option<i64>> {
    let (next,): (Option<i64>,) = db.one("SELECT MIN(id) FROM entries WHERE id >= $1", args![from]).await?;
    Ok(next)
}

/// Notes the pictures of an entry's page. `fresh` says that none are noted yet.
pub async fn write_images(tx: &Tx, entry: i64, images: &[String], fresh: bool) -> Result<()> {
    if images.is_empty() {
        if !fresh {
            tx.run("DELETE FROM sitemap_images WHERE entry_id = $1", args![entry]).await?;
        }
        return Ok(());
    }
    tx.run(
        "INSERT INTO sitemap_images (entry_id, images) VALUES ($1, $2)
         ON CONFLICT (entry_id) DO UPDATE SET images = excluded.images",
        args![entry, images_json(images)?],
    )
    .await?;
    Ok(())
}

/// The body of an entry, if there is a picture in it.
pub async fn pictured_body(db: &impl Ask, entry: i64) -> Result<Option<String>> {
    let body: Option<(String,)> = db
        .optional("SELECT html FROM rendered WHERE entry_id = $1 AND html LIKE '%<img%'", args![entry])
        .await?;
    Ok(body.map(|(html,)| html))
}

/// Whether these pictures are the ones that are noted.
pub async fn has_images(db: &impl Ask, entry: i64, images: &[String]) -> Result<bool> {
    let noted: Option<(String,)> =
        db.optional("SELECT images FROM sitemap_images WHERE entry_id = $1", args![entry]).await?;
    Ok(match noted {
        None => images.is_empty(),
        Some((noted,)) => noted == images_json(images)?,
    })
}

fn images_json(images: &[String]) -> Result<String> {
    serde_json::to_string(images).map_err(Error::internal)
}
