//! The counters as text, on an address of their own (Prometheus text format 0.0.4).

use std::fmt::{Display, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::routing::get;
use hyper::header::CONTENT_TYPE;
use tokio::net::TcpListener;

use super::{BOUNDS, CLASSES, Metrics, Route};
use crate::app::App;
use crate::error::{Error, Result};
use crate::files::sitemaps;
use crate::store::{changes, jobs};

/// One thing that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// The names of its labels, separated by commas.
    pub labels: &'static str,
    pub help: &'static str,
}

/// Declares each metric once, as a constant and in `METRICS`, in the order of the documentation.
macro_rules! metrics {
    ($($(#[doc = $help:literal])+ $constant:ident = $name:literal $kind:ident [$labels:literal];)+) => {
        $(const $constant: Metric = Metric {
            name: $name,
            kind: stringify!($kind),
            labels: $labels,
            help: concat!($($help),+).trim_ascii(),
        };)+

        /// Everything that is measured.
        pub const METRICS: &[Metric] = &[$($constant),+];
    };
}

metrics! {
    /// Requests answered, by kind of address and class of status.
    REQUESTS = "atlas_requests_total" counter ["route, status"];
    /// Requests of these that were answered from memory, before any router.
    HITS = "atlas_memory_answers_total" counter ["route"];
    /// Seconds from a request's head to the beginning of its answer, of answers that had to be made.
    SECONDS = "atlas_request_seconds" histogram ["route"];
    /// Connections open now.
    CONNECTIONS = "atlas_connections" gauge [""];
    /// Pages by where they came from: `hit` memory, `miss` rendered, `coalesced` rendered by another request that was under way, `stale` outdated because the database was away.
    PAGES = "atlas_cache_answers_total" counter ["outcome"];
    /// Pages rendered and not kept, since something they show had changed meanwhile.
    OUTDATED = "atlas_cache_outdated_total" counter [""];
    /// Pages whose smallest gzip and brotli forms were made in the background.
    PACKED = "atlas_cache_packed_total" counter [""];
    /// What is in the cache: `pages`, `others` (redirects and pages that say that there is none), `outdated` (kept for when the database is away), `files` (small media).
    ENTRIES = "atlas_cache_entries" gauge ["part"];
    /// Memory of these, as weighed against the limit.
    BYTES = "atlas_cache_bytes" gauge ["part"];
    /// The most memory that all parts may take together: the setting `cache_size`.
    LIMIT = "atlas_cache_limit_bytes" gauge [""];
    /// Whether the database answered this very request: 1 or 0. With 0, what only it knows is missing.
    DATABASE = "atlas_database_up" gauge [""];
    /// Connections to the database, `busy` or `idle`.
    POOL = "atlas_database_connections" gauge ["state"];
    /// Most connections to the database.
    POOL_LIMIT = "atlas_database_connections_limit" gauge [""];
    /// Jobs by state: `waiting`, `running`, `dead`.
    JOBS = "atlas_jobs" gauge ["state"];
    /// Changes committed that this process has not yet applied to its cache.
    BEHIND = "atlas_changes_behind" gauge [""];
    /// Seconds since the sitemaps that are served were built; missing before the first.
    SITEMAP_AGE = "atlas_sitemap_age_seconds" gauge [""];
    /// Resident memory of the process (Linux only).
    MEMORY = "process_resident_memory_bytes" gauge [""];
    /// Processor time of the process (Linux only).
    CPU = "process_cpu_seconds_total" counter [""];
    /// Always 1; the labels say what runs.
    INFO = "atlas_info" gauge ["version, environment"];
}

/// Listens where the counters are to be read.
///
/// # Errors
/// `Error::Unavailable` when the address is taken or may not be used.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    let wrong = |error| Error::Unavailable(format!("can't listen on {address} for metrics: {error}"));
    TcpListener::bind(address).await.map_err(wrong)
}

/// Answers `/metrics` until it is dropped.
pub async fn serve(listener: TcpListener, app: App, metrics: Arc<Metrics>) {
    let show = move || {
        let (app, metrics) = (app.clone(), Arc::clone(&metrics));
        async move { ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text(&app, &metrics).await) }
    };
    let router = Router::new().route("/metrics", get(show));
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "metrics are served no more");
    }
}

/// All of it.
pub async fn text(app: &App, metrics: &Metrics) -> String {
    let mut page = Page::default();
    write_requests(&mut page, metrics);
    write_cache(&mut page, app, metrics);
    write_database(&mut page, app).await;
    if let Some(age) = sitemap_age(app).await {
        page.value(SITEMAP_AGE, age);
    }
    write_process(&mut page);
    let labels = [("version", env!("CARGO_PKG_VERSION")), ("environment", app.config.environment.as_str())];
    page.start(INFO).labelled(INFO, &labels, 1);
    page.0
}

/// The text so far.
#[derive(Default)]
struct Page(String);

impl Page {
    fn start(&mut self, metric: Metric) -> &mut Page {
        let Metric { name, kind, help, .. } = metric;
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        self
    }

    fn value(&mut self, metric: Metric, value: impl Display) {
        self.start(metric);
        let _ = writeln!(self.0, "{} {value}", metric.name);
    }

    /// Labels are words of ours, so none needs a mark of escape.
    fn labelled(&mut self, metric: Metric, labels: &[(&str, &str)], value: impl Display) {
        self.suffixed(metric, "", labels, value);
    }

    fn suffixed(&mut self, metric: Metric, suffix: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let _ = writeln!(self.0, "{}{suffix}{{{}}} {value}", metric.name, labels.join(","));
    }
}

fn write_requests(page: &mut Page, metrics: &Metrics) {
    page.start(REQUESTS);
    for route in Route::ALL {
        for (at, class) in CLASSES.iter().enumerate() {
            let [hits, made] =
                [&metrics.hits, &metrics.made].map(|all| all[route as usize][at].load(Ordering::Relaxed));
            page.labelled(REQUESTS, &[("route", route.name()), ("status", class)], hits + made);
        }
    }
    page.start(HITS);
    for route in Route::ALL {
        let hits: u64 = metrics.hits[route as usize].iter().map(|count| count.load(Ordering::Relaxed)).sum();
        page.labelled(HITS, &[("route", route.name())], hits);
    }
    page.start(SECONDS);
    for route in Route::ALL {
        let times = &metrics.times[route as usize];
        let mut sum = 0;
        let bounds = BOUNDS.iter().map(|(_, bound)| *bound).chain(["+Inf"]);
        for (count, bound) in times.within.iter().zip(bounds) {
            sum += count.load(Ordering::Relaxed);
            page.suffixed(SECONDS, "_bucket", &[("route", route.name()), ("le", bound)], sum);
        }
        let seconds = times.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
        page.suffixed(SECONDS, "_sum", &[("route", route.name())], seconds);
        page.suffixed(SECONDS, "_count", &[("route", route.name())], sum);
    }
    page.value(CONNECTIONS, metrics.open.load(Ordering::Relaxed));
}

fn write_cache(page: &mut Page, app: &App, metrics: &Metrics) {
    let counts = app.pages.counts();
    let outcomes = [
        ("hit", counts.hits + metrics.page_hits()),
        ("miss", counts.misses),
        ("coalesced", counts.coalesced),
        ("stale", counts.stale),
    ];
    page.start(PAGES);
    for (outcome, count) in outcomes {
        page.labelled(PAGES, &[("outcome", outcome)], count);
    }
    page.value(OUTDATED, counts.outdated);
    page.value(PACKED, counts.packed);
    let parts = app.pages.parts();
    page.start(ENTRIES);
    for part in &parts {
        page.labelled(ENTRIES, &[("part", part.name)], part.entries);
    }
    page.start(BYTES);
    for part in &parts {
        page.labelled(BYTES, &[("part", part.name)], part.bytes);
    }
    page.value(LIMIT, app.config.cache_size.0);
}

async fn write_database(page: &mut Page, app: &App) {
    let asked = async { Ok::<_, Error>((changes::last(&app.db).await?, jobs::counts(&app.db).await?)) }.await;
    page.value(DATABASE, u8::from(asked.is_ok()));
    let pool = app.db.connections();
    page.start(POOL);
    page.labelled(POOL, &[("state", "busy")], pool.open.saturating_sub(pool.idle));
    page.labelled(POOL, &[("state", "idle")], pool.idle);
    page.value(POOL_LIMIT, pool.most);
    let Ok((last, jobs)) = asked else { return };
    page.start(JOBS);
    for state in ["waiting", "running", "dead"] {
        let count = jobs.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
        page.labelled(JOBS, &[("state", state)], count);
    }
    page.value(BEHIND, (last - app.current().sequence()).max(0));
}

/// By the file's time, so that it is true whichever process has built them.
async fn sitemap_age(app: &App) -> Option<f64> {
    let folder = sitemaps::served(&app.files.sitemaps()).await?;
    let modified = tokio::fs::metadata(folder).await.ok()?.modified().ok()?;
    Some(modified.elapsed().unwrap_or_default().as_secs_f64())
}

#[cfg(target_os = "linux")]
fn write_process(page: &mut Page) {
    let resident = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()
    });
    if let Some(kibibytes) = resident {
        page.value(MEMORY, kibibytes * 1024);
    }
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: the call fills the whole struct when it succeeds, and only then it is read.
    let usage = unsafe {
        if libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) != 0 {
            return;
        }
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    page.value(CPU, seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

#[cfg(not(target_os = "linux"))]
fn write_process(_: &mut Page) {}
