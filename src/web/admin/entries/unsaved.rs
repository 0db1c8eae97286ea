//! What somebody writes and has not saved: kept while they write, offered when they come back, and told
//! to others who open the same form.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use serde_json::json;

use super::form::type_of;
use super::own;
use crate::actions::unsaved;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::store::unsaved as kept;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::see;

/// The name under which a form says that an older text waits to be decided about.
pub const WAITS: &str = "left_waits";

/// Keeps the form of an entry.
pub async fn keep(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        own(app, &person, id).await?;
        keep_as(app, &person, &of_entry(id), posted).await
    };
    work.await.map_err(Failure)
}

/// Keeps the form of a new entry.
pub async fn keep_new(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let kind = type_of(app, &kind)?;
        keep_as(app, &person, &of_new(&kind.name), posted).await
    };
    work.await.map_err(Failure)
}

/// A button says to forget it, and leads to the form; a script says neither.
async fn keep_as(app: &App, person: &Person, form: &str, posted: Posted) -> Result<Response> {
    if posted.has("forget") {
        unsaved::keep(app, &person.user, form, "").await?;
        return Ok(see(&page_of(form)));
    }
    unsaved::keep(app, &person.user, form, &posted.encode()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A sign that a form is open, or is not any more; who else has it open.
pub async fn beat(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        own(app, &person, id).await?;
        let others = unsaved::beat(app, &person.user, id, posted.has("left")).await?;
        Ok(Json(json!({ "others": others })).into_response())
    };
    work.await.map_err(|error: Error| Failure(error))
}

/// Where the form of an entry is sent.
pub fn of_entry(id: i64) -> String {
    format!("/admin/entries/{id}")
}

/// Where the form of a new entry is sent.
pub fn of_new(kind: &str) -> String {
    format!("/admin/types/{kind}")
}

/// The page that a form stands on.
fn page_of(form: &str) -> String {
    if form.starts_with("/admin/types/") { format!("{form}/new") } else { form.to_owned() }
}

/// A form that somebody left unsaved.
pub struct Left {
    pub posted: Posted,
    pub at: Time,
}

/// What this person left of a form, unless it says what `stored` says.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn left(app: &App, person: &Person, form: &str, stored: &Posted) -> Result<Option<Left>> {
    let Some(found) = kept::find(&app.db, person.user.id, form).await? else { return Ok(None) };
    let Some(posted) = Posted::parse(found.fields.as_bytes()) else { return Ok(None) };
    Ok((filled(&posted) != filled(stored)).then_some(Left { posted, at: found.kept_at }))
}

/// What stands in a form, without what was left empty and what it sends besides.
fn filled(posted: &Posted) -> Vec<(&str, &str)> {
    let mut filled: Vec<(&str, &str)> = posted
        .0
        .iter()
        .map(|(name, value)| (name.as_str(), value.trim()))
        .filter(|(name, value)| !value.is_empty() && !BESIDES.contains(name))
        .collect();
    filled.sort_unstable();
    filled
}

/// What a form sends besides its fields.
const BESIDES: [&str; 5] = ["version", "locale", "translation_of", "then", WAITS];
