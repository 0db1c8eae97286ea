//! A draft is looked at by somebody else before readers see it: asked for, talked about, approved or
//! returned.

use serde_json::json;

use crate::actions::publish::{Manner, publish};
use crate::actions::schedule::schedule;
use crate::actions::{Change, landings};
use crate::clock::Time;
use crate::entry::{ReviewState, State, Verb};
use crate::error::{Error, Result};
use crate::store::entries::{self, Entry};
use crate::store::reviews;

/// Bytes of what can be said at a time.
const LONGEST: usize = 10_000;

/// What follows at once when a draft is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Wait,
    Publish,
    PublishAt(Time),
}

/// Asks others to look at the draft.
///
/// # Errors
/// `Conflict` when readers see it already, or it is asked for already; `Denied`.
pub async fn ask(change: &mut Change<'_>, id: i64, text: &str) -> Result<()> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Draft, id).await?;
    landings::refuse(&entry)?;
    if matches!(entry.state(), State::Trashed | State::Archived) {
        return Err(Error::Conflict(format!("“{}” is {}; restore it first", entry.title, entry.state())));
    }
    let draft = entries::draft(&change.tx, id).await?;
    if entry.is_live() && entry.live_revision == Some(draft.id) {
        return Err(Error::Conflict(
            "readers see the newest text already; there is nothing to review".into(),
        ));
    }
    if is_waiting(change, id).await? {
        return Err(Error::Conflict("a review is asked for already".into()));
    }
    reviews::ask(&change.tx, id, draft.id, &change.actor.to_string(), change.now).await?;
    said(change, &entry, "ask", text).await
}

/// Asks others to look at what was just saved in the same change, unless they are asked already.
///
/// # Errors
/// As [`ask`].
pub async fn ask_saved(change: &mut Change<'_>, id: i64) -> Result<()> {
    if is_waiting(change, id).await? { Ok(()) } else { ask(change, id, "").await }
}

/// Takes the question back.
///
/// # Errors
/// `Conflict` when nothing is asked for; `Denied`.
pub async fn withdraw(change: &mut Change<'_>, id: i64) -> Result<()> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Draft, id).await?;
    must_wait(change, id).await?;
    reviews::close(&change.tx, id).await?;
    said(change, &entry, "withdraw", "").await
}

/// Says something about an entry, whether a review is asked for or not.
///
/// # Errors
/// `Invalid` without words; `Denied`.
pub async fn comment(change: &mut Change<'_>, id: i64, text: &str) -> Result<()> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Read, id).await?;
    needs_words(text)?;
    said(change, &entry, "comment", text).await
}

/// Approves the draft that the actor has seen at a version, and publishes or schedules it where that is
/// wished.
///
/// # Errors
/// `Conflict` when nothing is asked for or somebody saved in between; those of publishing; `Denied`.
pub async fn approve(change: &mut Change<'_>, id: i64, seen: i64, text: &str, then: Then) -> Result<()> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Review, id).await?;
    must_wait(change, id).await?;
    if entry.version != seen {
        return Err(Error::Conflict("somebody has saved this meanwhile; look at it once more".into()));
    }
    let draft = entries::draft(&change.tx, id).await?;
    let actor = change.actor.to_string();
    reviews::settle(&change.tx, id, ReviewState::Approved, draft.id, &actor, change.now).await?;
    said(change, &entry, "approve", text).await?;
    match then {
        Then::Wait => Ok(()),
        Then::Publish => publish(change, id, seen, Manner::default()).await.map(|_| ()),
        Then::PublishAt(at) => schedule(change, id, seen, Some(at), entry.unpublish_at).await.map(|_| ()),
    }
}

/// Gives the draft back, with words on what is to be changed.
///
/// # Errors
/// `Invalid` without words; `Conflict` when nothing is asked for; `Denied`.
pub async fn give_back(change: &mut Change<'_>, id: i64, text: &str) -> Result<()> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Review, id).await?;
    needs_words(text)?;
    must_wait(change, id).await?;
    let draft = entries::draft(&change.tx, id).await?;
    let actor = change.actor.to_string();
    reviews::settle(&change.tx, id, ReviewState::Returned, draft.id, &actor, change.now).await?;
    said(change, &entry, "return", text).await
}

async fn is_waiting(change: &Change<'_>, id: i64) -> Result<bool> {
    let found = reviews::find(&change.tx, id).await?;
    Ok(found.is_some_and(|review| review.state() == ReviewState::Waiting))
}

async fn must_wait(change: &Change<'_>, id: i64) -> Result<()> {
    if is_waiting(change, id).await? {
        return Ok(());
    }
    Err(Error::Conflict("no review is asked for any more: somebody was faster".into()))
}

fn needs_words(text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::field("comment", "say in a few words what you mean"));
    }
    Ok(())
}

async fn said(change: &mut Change<'_>, entry: &Entry, kind: &str, text: &str) -> Result<()> {
    let text = text.trim();
    if text.len() > LONGEST {
        let reason = format!("is longer than {LONGEST} bytes; say it in several parts");
        return Err(Error::field("comment", reason));
    }
    reviews::note(&change.tx, entry.id, &change.actor.to_string(), kind, text, change.now).await?;
    change.audit(&format!("review_{kind}"), Some(entry.id), &json!({}));
    Ok(())
}
