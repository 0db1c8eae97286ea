//! Keeping what somebody writes before they save it. The site stays as it is: neither a version nor the
//! audit log knows of it.

use crate::app::App;
use crate::clock::Time;
use crate::entry::{Verb, permit};
use crate::error::{Error, Result};
use crate::store::unsaved;
use crate::store::users::User;

/// How long a text waits for its writer, in milliseconds.
pub const WAITS: i64 = 30 * 24 * 3_600_000;
/// How long a form counts as open after the last sign of it, in milliseconds.
pub const OPEN: i64 = 90_000;

/// Bytes of a form; a larger one could not be saved either.
const MOST: usize = 1 << 20;

/// Keeps a form of somebody's, whose entry they may change; empty fields are forgotten.
///
/// # Errors
/// `Denied`; `Invalid` when it is larger than any form.
pub async fn keep(app: &App, user: &User, form: &str, fields: &str) -> Result<()> {
    permit(&user.actor(), Verb::Draft, true)?;
    if fields.len() > MOST {
        return Err(Error::field("fields", "are larger than any form"));
    }
    let tx = app.db.begin().await?;
    if fields.is_empty() {
        unsaved::forget(&tx, user.id, form).await?;
    } else {
        unsaved::keep(&tx, user.id, form, fields, app.clock.now()).await?;
    }
    tx.commit().await
}

/// Notes that somebody has the form of an entry open, or has left it; the names of the others who have.
///
/// # Errors
/// `Denied`.
pub async fn beat(app: &App, user: &User, entry: i64, left: bool) -> Result<Vec<String>> {
    permit(&user.actor(), Verb::Draft, true)?;
    let now = app.clock.now();
    let tx = app.db.begin().await?;
    if left {
        unsaved::close(&tx, entry, user.id).await?;
    } else {
        unsaved::open(&tx, entry, user.id, now).await?;
    }
    tx.commit().await?;
    unsaved::others(&app.db, entry, user.id, Time(now.0 - OPEN)).await
}
