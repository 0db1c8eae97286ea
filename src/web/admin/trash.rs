//! What is in the trash, whatever its type.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;

use super::entries::Row;
use super::failure::Failure;
use super::person::Person;
use super::shell::{People, Shell, page};
use crate::app::App;
use crate::entry::State as Stage;
use crate::error::Result;
use crate::store::office;
use crate::web::Web;

/// Entries that are shown; those of a type are all in its list.
const SHOWN: i64 = 200;

/// The trash.
#[derive(Template)]
#[template(path = "admin/trash.html", whitespace = "minimize")]
struct TrashPage {
    shell: Shell,
    rows: Vec<Row>,
}

pub async fn show(State(web): State<Web>, person: Person) -> Result<Response, Failure> {
    draw(&web.app, &person).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person) -> Result<Response> {
    let people = People::of(app, person.t).await?;
    let own = Some(person.actor.to_string()).filter(|_| !person.user.role().has_all_entries());
    let found = office::in_state(&app.db, Stage::Trashed, own.as_deref(), SHOWN).await?;
    let shown = TrashPage {
        shell: Shell::of(app, person, person.t.trash_page, "/admin/trash"),
        rows: found.into_iter().map(|listed| Row::of(app, &people, listed)).collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}
