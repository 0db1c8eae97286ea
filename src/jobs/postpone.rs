//! When another machine asks to be left alone for a while.

use url::Url;

use super::worker::wait;
use crate::app::App;
use crate::clock::Time;
use crate::egress::Reply;
use crate::error::Result;
use crate::store::jobs::{self, Claim};

/// The longest that another machine may put us off: what it says is its own to choose, our jobs are not.
const LONGEST: i64 = 24 * 3_600_000;

/// Whether it says that it is asked too often.
pub fn is_busy(reply: &Reply) -> bool {
    matches!(reply.status.as_u16(), 429 | 503)
        && (reply.status.as_u16() == 429 || reply.retry_after.is_some())
}

/// Comes again when it wants us to, and not before our own waits say so.
pub async fn postpone(app: &App, claim: &Claim, url: &Url, reply: &Reply) -> Result<()> {
    let problem = format!("{url} asks to be left alone: it answered {}", reply.status);
    let now = app.database_now().await?;
    let asked = reply.retry_after.map_or(0, |time| i64::try_from(time.as_millis()).unwrap_or(LONGEST));
    let asked = Time(now.0 + asked.min(LONGEST));
    let at = asked.max(wait(app, claim.attempt, now));
    tracing::warn!(job = claim.id, attempt = claim.attempt, %problem, "a job is put off");
    let tx = app.db.begin().await?;
    jobs::fail(&tx, claim, Some(at), &problem).await?;
    tx.commit().await
}
