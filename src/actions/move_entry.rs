//! Giving an entry another address: a new slug, another parent, or a path of its own. What stands
//! below it moves along, and every old address is one hop from the new one.

use serde_json::json;

use crate::actions::Change;
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::save_draft::{Draft, Target, kind_of, save_draft};
use crate::entry::{Content, State};
use crate::error::{Error, Result};
use crate::schema::{PrefixSource, Type};
use crate::store::entries::{self, Entry};

/// Where an entry goes. What is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    pub slug: Option<String>,
    /// `Some(None)` takes the entry from below its parent.
    pub parent: Option<Option<i64>>,
    /// Below which entry, whatever relation its type's rule names for that; `Some(None)` takes it from
    /// there.
    pub above: Option<Option<i64>>,
    /// `Some(None)` gives the address back to the type's rule.
    pub fixed_path: Option<Option<String>>,
    /// Take a path that was public before and leads nowhere now.
    pub reuse: bool,
}

/// A content as it is at its destination.
///
/// # Errors
/// `Invalid` when its type stands below nothing.
pub fn placed(kind: &Type, mut content: Content, to: &Destination) -> Result<Content> {
    if let Some(slug) = &to.slug {
        content.slug.clone_from(slug);
    }
    if let Some(parent) = to.parent {
        content.parent = parent;
    }
    if let Some(above) = to.above {
        match kind.path.prefix_source() {
            PrefixSource::Parent => content.parent = above,
            PrefixSource::Field(field) => drop(content.fields.insert(field.to_owned(), json!(above))),
            PrefixSource::None => {
                return Err(Error::field("above", format!("a {} stands below nothing", kind.label.one)));
            }
        }
    }
    if let Some(fixed_path) = &to.fixed_path {
        content.fixed_path.clone_from(fixed_path);
    }
    Ok(content)
}

/// The address of what was published and taken off since is that of its live revision: it changes when
/// the entry is published again, and not before.
///
/// # Errors
/// `Conflict` for such an entry.
pub fn refuse_waiting(entry: &Entry) -> Result<()> {
    match entry.live_revision {
        Some(_) if entry.state() != State::Published => Err(Error::Conflict(format!(
            "“{}” was taken off the site; its address changes when it is published again",
            entry.title
        ))),
        _ => Ok(()),
    }
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
    refuse_waiting(&entry)?;
    let content = placed(&kind_of(change, &entry.kind)?, draft.content, &to)?;
    let target = Target::Existing { id, seen };
    let saved =
        save_draft(change, Draft { target, content, reuse: to.reuse, lenient: false, tie: None }).await?;
    if !is_live {
        return Ok(saved.version);
    }
    publish_saved(change, saved, Manner { reuse: to.reuse, quiet: false }).await
}
