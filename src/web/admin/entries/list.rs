//! The entries of a type, the newest first.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;
use url::form_urlencoded;

use super::form::type_of;
use super::own;
use crate::app::App;
use crate::entry::{ReviewState, State as Stage};
use crate::error::Result;
use crate::store::office::{self, Listed, Wanted};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::shell::{People, Shell, Wall, page};
use crate::web::admin::words::{ENGLISH, REVIEWS, fill};

/// Entries of one page.
const PAGE: i64 = 50;

/// A list.
#[derive(Template)]
#[template(path = "admin/list.html", whitespace = "minimize")]
struct ListPage {
    shell: Shell,
    /// Where the form that narrows it asks.
    href: String,
    new_label: String,
    words: String,
    states: Vec<StateOption>,
    rows: Vec<Row>,
    is_narrowed: bool,
    /// Whether another page came before.
    is_later: bool,
    next: Option<String>,
    undo: Option<Undo>,
}

struct StateOption {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

/// How a review stands, as a class and in words.
pub struct Review {
    pub state: ReviewState,
    pub label: &'static str,
}

/// An entry in a list.
pub struct Row {
    pub href: String,
    pub title: String,
    /// The language, where there are several.
    pub locale: Option<String>,
    pub state: Stage,
    pub state_label: &'static str,
    pub is_changed: bool,
    pub review: Option<Review>,
    pub path: Option<String>,
    pub saved_at: String,
    pub publish_at: Option<String>,
    pub by: String,
}

impl Row {
    pub fn of(app: &App, people: &People, listed: Listed) -> Row {
        let wall = Wall::of(app);
        let several = app.site.locales.len() > 1;
        Row {
            href: format!("/admin/entries/{}", listed.id),
            is_changed: listed.is_changed(),
            review: listed.review().map(|state| Review { state, label: REVIEWS.state(state) }),
            state: listed.state(),
            state_label: ENGLISH.state(listed.state()),
            saved_at: wall.show(listed.saved_at),
            publish_at: listed.publish_at.map(|at| wall.show(at)),
            by: people.name(&listed.actor),
            locale: several.then_some(listed.locale),
            title: listed.title,
            path: listed.path,
        }
    }
}

/// What was put into the trash just now.
struct Undo {
    id: i64,
    version: i64,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    before: Option<i64>,
    done: Option<String>,
    undo: Option<i64>,
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, &kind, asked).await.map_err(|error| Failure::of(&web.app, error))
}

async fn draw(app: &App, person: &Person, kind: &str, asked: Asked) -> Result<Response> {
    let kind = type_of(app, kind)?;
    let state: Option<Stage> = asked.state.parse().ok();
    let wanted = Wanted { kind: &kind.name, state, words: &asked.q, before: asked.before, limit: PAGE + 1 };
    let mut found = if person.user.role().has_all_entries() {
        office::of_type(&app.db, wanted).await?
    } else {
        office::begun_by(&app.db, wanted, &person.actor.to_string()).await?
    };
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let href = format!("/admin/types/{}", kind.name);
    let last = found.last().map(|entry| entry.id).filter(|_| more);
    let next = last.map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &asked.q).append_pair("state", &asked.state);
        format!("{href}?{}", query.append_pair("before", &last.to_string()).finish())
    });
    let undo = match asked.undo.filter(|_| asked.done.as_deref() == Some("trashed")) {
        Some(id) => own(app, person, id).await.ok().map(|entry| Undo { id, version: entry.version }),
        None => None,
    };
    let people = People::of(app).await?;
    let shown = ListPage {
        shell: Shell::of(app, person, &kind.label.many, &href).noticing(asked.done.as_deref()),
        href,
        new_label: fill(ENGLISH.new_of, &kind.label.one),
        states: states(state),
        is_narrowed: state.is_some() || !asked.q.trim().is_empty(),
        is_later: asked.before.is_some(),
        words: asked.q,
        rows: found.into_iter().map(|listed| Row::of(app, &people, listed)).collect(),
        next,
        undo,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn states(chosen: Option<Stage>) -> Vec<StateOption> {
    let all = StateOption { value: "", label: ENGLISH.all_states, chosen: chosen.is_none() };
    let each = Stage::ALL.into_iter().map(|state| StateOption {
        value: state.as_str(),
        label: ENGLISH.state(state),
        chosen: chosen == Some(state),
    });
    std::iter::once(all).chain(each).collect()
}
