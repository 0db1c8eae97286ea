//! What becomes of an entry: published, taken off, scheduled, put into the trash and out of it.

use axum::extract::{Path, State};
use axum::response::Response;

use super::form::{Drawn, draw_stored};
use super::{names, own};
use crate::actions::Change;
use crate::actions::publish::{self as publishing, Manner};
use crate::actions::unpublish::{self as unpublishing, Then};
use crate::actions::{restore as restoring, schedule as scheduling, trash as trashing};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Error, Problem, Result};
use crate::store::entries;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Wall, see};
use crate::web::errors::status;

pub async fn publish(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    if is_stopped(&web.app, &person, id).await? {
        return Ok(see(&format!("/admin/entries/{id}?done=stopped")));
    }
    act(&web.app, &person, id, &posted, "published", async |change, seen| {
        publishing::publish(change, id, seen, Manner::default()).await
    })
    .await
}

pub async fn unpublish(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, id, &posted, "unpublished", async |change, seen| {
        let archive = posted.has("archive");
        unpublishing::unpublish(change, id, seen, archive, then(&posted)?).await
    })
    .await
}

pub async fn schedule(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let wall = Wall::of(&web.app);
    if !posted.get("publish_at").trim().is_empty() && is_stopped(&web.app, &person, id).await? {
        return Ok(see(&format!("/admin/entries/{id}?done=stopped")));
    }
    act(&web.app, &person, id, &posted, "scheduled", async |change, seen| {
        let (from, to) = (time(&wall, &posted, "publish_at")?, time(&wall, &posted, "unpublish_at")?);
        scheduling::schedule(change, id, seen, from, to).await
    })
    .await
}

pub async fn trash(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let answer = act(&web.app, &person, id, &posted, "trashed", async |change, seen| {
        trashing::trash(change, id, seen, then(&posted)?).await
    })
    .await?;
    if !answer.status().is_redirection() {
        return Ok(answer);
    }
    let entry = entries::find(&web.app.db, id).await.map_err(Failure)?;
    let kind = entry.map(|entry| entry.kind).unwrap_or_default();
    Ok(see(&format!("/admin/types/{kind}?done=trashed&undo={id}")))
}

pub async fn restore(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, id, &posted, "restored", async |change, seen| {
        restoring::restore(change, id, seen).await
    })
    .await
}

/// Whether the check of its page keeps the draft from being published.
pub(super) async fn is_stopped(app: &App, person: &Person, id: i64) -> Result<bool, Failure> {
    let work = async {
        own(app, person, id).await?;
        let draft = entries::draft(&app.db, id).await?.content;
        Ok(!app.stopping(id, draft).await?.is_empty())
    };
    work.await.map_err(Failure)
}

/// Does something with an entry, and shows it again: changed, or as it is with the reason why not.
async fn act(
    app: &App,
    person: &Person,
    id: i64,
    posted: &Posted,
    done: &str,
    work: impl AsyncFnOnce(&mut Change<'_>, i64) -> Result<i64>,
) -> Result<Response, Failure> {
    let acted = async {
        own(app, person, id).await?;
        let seen = posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
        let mut change = Change::begin(app, &person.actor).await?;
        work(&mut change, seen).await?;
        change.commit().await
    };
    let error = match acted.await {
        Ok(()) => return Ok(see(&format!("/admin/entries/{id}?done={done}"))),
        Err(error @ (Error::Conflict(_) | Error::Invalid(_) | Error::Denied(_))) => error,
        Err(error) => return Err(Failure(error)),
    };
    let status = status(&error);
    let problems = match error {
        Error::Invalid(problems) => problems.0,
        other => vec![Problem::new(other.to_string())],
    };
    let again = async {
        let entry = own(app, person, id).await?;
        draw_stored(app, person, entry, Drawn::refused(status, problems)).await
    };
    again.await.map_err(Failure)
}

/// Where the addresses of what goes lead from then on.
fn then(posted: &Posted) -> Result<Then> {
    let named = posted.get("redirect_to").trim();
    if named.is_empty() {
        return Ok(Then::Gone);
    }
    let reason = format!("“{named}” names no entry by its number, such as `Tehran #42`");
    names::number(named).map(Then::To).ok_or_else(|| Error::field("redirect_to", reason))
}

fn time(wall: &Wall, posted: &Posted, name: &str) -> Result<Option<Time>> {
    let typed = posted.get(name).trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let reason = format!("`{typed}` is no day with a time");
    wall.read(typed).map(Some).ok_or_else(|| Error::field(name, reason))
}
