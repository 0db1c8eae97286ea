//! Forgetting what nobody needs any more, in small transactions.

use crate::actions::unsaved::{OPEN, WAITS};
use crate::actions::{audit, not_found};
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::store::jobs::{self, Claim};
use crate::store::{changes, preview_links, sessions, unsaved};

/// How long a node may be away and still learn from the table what has changed, in milliseconds.
/// One that was away for longer drops all its pages.
const KEPT: i64 = 24 * 3_600_000;

/// Rows of one transaction.
const BATCH: i64 = 5_000;

/// Takes old rows out of `changes`, sessions and links that have expired, texts that nobody came back for, and
/// addresses that led nowhere and answer by now; and says where the audit log ends.
pub async fn prune(app: &App, claim: &Claim) -> Result<()> {
    let now = app.database_now().await?;
    let answered = not_found::answered(app).await?;
    loop {
        let tx = app.db.begin().await?;
        let forgotten = changes::forget_before(&tx, Time(now.0 - KEPT), BATCH).await?
            + sessions::forget_expired(&tx, now, BATCH).await?
            + preview_links::forget_expired(&tx, now, BATCH).await?
            + unsaved::forget_before(&tx, Time(now.0 - WAITS), Time(now.0 - OPEN), BATCH).await?;
        if forgotten == 0 {
            not_found::forget(&tx, &answered, now).await?;
            audit::log_head(app).await?;
            super::worker::complete(&tx, claim, now).await?;
            return tx.commit().await;
        }
        if !jobs::beat(&tx, claim, now).await? {
            return Ok(());
        }
        tx.commit().await?;
    }
}
