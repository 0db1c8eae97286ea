//! Giving an entry another address: a new slug, another parent, or a path of its own. What stands
//! below it moves along, and every old address is one hop from the new one.

use crate::actions::Change;
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::entry::State;
use crate::error::{Error, Result};
use crate::store::entries;

/// Where an entry goes. What is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    pub slug: Option<String>,
    /// `Some(None)` takes the entry from below its parent.
    pub parent: Option<Option<i64>>,
    /// `Some(None)` gives the address back to the type's rule.
    pub fixed_path: Option<Option<String>>,
    /// Take a path that was public before and leads nowhere now.
    pub reuse: bool,
}

/// Moves an entry. A published one moves at once, its draft with it; whatever else the draft changes
/// must be published before, or it would go live by the way.
///
/// # Errors
/// `Conflict` when the path is taken, somebody saved in between, or unpublished changes wait;
/// `Invalid` when the slug is wrong or the entry would stand below itself; `Denied`.
pub async fn move_entry(change: &mut Change<'_>, id: i64, seen: i64, to: Destination) -> Result<i64> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    let draft = entries::draft(&change.tx, id).await?;
    let is_live = entry.state() == State::Published;
    if is_live && entry.live_revision != Some(draft.id) {
        return Err(Error::Conflict(format!(
            "“{}” has unpublished changes; publish them first",
            entry.title
        )));
    }
    let mut content = draft.content;
    if let Some(slug) = to.slug {
        content.slug = slug;
    }
    if let Some(parent) = to.parent {
        content.parent = parent;
    }
    if let Some(fixed_path) = to.fixed_path {
        content.fixed_path = fixed_path;
    }
    let target = Target::Existing { id, seen };
    let saved =
        save_draft(change, Draft { target, content, reuse: to.reuse, lenient: false, tie: None }).await?;
    if !is_live {
        return Ok(saved.version);
    }
    publish_saved(change, saved, Manner { reuse: to.reuse, quiet: false }).await
}
