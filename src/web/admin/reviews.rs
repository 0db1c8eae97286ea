//! What waits for a review, or what one has asked for.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::failure::Failure;
use super::person::Person;
use super::shell::{People, Shell, Wall, page};
use super::words::ReviewWords;
use crate::app::App;
use crate::clock::Time;
use crate::entry::{ReviewState, Verb, permit};
use crate::error::Result;
use crate::store::reviews::{self, Asked as Review};
use crate::web::Web;

/// Where the list stands.
const AT: &str = "/admin/reviews";

const PAGE: i64 = 50;

/// The list.
#[derive(Template)]
#[template(path = "admin/reviews.html", whitespace = "minimize")]
struct ReviewsPage {
    shell: Shell,
    r: &'static ReviewWords,
    decides: bool,
    rows: Vec<Row>,
    is_later: bool,
    next: Option<String>,
}

/// An entry that is asked about.
pub struct Row {
    pub href: String,
    pub title: String,
    pub type_label: String,
    pub locale: Option<String>,
    pub state: ReviewState,
    pub state_label: &'static str,
    pub by: String,
    pub at: String,
}

#[derive(Deserialize)]
pub struct Asked {
    /// Instant and number of the last one of the page before.
    after: Option<String>,
}

/// Whether somebody decides about what others ask.
pub fn decides(person: &Person) -> bool {
    permit(&person.actor, Verb::Review, false).is_ok()
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, asked).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, asked: Asked) -> Result<Response> {
    let after = asked.after.as_deref().and_then(|after| {
        let (at, id) = after.split_once('-')?;
        Some((Time(at.parse().ok()?), id.parse().ok()?))
    });
    let mut found = rows(app, person, after, PAGE + 1).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more);
    let next = next.map(|last| format!("{AT}?after={}-{}", last.asked_at.0, last.id));
    let t = person.t;
    let people = People::of(app, t).await?;
    let shown = ReviewsPage {
        shell: Shell::of(app, person, t.reviews.title, AT),
        r: t.reviews,
        decides: decides(person),
        rows: found.into_iter().map(|review| Row::of(app, &people, review)).collect(),
        is_later: after.is_some(),
        next,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// What waits for this person: everybody's, or what they asked for themselves.
pub async fn rows(app: &App, person: &Person, after: Option<(Time, i64)>, limit: i64) -> Result<Vec<Review>> {
    if decides(person) {
        return reviews::waiting(&app.db, after.unwrap_or((Time(0), 0)), limit).await;
    }
    let before = after.map_or(i64::MAX, |(_, id)| id);
    reviews::asked_by(&app.db, &person.actor.to_string(), before, limit).await
}

impl Row {
    pub fn of(app: &App, people: &People, review: Review) -> Row {
        let (kind, t) = (app.types.get(&review.kind), people.t);
        Row {
            href: format!("/admin/entries/{}#review", review.id),
            type_label: kind.map_or_else(|| review.kind.clone(), |kind| kind.label_in(t.lang).one.clone()),
            locale: (app.site.locales.len() > 1).then(|| review.locale.clone()),
            state: review.state(),
            state_label: t.reviews.state(review.state()),
            by: people.name(&review.asked_by),
            at: Wall::of(app).show(t, review.asked_at),
            title: review.title,
        }
    }
}
