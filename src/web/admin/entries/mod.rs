//! Entries: lists, the form that is drawn from a type's fields, and what becomes of an entry.

mod chooser;
mod conflict;
mod content;
mod described;
mod fields;
mod form;
mod life;
mod list;
mod names;
mod review;
mod save;
mod share;
mod steps;
mod typed;

pub use conflict::{Difference, between};
pub use form::{edit, new};
pub use life::{publish, restore, schedule, trash, unpublish};
pub use list::{Row, show as list};
pub use names::Names;
pub use review::{approve, ask, comment, give_back, withdraw};
pub use save::{create, update};
pub use share::{share, take_back};
pub use typed::typed;

use super::person::Person;
use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::LANDING;
use crate::store::entries::{self, Entry};
use crate::store::office;

/// An entry that this person may see and change; else it is as if it were not there (SECURITY T26).
///
/// # Errors
/// `NotFound`.
pub async fn own(app: &App, person: &Person, id: i64) -> Result<Entry> {
    let entry = entries::find(&app.db, id).await?.filter(|entry| entry.kind != LANDING);
    let entry = entry.ok_or(Error::NotFound)?;
    let all = person.user.role().has_all_entries();
    if all || office::is_begun_by(&app.db, id, &person.actor.to_string()).await? {
        return Ok(entry);
    }
    Err(Error::NotFound)
}
