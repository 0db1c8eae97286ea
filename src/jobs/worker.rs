//! A worker: claims what is due, does it under a lease that it keeps alive, and ends it in the
//! transaction of its effect. Another worker takes over when it dies, and its attempt number keeps
//! a late one from ending what is no longer its own.

use std::time::Duration;

use tokio::sync::watch;

use super::{check_page, index_now, mail, prune, timetable, web_sub};
use crate::actions::{audit, bulk, make_variants, schedule};
use crate::app::App;
use crate::clock::Time;
use crate::egress::Egress;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::jobs::{self, Claim, LEASE, MOST_ATTEMPTS, Payload};

/// Between two looks at the table when nothing was due.
const POLL: Duration = Duration::from_millis(500);

/// Between two looks when the database is away.
const AWAY: Duration = Duration::from_secs(2);

/// Between two signs of life.
const BEAT: Duration = Duration::from_millis(LEASE as u64 / 3);

/// The wait after the first failure, doubled after each, and the longest; in milliseconds.
const FIRST_WAIT: i64 = 2_000;
const LONGEST_WAIT: i64 = 3_600_000;

/// Works until `stop` says so; a job that has begun is finished.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    let name = app.clock.uuid().to_string();
    let egress = match Egress::new() {
        Ok(egress) => egress,
        Err(error) => return tracing::error!(%error, "no jobs are done: nobody could be reached"),
    };
    let mut planned = false;
    while !*stop.borrow() {
        let wait = match step(&app, &name, &egress, &mut planned).await {
            Ok(true) => continue,
            Ok(false) => POLL,
            Err(error) => {
                tracing::warn!(%error, "jobs could not be looked at");
                AWAY
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn step(app: &App, name: &str, egress: &Egress, planned: &mut bool) -> Result<bool> {
    if !*planned {
        timetable::ensure(app).await?;
        *planned = true;
    }
    next(app, name, egress).await
}

/// Does everything that is due, one job after the other; how many were ended.
///
/// # Errors
/// When the database is away. What a job fails with is noted with the job.
pub async fn work_off(app: &App) -> Result<usize> {
    work_off_through(app, &Egress::new()?).await
}

/// As [`work_off`], reaching other machines in a way of the caller's.
///
/// # Errors
/// As [`work_off`].
pub async fn work_off_through(app: &App, egress: &Egress) -> Result<usize> {
    let name = app.clock.uuid().to_string();
    let mut done = 0;
    while next(app, &name, egress).await? {
        done += 1;
    }
    Ok(done)
}

/// Claims one job and does it; false when nothing is due.
async fn next(app: &App, name: &str, egress: &Egress) -> Result<bool> {
    let now = app.database_now().await?;
    if !jobs::is_any_due(&app.db, now).await? {
        return Ok(false);
    }
    let tx = app.db.begin().await?;
    let claim = jobs::claim(&tx, name, now).await?;
    tx.commit().await?;
    let Some(claim) = claim else { return Ok(false) };
    // A task of its own, so that a fault in it ends the job and not the worker.
    let mut work = tokio::spawn(body(app.clone(), claim.clone(), egress.clone()));
    let result = tokio::select! {
        result = &mut work => result.unwrap_or_else(|fault| Err(Error::internal(fault))),
        () = until_lost(app, &claim) => {
            work.abort();
            tracing::warn!(job = claim.id, "a job went to another worker");
            return Ok(true);
        }
    };
    if let Err(error) = result {
        failed(app, &claim, &error).await?;
    }
    Ok(true)
}

async fn body(app: App, claim: Claim, egress: Egress) -> Result<()> {
    let app = app.current();
    match claim.payload {
        Payload::Schedule { entry } => schedule::carry_out(&app, entry, &claim).await,
        Payload::Prune => prune::prune(&app, &claim).await,
        Payload::Audit => check_audit(&app, &claim).await,
        Payload::Link { user } => mail::send_link(&app, &claim, user).await,
        Payload::Reset { ref email } => mail::send_reset(&app, &claim, email).await,
        Payload::IndexNow => index_now::submit(&app, &claim, &egress).await,
        Payload::WebSub { ref page } => web_sub::ping(&app, &claim, page, &egress).await,
        Payload::Bulk { run } => bulk::carry_out(&app, run, &claim).await,
        Payload::CheckPage { entry } => check_page::check_page(&app, entry, &claim).await,
        Payload::Variants { ref hash } => make_variants::make_variants(&app, hash, &claim).await,
    }
}

async fn check_audit(app: &App, claim: &Claim) -> Result<()> {
    audit::check(app).await?;
    let tx = app.db.begin().await?;
    complete(&tx, claim, app.database_now().await?).await?;
    tx.commit().await
}

/// Keeps the lease, and returns when it is lost.
async fn until_lost(app: &App, claim: &Claim) {
    loop {
        tokio::time::sleep(BEAT).await;
        match beat(app, claim).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(job = claim.id, %error, "a lease could not be renewed"),
        }
    }
}

async fn beat(app: &App, claim: &Claim) -> Result<bool> {
    let now = app.database_now().await?;
    let tx = app.db.begin().await?;
    let ours = jobs::beat(&tx, claim, now).await?;
    tx.commit().await?;
    Ok(ours)
}

/// Ends a job in the transaction of its effect, and asks for the next time of one that recurs.
///
/// # Errors
/// `Conflict` when another worker has it now.
pub async fn complete(tx: &Tx, claim: &Claim, now: Time) -> Result<()> {
    jobs::complete(tx, claim).await?;
    match timetable::next(&claim.payload, now) {
        Some(at) => jobs::enqueue(tx, &claim.payload, at, now).await,
        None => Ok(()),
    }
}

/// Notes a failure: what may pass is tried again, later each time; the rest waits for a person.
async fn failed(app: &App, claim: &Claim, error: &Error) -> Result<()> {
    let now = app.database_now().await?;
    let may_pass = matches!(error, Error::Unavailable(_) | Error::Conflict(_) | Error::Internal(_));
    // Another machine that is away comes back some day, and nobody here can mend it meanwhile.
    let waits_for_others = matches!(claim.payload, Payload::IndexNow | Payload::WebSub { .. })
        && matches!(error, Error::Unavailable(_));
    let goes_on = may_pass && (waits_for_others || claim.attempt < MOST_ATTEMPTS);
    let again = goes_on.then(|| wait(app, claim.attempt, now));
    match again {
        Some(_) => {
            tracing::warn!(job = claim.id, attempt = claim.attempt, %error, "a job failed and is tried again")
        }
        None => tracing::error!(job = claim.id, attempt = claim.attempt, %error, "a job failed for good"),
    }
    let tx = app.db.begin().await?;
    jobs::fail(&tx, claim, again, &error.to_string()).await?;
    if again.is_none()
        && let Some(at) = timetable::next(&claim.payload, now)
    {
        jobs::enqueue(&tx, &claim.payload, at, now).await?;
    }
    tx.commit().await
}

/// When to try again: half to one and a half times the doubled wait, so that many that failed
/// together don't come back together.
pub(super) fn wait(app: &App, attempt: i64, now: Time) -> Time {
    let doubled = FIRST_WAIT.saturating_mul(1 << (attempt - 1).clamp(0, 20)).min(LONGEST_WAIT);
    let random = (app.clock.uuid().as_u128() & 0xffff) as i64;
    Time(now.0 + doubled / 2 + doubled * random / 0xffff)
}
