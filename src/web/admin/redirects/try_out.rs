//! What a visitor gets at an address, and why.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::AT;
use crate::actions::explain::{About, Explanation};
use crate::app::App;
use crate::entry::State as Stage;
use crate::error::{Error, Result};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::shell::{Shell, page};
use crate::web::admin::words::AddressWords;
use crate::web::explain::explain;

/// The answer, and the form for another one.
#[derive(Template)]
#[template(path = "admin/redirects_try.html", whitespace = "minimize")]
struct TryPage {
    shell: Shell,
    a: &'static AddressWords,
    url: String,
    problems: Vec<String>,
    found: Option<Found>,
}

struct Found {
    explanation: Explanation,
    status: String,
    entry: Option<Entry>,
    /// What the page is made from.
    tags: Vec<String>,
}

/// The entry that the address has to do with.
struct Entry {
    href: String,
    state_label: &'static str,
    about: About,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    url: String,
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, asked.url.trim()).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, url: &str) -> Result<Response> {
    let t = person.t;
    let mut shown = TryPage {
        shell: Shell::of(app, person, t.addresses.try_title, AT),
        a: t.addresses,
        url: url.to_owned(),
        problems: Vec::new(),
        found: None,
    };
    if url.is_empty() {
        return Ok(page(StatusCode::OK, &shown));
    }
    match explain(app, url).await {
        Ok(explained) => {
            let mut explanation = explained.explanation;
            explanation.why = t.sentence(&explanation.why);
            let entry = explanation.entry.take();
            let entry = entry.map(|about| Entry {
                href: format!("/admin/entries/{}", about.id),
                state_label: about.state.parse().map_or("", |state: Stage| t.state(state)),
                about,
            });
            let status = t.addresses.status(explanation.status);
            shown.found = Some(Found { status, explanation, entry, tags: explained.cache_tags });
            Ok(page(StatusCode::OK, &shown))
        }
        Err(Error::Invalid(problems)) => {
            shown.problems = problems.0.iter().map(|problem| t.sentence(&problem.reason)).collect();
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
        Err(other) => Err(other),
    }
}
