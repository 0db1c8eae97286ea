//! Building sitemaps: gzip shards by type and language, streamed from a keyset cursor, swapped in
//! whole (DESIGN 10).
//!
//! They list every page that may be indexed, lists by their first page: the others bring nothing of
//! their own, and crawlers reach them from there.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::app::App;
use crate::clock::Time;
use crate::entry::Content;
use crate::error::{Error, Result};
use crate::files::sitemaps::{INDEX, keep_unchanged, lock, next, swap};
use crate::schema::{Kind, Type, Value};
use crate::seo::hreflang::{Member, cluster};
use crate::seo::images;
use crate::seo::sitemap::{Added, Child, Limits, Url, UrlSet, write_index};
use crate::seo::{Alternate, Hreflang};
use crate::store::discovery::{self, Listing, Located, picture_address};
use crate::store::{lists, paths};
use crate::text::SafeHtml;

/// Entries read at a time; those of types with pictures come with their content.
const PAGE: i64 = 500;

/// Between two looks at whether another process has finished building.
const WAIT: Duration = Duration::from_millis(100);

/// What was built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Built {
    pub urls: u64,
    pub shards: u64,
    /// Pictures beyond those that a page may name.
    pub images_left_out: u64,
}

impl Built {
    /// Says what could not be listed.
    pub fn warn(&self) {
        if self.images_left_out > 0 {
            let count = self.images_left_out;
            tracing::warn!(count, "pictures are not in the sitemap: a page names at most 1,000");
        }
    }
}

type Gzip = GzEncoder<BufWriter<File>>;

/// Builds all sitemaps anew and makes them the present ones. Readers get the old ones until then,
/// and keep them when this fails.
///
/// # Errors
/// `Unavailable` when the database is away or the disk is full.
pub async fn build(app: &App) -> Result<Built> {
    build_within(app, Limits::default()).await
}

/// As [`build`], with files that are full earlier.
///
/// # Errors
/// As [`build`].
pub async fn build_within(app: &App, limits: Limits) -> Result<Built> {
    let root = app.files.sitemaps();
    let _lock = loop {
        match lock(&root)? {
            Some(lock) => break lock,
            None => tokio::time::sleep(WAIT).await,
        }
    };
    let folder = next(&root, &app.clock.uuid().to_string())?;
    let built = write_all(app, &folder, limits).await;
    match built {
        Ok(built) => {
            swap(&root, &folder)?;
            Ok(built)
        }
        Err(error) => {
            let _ = std::fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

async fn write_all(app: &App, folder: &Path, limits: Limits) -> Result<Built> {
    let mut shards = Shards { app, folder, limits, children: Vec::new(), built: Built::default() };
    write_own_pages(&mut shards).await?;
    for kind in app.types.iter().filter(|kind| kind.sitemap) {
        for locale in &app.site.locales {
            write_kind(&mut shards, kind, &locale.code).await?;
        }
    }
    let built = Built { shards: shards.children.len() as u64, ..shards.built };
    let index = write_index(open(folder, INDEX)?, shards.children)?;
    finish(index)?;
    keep_unchanged(&app.files.sitemaps(), folder, &file_of(INDEX))?;
    Ok(built)
}

struct Shards<'a> {
    app: &'a App,
    folder: &'a Path,
    limits: Limits,
    children: Vec<Child>,
    built: Built,
}

/// A shard that is being written.
struct Shard {
    name: String,
    urls: UrlSet<Gzip>,
    lastmod: Option<Time>,
}

impl Shard {
    /// Adds to a shard that has room for certain.
    fn must_add(&mut self, url: &Url<'_>) -> Result<()> {
        match self.urls.add(url)? {
            Added::Yes => Ok(()),
            Added::Full => Err(Error::Internal(format!("{} has no room for {}", self.name, url.loc))),
        }
    }
}

/// Shards of one kind of page: `place-fa-1.xml`, `place-fa-2.xml` and so on.
struct Series {
    stem: String,
    number: u32,
    shard: Shard,
}

impl Series {
    fn open(shards: &Shards<'_>, stem: String) -> Result<Series> {
        let shard = shards.open(format!("{stem}-1.xml"))?;
        Ok(Series { stem, number: 1, shard })
    }

    /// Adds a page to the present shard, or to a new one when that is full.
    fn add(&mut self, shards: &mut Shards<'_>, url: &Url<'_>) -> Result<()> {
        if self.shard.urls.add(url)? == Added::Full {
            self.number += 1;
            let fresh = shards.open(format!("{}-{}.xml", self.stem, self.number))?;
            shards.close(std::mem::replace(&mut self.shard, fresh))?;
            self.shard.must_add(url)?;
        }
        self.shard.lastmod = self.shard.lastmod.max(url.lastmod);
        Ok(())
    }
}

impl Shards<'_> {
    fn open(&self, name: String) -> Result<Shard> {
        let urls = UrlSet::within(self.limits, open(self.folder, &name)?)?;
        Ok(Shard { urls, name, lastmod: None })
    }

    fn close(&mut self, shard: Shard) -> Result<()> {
        self.built.urls += u64::from(shard.urls.len());
        self.built.images_left_out += shard.urls.images_left_out();
        if shard.urls.is_empty() {
            finish(shard.urls.finish()?)?;
            std::fs::remove_file(self.folder.join(file_of(&shard.name)))?;
            return Ok(());
        }
        finish(shard.urls.finish()?)?;
        keep_unchanged(&self.app.files.sitemaps(), self.folder, &file_of(&shard.name))?;
        let loc = self.app.config.origin.url(&format!("/sitemaps/{}", shard.name));
        self.children.push(Child { loc, lastmod: shard.lastmod });
        Ok(())
    }
}

/// Home pages and listings that have something in them.
async fn write_own_pages(shards: &mut Shards<'_>) -> Result<()> {
    let app = shards.app;
    let mut series = Series::open(shards, "pages".into())?;
    let homes: Vec<(String, String, bool)> = app
        .site
        .locales
        .iter()
        .map(|locale| {
            let prefix = app.site.prefix(&locale.code);
            (locale.code.clone(), if prefix.is_empty() { "/".into() } else { prefix }, true)
        })
        .collect();
    let mut groups = vec![homes];
    for kind in app.types.iter() {
        let Some(listing) = &kind.listing else { continue };
        let mut group = Vec::new();
        for locale in &app.site.locales {
            if lists::count_of_type(&app.db, &kind.name, &locale.code).await? > 0 {
                group.push((
                    locale.code.clone(),
                    format!("{}{}", app.site.prefix(&locale.code), listing.path),
                    true,
                ));
            }
        }
        groups.push(group);
    }
    for group in groups {
        let alternates = alternates(app, &group)?;
        for (_, path, _) in &group {
            let loc = app.config.origin.url(path);
            let url = Url { loc: &loc, lastmod: None, images: &[], alternates: &alternates };
            series.add(shards, &url)?;
        }
    }
    shards.close(series.shard)
}

async fn write_kind(shards: &mut Shards<'_>, kind: &Type, locale: &str) -> Result<()> {
    let app = shards.app;
    let pictured = kind.fields.iter().any(|field| matches!(field.kind, Kind::Image | Kind::Gallery));
    let listing = Listing { kind: &kind.name, locale, pictured };
    let mut series = Series::open(shards, format!("{}-{}", kind.name, locale.to_lowercase()))?;
    let mut after = 0;
    loop {
        let rows = discovery::indexable_after(&app.db, listing, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let groups: Vec<i64> = rows.iter().map(|row| row.translation_group).collect();
        let translations = clusters(app, &groups).await?;
        for row in rows {
            let loc = app.config.origin.url(&paths::stored(&row.path).href());
            let none = Vec::new();
            let url = Url {
                loc: &loc,
                lastmod: row.modified_at,
                images: &pictures(app, kind, &row),
                alternates: translations.get(&row.translation_group).unwrap_or(&none),
            };
            series.add(shards, &url)?;
        }
    }
    shards.close(series.shard)
}

/// The pictures of an entry's page, each once: its cover, those of its fields, those of its body.
/// Pictures that other sites serve are theirs to list.
fn pictures(app: &App, kind: &Type, row: &Located) -> Vec<String> {
    let mut found: Vec<String> = row.cover.as_deref().and_then(picture_address).into_iter().collect();
    let content = row.content.as_deref().and_then(|json| serde_json::from_str::<Content>(json).ok());
    for value in content.iter().flat_map(|content| kind.read(&content.fields).0.into_values()) {
        match value {
            Value::Image(image) => found.push(image.src),
            Value::Gallery(gallery) => found.extend(gallery.into_iter().map(|image| image.src)),
            _ => {}
        }
    }
    let body = row.html.clone().map(SafeHtml::from_store).unwrap_or_default();
    found.extend(images::of_body(&body));
    let mut seen = HashSet::new();
    found.retain(|src| src.starts_with('/') && !src.starts_with("//") && seen.insert(src.clone()));
    found.iter().map(|src| app.config.origin.url(src)).collect()
}

/// The hreflang cluster of each group that has more than one member.
async fn clusters(app: &App, groups: &[i64]) -> Result<HashMap<i64, Vec<Alternate>>> {
    let mut members: HashMap<i64, Vec<(String, String, bool)>> = HashMap::new();
    for row in discovery::translated(&app.db, groups).await? {
        let href = paths::stored(&row.path).href();
        members.entry(row.translation_group).or_default().push((row.locale, href, true));
    }
    members.into_iter().map(|(group, members)| Ok((group, alternates(app, &members)?))).collect()
}

fn alternates(app: &App, members: &[(String, String, bool)]) -> Result<Vec<Alternate>> {
    let members = members
        .iter()
        .map(|(locale, href, indexable)| {
            Ok(Member {
                hreflang: Hreflang::parse(locale)?,
                url: app.config.origin.url(href),
                indexable: *indexable,
                self_canonical: true,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(cluster(&members, &app.site.x_default()))
}

fn file_of(name: &str) -> String {
    format!("{name}.gz")
}

fn open(folder: &Path, name: &str) -> Result<Gzip> {
    let file = File::create(folder.join(file_of(name)))?;
    Ok(GzEncoder::new(BufWriter::new(file), Compression::new(6)))
}

fn finish(gzip: Gzip) -> Result<()> {
    let mut buffer = gzip.finish()?;
    buffer.flush()?;
    buffer.into_inner().map_err(|error| Error::from(error.into_error()))?.sync_all()?;
    Ok(())
}
