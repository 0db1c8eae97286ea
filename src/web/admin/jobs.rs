//! Work beside requests: what waits, what runs, and what failed for good.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::failure::Failure;
use super::person::Person;
use super::shell::{Shell, Wall, page, see};
use super::words::{MachineWords, fill};
use crate::actions::{Change, jobs as actions};
use crate::app::App;
use crate::error::Result;
use crate::store::jobs;
use crate::web::Web;

/// Jobs of one page.
const SHOWN: i64 = 200;

/// Jobs, those that need somebody first.
#[derive(Template)]
#[template(path = "admin/jobs.html", whitespace = "minimize")]
struct JobsPage {
    shell: Shell,
    m: &'static MachineWords,
    counted: String,
    choices: Vec<Choice>,
    is_narrowed: bool,
    rows: Vec<Row>,
    more: Option<String>,
    any_dead: bool,
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

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    done: Option<String>,
}

/// A state to choose.
struct Choice {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, &asked).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, asked: &Asked) -> Result<Response> {
    let (wall, t) = (Wall::of(app), person.t);
    let states = ["waiting", "running", "dead"];
    // What is no state narrows nothing.
    let state = states.into_iter().find(|state| *state == asked.state).unwrap_or_default();
    let mut found = jobs::list_in(&app.db, state, SHOWN + 1).await?;
    let more = found.len() as i64 > SHOWN;
    found.truncate(SHOWN as usize);
    let rows = found.into_iter().map(|job| Row {
        id: job.id,
        about: format!("{} {}", t.job(&job.kind), job.key).trim_end().to_owned(),
        state_label: t.job_state(&job.state),
        is_dead: job.state == "dead",
        at: wall.show(t, job.run_at),
        attempt: job.attempt,
        problem: job.problem,
        state: job.state,
    });
    let counts = jobs::counts(&app.db).await?;
    let count = |state: &str| counts.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
    let counted = states
        .iter()
        .fold(t.machine.jobs_counted.to_owned(), |said, state| fill(&said, t.number(count(state))));
    let choice = |value, label| Choice { value, label, chosen: state == value };
    let mut choices = vec![choice("", t.machine.jobs_all)];
    choices.extend(states.map(|state| choice(state, t.job_state(state))));
    let shown = JobsPage {
        shell: Shell::of(app, person, t.jobs, "/admin/jobs").noticing(asked.done.as_deref()),
        m: t.machine,
        rows: rows.collect(),
        is_narrowed: !state.is_empty(),
        choices,
        counted,
        more: more.then(|| fill(t.machine.jobs_more, t.number(SHOWN))),
        any_dead: count("dead") > 0,
    };
    Ok(page(StatusCode::OK, &shown))
}

pub async fn retry_all(State(web): State<Web>, person: Person) -> Result<Response, Failure> {
    act(&web.app, &person, "retried", async |change| actions::retry(change, None).await.map(|_| ())).await
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
    person.change(app, work).await.map_err(Failure)?;
    Ok(see(&format!("/admin/jobs?done={done}")))
}
