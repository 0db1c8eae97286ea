//! Work off the request path. [`worker`] does the jobs of the table, on whichever node claims them;
//! sitemaps are files of each node, so each follows the changes by itself; search catches up with titles
//! that have changed.

mod check_page;
pub mod index_now;
mod mail;
pub mod news;
mod postpone;
mod prune;
mod search;
pub mod sitemaps;
pub mod tally;
pub mod timetable;
pub mod web_sub;
pub mod worker;

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::actions::reconcile;
use crate::app::App;
use crate::clock::Time;

/// How often search looks for titles that have changed.
const TICK: Duration = Duration::from_secs(1);

/// How often sitemaps are compared with what has changed, and how long they rest after a build at most:
/// twice as long as it took, so that a long import leaves the machine to others.
const LOOK: Duration = Duration::from_millis(200);
const LONGEST_REST: Duration = Duration::from_secs(1);

/// The news sitemap that was built last.
#[derive(Clone, Copy)]
struct News {
    sequence: i64,
    /// When it is outdated though nothing changes.
    until: Time,
}

/// Works until `stop` says so, and ends what was begun.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    tokio::join!(
        worker::run(app.clone(), stop.clone()),
        search::run(&app, stop.clone()),
        keep_sitemaps(&app, stop)
    );
}

async fn keep_sitemaps(app: &App, mut stop: watch::Receiver<bool>) {
    let (mut built_at, mut news) = (None, None);
    let mut reconciled = false;
    loop {
        if !reconciled {
            tokio::select! {
                done = reconcile_lists(app) => reconciled = done,
                _ = stop.changed() => return,
            }
        }
        let app = &app.current();
        let sequence = app.sequence();
        if !news.is_some_and(|news: News| news.sequence == sequence && news.until > app.clock.now()) {
            match news::build(app).await {
                Ok(until) => news = Some(News { sequence, until }),
                Err(error) => {
                    tracing::warn!(%error, "the news sitemap could not be built; the last one stays")
                }
            }
        }
        let begun = Instant::now();
        if built_at != Some(sequence) {
            match sitemaps::refresh(app).await {
                Ok(built) => {
                    built_at = Some(sequence);
                    let (took, sitemaps::Built { urls, shards, written, .. }) =
                        (begun.elapsed(), built.clone());
                    tracing::debug!(urls, shards, written, ?took, "sitemaps are up to date");
                    built.warn();
                }
                Err(error) => tracing::warn!(%error, "the sitemap could not be built; the last one stays"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep((begun.elapsed() * 2).clamp(LOOK, LONGEST_REST)) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Brings lists and landing pages up to what the content folder says; whether that is done.
async fn reconcile_lists(app: &App) -> bool {
    match reconcile::reconcile_if_needed(app).await {
        Ok(None) => true,
        Ok(Some(done)) => {
            let reconcile::Report { entries, made, changed, removed } = done;
            tracing::info!(entries, made, changed, removed, "lists and landing pages are up to date");
            true
        }
        Err(error) => {
            tracing::warn!(%error, "lists and landing pages could not be brought up to date");
            false
        }
    }
}
