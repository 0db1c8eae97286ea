//! Work beside requests: what waits, what runs, and what failed for good.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;

use super::account::Done;
use super::failure::Failure;
use super::person::Person;
use super::shell::{Shell, Wall, page, see};
use super::words::ENGLISH;
use crate::actions::{Change, jobs as actions};
use crate::app::App;
use crate::error::Result;
use crate::store::jobs;
use crate::web::Web;

/// All jobs, those that need somebody first.
#[derive(Template)]
#[template(path = "admin/jobs.html", whitespace = "minimize")]
struct JobsPage {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    about: String,
    state: String,
    state_label: &'static str,
    is_dead: bool,
    at: String,
    attempt: i64,
    problem: Option<String>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, done.as_deref()).await.map_err(|error| Failure::of(&web.app, error))
}

async fn draw(app: &App, person: &Person, done: Option<&str>) -> Result<Response> {
    let wall = Wall::of(app);
    let rows = jobs::list(&app.db).await?.into_iter().map(|job| Row {
        id: job.id,
        about: format!("{} {}", ENGLISH.job(&job.kind), job.key).trim_end().to_owned(),
        state_label: ENGLISH.job_state(&job.state),
        is_dead: job.state == "dead",
        at: wall.show(job.run_at),
        attempt: job.attempt,
        problem: job.problem,
        state: job.state,
    });
    let shell = Shell::of(app, person, ENGLISH.jobs, "/admin/jobs").noticing(done);
    Ok(page(StatusCode::OK, &JobsPage { shell, rows: rows.collect() }))
}

pub async fn retry(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    act(&web.app, &person, "retried", async |change| actions::retry(change, Some(id)).await.map(|_| ())).await
}

pub async fn forget(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    act(&web.app, &person, "forgotten", async |change| actions::forget(change, id).await).await
}

async fn act(
    app: &App,
    person: &Person,
    done: &str,
    work: impl AsyncFnOnce(&mut Change<'_>) -> Result<()>,
) -> Result<Response, Failure> {
    person.change(app, work).await.map_err(|error| Failure::of(app, error))?;
    Ok(see(&format!("/admin/jobs?done={done}")))
}
