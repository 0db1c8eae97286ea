//! What is known of stored files.

use std::collections::HashMap;

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// Wider files are offered by their variants alone.
const WIDEST: u32 = 1920;

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

/// A picture in one more width. Its address is `/media/{hash}/{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub name: String,
    pub format: String,
    pub width: i64,
    pub height: i64,
    pub bytes: i64,
}

/// Notes what was made from a file, in place of what was noted before.
pub async fn write_variants(tx: &Tx, hash: &str, variants: &[Variant]) -> Result<()> {
    tx.run("DELETE FROM variants WHERE hash = $1", args![hash]).await?;
    for variant in variants {
        let Variant { name, format, width, height, bytes } = variant;
        tx.run(
            "INSERT INTO variants (hash, name, format, width, height, bytes) VALUES ($1, $2, $3, $4, $5, $6)",
            args![hash, name, format, *width, *height, *bytes],
        )
        .await?;
    }
    Ok(())
}

/// The cache tag of pages that show a file: they change when it has more widths.
pub fn tag(hash: &str) -> String {
    format!("media:{hash}")
}

/// The hash in the address of a stored file.
pub fn hash_of(address: &str) -> Option<&str> {
    let (hash, _) = address.strip_prefix("/media/")?.split_once('/')?;
    Some(hash).filter(|hash| !hash.is_empty())
}

/// What pages need to know of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// (address, width) of all it is there in, the narrowest first; empty when nothing was made of it.
    pub widths: Vec<(String, u32)>,
}

/// What is known of the pictures at these addresses, by address; one query.
pub async fn known(db: &impl Ask, addresses: &[String]) -> Result<HashMap<String, Known>> {
    #[derive(FromRow)]
    struct Row {
        hash: String,
        name: String,
        width: i64,
        height: i64,
        variant: Option<String>,
        variant_width: Option<i64>,
    }
    let mut hashes: Vec<String> =
        addresses.iter().filter_map(|address| hash_of(address)).map(str::to_owned).collect();
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = db
        .all(
            "SELECT m.hash, m.name, m.width, m.height, v.name AS variant, v.width AS variant_width
             FROM media m
             LEFT JOIN variants v ON v.hash = m.hash AND v.format = 'webp'
             WHERE m.hash IN {texts:$1} AND m.width IS NOT NULL AND m.height IS NOT NULL
             ORDER BY m.hash, v.width",
            args![&hashes],
        )
        .await?;
    let mut known: HashMap<String, Known> = HashMap::new();
    for row in rows {
        let picture = known.entry(format!("/media/{}/{}", row.hash, row.name)).or_default();
        picture.size = (row.width as u32, row.height as u32);
        if let (Some(name), Some(width)) = (row.variant, row.variant_width) {
            picture.widths.push((format!("/media/{}/{name}", row.hash), width as u32));
        }
    }
    for (address, picture) in &mut known {
        picture.add_itself(address);
    }
    Ok(known)
}

impl Known {
    /// The picture as it came in is a choice too, where nothing smaller has its width and it is no
    /// wider than the widest screens ask for.
    fn add_itself(&mut self, address: &str) {
        let own = self.size.0;
        let Some((_, widest)) = self.widths.last() else { return };
        if *widest < own && own <= WIDEST {
            self.widths.push((address.to_owned(), own));
        }
    }

    /// As the attribute `srcset` has it (HTML, "The srcset attribute"); none when nothing was made of it.
    pub fn srcset(&self) -> Option<String> {
        let candidates: Vec<String> =
            self.widths.iter().map(|(address, width)| format!("{address} {width}w")).collect();
        (!candidates.is_empty()).then(|| candidates.join(", "))
    }
}

/// Width and height of pictures, for whoever needs no more.
pub fn sizes(known: &HashMap<String, Known>) -> HashMap<String, (u32, u32)> {
    known.iter().map(|(address, picture)| (address.clone(), picture.size)).collect()
}
