//! Publishing and unpublishing at a set time.

use serde_json::json;

use crate::actions::publish::{Manner, look_later, publish};
use crate::actions::unpublish::{Then, unpublish};
use crate::actions::{Change, landings, save_draft::kind_of};
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Actor, State, Verb};
use crate::error::{Error, Problem, Result};
use crate::store::entries::{self, Entry, Standing};
use crate::store::jobs::{self, Claim, Payload};

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
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Publish, id).await?;
    landings::refuse(&entry)?;
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
    change.audit("schedule", Some(id), &json!({ "publish_at": publish_at, "unpublish_at": unpublish_at }));
    if let Some(entry) = entries::find(&change.tx, id).await? {
        ask_for(change, &entry).await?;
    }
    change.touch_pages(&entry, &[]);
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

/// Publishes or unpublishes an entry when its time has come, and ends the job in the same
/// transaction. What can't be published is a draft again, with the reason in the audit log.
///
/// # Errors
/// `Unavailable` when the database is away; `Conflict` when another worker has the job, or somebody
/// saves the entry at this moment.
pub async fn carry_out(app: &App, id: i64, job: &Claim) -> Result<()> {
    let now = app.database_now().await?;
    let mut change = Change::begin(app, &Actor::Engine).await?;
    let Some(entry) = entries::find(&change.tx, id).await? else {
        jobs::complete(&change.tx, job).await?;
        return change.commit().await;
    };
    if next_instant(&entry).is_some_and(|at| at <= now) {
        match carry_out_one(&mut change, &entry).await {
            Ok(_) => {}
            Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => {
                change.tx.roll_back().await?;
                return give_up(app, &entry, &error, job).await;
            }
            Err(error) => return Err(error),
        }
    }
    jobs::complete(&change.tx, job).await?;
    // Its end may be set too; or it was given another time since.
    if let Some(entry) = entries::find(&change.tx, id).await? {
        ask_for(&change, &entry).await?;
    }
    change.commit().await
}

async fn carry_out_one(change: &mut Change<'_>, entry: &Entry) -> Result<i64> {
    match entry.state() {
        State::Scheduled => {
            let version = publish(change, entry.id, entry.version, Manner::default()).await?;
            look_later(change, entry.id).await?;
            Ok(version)
        }
        _ => unpublish(change, entry.id, entry.version, false, Then::Gone).await,
    }
}

/// When something is to happen to an entry next.
fn next_instant(entry: &Entry) -> Option<Time> {
    match entry.state() {
        State::Scheduled => entry.publish_at,
        State::Published => entry.unpublish_at,
        _ => None,
    }
}

/// Asks for the job at the entry's next instant; takes it back when there is none.
async fn ask_for(change: &Change<'_>, entry: &Entry) -> Result<()> {
    let payload = Payload::Schedule { entry: entry.id };
    match next_instant(entry) {
        Some(at) => jobs::enqueue(&change.tx, &payload, at, change.now).await,
        None => jobs::withdraw(&change.tx, &payload).await,
    }
}

/// Takes an entry off the timetable, so that it neither blocks the others nor fails again and again.
async fn give_up(app: &App, entry: &Entry, reason: &Error, job: &Claim) -> Result<()> {
    tracing::warn!(entry = entry.id, %reason, "a scheduled entry could not be published and is a draft again");
    let change = Change::begin(app, &Actor::Engine).await?;
    entries::advance(&change.tx, entry.id, entry.version).await?;
    let standing = Standing { replaced_by: entry.replaced_by, ..Standing::default() };
    entries::set_state(&change.tx, entry.id, State::Draft, &standing).await?;
    let detail = json!({ "publish_at": entry.publish_at, "reason": reason.to_string() });
    change.audit("schedule_failed", Some(entry.id), &detail);
    jobs::complete(&change.tx, job).await?;
    change.commit().await
}
