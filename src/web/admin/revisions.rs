//! The saved states of an entry: who, when, what; two beside each other; one of them again.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::entries::{Difference, between, own};
use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::shell::{People, Shell, Wall, page, see};
use super::words::fill;
use crate::actions::Change;
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::office;
use crate::web::Web;

/// All of them, the newest first.
#[derive(Template)]
#[template(path = "admin/revisions.html", whitespace = "minimize")]
struct RevisionsPage {
    shell: Shell,
    id: i64,
    version: i64,
    rows: Vec<Row>,
}

struct Row {
    number: i64,
    at: String,
    by: String,
    is_draft: bool,
    is_live: bool,
    /// The one before it.
    before: Option<i64>,
}

/// Two of them, field by field.
#[derive(Template)]
#[template(path = "admin/compare.html", whitespace = "minimize")]
struct ComparePage {
    shell: Shell,
    id: i64,
    from: String,
    to: String,
    differences: Vec<Difference>,
}

pub async fn list(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    draw(&web.app, &person, id).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, id: i64) -> Result<Response> {
    let entry = own(app, person, id).await?;
    let t = person.t;
    let (people, wall) = (People::of(app, t).await?, Wall::of(app));
    let saved = office::revisions(&app.db, id).await?;
    let numbers: Vec<i64> = saved.iter().map(|saved| saved.number).collect();
    let rows = saved.into_iter().enumerate().map(|(at, saved)| Row {
        at: wall.show(t, saved.created_at),
        by: people.name(&saved.actor),
        is_draft: at == 0,
        is_live: entry.is_live() && entry.live_revision == Some(saved.id),
        before: numbers.get(at + 1).copied(),
        number: saved.number,
    });
    let title = fill(t.revisions_of, t.quote(&entry.title));
    let shown = RevisionsPage {
        shell: Shell::of(app, person, &title, &format!("/admin/types/{}", entry.kind)),
        id,
        version: entry.version,
        rows: rows.collect(),
    };
    Ok(page(StatusCode::OK, &shown))
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: i64,
    #[serde(default)]
    to: i64,
}

pub async fn compare(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    Query(Asked { from, to }): Query<Asked>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let entry = own(app, &person, id).await?;
        let older = office::revision(&app.db, id, from).await?.ok_or(Error::NotFound)?;
        let newer = office::revision(&app.db, id, to).await?.ok_or(Error::NotFound)?;
        let t = person.t;
        let title = fill(&fill(t.compare_title, t.number(from)), t.number(to));
        let shown = ComparePage {
            shell: Shell::of(app, &person, &title, &format!("/admin/types/{}", entry.kind)),
            id,
            from: fill(t.revision, t.number(from)),
            to: fill(t.revision, t.number(to)),
            differences: between(app, &person, &entry.kind, &older, &newer).await?,
        };
        Ok(page(StatusCode::OK, &shown))
    };
    work.await.map_err(Failure)
}

/// Saves an earlier state once more, as the draft.
pub async fn restore(
    State(web): State<Web>,
    person: Person,
    Path((id, number)): Path<(i64, i64)>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        own(app, &person, id).await?;
        let seen = posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
        let content = office::revision(&app.db, id, number).await?.ok_or(Error::NotFound)?;
        let mut change = Change::begin(app, &person.actor).await?;
        let target = Target::Existing { id, seen };
        save_draft(&mut change, Draft { target, content, reuse: false, lenient: false, tie: None }).await?;
        change.commit().await?;
        Ok(see(&format!("/admin/entries/{id}?done=revised")))
    };
    work.await.map_err(Failure)
}
