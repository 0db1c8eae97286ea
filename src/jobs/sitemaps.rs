//! Building sitemaps: gzip shards by type and language, streamed from a keyset cursor, swapped in
//! whole (DESIGN 10).

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::app::App;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::files::sitemaps::{INDEX, lock, next, swap};
use crate::schema::Type;
use crate::seo::hreflang::{Member, cluster};
use crate::seo::sitemap::{Added, Child, Url, UrlSet, write_index};
use crate::seo::{Alternate, Hreflang};
use crate::store::{entries, lists, paths};

/// Entries read at a time.
const PAGE: i64 = 1000;

/// Between two looks at whether another process has finished building.
const WAIT: Duration = Duration::from_millis(100);

/// What was built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Built {
    pub urls: u64,
    pub shards: u64,
}

type Gzip = GzEncoder<BufWriter<File>>;

/// Builds all sitemaps anew and makes them the present ones. Readers get the old ones until then,
/// and keep them when this fails.
///
/// # Errors
/// `Unavailable` when the database is away or the disk is full.
pub async fn build(app: &App) -> Result<Built> {
    let root = app.files.sitemaps();
    let _lock = loop {
        match lock(&root)? {
            Some(lock) => break lock,
            None => tokio::time::sleep(WAIT).await,
        }
    };
    let folder = next(&root, &app.clock.uuid().to_string())?;
    let built = write_all(app, &folder).await;
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

async fn write_all(app: &App, folder: &Path) -> Result<Built> {
    let mut shards = Shards { app, folder, children: Vec::new(), urls: 0 };
    write_own_pages(&mut shards).await?;
    for kind in app.types.iter().filter(|kind| kind.sitemap) {
        for locale in &app.site.locales {
            write_kind(&mut shards, kind, &locale.code).await?;
        }
    }
    let built = Built { urls: shards.urls, shards: shards.children.len() as u64 };
    let index = write_index(open(folder, INDEX)?, shards.children)?;
    finish(index)?;
    Ok(built)
}

struct Shards<'a> {
    app: &'a App,
    folder: &'a Path,
    children: Vec<Child>,
    urls: u64,
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

impl Shards<'_> {
    fn open(&self, name: String) -> Result<Shard> {
        Ok(Shard { urls: UrlSet::open(open(self.folder, &name)?)?, name, lastmod: None })
    }

    fn close(&mut self, shard: Shard) -> Result<()> {
        self.urls += u64::from(shard.urls.len());
        if shard.urls.is_empty() {
            finish(shard.urls.finish()?)?;
            std::fs::remove_file(self.folder.join(format!("{}.gz", shard.name)))?;
            return Ok(());
        }
        finish(shard.urls.finish()?)?;
        let loc = self.app.config.origin.url(&format!("/sitemaps/{}", shard.name));
        self.children.push(Child { loc, lastmod: shard.lastmod });
        Ok(())
    }
}

/// Home pages and listings that have something in them.
async fn write_own_pages(shards: &mut Shards<'_>) -> Result<()> {
    let app = shards.app;
    let mut shard = shards.open("pages-1.xml".into())?;
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
            shard.must_add(&Url { loc: &loc, lastmod: None, images: &[], alternates: &alternates })?;
        }
    }
    shards.close(shard)
}

async fn write_kind(shards: &mut Shards<'_>, kind: &Type, locale: &str) -> Result<()> {
    let app = shards.app;
    let mut number = 1;
    let name = |number: u32| format!("{}-{}-{number}.xml", kind.name, locale.to_lowercase());
    let mut shard = shards.open(name(number))?;
    let mut after = 0;
    loop {
        let rows = entries::indexable_after(&app.db, &kind.name, locale, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let groups: Vec<i64> = rows.iter().map(|row| row.translation_group).collect();
        let translations = clusters(app, &groups).await?;
        for row in rows {
            let loc = app.config.origin.url(&paths::stored(&row.path).href());
            let image = row.cover_address().map(|src| app.config.origin.url(&src));
            let none = Vec::new();
            let url = Url {
                loc: &loc,
                lastmod: row.modified_at,
                images: image.as_slice(),
                alternates: translations.get(&row.translation_group).unwrap_or(&none),
            };
            if shard.urls.add(&url)? == Added::Full {
                let full = std::mem::replace(&mut shard, shards.open(name(number + 1))?);
                shards.close(full)?;
                number += 1;
                shard.must_add(&url)?;
            }
            shard.lastmod = shard.lastmod.max(row.modified_at);
        }
    }
    shards.close(shard)
}

/// The hreflang cluster of each group that has more than one member.
async fn clusters(app: &App, groups: &[i64]) -> Result<HashMap<i64, Vec<Alternate>>> {
    let mut members: HashMap<i64, Vec<(String, String, bool)>> = HashMap::new();
    for row in entries::translated(&app.db, groups).await? {
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

fn open(folder: &Path, name: &str) -> Result<Gzip> {
    let file = File::create(folder.join(format!("{name}.gz")))?;
    Ok(GzEncoder::new(BufWriter::new(file), Compression::new(6)))
}

fn finish(gzip: Gzip) -> Result<()> {
    let mut buffer = gzip.finish()?;
    buffer.flush()?;
    buffer.into_inner().map_err(|error| Error::from(error.into_error()))?.sync_all()?;
    Ok(())
}
