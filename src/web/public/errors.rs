//! Pages for what is not there, and for what went wrong.

use std::sync::Arc;

use askama::Template;
use axum::extract::Request;
use axum::response::{Html, IntoResponse, Response};
use hyper::StatusCode;

use super::shell::{Canonical, Frame, locale_of};
use super::show::{Drawn, Target};
use super::view::href;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::search;
use crate::text::read_target;
use crate::text::search::guess;
use crate::web::errors::{DrawError, RequestInfo};
use crate::web::views::{ErrorPage, Link, Words};

/// Pages that a 404 suggests, at most.
const SUGGESTED: usize = 5;

/// A 404 or 410, in the language of the path that was asked for. A 404 whose path looks like words
/// suggests pages with such a title, by two queries at most.
pub async fn draw(app: &App, status: StatusCode, target: &Target) -> Result<Drawn> {
    let locale = locale_of(app, &target.path.folded());
    let mut page = page(app, status, locale, None)?;
    let mut tags = Vec::new();
    if status == StatusCode::NOT_FOUND {
        let (_, rest) = app.site.split_locale(target.path.as_str());
        if let Some(guess) = guess(rest) {
            let meant = search::meant(&app.db, &guess, locale, SUGGESTED).await?;
            tags.extend(meant.iter().map(|meant| format!("entry:{}", meant.id)));
            let links = meant.into_iter().map(|meant| Link::new(href(&meant.path), meant.title));
            page.suggestions = links.collect();
        }
    }
    Drawn::page(status, &page, tags)
}

/// A 400: the path is not one that any page could have.
pub fn refused(app: &App, request: &Request) -> Response {
    let id = request.extensions().get::<RequestInfo>().map(|info| info.id.clone());
    let app = &app.uncounted();
    let body = page(app, StatusCode::BAD_REQUEST, &app.site.default_locale().code, id)
        .and_then(|page| page.render().map_err(Error::internal));
    match body {
        Ok(body) => (StatusCode::BAD_REQUEST, Html(body)).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Draws the pages of errors that no handler drew.
pub fn draw_error(app: &App) -> DrawError {
    let app = app.uncounted();
    Arc::new(move |status, info| {
        let folded = read_target(info.uri.path()).map(|asked| asked.path.folded()).unwrap_or_default();
        let id = status.is_server_error().then(|| info.id.clone());
        page(&app, status, locale_of(&app, &folded), id).ok()?.render().ok()
    })
}

fn page(app: &App, status: StatusCode, locale: &str, request_id: Option<String>) -> Result<ErrorPage> {
    let words = Words::of(locale);
    let status = status.as_u16();
    let mut frame = Frame::new(locale, "", words.error(&status).title);
    frame.canonical = Canonical::None;
    frame.robots.noindex = true;
    let listings = app.types.iter().filter_map(|kind| {
        let listing = kind.listing.as_ref()?;
        let href = format!("{}{}", app.site.prefix(locale), listing.path);
        Some(Link::new(href, kind.label_in(locale).many.clone()))
    });
    Ok(ErrorPage {
        shell: frame.shell(app)?,
        status,
        suggestions: Vec::new(),
        links: listings.take(6).collect(),
        request_id,
    })
}
