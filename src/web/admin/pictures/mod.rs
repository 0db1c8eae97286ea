//! The library of pictures: to look for one, to bring some in, and to say what each shows.

mod cards;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::{Json, response::IntoResponse};
use hyper::StatusCode;
use hyper::header::{self, HeaderMap};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

pub use cards::{Card, Cards, cards, thumbs};

use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::sent::{Came, Sent};
use super::shell::{Shell, Wall, page, see};
use super::words::fill;
use crate::actions::Change;
use crate::actions::store_media;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::pictures::{self, Picture};
use crate::web::Web;
use crate::web::errors::status;

/// Entries that are named as using a picture.
const SHOWN: i64 = 100;

/// The library, with a form that brings pictures in.
#[derive(Template)]
#[template(path = "admin/pictures.html", whitespace = "minimize")]
struct PicturesPage {
    shell: Shell,
    words: String,
    found: Vec<Card>,
    is_later: bool,
    next: Option<String>,
    problems: Vec<String>,
}

/// One picture.
#[derive(Template)]
#[template(path = "admin/picture.html", whitespace = "minimize")]
struct PicturePage {
    shell: Shell,
    card: Card,
    came: String,
    alt: String,
    may_describe: bool,
    problems: Vec<String>,
    used: Vec<Use>,
    /// It is used by more than are named.
    more: bool,
}

struct Use {
    /// None where it is not theirs to open.
    href: Option<String>,
    title: String,
    kind: String,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    before: Option<String>,
    done: Option<String>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let drawn = draw(&web.app, &person, StatusCode::OK, asked, Vec::new()).await;
    drawn.map_err(Failure)
}

async fn draw(
    app: &App,
    person: &Person,
    status: StatusCode,
    asked: Asked,
    problems: Vec<String>,
) -> Result<Response> {
    let Cards { cards: found, next } = cards(app, person.t, &asked.q, asked.before.as_deref()).await?;
    let next = next.map(|next| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("/admin/pictures?{}", query.append_pair("q", &asked.q).append_pair("before", &next).finish())
    });
    let shown = PicturesPage {
        shell: Shell::of(app, person, person.t.writing.pictures, "/admin/pictures")
            .noticing(asked.done.as_deref()),
        words: asked.q,
        found,
        is_later: asked.before.is_some(),
        next,
        problems,
    };
    Ok(page(status, &shown))
}

/// Some of the library, for the dialog of a form.
pub async fn found(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let found = cards(&web.app, person.t, &asked.q, asked.before.as_deref()).await;
    found.map(|found| Json(found).into_response()).map_err(Failure)
}

/// What became of a file.
#[derive(Serialize)]
struct Taken {
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<Card>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// Takes in every file that can be, and says of each other why not.
pub async fn upload(
    State(web): State<Web>,
    person: Person,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let taken = take_in(app, &person, sent.files).await?;
        let failed: Vec<String> = taken.iter().filter_map(|taken| taken.problem.clone()).collect();
        let wrong = !failed.is_empty() || taken.is_empty();
        let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        if headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json") {
            return Ok((status, Json(taken)).into_response());
        }
        let problems =
            if taken.is_empty() { vec![person.t.writing.pictures_none_came.to_owned()] } else { failed };
        if problems.is_empty() {
            return Ok(see("/admin/pictures?done=pictures"));
        }
        let asked = Asked { q: String::new(), before: None, done: None };
        draw(app, &person, status, asked, problems).await
    };
    work.await.map_err(Failure)
}

/// The pictures that came, or why not, each by the name of its file.
async fn take_in(app: &App, person: &Person, files: Vec<Came>) -> Result<Vec<Taken>> {
    let t = person.t;
    let mut taken = Vec::new();
    for Came { name: file, upload } in files {
        match store(app, person, &file, upload).await {
            Ok(picture) => {
                let picture = cards::of(app, t, vec![picture]).await?.pop();
                taken.push(Taken { file, picture, problem: None });
            }
            Err(Error::Invalid(problems)) => {
                let reasons =
                    problems.0.iter().map(|problem| t.sentence_of(&t.quote(&file), &problem.reason));
                let problem = Some(reasons.collect::<Vec<_>>().join(" "));
                taken.push(Taken { file, picture: None, problem });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(taken)
}

/// Stores one file that came.
///
/// # Errors
/// `Invalid` when it is no picture that can be taken.
pub async fn store(
    app: &App,
    person: &Person,
    file: &str,
    upload: Result<Arc<crate::files::uploads::Upload>>,
) -> Result<Picture> {
    let media = store_media::take_in(app, &person.actor, file, upload?).await?;
    pictures::find(&app.db, &media.hash).await?.ok_or(Error::NotFound)
}

#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

pub async fn one(
    State(web): State<Web>,
    person: Person,
    Path(hash): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Failure> {
    let drawn = draw_one(&web.app, &person, StatusCode::OK, &hash, done.as_deref(), None).await;
    drawn.map_err(Failure)
}

async fn draw_one(
    app: &App,
    person: &Person,
    status: StatusCode,
    hash: &str,
    done: Option<&str>,
    refused: Option<(String, Vec<String>)>,
) -> Result<Response> {
    let picture = pictures::find(&app.db, hash).await?.ok_or(Error::NotFound)?;
    let (actor, everything) = (person.actor.to_string(), person.user.role().has_all_entries());
    let mut used = pictures::used_by(&app.db, hash, everything, &actor, SHOWN + 1).await?;
    let more = used.len() as i64 > SHOWN;
    used.truncate(SHOWN as usize);
    let t = person.t;
    let may_describe = everything || picture.actor == actor;
    let came = fill(t.writing.picture_came, Wall::of(app).show(t, picture.created_at));
    let card = cards::of(app, t, vec![picture]).await?.pop().ok_or(Error::NotFound)?;
    let (alt, problems) = refused.unwrap_or_else(|| (card.alt.clone(), Vec::new()));
    let label =
        |kind: &str| app.types.get(kind).map_or_else(String::new, |kind| kind.label_in(t.lang).one.clone());
    let used = used.into_iter().map(|one| Use {
        href: one.opens.then(|| format!("/admin/entries/{}", one.id)),
        kind: label(&one.kind),
        title: one.title,
    });
    let shown = PicturePage {
        shell: Shell::of(app, person, &card.name, "/admin/pictures").noticing(done),
        came,
        alt,
        may_describe,
        problems,
        used: used.collect(),
        more,
        card,
    };
    Ok(page(status, &shown))
}

/// Says what a picture shows.
pub async fn describe(
    State(web): State<Web>,
    person: Person,
    Path(hash): Path<String>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let alt = posted.get("alt");
    let work = async {
        let mut change = Change::begin(app, &person.actor).await?;
        store_media::describe(&mut change, &hash, alt).await?;
        change.commit().await
    };
    let error = match work.await {
        Ok(()) => return Ok(see(&format!("/admin/pictures/{hash}?done=described"))),
        Err(error) => error,
    };
    let code = status(&error);
    let Error::Invalid(problems) = error else { return Err(Failure(error)) };
    let t = person.t;
    let said = problems.0.iter().map(|problem| t.sentence_of(t.part_alt, &problem.reason));
    let refused = Some((alt.to_owned(), said.collect()));
    draw_one(app, &person, code, &hash, None, refused).await.map_err(Failure)
}
