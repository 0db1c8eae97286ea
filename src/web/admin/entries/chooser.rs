//! Choosing a picture without scripts: a page of the library that carries along everything that is typed
//! into the form, and brings it back with the picture in its field.

use askama::Template;
use axum::response::Response;
use hyper::StatusCode;

use crate::app::App;
use crate::error::Result;
use crate::web::admin::person::Person;
use crate::web::admin::pictures::{Card, Cards, cards};
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Shell, page};

/// What is searched for on the page.
pub const WORDS: &str = "chooser.q";

/// The library, over a form that is being written.
#[derive(Template)]
#[template(path = "admin/chooser.html", whitespace = "minimize")]
struct ChooserPage {
    shell: Shell,
    action: String,
    fields: Vec<(String, String)>,
    /// The field that gets the picture.
    name: String,
    words: String,
    found: Vec<Card>,
    next: Option<String>,
    problems: Vec<String>,
}

/// Which page of the library is asked for, and over which form.
pub struct Asked<'a> {
    /// Where the form is sent.
    pub action: &'a str,
    /// The field that gets the picture.
    pub name: &'a str,
    pub before: Option<&'a str>,
    pub problems: Vec<String>,
}

/// Draws the page.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn draw(app: &App, person: &Person, posted: &Posted, asked: Asked<'_>) -> Result<Response> {
    let words = posted.get(WORDS).to_owned();
    let Cards { cards: found, next } = cards(app, person.t, &words, asked.before).await?;
    let kept = posted.0.iter().filter(|(name, _)| name != WORDS).cloned();
    let status = if asked.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let anchor = super::fields::id_of(asked.name);
    let shown = ChooserPage {
        shell: Shell::of(app, person, person.t.writing.picture_choose, ""),
        action: format!("{}#{anchor}", asked.action),
        fields: kept.collect(),
        name: asked.name.to_owned(),
        words,
        found,
        next,
        problems: asked.problems,
    };
    Ok(page(status, &shown))
}
