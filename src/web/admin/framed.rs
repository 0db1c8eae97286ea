//! A preview in a frame as wide as a phone, or as the window.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::entries::own;
use super::failure::Failure;
use super::guard::Framing;
use super::person::Person;
use super::shell::{Shell, page};
use super::words::ReviewWords;
use crate::web::Web;

/// The frame, and how wide it is.
#[derive(Template)]
#[template(path = "admin/framed.html", whitespace = "minimize")]
struct FramedPage {
    shell: Shell,
    r: &'static ReviewWords,
    /// The entry.
    href: String,
    is_phone: bool,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    width: String,
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let entry = own(&web.app, &person, id).await.map_err(Failure)?;
    let t = person.t;
    let title = format!("{}: {}", t.preview, entry.title);
    let shown = FramedPage {
        shell: Shell::of(&web.app, &person, &title, &format!("/admin/types/{}", entry.kind)),
        r: t.reviews,
        href: format!("/admin/entries/{id}"),
        is_phone: asked.width != "desktop",
    };
    let mut response = page(StatusCode::OK, &shown);
    response.extensions_mut().insert(Framing::Holds);
    Ok(response)
}
