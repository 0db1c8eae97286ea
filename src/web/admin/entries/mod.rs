//! Entries: lists, the form that is drawn from a type's fields, and what becomes of an entry.

mod appearance;
mod bulk;
mod choices;
mod chooser;
mod conflict;
mod content;
mod described;
mod fields;
mod form;
mod life;
mod list;
mod map_link;
mod moving;
mod names;
mod narrowing;
mod review;
mod save;
mod share;
mod steps;
mod typed;
mod unsaved;

pub use appearance::show as appearance;
pub use bulk::{run as bulk_run, start as bulk, undo as bulk_undo};
pub use choices::{found as choices, make as make_choice};
pub use conflict::{Difference, between};
pub use content::row_numbers;
pub use fields::{Choice, FieldView, Part, Picture, Row as FieldRow, Widget, has_rare, id_of};
pub use form::{edit, new, type_of};
pub use life::{publish, restore, schedule, trash, unpublish};
pub use list::{Row, show as list};
pub use moving::{go as move_it, show as moving};
pub use names::Names;
pub use narrowing::Narrowing;
pub use review::{approve, ask, comment, give_back, withdraw};
pub use save::{create, update};
pub use share::{share, take_back};
pub use steps::{Field as PictureField, Next, Rows, STEP, choose, put, upload};
pub use typed::typed;
pub use unsaved::{beat, keep, keep_new};

use super::person::Person;
use super::posted::Posted;
use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::LANDING;
use crate::store::entries::{self, Entry};
use crate::store::office;

/// Ticked entries, `ID.VERSION` each.
fn id_list(posted: &Posted, name: &str) -> Vec<(i64, Option<i64>)> {
    let ticked = posted.0.iter().filter(|(known, _)| known == name);
    let pair = |(_, value): &(String, String)| {
        let (id, version) = value.split_once('.')?;
        Some((id.parse().ok()?, Some(version.parse().ok()?)))
    };
    ticked.filter_map(pair).collect()
}

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
