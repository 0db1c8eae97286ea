//! What recurs, and how often. Each job asks for its next time when it is done.

use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::store::jobs::{self, Payload};

const HOUR: i64 = 3_600_000;

/// Recurring work, with the milliseconds from the end of one run to the next.
pub const RECURRING: [(Payload, i64); 2] = [(Payload::Prune, HOUR), (Payload::Audit, 24 * HOUR)];

/// Sees to it that everything that recurs is asked for.
pub async fn ensure(app: &App) -> Result<()> {
    let now = app.database_now().await?;
    let tx = app.db.begin().await?;
    for (payload, _) in &RECURRING {
        jobs::ensure(&tx, payload, now, now).await?;
    }
    tx.commit().await
}

/// When a job of this kind comes again after `now`.
pub fn next(payload: &Payload, now: Time) -> Option<Time> {
    let (_, every) = RECURRING.iter().find(|(recurring, _)| recurring == payload)?;
    Some(Time(now.0 + every))
}
