//! Taking an entry off the site: its addresses lead elsewhere, or say that it is gone.

use serde_json::json;

use crate::actions::{Change, landings, shelve};
use crate::entry::{State, Verb};
use crate::error::{Error, Problem, Result};
use crate::store::entries::{self, Entry, Standing};
use crate::store::{paths, relations, search};

/// What its addresses answer afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// 410.
    Gone,
    /// 301 to a live entry.
    To(i64),
}

/// Takes a published or scheduled entry back to a draft, or puts it into the archive.
///
/// # Errors
/// `Conflict` when it is not published, or somebody saved in between; `Invalid` when the
/// replacement is not live; `Denied`.
pub async fn unpublish(
    change: &mut Change<'_>,
    id: i64,
    seen: i64,
    archive: bool,
    then: Then,
) -> Result<i64> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Unpublish, id).await?;
    landings::refuse(&entry)?;
    if !matches!(entry.state(), State::Published | State::Scheduled) {
        return Err(Error::Conflict(format!("“{}” is not published", entry.title)));
    }
    let state = if archive { State::Archived } else { State::Draft };
    leave(change, &entry, seen, state, then, "unpublish").await
}

/// Ends an entry's public life, whatever the verb.
pub(super) async fn leave(
    change: &mut Change<'_>,
    entry: &Entry,
    seen: i64,
    state: State,
    then: Then,
    verb: &str,
) -> Result<i64> {
    entries::advance(&change.tx, entry.id, seen).await?;
    let replaced_by = replacement(change, entry.id, then).await?;
    let standing = Standing { replaced_by, ..Standing::default() };
    entries::set_state(&change.tx, entry.id, state, &standing).await?;
    if let Some(to) = replaced_by {
        entries::bend_replacements(&change.tx, entry.id, to).await?;
    }
    change.audit(verb, Some(entry.id), &json!({ "state": state.as_str(), "to": replaced_by }));
    search::remove(&change.tx, entry.id).await?;
    search::mark_stale(&change.tx, entry.translation_group).await?;
    let points_at = relations::targets(&change.tx, entry.id).await?;
    change.touch_entry(entry, &points_at);
    touch_paths(change, entry.id).await?;
    let mut keys = shelve::unshelve(change, entry.id).await?;
    keys.extend(landings::about(change, entry).await?);
    change.settle_later(keys);
    Ok(seen + 1)
}

/// Every address of the entry answers something else from now on.
pub(super) async fn touch_paths(change: &mut Change<'_>, id: i64) -> Result<()> {
    for folded in paths::all_of(&change.tx, id).await? {
        change.touch_path(&folded);
    }
    Ok(())
}

async fn replacement(change: &Change<'_>, id: i64, then: Then) -> Result<Option<i64>> {
    let Then::To(to) = then else { return Ok(None) };
    let target = entries::find(&change.tx, to).await?;
    match target {
        Some(target) if target.id != id && target.is_live() => Ok(Some(to)),
        _ => {
            let reason = format!("entry {to} is not live, so nothing can lead to it");
            Err(Problem::new(reason).field("redirect_to").into())
        }
    }
}
