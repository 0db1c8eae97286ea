//! A saved state of an entry as its page would be: the one place where the back office shows what the
//! public sees, and a text while somebody writes it. Who may look, the door has asked; that nobody
//! keeps or finds it, the back office's headers say.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::Web;
use super::admin::{Failure, Framing, Person, Posted, own, settings};
use super::public::{self, Target};
use crate::actions::preview_links;
use crate::app::{App, STYLE_SHEET};
use crate::entry::Content;
use crate::error::{Error, Result};
use crate::store::{entries, office};
use crate::text::{self, SafeHtml};

/// The draft.
pub async fn draft(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    let work = async {
        own(&web.app, &person, id).await?;
        show(&web.app, id, entries::draft(&web.app.db, id).await?.content).await
    };
    work.await.map_err(Failure)
}

/// The draft, for whoever has a link to it.
pub async fn shared(State(web): State<Web>, Path(secret): Path<String>) -> Result<Response, Failure> {
    let work = async {
        let id = preview_links::behind(&web.app, &secret).await?;
        show(&web.app, id, entries::draft(&web.app.db, id).await?.content).await
    };
    work.await.map_err(Failure)
}

/// Any revision.
pub async fn revision(
    State(web): State<Web>,
    person: Person,
    Path((id, number)): Path<(i64, i64)>,
) -> Result<Response, Failure> {
    let work = async {
        own(&web.app, &person, id).await?;
        let content = office::revision(&web.app.db, id, number).await?.ok_or(Error::NotFound)?;
        show(&web.app, id, content).await
    };
    work.await.map_err(Failure)
}

async fn show(app: &App, id: i64, content: Content) -> Result<Response> {
    let drawn = public::draw_as_if_live(app, id, content).await?;
    let mut response = (drawn.status, Html(drawn.body)).into_response();
    response.extensions_mut().insert(Framing::Stands);
    Ok(response)
}

/// The home page in a look that is typed and not saved, in a style sheet that nobody else gets.
pub async fn look(
    State(web): State<Web>,
    person: Person,
    Query(fields): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let body = match settings::dressed(&web.app, &person, &fields) {
        Ok(dressed) => draw_home(&dressed, &fields).await,
        Err(Error::Invalid(problems)) => settings::wrong(person.t, &problems),
        Err(other) => Err(other),
    };
    let mut response = Html(body.map_err(Failure)?).into_response();
    response.extensions_mut().insert(Framing::Stands);
    Ok(response)
}

async fn draw_home(app: &App, fields: &[(String, String)]) -> Result<String> {
    let path = text::Path::parse("/").map_err(Error::internal)?;
    let home = public::draw(app, &Target { path, query: Vec::new(), moved: false }).await?;
    let sheet = app.assets.address(STYLE_SHEET).unwrap_or_default();
    let own = settings::style_address(fields).replace('&', "&amp;");
    Ok(home.body.replacen(sheet, &own, 1))
}

/// A text alone, in the looks of the site.
#[derive(Template)]
#[template(path = "admin/text.html", whitespace = "minimize")]
struct TextPage {
    lang: String,
    dir: &'static str,
    title: String,
    css: String,
    body: SafeHtml,
}

/// A text as readers would have it, and how long that is.
#[derive(Serialize)]
struct Written {
    page: String,
    words: u32,
    minutes: u32,
}

/// What somebody writes, drawn by the code that draws the site.
pub async fn text(State(web): State<Web>, _: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let locale = app.site.locale(posted.get("locale")).unwrap_or_else(|| app.site.default_locale());
    let work = async {
        let text = public::draw_text(app, posted.get("body"), locale.rtl).await?;
        let page = TextPage {
            lang: locale.code.clone(),
            dir: if locale.rtl { "rtl" } else { "ltr" },
            title: locale.label.clone(),
            css: app.assets.address(STYLE_SHEET).unwrap_or_default().to_owned(),
            body: text.html,
        };
        let page = page.render().map_err(Error::internal)?;
        Ok(Json(Written { page, words: text.words, minutes: text.minutes }).into_response())
    };
    work.await.map_err(Failure)
}
