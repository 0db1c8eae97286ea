//! Building sitemaps: gzip shards by type, language and range of ids, swapped in whole (DESIGN 10).
//!
//! They list every page that may be indexed, lists by their first page: the others bring nothing of
//! their own, and crawlers reach them from there.
//!
//! Which shard an entry is in follows from the entry alone, so one edit makes one shard stale. The
//! database says which are (`sitemap_shards`); the others are linked into the next generation as they
//! are. What was built from what stands in the generation itself, so a restart goes on where it was.

mod aside;
mod generation;
mod lines;
mod write;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::app::App;
use crate::error::{Error, Result};
use crate::files::sitemaps::{current, lock, next, swap};
use crate::seo::sitemap::Limits;
use crate::store::shards::{self, SPAN, Shard};
use generation::{Generation, Section, made_of, sections};
use write::{Batch, Writer};

/// Between two looks at whether another process has finished building.
const WAIT: Duration = Duration::from_millis(100);

/// Batches that are read ahead of the one that is written: reading and writing go on at once, and
/// memory stays bounded.
const AHEAD: usize = 1;

/// What was built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Built {
    pub urls: u64,
    pub shards: u64,
    /// Shards that say something else than before; the index comes on top.
    pub written: u64,
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
    make(app, limits, false).await
}

/// Writes the shards that have changed since the present generation, the pages of the site's own and
/// the index; all of them where there is no generation, or one made of something else.
///
/// # Errors
/// As [`build`].
pub async fn refresh(app: &App) -> Result<Built> {
    refresh_within(app, Limits::default()).await
}

/// As [`refresh`], with files that are full earlier.
///
/// # Errors
/// As [`build`].
pub async fn refresh_within(app: &App, limits: Limits) -> Result<Built> {
    make(app, limits, true).await
}

async fn make(app: &App, limits: Limits, only_stale: bool) -> Result<Built> {
    let root = app.files.sitemaps();
    let _lock = loop {
        match lock(&root)? {
            Some(lock) => break lock,
            None => tokio::time::sleep(WAIT).await,
        }
    };
    let made_of = made_of(app, limits).await?;
    let changed = shards::all(&app.db).await?;
    let sequence = changed.iter().map(|shard| shard.sequence).max().unwrap_or(0);
    let before = if only_stale { Generation::present(&root) } else { None };
    let before = before.filter(|before| before.made_of == made_of && before.sequence <= sequence);
    let work = Arc::new(Work { app: app.clone(), limits, sections: sections(app), changed });
    let goes_on = before.is_some();
    match work.generation(before, Generation::new(made_of.clone(), sequence)).await {
        Err(Error::Internal(problem)) if goes_on => {
            tracing::warn!(problem, "the present sitemaps are of no use for the next; all are built");
            work.generation(None, Generation::new(made_of, sequence)).await
        }
        done => done,
    }
}

/// What a build works from, read before any line of it.
struct Work {
    app: App,
    limits: Limits,
    sections: Vec<Section>,
    changed: Vec<Shard>,
}

/// Which sections of a bucket are stale; all of them when there are none named.
type Stale = BTreeMap<i64, BTreeSet<usize>>;

impl Work {
    /// Makes a generation and swaps it in, or leaves nothing of it.
    async fn generation(self: &Arc<Work>, before: Option<Generation>, new: Generation) -> Result<Built> {
        let root = self.app.files.sitemaps();
        let folder = next(&root, &self.app.clock.uuid().to_string())?;
        let done = self.carry_out(&folder, before, new).await;
        match done {
            Ok(_) => swap(&root, &folder)?,
            Err(_) => {
                let _ = std::fs::remove_dir_all(&folder);
            }
        }
        done
    }

    async fn carry_out(
        self: &Arc<Work>,
        folder: &Path,
        before: Option<Generation>,
        mut next: Generation,
    ) -> Result<Built> {
        let stale = before.as_ref().map(|before| self.stale_since(before.sequence));
        if let (Some(before), Some(stale)) = (before, &stale) {
            let from = current(&self.app.files.sitemaps());
            let from = from.ok_or_else(|| Error::Internal("the present generation went away".into()))?;
            next.parts = before.kept(&self.sections, stale);
            next.link(&from, folder)?;
        }
        let writer = Writer::new(&self.app, folder, self.limits, self.sections.clone());
        let (batches, waiting) = mpsc::channel(AHEAD);
        // What has changed is waited for; a build of all has time.
        let modest = stale.is_none();
        let writing = aside::run(modest, move || writer.run(waiting))?;
        let (work, runtime) = (self.clone(), Handle::current());
        let reading = aside::run(modest, move || runtime.block_on(work.read(stale, batches)))?;
        let (written, read) = (writing.await, reading.await);
        // A writer that has failed stops the reader, so its error is the cause.
        let written = written.map_err(Error::internal)??;
        read.map_err(Error::internal)??;
        next.parts.extend(written.parts);
        next.finish(self, folder)?;
        Ok(Built {
            urls: next.parts.iter().map(|part| part.urls).sum(),
            shards: next.parts.len() as u64,
            written: written.anew,
            images_left_out: next.parts.iter().map(|part| part.images_left_out).sum(),
        })
    }

    fn section(&self, kind: &str, locale: &str) -> Option<usize> {
        self.sections.iter().position(|section| section.kind == kind && section.locale == locale)
    }

    fn stale_since(&self, sequence: i64) -> Stale {
        let mut stale = Stale::new();
        for shard in self.changed.iter().filter(|shard| shard.sequence > sequence) {
            if let Some(section) = self.section(&shard.kind, &shard.locale) {
                stale.entry(shard.bucket).or_default().insert(section);
            }
        }
        stale
    }

    async fn read(&self, stale: Option<Stale>, batches: mpsc::Sender<Batch>) -> Result<()> {
        // A list comes and goes with its first entry, wherever that is.
        self.send(&batches, Batch::own(lines::own_pages(&self.app).await?)).await?;
        match stale {
            None => self.read_all(&batches).await,
            Some(stale) => self.read_stale(&stale, &batches).await,
        }
    }

    async fn read_all(&self, batches: &mpsc::Sender<Batch>) -> Result<()> {
        let mut from = 0;
        while let Some(id) = shards::next_id(&self.app.db, from).await? {
            let bucket = id / SPAN;
            self.send(batches, self.batch(bucket, None).await?).await?;
            from = (bucket + 1) * SPAN;
        }
        Ok(())
    }

    async fn read_stale(&self, stale: &Stale, batches: &mpsc::Sender<Batch>) -> Result<()> {
        for (bucket, sections) in stale {
            self.send(batches, self.batch(*bucket, Some(sections)).await?).await?;
        }
        Ok(())
    }

    async fn batch(&self, bucket: i64, only: Option<&BTreeSet<usize>>) -> Result<Batch> {
        let rows = shards::located(&self.app.db, bucket * SPAN, (bucket + 1) * SPAN).await?;
        let known: HashMap<(&str, &str), usize> = self
            .sections
            .iter()
            .enumerate()
            .map(|(at, section)| ((section.kind.as_str(), section.locale.as_str()), at))
            .collect();
        let mut batch = Batch::new(bucket, self.sections.len());
        let mut groups = Vec::new();
        for row in rows {
            let Some(&section) = known.get(&(row.kind.as_str(), row.locale.as_str())) else { continue };
            if only.is_some_and(|only| !only.contains(&section)) {
                continue;
            }
            if row.translated {
                groups.push(row.translation_group);
            }
            batch.lines[section].push(lines::of_entry(row));
        }
        batch.clusters = lines::clusters(&self.app, &groups).await?;
        Ok(batch)
    }

    async fn send(&self, batches: &mpsc::Sender<Batch>, batch: Batch) -> Result<()> {
        let gone = || Error::Internal("sitemaps are not written any more".into());
        batches.send(batch).await.map_err(|_| gone())
    }
}
