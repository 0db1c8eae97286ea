//! Lists that somebody wants again, each under a name and an address.

use axum::extract::{Path, State};
use axum::response::Response;

use super::entries::{Narrowing, type_of};
use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::shell::see;
use crate::error::{Error, Result};
use crate::store::views::{self, View};
use crate::web::Web;

/// Letters of the longest name.
const LONGEST: usize = 60;

pub async fn keep(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let kind = type_of(app, &kind)?;
        let name = posted.get("name").trim().to_owned();
        if name.is_empty() || name.chars().count() > LONGEST {
            return Err(Error::field("name", format!("a name of 1 to {LONGEST} letters")));
        }
        // Only what a list understands is kept.
        let query = Narrowing::read(person.t, &kind, posted.get("query")).query();
        let view = View { id: 0, kind: kind.name.clone(), name, query: query.clone() };
        let tx = app.db.begin().await?;
        views::write(&tx, person.user.id, &view).await?;
        tx.commit().await?;
        Ok(see(&format!("/admin/types/{}?{query}&done=view", kind.name)))
    };
    work.await.map_err(Failure)
}

pub async fn open(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let view = views::find(&app.db, person.user.id, id).await?.ok_or(Error::NotFound)?;
        Ok(see(&format!("/admin/types/{}?{}", view.kind, view.query)))
    };
    work.await.map_err(Failure)
}

pub async fn forget(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let view = views::find(&app.db, person.user.id, id).await?.ok_or(Error::NotFound)?;
        let tx = app.db.begin().await?;
        views::remove(&tx, person.user.id, id).await?;
        tx.commit().await?;
        Ok(see(&format!("/admin/types/{}?done=unview", view.kind)))
    };
    work.await.map_err(Failure)
}
