//! Deferred work as rows (DESIGN 9): enqueued with the change that asks for it, claimed under a
//! lease, completed with its effect.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::{Error, Result};

/// How long a claim counts without a sign of life, in milliseconds.
pub const LEASE: i64 = 60_000;

/// After so many attempts a job waits for a person.
pub const MOST_ATTEMPTS: i64 = 10;

/// What is to be done; its body is in `jobs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payload {
    /// Publish or unpublish an entry whose time has come.
    Schedule { entry: i64 },
    /// Forget what nobody needs any more.
    Prune,
    /// Check that the log of what was done is still what was written.
    Audit,
    /// Send a user a link by which they come in.
    Link { user: i64 },
    /// Send whoever has a mail address a link for another password, if anybody has it.
    Reset { email: String },
    /// Tell search engines which addresses have changed.
    IndexNow,
    /// Tell the hub that the feeds of a page have changed.
    WebSub { page: String },
    /// Make a stored picture in several widths.
    Variants { hash: String },
    /// Look at the page of an entry that was published.
    CheckPage { entry: i64 },
    /// Go on with what is done to many entries.
    Bulk { run: i64 },
}

impl Payload {
    pub fn kind(&self) -> &'static str {
        match self {
            Payload::Schedule { .. } => "schedule",
            Payload::Prune => "prune",
            Payload::Audit => "audit",
            Payload::Link { .. } => "link",
            Payload::Reset { .. } => "reset",
            Payload::IndexNow => "index_now",
            Payload::WebSub { .. } => "web_sub",
            Payload::Variants { .. } => "variants",
            Payload::CheckPage { .. } => "check_page",
            Payload::Bulk { .. } => "bulk",
        }
    }

    /// What it is about: of one kind and key, one job waits.
    fn key(&self) -> String {
        match self {
            Payload::Schedule { entry } | Payload::CheckPage { entry } => entry.to_string(),
            Payload::Prune | Payload::Audit | Payload::IndexNow => String::new(),
            Payload::Bulk { run } => run.to_string(),
            Payload::Link { user } => user.to_string(),
            Payload::Reset { email } => email.clone(),
            Payload::WebSub { page } => page.clone(),
            Payload::Variants { hash } => hash.clone(),
        }
    }

    /// Higher ones are done first.
    fn priority(&self) -> i64 {
        match self {
            Payload::Schedule { .. } => 10,
            // Somebody waits for it.
            Payload::Link { .. } | Payload::Reset { .. } => 5,
            Payload::WebSub { .. } => 2,
            Payload::IndexNow => 1,
            Payload::Prune | Payload::Audit => 0,
            // Pages do without: whatever else is due goes first.
            Payload::Variants { .. } => -10,
            // Nobody waits for it.
            Payload::CheckPage { .. } => -5,
            Payload::Bulk { .. } => -1,
        }
    }
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub id: i64,
    pub attempt: i64,
    pub payload: Payload,
}

/// A job as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    pub key: String,
    pub state: String,
    pub run_at: Time,
    pub attempt: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

#[derive(FromRow)]
struct Claimed {
    id: i64,
    attempt: i64,
    payload: String,
}

/// Asks for work at an instant. One that waits for the same gets the new instant.
pub async fn enqueue(tx: &Tx, payload: &Payload, run_at: Time, now: Time) -> Result<()> {
    let json = serde_json::to_string(payload).map_err(Error::internal)?;
    tx.run(
        "INSERT INTO jobs (kind, payload, key, priority, state, run_at, attempt, created_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6)
         ON CONFLICT (kind, key) WHERE state = 'waiting' DO UPDATE
         SET payload = excluded.payload, run_at = excluded.run_at, attempt = 0, problem = NULL",
        args![payload.kind(), json, payload.key(), payload.priority(), run_at, now],
    )
    .await?;
    Ok(())
}

/// Asks for work at an instant, unless it waits already, with whatever instant a failure has given it,
/// or is dead: then a person has to mend something first, and trying again is theirs to say.
///
/// The waiting one is written to all the same: so nobody begins it before this transaction ends, and what
/// is done in here is there when it is begun.
pub async fn request(tx: &Tx, payload: &Payload, run_at: Time, now: Time) -> Result<()> {
    let json = serde_json::to_string(payload).map_err(Error::internal)?;
    tx.run(
        "INSERT INTO jobs (kind, payload, key, priority, state, run_at, attempt, created_at)
         SELECT $1, $2, $3, CAST($4 AS BIGINT), 'waiting', CAST($5 AS BIGINT), 0, CAST($6 AS BIGINT)
         WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE state = 'dead' AND kind = $1 AND key = $3)
         ON CONFLICT (kind, key) WHERE state = 'waiting' DO UPDATE SET payload = excluded.payload",
        args![payload.kind(), json, payload.key(), payload.priority(), run_at, now],
    )
    .await?;
    Ok(())
}

/// Takes back what was asked for, if nobody has begun it.
pub async fn withdraw(tx: &Tx, payload: &Payload) -> Result<()> {
    tx.run(
        "DELETE FROM jobs WHERE kind = $1 AND key = $2 AND state = 'waiting'",
        args![payload.kind(), payload.key()],
    )
    .await?;
    Ok(())
}

/// Asks for recurring work, unless it waits or runs already.
pub async fn ensure(tx: &Tx, payload: &Payload, run_at: Time, now: Time) -> Result<()> {
    let found: Option<(i64,)> = tx
        .optional(
            "SELECT id FROM jobs WHERE kind = $1 AND key = $2 AND state IN ('waiting', 'running') LIMIT 1",
            args![payload.kind(), payload.key()],
        )
        .await?;
    if found.is_none() { enqueue(tx, payload, run_at, now).await } else { Ok(()) }
}

/// Whether anything is to be done: reading asks less of a database than claiming.
pub async fn is_any_due(db: &impl Ask, now: Time) -> Result<bool> {
    let found: Option<(i64,)> = db
        .optional(
            "SELECT id FROM jobs
             WHERE (state = 'waiting' AND run_at <= $1) OR (state = 'running' AND lease_until <= $1) LIMIT 1",
            args![now],
        )
        .await?;
    Ok(found.is_some())
}

/// Claims the job that is due first. The claim has to be committed before the work begins.
pub async fn claim(tx: &Tx, worker: &str, now: Time) -> Result<Option<Claim>> {
    release_lost(tx, now).await?;
    let claimed: Option<Claimed> = tx
        .optional(
            "UPDATE jobs
             SET state = 'running', attempt = attempt + 1, worker = $2, lease_until = $3
             WHERE id = (
                 SELECT id FROM jobs
                 WHERE state = 'waiting' AND run_at <= $1
                 ORDER BY priority DESC, run_at, id
                 LIMIT 1 {lock:skip}
             )
             RETURNING id, attempt, payload",
            args![now, worker, Time(now.0 + LEASE)],
        )
        .await?;
    let Some(claimed) = claimed else { return Ok(None) };
    match serde_json::from_str(&claimed.payload) {
        Ok(payload) => Ok(Some(Claim { id: claimed.id, attempt: claimed.attempt, payload })),
        Err(error) => {
            // Written by a newer version: a person has to look, and the others go on.
            bury(tx, claimed.id, claimed.attempt, &format!("this version can't read it: {error}")).await?;
            Ok(None)
        }
    }
}

/// Leases that have run out: their workers are gone.
async fn release_lost(tx: &Tx, now: Time) -> Result<()> {
    let lost: Vec<Claimed> = tx
        .all(
            "SELECT id, attempt, payload FROM jobs
             WHERE state = 'running' AND lease_until <= $1 ORDER BY id LIMIT 100 {lock:skip}",
            args![now],
        )
        .await?;
    for job in lost {
        let problem = "its worker gave no sign of life";
        if job.attempt >= MOST_ATTEMPTS {
            bury(tx, job.id, job.attempt, problem).await?;
        } else {
            wait_again(tx, job.id, job.attempt, now, problem).await?;
        }
    }
    Ok(())
}

/// A sign of life; says whether the lease is still this worker's.
pub async fn beat(tx: &Tx, claim: &Claim, now: Time) -> Result<bool> {
    let rows = tx
        .run(
            "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND attempt = $2 AND state = 'running'",
            args![claim.id, claim.attempt, Time(now.0 + LEASE)],
        )
        .await?;
    Ok(rows == 1)
}

/// Ends a job, in the transaction of its effect.
///
/// # Errors
/// `Conflict` when the lease went to another worker: the effect must not be committed.
pub async fn complete(tx: &Tx, claim: &Claim) -> Result<()> {
    let rows = tx
        .run(
            "DELETE FROM jobs WHERE id = $1 AND attempt = $2 AND state = 'running'",
            args![claim.id, claim.attempt],
        )
        .await?;
    if rows == 1 { Ok(()) } else { Err(Error::Conflict(format!("job {} went to another worker", claim.id))) }
}

/// Ends an attempt that failed: again at an instant, or never.
pub async fn fail(tx: &Tx, claim: &Claim, again: Option<Time>, problem: &str) -> Result<()> {
    match again {
        Some(at) => wait_again(tx, claim.id, claim.attempt, at, problem).await,
        None => bury(tx, claim.id, claim.attempt, problem).await,
    }
}

/// Back to waiting, unless another job of its kind and key waits already and does the same.
async fn wait_again(tx: &Tx, id: i64, attempt: i64, at: Time, problem: &str) -> Result<()> {
    let rows = tx
        .run(
            "UPDATE jobs
             SET state = 'waiting', run_at = $3, worker = NULL, lease_until = NULL, problem = $4
             WHERE id = $1 AND attempt = $2 AND state = 'running'
               AND NOT EXISTS (
                   SELECT 1 FROM jobs other
                   WHERE other.kind = jobs.kind AND other.key = jobs.key AND other.state = 'waiting'
               )",
            args![id, attempt, at, problem],
        )
        .await?;
    if rows == 0 {
        tx.run("DELETE FROM jobs WHERE id = $1 AND attempt = $2 AND state = 'running'", args![id, attempt])
            .await?;
    }
    Ok(())
}

/// Sets an attempt aside for a person; a late one buries nobody else's.
async fn bury(tx: &Tx, id: i64, attempt: i64, problem: &str) -> Result<()> {
    tx.run(
        "UPDATE jobs SET state = 'dead', worker = NULL, lease_until = NULL, problem = $3
         WHERE id = $1 AND attempt = $2 AND state = 'running'",
        args![id, attempt, problem],
    )
    .await?;
    Ok(())
}

/// Jobs by state, newest last; at most 1,000.
pub async fn list(db: &impl Ask) -> Result<Vec<Job>> {
    db.all(
        "SELECT id, kind, key, state, run_at, attempt, worker, problem FROM jobs
         ORDER BY CASE state WHEN 'dead' THEN 0 WHEN 'running' THEN 1 ELSE 2 END, run_at, id LIMIT 1000",
        args![],
    )
    .await
}

/// Those of a state, or of all without one, those that need somebody first; at most `limit`.
pub async fn list_in(db: &impl Ask, state: &str, limit: i64) -> Result<Vec<Job>> {
    db.all(
        "SELECT id, kind, key, state, run_at, attempt, worker, problem FROM jobs
         WHERE $1 = '' OR state = $1
         ORDER BY CASE state WHEN 'dead' THEN 0 WHEN 'running' THEN 1 ELSE 2 END, run_at, id LIMIT $2",
        args![state, limit],
    )
    .await
}

/// How many there are in each state.
pub async fn counts(db: &impl Ask) -> Result<Vec<(String, i64)>> {
    db.all("SELECT state, COUNT(*) FROM jobs GROUP BY state ORDER BY state", args![]).await
}

/// Gives dead jobs another chance: one, or all; how many. One whose like waits already is forgotten, for
/// that one is its chance.
pub async fn retry(tx: &Tx, id: Option<i64>, now: Time) -> Result<u64> {
    let chosen = args![id.unwrap_or_default(), id.is_none()];
    let forgotten = tx
        .run(
            "DELETE FROM jobs
         WHERE state = 'dead' AND (id = $1 OR $2) AND EXISTS (
             SELECT 1 FROM jobs other
             WHERE other.kind = jobs.kind AND other.key = jobs.key
               AND (other.state = 'waiting' OR (other.state = 'dead' AND other.id > jobs.id))
         )",
            chosen,
        )
        .await?;
    let waiting = tx
        .run(
            "UPDATE jobs SET state = 'waiting', run_at = $3, attempt = 0
             WHERE state = 'dead' AND (id = $1 OR $2)",
            args![id.unwrap_or_default(), id.is_none(), now],
        )
        .await?;
    Ok(forgotten + waiting)
}

/// Forgets a dead job.
pub async fn forget(tx: &Tx, id: i64) -> Result<bool> {
    Ok(tx.run("DELETE FROM jobs WHERE id = $1 AND state = 'dead'", args![id]).await? == 1)
}
