//! What the fields of a form offer while somebody types, and entries that are made from within one.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::form::type_of;
use super::names::name;
use crate::actions::Change;
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::app::App;
use crate::entry::Content;
use crate::error::{Error, Result};
use crate::schema::{LANDING, Type};
use crate::store::choices::{self, Eyes};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::words::Words;

/// Entries that are offered of one type, and of each where any type will do.
const OFFERED: usize = 20;
const OF_EACH: usize = 4;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    q: String,
}

/// An entry to choose.
#[derive(Serialize)]
struct Offer {
    id: i64,
    title: String,
    /// As a field has it: `Tehran #42`.
    name: String,
    /// What tells it apart: its address, its type, and its state where nobody reads it yet.
    about: String,
}

/// Entries of a type, or of any, for what is typed so far.
pub async fn found(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        if asked.kind.is_empty() {
            let mut all = Vec::new();
            for kind in app.types.iter().filter(|kind| kind.name != LANDING) {
                all.extend(offers(app, &person, kind, &asked.q, OF_EACH).await?);
            }
            return Ok(all);
        }
        offers(app, &person, &type_of(app, &asked.kind)?, &asked.q, OFFERED).await
    };
    let offers = work.await.map_err(Failure)?;
    Ok(Json(offers).into_response())
}

async fn offers(app: &App, person: &Person, kind: &Type, typed: &str, limit: usize) -> Result<Vec<Offer>> {
    let (actor, t) = (person.actor.to_string(), person.t);
    let label = &kind.label_in(t.lang).one;
    let eyes = Eyes { everything: person.user.role().has_all_entries(), actor: &actor };
    let found = choices::find(&app.db, &kind.name, typed, eyes, limit).await?;
    Ok(found
        .into_iter()
        .map(|choice| Offer {
            id: choice.id,
            name: name(choice.id, &choice.title),
            about: match choice.state() {
                crate::entry::State::Published => {
                    [Some(label.clone()), choice.path].into_iter().flatten().collect::<Vec<_>>().join(" · ")
                }
                state => format!("{label} · {}", t.state(state)),
            },
            title: choice.title,
        })
        .collect())
}

/// What came of making an entry.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Made {
    Name(String),
    Problem(String),
}

/// A draft with nothing but a title, made where it is needed.
pub async fn make(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let made = match draft(app, &person, posted.get("type"), posted.get("title"), posted.get("locale")).await
    {
        Ok(name) => (StatusCode::CREATED, Made::Name(name)),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Made::Problem(refusal(person.t, &error)))
        }
        Err(error) => return Err(Failure(error)),
    };
    Ok((made.0, Json(made.1)).into_response())
}

/// Why an entry could not be made from its title alone.
pub fn refusal(t: &Words, error: &Error) -> String {
    let reason = match error {
        Error::Invalid(problems) => {
            let said = problems.0.iter().map(|problem| match &problem.field {
                Some(field) => t.sentence_of(t.core(field), &problem.reason),
                None => t.sentence(&problem.reason),
            });
            said.collect::<Vec<_>>().join(" ")
        }
        other => t.sentence(&other.to_string()),
    };
    format!("{} {reason}", t.writing.choice_refused)
}

/// Makes the draft; how a field names it.
///
/// # Errors
/// As `save_draft`: most of all, when its type needs more than a title.
pub async fn draft(app: &App, person: &Person, kind: &str, title: &str, locale: &str) -> Result<String> {
    let kind = type_of(app, kind)?;
    let locale = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let content = Content { title: title.trim().to_owned(), ..Content::default() };
    let target = Target::New { kind: kind.name.clone(), locale: locale.code.clone(), translation_of: None };
    let mut change = Change::begin(app, &person.actor).await?;
    let draft = Draft { target, content, reuse: false, lenient: false, tie: None };
    let saved = save_draft(&mut change, draft).await?;
    change.commit().await?;
    Ok(name(saved.id, &saved.content.title))
}
