//! Deleting, with a way back: the entry keeps the addresses that the public knows, which lead
//! elsewhere or say "gone". An address that nobody has seen is free again.

use crate::actions::unpublish::{Then, leave};
use crate::actions::{Change, landings};
use crate::entry::{State, Verb};
use crate::error::{Error, Result};
use crate::store::{entries, paths};

/// Puts an entry into the trash.
///
/// # Errors
/// `Conflict` when it is there already, or somebody saved in between; `Invalid` when the
/// replacement is not live; `Denied`.
pub async fn trash(change: &mut Change<'_>, id: i64, seen: i64, then: Then) -> Result<i64> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Trash, id).await?;
    landings::refuse(&entry)?;
    if entry.state() == State::Trashed {
        return Err(Error::Conflict(format!("“{}” is in the trash already", entry.title)));
    }
    let version = leave(change, &entry, seen, State::Trashed, then, "trash").await?;
    paths::forget_unseen(&change.tx, id).await?;
    change.forget_asked();
    Ok(version)
}
