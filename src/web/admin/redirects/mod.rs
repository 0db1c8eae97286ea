//! Redirects and rules: the list, one more, another one instead, one less.

mod form;
mod import;
mod try_out;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use hyper::{StatusCode, header};
use serde::Deserialize;
use url::form_urlencoded;

use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::shell::{Shell, Wall, page, see};
use super::words::{AddressWords, Words, fill};
use crate::actions::redirects::{self, Shown, Wish};
use crate::actions::{Change, export};
use crate::app::App;
use crate::error::Result;
use crate::text::Path;
use crate::web::Web;
use form::Form;

pub use form::{edit, update};
pub use import::{show as import_form, take_in};
pub use try_out::show as try_out;

/// Where the list stands.
const AT: &str = "/admin/redirects";

/// Redirects of one page; of rules there are never more than a few hundred.
const PAGE: usize = 50;

/// The list, and a form for one more.
#[derive(Template)]
#[template(path = "admin/redirects.html", whitespace = "minimize")]
struct RedirectsPage {
    shell: Shell,
    a: &'static AddressWords,
    words: String,
    rows: Vec<Row>,
    rules: Vec<Row>,
    is_later: bool,
    next: Option<String>,
    form: Form,
}

struct Row {
    kind: String,
    kind_label: &'static str,
    /// As it is shown, and as a form sends it.
    shown: String,
    from: String,
    to: Option<String>,
    status: u16,
    /// None yet.
    visits: Option<String>,
    visited: Option<String>,
    edit: String,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
    done: Option<String>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let form = Form::empty(person.t);
    let drawn = draw(&web.app, &person, StatusCode::OK, asked, form).await;
    drawn.map_err(Failure)
}

async fn draw(app: &App, person: &Person, code: StatusCode, asked: Asked, form: Form) -> Result<Response> {
    let (wall, t) = (Wall::of(app), person.t);
    let (found, last) = redirects::page(&app.db, &asked.q, &asked.after, PAGE).await?;
    let rules = redirects::rules(&app.db, &asked.q).await?;
    let next = last.map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{AT}?{}", query.append_pair("q", &asked.q).append_pair("after", &last).finish())
    });
    let shown = RedirectsPage {
        shell: Shell::of(app, person, t.addresses.redirects, AT).noticing(asked.done.as_deref()),
        a: t.addresses,
        words: asked.q,
        rows: found.into_iter().map(|shown| Row::of(t, &wall, shown)).collect(),
        rules: rules.into_iter().map(|shown| Row::of(t, &wall, shown)).collect(),
        is_later: !asked.after.is_empty(),
        next,
        form,
    };
    Ok(page(code, &shown))
}

impl Row {
    fn of(t: &Words, wall: &Wall, shown: Shown) -> Row {
        let Wish { kind, from: text, to, status, .. } = shown.wish;
        let from = written(&kind, &text);
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("kind", &kind).append_pair("from", &from).finish();
        Row {
            kind_label: t.addresses.redirect_kind(&kind),
            edit: format!("{AT}/edit?{query}"),
            shown: text,
            kind,
            from,
            to,
            status,
            visits: (shown.visits > 0).then(|| t.number(shown.visits)),
            visited: shown.visited_at.map(|at| fill(t.addresses.last, wall.show(t, at))),
        }
    }
}

/// An address as a form reads it back: letters of any script stay readable, and a percent sign that is one
/// is encoded.
fn written(kind: &str, text: &str) -> String {
    match Path::parse(text) {
        Ok(path) if kind == "exact" && text.starts_with('/') && text.contains('%') => path.href(),
        _ => text.to_owned(),
    }
}

pub async fn add(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let wish = form::wish(&posted)?;
        let mut change = Change::begin(app, &person.actor).await?;
        redirects::add(&mut change, &wish).await?;
        change.commit().await
    };
    let error = match work.await {
        Ok(()) => return Ok(see(&format!("{AT}?done=redirect"))),
        Err(error) => error,
    };
    let (code, form) = Form::refused(person.t, error, posted).map_err(Failure)?;
    let asked = Asked { q: String::new(), after: String::new(), done: None };
    draw(app, &person, code, asked, form).await.map_err(Failure)
}

pub async fn remove(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let mut change = Change::begin(app, &person.actor).await?;
        redirects::remove(&mut change, posted.get("kind"), posted.get("from")).await?;
        change.commit().await
    };
    work.await.map_err(Failure)?;
    Ok(see(&format!("{AT}?done=unredirect")))
}

/// All of them, as the table that an import reads.
pub async fn table(State(web): State<Web>) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async { export::table(&redirects::list(&app.db).await?) };
    let table = work.await.map_err(Failure)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"redirects.csv\""),
    ];
    Ok((headers, table).into_response())
}
