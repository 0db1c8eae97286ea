//! Publishing and unpublishing at a set time.

use serde_json::json;

use crate::actions::publish::{Manner, publish};
use crate::actions::unpublish::{Then, unpublish};
use crate::actions::{Change, save_draft::kind_of};
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Actor, State, Verb};
use crate::error::{Error, Problem, Result};
use crate::store::entries::{self, Entry, Standing};

/// Sets when an entry becomes published, and when it stops being so.
///
/// # Errors
/// `Invalid` when something required is missing, a time has passed, or the end is not after the
/// beginning; `Conflict`; `Denied`.
pub async fn schedule(
    change: &mut Change<'_>,
    id: i64,
    seen: i64,
    publish_at: Option<Time>,
    unpublish_at: Option<Time>,
) -> Result<i64> {
    change.permit(Verb::Publish)?;
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    if matches!(entry.state(), State::Trashed | State::Archived) {
        return Err(Error::Conflict(format!("“{}” is {}; restore it first", entry.title, entry.state())));
    }
    check_times(change.now, publish_at, unpublish_at)?;
    if publish_at.is_some() && entry.state() == State::Published {
        return Err(Problem::new("is published already").field("publish_at").into());
    }
    let draft = entries::draft(&change.tx, id).await?;
    let (_, problems) = kind_of(change, &entry.kind)?.read_stored(&draft.content.fields);
    problems.or(())?;
    entries::advance(&change.tx, id, seen).await?;
    let state = match (publish_at, entry.state()) {
        (Some(_), State::Draft | State::Scheduled) => State::Scheduled,
        (None, State::Scheduled) => State::Draft,
        (_, state) => state,
    };
    let standing = Standing { publish_at, unpublish_at, replaced_by: entry.replaced_by };
    entries::set_state(&change.tx, id, state, &standing).await?;
    change
        .audit("schedule", Some(id), &json!({ "publish_at": publish_at, "unpublish_at": unpublish_at }))
        .await?;
    change.touch_entry(&entry, &[]);
    Ok(seen + 1)
}

fn check_times(now: Time, publish_at: Option<Time>, unpublish_at: Option<Time>) -> Result<()> {
    for (field, time) in [("publish_at", publish_at), ("unpublish_at", unpublish_at)] {
        if time.is_some_and(|time| time <= now) {
            return Err(Problem::new("this time has passed").field(field).into());
        }
    }
    if let (Some(from), Some(to)) = (publish_at, unpublish_at)
        && to <= from
    {
        return Err(Problem::new("the end must come after the beginning").field("unpublish_at").into());
    }
    Ok(())
}

/// Publishes and unpublishes what is due; the number of entries changed. Two nodes that try at once
/// do it once: the second finds a newer version. What can't be published is a draft again, with the
/// reason in the audit log.
pub async fn carry_out(app: &App) -> Result<usize> {
    let mut done = 0;
    for entry in entries::due(&app.db, now(app).await?).await? {
        match carry_out_one(app, &entry).await {
            Ok(()) => done += 1,
            Err(Error::Conflict(_) | Error::NotFound) if is_newer(app, &entry).await? => {}
            Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => give_up(app, &entry, &error).await?,
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => tracing::error!(entry = entry.id, %error, "a schedule could not be carried out"),
        }
    }
    Ok(done)
}

/// The database's clock, which all nodes share (DESIGN 7). With SQLite it is this machine's.
async fn now(app: &App) -> Result<Time> {
    if app.clock.is_fixed() { Ok(app.clock.now()) } else { app.db.now(&app.clock).await }
}

async fn carry_out_one(app: &App, entry: &Entry) -> Result<()> {
    let mut change = Change::begin(app, &Actor::Engine).await?;
    match entry.state() {
        State::Scheduled => publish(&mut change, entry.id, entry.version, Manner::default()).await?,
        _ => unpublish(&mut change, entry.id, entry.version, false, Then::Gone).await?,
    };
    change.commit().await
}

/// Whether somebody has saved the entry since: then the schedule is theirs.
async fn is_newer(app: &App, entry: &Entry) -> Result<bool> {
    Ok(entries::find(&app.db, entry.id).await?.is_none_or(|now| now.version != entry.version))
}

/// Takes an entry off the timetable, so that it neither blocks the others nor fails again and again.
async fn give_up(app: &App, entry: &Entry, reason: &Error) -> Result<()> {
    tracing::warn!(entry = entry.id, %reason, "a scheduled entry could not be published and is a draft again");
    let change = Change::begin(app, &Actor::Engine).await?;
    match entries::advance(&change.tx, entry.id, entry.version).await {
        Err(Error::Conflict(_)) => return Ok(()),
        advanced => _ = advanced?,
    }
    let standing = Standing { replaced_by: entry.replaced_by, ..Standing::default() };
    entries::set_state(&change.tx, entry.id, State::Draft, &standing).await?;
    let detail = json!({ "publish_at": entry.publish_at, "reason": reason.to_string() });
    change.audit("schedule_failed", Some(entry.id), &detail).await?;
    change.commit().await
}
