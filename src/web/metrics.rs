//! What happened so far, counted: an answer from memory costs one atomic addition.

mod page;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use hyper::StatusCode;

pub use page::{METRICS, Metric, listen, serve, text};

/// What kind of address was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Whatever the registry knows, listings, feeds, search, and what leads nowhere.
    Page,
    Static,
    Media,
    Sitemap,
    /// Files at fixed addresses of the root: `robots.txt`, icons, the manifest, `security.txt`.
    File,
    Health,
}

impl Route {
    pub const ALL: [Route; 6] =
        [Route::Page, Route::Static, Route::Media, Route::Sitemap, Route::File, Route::Health];

    /// By the path as it stands on the wire.
    pub fn of(path: &str) -> Route {
        match path {
            "/healthz" | "/readyz" => Route::Health,
            "/robots.txt" | super::stable::SECURITY_TXT => Route::File,
            "/sitemap.xml" | "/sitemap-news.xml" => Route::Sitemap,
            _ if path.starts_with(super::statics::ROOT) => Route::Static,
            _ if path.starts_with("/media/") => Route::Media,
            _ if path.starts_with("/sitemaps/") => Route::Sitemap,
            _ if super::stable::ADDRESSES.contains(&path) => Route::File,
            _ => Route::Page,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Route::Page => "page",
            Route::Static => "static",
            Route::Media => "media",
            Route::Sitemap => "sitemap",
            Route::File => "file",
            Route::Health => "health",
        }
    }
}

/// The statuses, by their first digit.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The upper bounds of the histogram, in milliseconds.
const BOUNDS: [(u64, &str); 12] = [
    (1, "0.001"),
    (2, "0.002"),
    (5, "0.005"),
    (10, "0.01"),
    (25, "0.025"),
    (50, "0.05"),
    (100, "0.1"),
    (250, "0.25"),
    (500, "0.5"),
    (1_000, "1"),
    (5_000, "5"),
    (30_000, "30"),
];

/// The counters of a process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers from memory, before the router, by route and class.
    hits: [[AtomicU64; CLASSES.len()]; Route::ALL.len()],
    made: [[AtomicU64; CLASSES.len()]; Route::ALL.len()],
    times: [Times; Route::ALL.len()],
    open: AtomicI64,
}

/// How long answers took, of those that were made.
#[derive(Debug, Default)]
struct Times {
    /// Those within each bound and above the one before; the last has no bound.
    within: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

impl Metrics {
    pub(super) fn hit(&self, route: Route, status: StatusCode) {
        self.hits[route as usize][class(status)].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn made(&self, route: Route, status: StatusCode, took: Duration) {
        self.made[route as usize][class(status)].fetch_add(1, Ordering::Relaxed);
        self.times[route as usize].add(took);
    }

    pub(super) fn connected(&self) {
        self.open.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn disconnected(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    /// Pages answered from memory.
    pub fn page_hits(&self) -> u64 {
        self.hits[Route::Page as usize].iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }
}

impl Times {
    fn add(&self, took: Duration) {
        let milliseconds = took.as_micros().div_ceil(1_000);
        let at = BOUNDS.iter().position(|(bound, _)| milliseconds <= u128::from(*bound));
        self.within[at.unwrap_or(BOUNDS.len())].fetch_add(1, Ordering::Relaxed);
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }
}

fn class(status: StatusCode) -> usize {
    usize::from(status.as_u16() / 100).saturating_sub(1).min(CLASSES.len() - 1)
}

#[cfg(test)]
mod tests;
