//! Search follows what no single save may take the time for: a title that stands in many rows, and a
//! form of the words that all rows are to get.

use tokio::sync::watch;

use super::TICK;
use crate::actions::reindex;
use crate::app::App;

/// Keeps the rows of search up to date until `stop` says so.
pub async fn run(app: &App, mut stop: watch::Receiver<bool>) {
    loop {
        let stopped = stop.clone();
        match reindex::keep_up(&app.current(), &|| *stopped.borrow()).await {
            Ok(0) => {}
            Ok(entries) => tracing::info!(entries, "search was brought up to date"),
            Err(error) => tracing::warn!(%error, "search could not be brought up to date; it is tried again"),
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => return,
        }
    }
}
