//! Who did what, the latest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::failure::Failure;
use super::person::Person;
use super::shell::{People, Shell, Wall, page};
use super::words::ENGLISH;
use crate::app::App;
use crate::error::Result;
use crate::store::office;
use crate::web::Web;

/// Lines of one page.
const PAGE: i64 = 100;

/// The audit log.
#[derive(Template)]
#[template(path = "admin/log.html", whitespace = "minimize")]
struct LogPage {
    shell: Shell,
    rows: Vec<Row>,
    is_later: bool,
    next: Option<String>,
}

struct Row {
    at: String,
    by: String,
    what: String,
    href: String,
    title: Option<String>,
    detail: String,
}

#[derive(Deserialize)]
pub struct Asked {
    before: Option<i64>,
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Query(Asked { before }): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, before).await.map_err(|error| Failure::of(&web.app, error))
}

async fn draw(app: &App, person: &Person, before: Option<i64>) -> Result<Response> {
    let (people, wall) = (People::of(app).await?, Wall::of(app));
    let mut done = office::done(&app.db, before, PAGE + 1).await?;
    let more = done.len() as i64 > PAGE;
    done.truncate(PAGE as usize);
    let next = done.last().filter(|_| more).map(|last| format!("/admin/log?before={}", last.id));
    let rows = done.into_iter().map(|line| Row {
        at: wall.show(line.at),
        by: people.name(&line.actor),
        what: ENGLISH.did(&line.action),
        href: format!("/admin/entries/{}", line.entry_id.unwrap_or_default()),
        title: line.title,
        detail: Some(line.detail).filter(|detail| detail != "{}").unwrap_or_default(),
    });
    let shown = LogPage {
        shell: Shell::of(app, person, ENGLISH.log, "/admin/log"),
        rows: rows.collect(),
        is_later: before.is_some(),
        next,
    };
    Ok(page(StatusCode::OK, &shown))
}
