//! Showing a draft to somebody who has no account: by a link with a secret, for some days.

use serde_json::json;

use crate::account::{Secret, digest};
use crate::actions::{Change, landings};
use crate::app::App;
use crate::clock::Time;
use crate::entry::{State, Verb};
use crate::error::{Error, Result};
use crate::store::{entries, preview_links};

/// For how many days a link can be made to open.
pub const DAYS: [i64; 3] = [1, 7, 30];

/// Links of an entry at a time.
const MOST: usize = 20;

const DAY: i64 = 24 * 3_600_000;

/// Makes a link that shows the draft of an entry.
///
/// # Errors
/// `Invalid` for another number of days; `Conflict` for an entry in the trash, or with too many links;
/// `Denied`.
pub async fn share(change: &mut Change<'_>, id: i64, days: i64) -> Result<Secret> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Draft, id).await?;
    landings::refuse(&entry)?;
    if entry.state() == State::Trashed {
        return Err(Error::Conflict(format!("“{}” is in the trash; restore it first", entry.title)));
    }
    if !DAYS.contains(&days) {
        return Err(Error::field("days", "is not one of the numbers to choose from"));
    }
    if preview_links::of_entry(&change.tx, id, change.now).await?.len() >= MOST {
        return Err(Error::Conflict(format!("there are {MOST} links already; take one back first")));
    }
    let secret = Secret::new()?;
    let expires = Time(change.now.0 + days * DAY);
    let actor = change.actor.to_string();
    preview_links::insert(&change.tx, &secret.digest(), id, &actor, change.now, expires).await?;
    change.audit("share_draft", Some(id), &json!({ "until": expires }));
    Ok(secret)
}

/// Takes a link back.
///
/// # Errors
/// `NotFound` when there is none; `Denied`.
pub async fn take_back(change: &mut Change<'_>, id: i64, link: i64) -> Result<()> {
    change.permit_on(Verb::Draft, id).await?;
    if !preview_links::remove(&change.tx, id, link).await? {
        return Err(Error::NotFound);
    }
    change.audit("unshare_draft", Some(id), &json!({}));
    Ok(())
}

/// The entry that a secret shows.
///
/// # Errors
/// `NotFound` when it shows none (any more); `Unavailable` when the database is away.
pub async fn behind(app: &App, secret: &str) -> Result<i64> {
    preview_links::entry(&app.db, &digest(secret), app.clock.now()).await?.ok_or(Error::NotFound)
}

/// Where a link leads.
pub fn url(app: &App, secret: &Secret) -> String {
    app.config.origin.url(&format!("/admin/preview/{}", secret.reveal()))
}
