//! What is known of stored files.

use std::collections::HashMap;

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// A stored file. Its address is `/media/{hash}/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Media {
    pub hash: String,
    pub name: String,
    pub bytes: i64,
    pub width: Option<i64>,
    pub height: Option<i64>,
}

impl Media {
    pub fn address(&self) -> String {
        format!("/media/{}/{}", self.hash, self.name)
    }
}

/// Notes a file; the first name of the same bytes stays. Says which name that is.
pub async fn write(tx: &Tx, media: &Media, at: Time) -> Result<Media> {
    tx.run(
        "INSERT INTO media (hash, name, bytes, width, height, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (hash) DO NOTHING",
        args![&media.hash, &media.name, media.bytes, media.width, media.height, at],
    )
    .await?;
    tx.one("SELECT hash, name, bytes, width, height FROM media WHERE hash = $1", args![&media.hash]).await
}

pub async fn find(db: &impl Ask, hash: &str) -> Result<Option<Media>> {
    db.optional("SELECT hash, name, bytes, width, height FROM media WHERE hash = $1", args![hash]).await
}

/// Every stored file, by hash.
pub async fn all(db: &impl Ask) -> Result<Vec<Media>> {
    db.all("SELECT hash, name, bytes, width, height FROM media ORDER BY hash", args![]).await
}

/// Width and height of the images at these addresses.
pub async fn sizes(db: &impl Ask, addresses: &[String]) -> Result<HashMap<String, (u32, u32)>> {
    let hashes: Vec<String> = addresses
        .iter()
        .filter_map(|address| address.strip_prefix("/media/")?.split('/').next().map(str::to_owned))
        .collect();
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<Media> = db
        .all("SELECT hash, name, bytes, width, height FROM media WHERE hash IN {texts:$1}", args![&hashes])
        .await?;
    let size = |media: &Media| Some((media.address(), (media.width? as u32, media.height? as u32)));
    Ok(found.iter().filter_map(size).collect())
}
