//! Redirects and rules: the list, one more, one less.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::failure::{Failure, sentence};
use super::person::Person;
use super::posted::Posted;
use super::shell::{Shell, page, see};
use super::words::ENGLISH;
use crate::actions::Change;
use crate::actions::redirects::{self, Wish};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::web::Web;
use crate::web::errors::status;

/// Redirects that are shown; a search finds the others.
const SHOWN: usize = 200;

/// The list, and a form for one more.
#[derive(Template)]
#[template(path = "admin/redirects.html", whitespace = "minimize")]
struct RedirectsPage {
    shell: Shell,
    words: String,
    rows: Vec<Row>,
    /// Others fit besides those that are shown.
    more: bool,
    problems: Vec<String>,
    typed: Posted,
    kinds: Vec<Choice>,
    statuses: Vec<Choice>,
}

struct Row {
    kind: String,
    kind_label: &'static str,
    from: String,
    to: Option<String>,
    status: u16,
}

struct Choice {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    done: Option<String>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let drawn = draw(&web.app, &person, StatusCode::OK, asked, Vec::new(), Posted::default()).await;
    drawn.map_err(|error| Failure::of(&web.app, error))
}

async fn draw(
    app: &App,
    person: &Person,
    status: StatusCode,
    asked: Asked,
    problems: Vec<Problem>,
    typed: Posted,
) -> Result<Response> {
    let mut found = redirects::matching(&app.db, &asked.q, SHOWN as i64 + 1).await?;
    let more = found.len() > SHOWN;
    found.truncate(SHOWN);
    let rows = found.into_iter().map(|wish| Row {
        kind_label: ENGLISH.redirect_kind(&wish.kind),
        kind: wish.kind,
        from: wish.from,
        to: wish.to,
        status: wish.status,
    });
    let t = &ENGLISH;
    let choice = |name: &str, value, label| Choice { value, label, chosen: typed.get(name) == value };
    let kinds = ["exact", "prefix", "regex"].map(|kind| choice("kind", kind, t.redirect_kind(kind)));
    let statuses =
        [("301", t.status_301), ("302", t.status_302), ("308", t.status_308), ("410", t.status_410)]
            .map(|(value, label)| choice("status", value, label));
    let shown = RedirectsPage {
        shell: Shell::of(app, person, t.redirects, "/admin/redirects").noticing(asked.done.as_deref()),
        words: asked.q,
        rows: rows.collect(),
        more,
        problems: problems.iter().map(message).collect(),
        kinds: kinds.into(),
        statuses: statuses.into(),
        typed,
    };
    Ok(page(status, &shown))
}

fn message(problem: &Problem) -> String {
    let label = match problem.field.as_deref() {
        Some("from") => ENGLISH.redirect_from,
        Some("to") => ENGLISH.redirect_target,
        Some("status") => ENGLISH.redirect_status,
        _ => return sentence(&problem.reason),
    };
    sentence(&format!("{label}: {}", problem.reason))
}

pub async fn add(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let code: u16 = posted.get("status").parse().map_err(|_| Error::field("status", "is no status"))?;
        let wish = Wish {
            kind: posted.get("kind").to_owned(),
            from: posted.get("from").trim().to_owned(),
            to: Some(posted.get("to").trim().to_owned()).filter(|to| !to.is_empty()),
            status: code,
            reuse: false,
        };
        let mut change = Change::begin(app, &person.actor).await?;
        redirects::add(&mut change, &wish).await?;
        change.commit().await
    };
    let error = match work.await {
        Ok(()) => return Ok(see("/admin/redirects?done=redirect")),
        Err(error) => error,
    };
    let code = status(&error);
    let problems = match error {
        Error::Invalid(problems) => problems.0,
        Error::Conflict(reason) => vec![Problem::new(reason)],
        other => return Err(Failure::of(app, other)),
    };
    let asked = Asked { q: String::new(), done: None };
    draw(app, &person, code, asked, problems, posted).await.map_err(|error| Failure::of(app, error))
}

pub async fn remove(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let mut change = Change::begin(app, &person.actor).await?;
        redirects::remove(&mut change, posted.get("kind"), posted.get("from")).await?;
        change.commit().await
    };
    work.await.map_err(|error| Failure::of(app, error))?;
    Ok(see("/admin/redirects?done=unredirect"))
}
