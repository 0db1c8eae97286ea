//! The library of pictures: what there is, what each shows, and which entries use it.

use std::collections::HashMap;

use serde_json::Value as Json;
use sqlx::FromRow;

use super::office::pattern;
use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::entry::Content;
use crate::error::Result;

/// A picture of the library. Its address is `/media/{hash}/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Picture {
    pub hash: String,
    pub name: String,
    pub bytes: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
    pub created_at: Time,
    pub alt: String,
    pub actor: String,
}

impl Picture {
    pub fn address(&self) -> String {
        format!("/media/{}/{}", self.hash, self.name)
    }
}

/// What of the library is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What the name or the description holds; empty for all.
    pub words: &'a str,
    /// The last picture of the page before: when it came in, and its hash.
    pub before: Option<(Time, &'a str)>,
    pub limit: i64,
}

/// The newest pictures first.
pub async fn newest(db: &impl Ask, wanted: Wanted<'_>) -> Result<Vec<Picture>> {
    let (at, hash) = wanted.before.unwrap_or((Time(i64::MAX), ""));
    let (small, typed) = (pattern(&wanted.words.to_lowercase()), pattern(wanted.words));
    db.all(
        "SELECT hash, name, bytes, width, height, created_at, alt, actor FROM media
         WHERE (created_at, hash) < ($1, $2)
           AND ($3 = '' OR name LIKE $3 ESCAPE '\\' OR lower(alt) LIKE $3 ESCAPE '\\' OR alt LIKE $4 ESCAPE '\\')
         ORDER BY created_at DESC, hash DESC LIMIT $5",
        args![at, hash, small, typed, wanted.limit],
    )
    .await
}

pub async fn find(db: &impl Ask, hash: &str) -> Result<Option<Picture>> {
    db.optional(
        "SELECT hash, name, bytes, width, height, created_at, alt, actor FROM media WHERE hash = $1",
        args![hash],
    )
    .await
}

/// Notes what a picture shows.
pub async fn describe(tx: &Tx, hash: &str, alt: &str) -> Result<()> {
    tx.run("UPDATE media SET alt = $2 WHERE hash = $1", args![hash, alt]).await?;
    Ok(())
}

/// Notes who brought a picture in.
pub async fn came_by(tx: &Tx, hash: &str, actor: &str) -> Result<()> {
    tx.run("UPDATE media SET actor = $2 WHERE hash = $1", args![hash, actor]).await?;
    Ok(())
}

/// How many entries use each of these pictures; those that none uses are left out.
pub async fn uses(db: &impl Ask, hashes: &[String]) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = db
        .all("SELECT hash, COUNT(*) FROM picture_uses WHERE hash IN {texts:$1} GROUP BY hash", args![hashes])
        .await?;
    Ok(rows.into_iter().collect())
}

/// An entry that uses a picture.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Use {
    pub id: i64,
    pub title: String,
    pub kind: String,
    /// Who asks may open its form.
    pub opens: bool,
}

/// The newest entries that use a picture; of what is no public's, only what this actor began, or with
/// `everything` all.
pub async fn used_by(
    db: &impl Ask,
    hash: &str,
    everything: bool,
    actor: &str,
    limit: i64,
) -> Result<Vec<Use>> {
    db.all(
        "SELECT e.id, e.title, e.type AS kind,
                $2 OR EXISTS (SELECT 1 FROM revisions r
                              WHERE r.entry_id = e.id AND r.number = 1 AND r.actor = $3) AS opens
         FROM picture_uses u JOIN entries e ON e.id = u.entry_id
         WHERE u.hash = $1
           AND ((e.state = 'published' AND e.visibility <> 'private') OR $2
                OR EXISTS (SELECT 1 FROM revisions r
                           WHERE r.entry_id = e.id AND r.number = 1 AND r.actor = $3))
         ORDER BY u.entry_id DESC LIMIT $4",
        args![hash, everything, actor, limit],
    )
    .await
}

/// Notes which pictures an entry uses, and what it says of those that nobody has described yet. `besides` what it was known to use, when readers still see an
/// older text; else in place of that.
pub async fn write_uses(tx: &Tx, entry: i64, content: &Content, besides: bool) -> Result<()> {
    if !besides {
        tx.run("DELETE FROM picture_uses WHERE entry_id = $1", args![entry]).await?;
    }
    let hashes = hashes(content);
    if hashes.is_empty() {
        return Ok(());
    }
    tx.run(
        "INSERT INTO picture_uses (hash, entry_id)
         SELECT hash, $2 FROM media WHERE hash IN {texts:$1}
         ON CONFLICT (hash, entry_id) DO NOTHING",
        args![&hashes, entry],
    )
    .await?;
    for (hash, alt) in described(content) {
        tx.run("UPDATE media SET alt = $2 WHERE hash = $1 AND alt = ''", args![hash, alt]).await?;
    }
    Ok(())
}

/// What a content says of its pictures, outside its text; where nobody has described one in the library,
/// that is suggested from then on.
fn described(content: &Content) -> Vec<(String, String)> {
    let cover = content.cover.iter().map(|cover| (cover.src.as_str(), cover.alt.as_str()));
    let mut found: Vec<(&str, &str)> = cover.collect();
    for value in content.fields.values() {
        let rows = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        found.extend(
            rows.iter().filter_map(|row| Some((row.get("src")?.as_str()?, row.get("alt")?.as_str()?))),
        );
    }
    let known = |(src, alt): (&str, &str)| {
        let mut hashes = Vec::new();
        name_files(src, &mut hashes);
        Some((hashes.pop()?, alt.trim().to_owned())).filter(|(_, alt)| !alt.is_empty())
    };
    found.into_iter().filter_map(known).collect()
}

/// The hashes of the stored files that a content names, wherever it does.
fn hashes(content: &Content) -> Vec<String> {
    let mut found = Vec::new();
    name_files(&content.body, &mut found);
    if let Some(cover) = &content.cover {
        name_files(&cover.src, &mut found);
    }
    content.fields.values().for_each(|value| walk(value, &mut found));
    found.sort_unstable();
    found.dedup();
    found
}

fn walk(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::String(text) => name_files(text, found),
        Json::Array(list) => list.iter().for_each(|value| walk(value, found)),
        Json::Object(map) => map.values().for_each(|value| walk(value, found)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn name_files(text: &str, found: &mut Vec<String>) {
    for rest in text.split("/media/").skip(1) {
        let hash = rest.split('/').next().unwrap_or_default();
        if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            found.push(hash.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_file_that_a_content_names_is_found_once() {
        let content = Content {
            body: "![a](/media/0123456789abcdef/a.jpg) and /media/x/y, again /media/0123456789abcdef/a.jpg"
                .into(),
            fields: serde_json::from_value(serde_json::json!({
                "gallery": [{ "src": "/media/fedcba9876543210/b.png", "alt": "B" }],
                "prose": "![c](https://site.test/media/00000000000000ff/c.webp)",
            }))
            .unwrap(),
            ..Content::default()
        };
        assert_eq!(hashes(&content), ["00000000000000ff", "0123456789abcdef", "fedcba9876543210"]);
        assert_eq!(described(&content), [("fedcba9876543210".to_owned(), "B".to_owned())]);
    }
}
