//! Whether the log of what was done is still what was written (SECURITY T27).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::store::jobs::{self, Payload};
use crate::store::{audit, shelves};

/// Lines that are read at a time.
const BATCH: i64 = 1_000;

/// The name under which the last check is remembered.
const MARK: &str = "audit_check";

/// Where the chain ended at some time: a number and a hash, which stand for every line up to there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Head {
    pub id: i64,
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.id, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Head, String> {
        let parts = text.trim().split_once(':').and_then(|(id, hash)| Some((id.parse().ok()?, hash)));
        let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match parts {
            Some((id, hash)) if is_hash(hash) => Ok(Head { id, hash: hash.to_lowercase() }),
            _ => Err("a number, a colon and 64 hexadecimal digits are right, as the log has them".into()),
        }
    }
}

impl TryFrom<String> for Head {
    type Error = String;

    fn try_from(text: String) -> Result<Head, String> {
        text.parse()
    }
}

impl From<Head> for String {
    fn from(head: Head) -> String {
        head.to_string()
    }
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub at: Time,
    /// Lines that fit, from the first on.
    pub lines: u64,
    /// The end of what fits.
    pub head: Option<Head>,
    /// The first line that does not fit, and what is wrong with it.
    pub fault: Option<Fault>,
}

/// A line that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub line: i64,
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} {}", self.line, self.reason)
    }
}

/// Follows the chain from its first line to its last; `known` is an end that it had before, which it must
/// still have: so a log that was cut, or written anew as a whole, is found as well.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn verify(app: &App, known: Option<&Head>) -> Result<Verdict> {
    let mut verdict = Verdict { at: app.clock.now(), lines: 0, head: None, fault: None };
    let mut next = i64::MIN;
    let mut found = known.is_none();
    loop {
        let lines = audit::from(&app.db, next, BATCH).await?;
        for line in &lines {
            let before = verdict.head.as_ref().map_or("", |head| head.hash.as_str());
            let hash = line.seal(before);
            let reason = match (&line.hash, known) {
                (None, _) => Some("carries no hash"),
                (Some(stored), _) if *stored != hash => Some("does not fit the line before, or was changed"),
                (Some(_), Some(head)) if head.id == line.id && head.hash != hash => {
                    Some("is not the one that the given head names: the log was written anew")
                }
                _ => None,
            };
            if let Some(reason) = reason {
                verdict.fault = Some(Fault { line: line.id, reason: reason.to_owned() });
                return Ok(verdict);
            }
            found |= known.is_some_and(|head| head.id == line.id);
            verdict.lines += 1;
            verdict.head = Some(Head { id: line.id, hash });
        }
        match lines.last() {
            Some(last) if lines.len() == BATCH as usize && last.id < i64::MAX => next = last.id + 1,
            _ => break,
        }
    }
    if let Some(head) = known.filter(|_| !found) {
        let reason = "is not there any more: the log was cut after the given head was noted".to_owned();
        verdict.fault = Some(Fault { line: head.id, reason });
    }
    Ok(verdict)
}

/// Has the chain checked by a job, as soon as one is free.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn ask(app: &App) -> Result<()> {
    let now = app.database_now().await?;
    let tx = app.db.begin().await?;
    jobs::enqueue(&tx, &Payload::Audit, now, now).await?;
    tx.commit().await
}

/// Checks the chain, with the end it had at the last check that went well, and remembers what was found.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn check(app: &App) -> Result<Verdict> {
    let known = last_check(app).await?.and_then(|verdict| verdict.head);
    let verdict = verify(app, known.as_ref()).await?;
    match (&verdict.fault, &verdict.head) {
        (Some(fault), _) => tracing::error!(%fault, "the audit log was tampered with"),
        (None, Some(head)) => tracing::info!(lines = verdict.lines, %head, "the audit log is whole"),
        (None, None) => {}
    }
    // What once was the end stays what is compared with, until the fault is gone.
    let noted = match (&verdict.fault, known) {
        (Some(_), Some(known)) => Verdict { head: Some(known), ..verdict.clone() },
        _ => verdict.clone(),
    };
    let text = serde_json::to_string(&noted).map_err(Error::internal)?;
    let tx = app.db.begin().await?;
    shelves::set_mark(&tx, MARK, &text).await?;
    tx.commit().await?;
    Ok(verdict)
}

/// What the last check has found, if there was any.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn last_check(app: &App) -> Result<Option<Verdict>> {
    let text = shelves::mark(&app.db, MARK).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Where the chain ends now.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn head(app: &App) -> Result<Option<Head>> {
    let last = audit::last(&app.db).await?;
    Ok(last.and_then(|line| Some(Head { id: line.id, hash: line.hash? })))
}

/// Writes into the program's log where the chain ends, so that what is cut from it later is missed.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn log_head(app: &App) -> Result<()> {
    if let Some(head) = head(app).await? {
        tracing::info!(%head, "the audit log ends here");
    }
    Ok(())
}
