//! `/robots.txt`: from memory, never from the database (SEO 3.46).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hyper::header;

use crate::app::App;
use crate::config::Environment;
use crate::error::Result;
use crate::seo::robots::{Agent, Group, Robots, Rule};
use crate::web::Web;
use crate::web::headers::CachePolicy;

/// Crawlers may read everything but the engine's own rooms. Off production, they may read it too:
/// what keeps such a site out of the index is `noindex`, which nobody sees who may not read.
pub async fn robots(State(web): State<Web>) -> Response {
    match text(&web.app) {
        Ok(text) => {
            let policy = CachePolicy::PAGE.value();
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8".parse().expect("plain ASCII")),
                (header::CACHE_CONTROL, policy),
            ];
            (headers, text).into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// The file's text.
///
/// # Errors
/// When it would be larger than crawlers read.
pub fn text(app: &App) -> Result<String> {
    let rules = vec![Rule::Disallow("/admin".into()), Rule::Disallow("/api".into())];
    let public = app.config.environment == Environment::Production;
    let sitemaps = if public { vec![app.config.origin.url("/sitemap.xml")] } else { Vec::new() };
    Robots { groups: vec![Group { agents: vec![Agent::all()], rules }], sitemaps }.text()
}
