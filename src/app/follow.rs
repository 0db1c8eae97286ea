//! Following the `changes` table: how this process learns what others have committed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::app::App;
use crate::error::Result;
use crate::store::changes;

/// How long another node's change may stay unseen without a faster messenger.
const POLL: Duration = Duration::from_millis(500);

impl App {
    /// Applies everything committed since the last look. Numbers become visible in order, so
    /// nothing is skipped.
    pub async fn catch_up(&self) -> Result<()> {
        let _turn = self.following.lock().await;
        loop {
            let seen = self.seen.load(Ordering::Acquire);
            let changes = changes::after(&self.db, seen).await?;
            let Some(first) = changes.first() else { return Ok(()) };
            if first.sequence > seen + 1 {
                // Away for so long that what changed in between is forgotten.
                self.apply(&["site".to_owned(), "rules".to_owned()], first.sequence).await?;
            }
            for change in changes {
                self.apply(&change.tags, change.sequence).await?;
                self.seen.fetch_max(change.sequence, Ordering::AcqRel);
            }
        }
    }

    /// Catches up for as long as the process lives.
    pub async fn follow(self) {
        let mut away = false;
        loop {
            tokio::time::sleep(POLL).await;
            match self.catch_up().await {
                Ok(()) => away = false,
                Err(error) if !away => {
                    away = true;
                    tracing::warn!(%error, "changes can't be followed; pages may be stale until the database is back");
                }
                Err(_) => {}
            }
        }
    }
}
