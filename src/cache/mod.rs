//! The near cache of whole pages: bytes as they go out, dropped by tag when something changes.
//!
//! A page that was rendered before a change is never served after that change was applied here,
//! whatever the order in which the two arrive (DESIGN 8).

mod files;
mod flight;
mod index;
mod pack;
mod packing;
mod page;
mod shared;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::StatusCode;
use moka::sync::Cache;

use crate::clock::Clock;
use crate::error::{Error, Result};
use files::Files;
pub use files::KeptFile;
use flight::{Done, Flights};
use index::Index;
use pack::Wanted;
pub(crate) use packing::{brotli, gzip};
pub use page::{CachedPage, Rendered, Tag, Variant};
pub(crate) use page::{hash, write_head};
use shared::Shared;

/// How long an outdated page is kept for the case that the database is away.
const KEEP_STALE: Duration = Duration::from_hours(24);
/// The share of the memory for answers that are no pages, in percent: addresses that lead nowhere
/// are without number, so they may not push out pages.
const NO_PAGE_SHARE: u64 = 5;
/// The share of the memory for outdated pages, in percent.
const STALE_SHARE: u64 = 20;
/// The share of the memory for small files, in percent.
const FILES_SHARE: u64 = 15;

/// The pages of one process. Cheap to ask from any thread; share it in an `Arc`.
pub struct Pages {
    live: Part,
    no_pages: Part,
    stale: Cache<Arc<str>, Arc<CachedPage>>,
    files: Files,
    /// What pages are made of and have in common.
    pub shared: Shared,
    index: Mutex<Index>,
    removed: Arc<Mutex<Vec<Removed>>>,
    flights: Flights,
    /// What is to be compressed as well as can be.
    wanted: Wanted,
    /// The highest change sequence applied here.
    applied: AtomicI64,
    counters: Counters,
    clock: Clock,
}

type Part = Cache<Arc<str>, Kept>;

/// A page in the cache; the number tells it from an earlier page of the same key.
#[derive(Clone)]
struct Kept {
    number: u64,
    page: Arc<CachedPage>,
}

/// What moka let go of, to be taken out of the tag index.
struct Removed {
    key: Arc<str>,
    kept: Kept,
}

/// What became of a page given to `Pages::store`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Kept,
    /// A change to one of its tags was applied since it was rendered: it is not kept.
    Outdated,
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Hit,
    /// Rendered by this request.
    Miss,
    /// Rendered by another request that was already under way.
    Coalesced,
    /// Outdated, because the database is away.
    Stale,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Hit => "hit",
            Outcome::Miss => "miss",
            Outcome::Coalesced => "coalesced",
            Outcome::Stale => "stale",
        }
    }
}

/// A page and where it came from.
#[derive(Debug, Clone)]
pub struct Served {
    pub page: Arc<CachedPage>,
    pub outcome: Outcome,
}

/// A part of the cache: `pages`, `others`, `outdated`, `files`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartSize {
    pub name: &'static str,
    pub entries: u64,
    pub bytes: u64,
}

/// What happened so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub hits: u64,
    pub misses: u64,
    pub coalesced: u64,
    pub stale: u64,
    /// Rendered, but not kept, since something had changed meanwhile.
    pub outdated: u64,
    /// Pages whose smallest forms were made.
    pub packed: u64,
}

#[derive(Default)]
struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    coalesced: AtomicU64,
    stale: AtomicU64,
    outdated: AtomicU64,
    packed: AtomicU64,
}

impl Pages {
    /// A cache of about `capacity` bytes in all: pages, answers that are no pages, outdated copies, small
    /// files.
    pub fn new(capacity: u64, clock: Clock) -> Pages {
        let removed = Arc::new(Mutex::new(Vec::new()));
        let no_pages = capacity / 100 * NO_PAGE_SHARE;
        let stale = capacity / 100 * STALE_SHARE;
        let files = capacity / 100 * FILES_SHARE;
        Pages {
            live: part(capacity - no_pages - stale - files, &removed),
            no_pages: part(no_pages, &removed),
            stale: Cache::builder()
                .max_capacity(stale)
                .weigher(|key: &Arc<str>, page: &Arc<CachedPage>| weight(key, page))
                .time_to_live(KEEP_STALE)
                .build(),
            files: Files::new(files),
            shared: Shared::default(),
            index: Mutex::new(Index::default()),
            removed,
            flights: Flights::default(),
            wanted: Wanted::default(),
            applied: AtomicI64::new(0),
            counters: Counters::default(),
            clock,
        }
    }

    /// The page of a request target (path and query as they stand on the wire), if it is here and
    /// fresh.
    pub fn get(&self, key: &str) -> Option<Arc<CachedPage>> {
        let page = self.look(key)?;
        self.counters.hits.fetch_add(1, Ordering::Relaxed);
        Some(page)
    }

    /// The same for who counts the hits himself.
    pub fn look(&self, key: &str) -> Option<Arc<CachedPage>> {
        let page = self.peek(key)?;
        if page.wants_packing() && !self.wanted.push(key) {
            page.wait_again();
        }
        Some(page)
    }

    fn peek(&self, key: &str) -> Option<Arc<CachedPage>> {
        let kept = self.live.get(key).or_else(|| self.no_pages.get(key))?;
        (kept.page.fresh_until > self.clock.now()).then_some(kept.page)
    }

    /// The page of a key, rendered if need be; at most one render of a key runs at a time, and the
    /// others wait for it. When that one is cancelled or fails, the next of the waiting takes over;
    /// only `Error::Unavailable` is shared, since trying again one by one would take for ever.
    ///
    /// # Errors
    /// What `render` says. `Error::Unavailable` only when there is no outdated copy to show.
    pub async fn get_or_render<F, Fut>(&self, key: &str, render: F) -> Result<Served>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<CachedPage>>,
    {
        let mut render = Some(render);
        loop {
            let applied = self.applied.load(Ordering::Acquire);
            if let Some(page) = self.get(key) {
                return Ok(Served { page, outcome: Outcome::Hit });
            }
            let flight = self.flights.join(key);
            let mut led = false;
            let leading = || {
                led = true;
                let render = render.take().expect("who renders returns");
                async { self.lead(&flight.key, render().await) }
            };
            let done = flight.cell().get_or_try_init(leading).await?;
            match done {
                Done::Away(reason) => return self.outdated(key, reason),
                Done::Page(page) if led => {
                    self.counters.misses.fetch_add(1, Ordering::Relaxed);
                    return Ok(Served { page: page.clone(), outcome: Outcome::Miss });
                }
                // Asked after a change that this render may not have seen: look again.
                Done::Page(page) if page.rendered_from < applied => {}
                Done::Page(page) => {
                    self.counters.coalesced.fetch_add(1, Ordering::Relaxed);
                    return Ok(Served { page: page.clone(), outcome: Outcome::Coalesced });
                }
            }
        }
    }

    fn lead(&self, key: &Arc<str>, rendered: Result<CachedPage>) -> Result<Done> {
        let done = match rendered {
            Ok(page) => {
                let page = Arc::new(page);
                self.keep(Arc::clone(key), Arc::clone(&page));
                Done::Page(page)
            }
            Err(Error::Unavailable(reason)) => Done::Away(reason),
            Err(error) => return Err(error),
        };
        self.flights.land(key);
        Ok(done)
    }

    fn outdated(&self, key: &str, reason: &str) -> Result<Served> {
        let kept = self.live.get(key).map(|kept| kept.page).or_else(|| self.stale.get(key));
        let Some(page) = kept else { return Err(Error::Unavailable(reason.to_owned())) };
        self.counters.stale.fetch_add(1, Ordering::Relaxed);
        Ok(Served { page, outcome: Outcome::Stale })
    }

    /// Keeps a page, unless a change to one of its tags was applied since it was rendered.
    pub fn store(&self, key: &str, page: CachedPage) -> Stored {
        self.keep(Arc::from(key), Arc::new(page))
    }

    fn keep(&self, key: Arc<str>, page: Arc<CachedPage>) -> Stored {
        let mut index = self.index();
        let Some(number) = index.enter(&key, &page.tags, page.rendered_from) else {
            self.counters.outdated.fetch_add(1, Ordering::Relaxed);
            return Stored::Outdated;
        };
        let (home, other) = match page.status {
            StatusCode::OK => (&self.live, &self.no_pages),
            _ => (&self.no_pages, &self.live),
        };
        other.invalidate(&key);
        self.stale.invalidate(&key);
        home.insert(key, Kept { number, page });
        Stored::Kept
    }

    /// Drops every page that carries one of the tags and was rendered before this change. Pages are
    /// kept aside for the case that the database is away.
    pub fn invalidate(&self, tags: &[Tag], sequence: i64) {
        self.shared.invalidate(tags, sequence);
        let mut index = self.index();
        for tag in tags {
            for (key, number) in index.changed(tag, sequence) {
                let Some(kept) = self.live.get(&key).or_else(|| self.no_pages.get(&key)) else { continue };
                if kept.number != number {
                    continue;
                }
                if kept.page.rendered_from < sequence {
                    self.set_aside(key, kept.page);
                } else {
                    index.restore(tag, key, number);
                }
            }
        }
        self.applied.fetch_max(sequence, Ordering::AcqRel);
    }

    /// Drops every page, and those still being rendered from before `sequence`: to be called with
    /// the last sequence known when the feed of changes may have lost some.
    pub fn flush(&self, sequence: i64) {
        self.shared.flush(sequence);
        let mut index = self.index();
        index.raise(sequence);
        for part in [&self.live, &self.no_pages] {
            for (key, kept) in part {
                self.set_aside(Arc::clone(&key), kept.page);
            }
        }
        self.applied.fetch_max(sequence, Ordering::AcqRel);
    }

    fn set_aside(&self, key: Arc<str>, page: Arc<CachedPage>) {
        self.live.invalidate(&key);
        self.no_pages.invalidate(&key);
        if page.status == StatusCode::OK {
            self.stale.insert(key, page);
        }
    }

    /// The index, first brought up to date with what moka evicted since.
    fn index(&self) -> MutexGuard<'_, Index> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        let removed = std::mem::take(&mut *self.removed.lock().unwrap_or_else(PoisonError::into_inner));
        for Removed { key, kept } in removed {
            index.forget(&key, kept.number, &kept.page.tags);
        }
        index
    }

    pub fn counts(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            hits: read(&self.counters.hits),
            misses: read(&self.counters.misses),
            coalesced: read(&self.counters.coalesced),
            stale: read(&self.counters.stale),
            outdated: read(&self.counters.outdated),
            packed: read(&self.counters.packed),
        }
    }

    /// The file at an address, if it is here.
    pub fn file(&self, key: &str) -> Option<Arc<KeptFile>> {
        self.files.get(key)
    }

    /// Whether a file of this size would be kept.
    pub fn takes_file(&self, bytes: u64) -> bool {
        self.files.takes(bytes)
    }

    /// Keeps a file whose address names its content, unless it is too large.
    pub fn keep_file(&self, key: &str, file: KeptFile) {
        self.files.keep(key, file);
    }

    /// What each part holds now.
    pub fn parts(&self) -> [PartSize; 4] {
        self.live.run_pending_tasks();
        self.no_pages.run_pending_tasks();
        self.stale.run_pending_tasks();
        let (files, file_bytes) = self.files.size();
        let size = |name, entries, bytes| PartSize { name, entries, bytes };
        [
            size("pages", self.live.entry_count(), self.live.weighted_size()),
            size("others", self.no_pages.entry_count(), self.no_pages.weighted_size()),
            size("outdated", self.stale.entry_count(), self.stale.weighted_size()),
            size("files", files, file_bytes),
        ]
    }

    /// Bytes held now, of all parts.
    pub fn bytes(&self) -> u64 {
        self.parts().iter().map(|part| part.bytes).sum()
    }
}

fn part(capacity: u64, removed: &Arc<Mutex<Vec<Removed>>>) -> Part {
    let removed = Arc::clone(removed);
    Cache::builder()
        .max_capacity(capacity)
        .weigher(|key: &Arc<str>, kept: &Kept| weight(key, &kept.page))
        // Only noted here: whoever inserts holds the index, and would wait for itself.
        .eviction_listener(move |key: Arc<Arc<str>>, kept, _cause| {
            let mut removed = removed.lock().unwrap_or_else(PoisonError::into_inner);
            removed.push(Removed { key: Arc::clone(&key), kept });
        })
        .build()
}

fn weight(key: &str, page: &CachedPage) -> u32 {
    u32::try_from(key.len() + page.bytes()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
