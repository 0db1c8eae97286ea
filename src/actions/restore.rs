//! Taking an entry out of the trash or the archive: it is a draft again, at its address.

use serde_json::json;

use crate::actions::relocate::{Step, relocate};
use crate::actions::unpublish::touch_paths;
use crate::actions::{Change, address, landings, save_draft::kind_of};
use crate::entry::{State, Verb};
use crate::error::{Error, Result};
use crate::store::entries::{self, Entry, Standing};
use crate::store::paths;

/// Restores an entry as a draft. Until it is published, its addresses answer as before: they lead to
/// what replaced it, or say that it is gone. When another entry has got its address meanwhile, it has
/// none until it is saved with another slug.
///
/// # Errors
/// `Conflict` when it is not in the trash or archive, or somebody saved in between; `Denied`.
pub async fn restore(change: &mut Change<'_>, id: i64, seen: i64) -> Result<i64> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Restore, id).await?;
    landings::refuse(&entry)?;
    if !matches!(entry.state(), State::Trashed | State::Archived) {
        return Err(Error::Conflict(format!("“{}” is neither in the trash nor in the archive", entry.title)));
    }
    entries::advance(&change.tx, id, seen).await?;
    if paths::canonical(&change.tx, id).await?.is_none() {
        settle(change, &entry).await?;
    }
    let standing = Standing { replaced_by: entry.replaced_by, ..Standing::default() };
    entries::set_state(&change.tx, id, State::Draft, &standing).await?;
    change.forget_asked();
    change.audit("restore", Some(id), &json!({}));
    change.touch_pages(&entry, &[]);
    touch_paths(change, id).await?;
    Ok(seen + 1)
}

/// Gives an entry that has no address the one it had, if that is free.
async fn settle(change: &mut Change<'_>, entry: &Entry) -> Result<()> {
    let revision = match entries::live(&change.tx, entry.id).await? {
        Some(live) => live,
        None => entries::draft(&change.tx, entry.id).await?,
    };
    let kind = kind_of(change, &entry.kind)?;
    let content = &revision.content;
    let wanted = address::wanted_since(change, &kind, &entry.locale, content, entry.published_at).await;
    let wanted = match wanted {
        Ok(wanted) => wanted,
        // What it stood below has no address either, or the path is a listing's now.
        Err(Error::Invalid(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    if paths::taken_by(&change.tx, &wanted.path, Some(entry.id)).await?.is_some() {
        return Ok(());
    }
    let step = Step { to: &wanted.path, public: false, reuse: false };
    relocate(change, entry, step).await.map(|_| ())
}
