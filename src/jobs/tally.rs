//! Writing down what a process has counted, by the clock. Every process counts what it answers, so each
//! does this by itself, with workers or without.

use std::time::Duration;

use tokio::sync::watch;

use crate::actions::tally::write_down;
use crate::app::App;

/// How often; what a crash loses is younger.
const EVERY: Duration = Duration::from_secs(10);

/// Writes down until `stop` says so, and once more then.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let mut away = false;
    loop {
        let stopped = tokio::select! {
            () = tokio::time::sleep(EVERY) => false,
            _ = stop.changed() => true,
        };
        match write_down(&app).await {
            Ok(()) => away = false,
            Err(error) if !away => {
                away = true;
                tracing::warn!(%error, "visits that led nowhere can't be written down; they are counted on");
            }
            Err(_) => {}
        }
        if stopped {
            return;
        }
    }
}
