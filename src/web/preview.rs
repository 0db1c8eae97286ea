//! A saved state of an entry as its page would be: the one place where the back office shows what the
//! public sees. Who may look, the door has asked; that nobody keeps or finds it, the back office's
//! headers say.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};

use super::Web;
use super::admin::{Failure, Framing, Person, own};
use super::public;
use crate::actions::preview_links;
use crate::app::App;
use crate::entry::Content;
use crate::error::{Error, Result};
use crate::store::{entries, office};

/// The draft.
pub async fn draft(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    let work = async {
        own(&web.app, &person, id).await?;
        show(&web.app, id, entries::draft(&web.app.db, id).await?.content).await
    };
    work.await.map_err(|error| Failure::of(&web.app, error))
}

/// The draft, for whoever has a link to it.
pub async fn shared(State(web): State<Web>, Path(secret): Path<String>) -> Result<Response, Failure> {
    let work = async {
        let id = preview_links::behind(&web.app, &secret).await?;
        show(&web.app, id, entries::draft(&web.app.db, id).await?.content).await
    };
    work.await.map_err(|error| Failure::of(&web.app, error))
}

/// Any revision.
pub async fn revision(
    State(web): State<Web>,
    person: Person,
    Path((id, number)): Path<(i64, i64)>,
) -> Result<Response, Failure> {
    let work = async {
        own(&web.app, &person, id).await?;
        let content = office::revision(&web.app.db, id, number).await?.ok_or(Error::NotFound)?;
        show(&web.app, id, content).await
    };
    work.await.map_err(|error| Failure::of(&web.app, error))
}

async fn show(app: &App, id: i64, content: Content) -> Result<Response> {
    let drawn = public::draw_as_if_live(app, id, content).await?;
    let mut response = (drawn.status, Html(drawn.body)).into_response();
    response.extensions_mut().insert(Framing::Stands);
    Ok(response)
}
