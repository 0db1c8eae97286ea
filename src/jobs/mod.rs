//! Work off the request path: what is due is published, and sitemaps follow changes.

pub mod sitemaps;

use std::time::Duration;

use tokio::sync::watch;

use crate::actions::schedule;
use crate::app::App;

/// How often schedules are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Runs the timetable until `stop` says so.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut built_at = None;
    loop {
        if let Err(error) = schedule::carry_out(&app).await {
            tracing::warn!(%error, "schedules could not be looked at");
        }
        let sequence = app.sequence();
        if built_at != Some(sequence) {
            match sitemaps::build(&app).await {
                Ok(_) => built_at = Some(sequence),
                Err(error) => tracing::warn!(%error, "the sitemap could not be built; the last one stays"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => return,
        }
    }
}
