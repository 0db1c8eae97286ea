//! Files that browsers and others look for at fixed addresses at the root of the site: icons, the web
//! manifest, `security.txt`. From memory, never from the database.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};

use super::forms::Forms;
use super::headers::{CachePolicy, MEDIA_CSP};
use crate::app::{App, MANIFEST};
use crate::cache;
use crate::error::Error;
use crate::web::Web;

/// A day: the addresses stay when the files change.
const POLICY: CachePolicy = CachePolicy::Public {
    browser: std::time::Duration::from_hours(24),
    shared: std::time::Duration::from_hours(24),
    stale: std::time::Duration::from_hours(24 * 7),
    away: std::time::Duration::from_hours(24 * 7),
};

/// The addresses of the icons and the manifest.
pub const ADDRESSES: [&str; 9] = [
    "/favicon.ico",
    "/favicon.svg",
    "/apple-touch-icon.png",
    "/icon-192.png",
    "/icon-512.png",
    "/icon-maskable-512.png",
    "/card.png",
    "/card.jpg",
    MANIFEST,
];

/// Where RFC 9116 puts it.
pub const SECURITY_TXT: &str = "/.well-known/security.txt";

/// The files of a site, made once.
pub struct Stable(HashMap<String, Forms>);

impl Stable {
    pub fn of(app: &App) -> Stable {
        let icons = app.icons.files().map(|(name, bytes)| (format!("/{name}"), forms(name, bytes.to_vec())));
        let manifest = forms(MANIFEST, app.manifest.text.clone().into_bytes());
        Stable(icons.chain([(MANIFEST.to_owned(), manifest)]).collect())
    }
}

fn forms(name: &str, body: Vec<u8>) -> Forms {
    let content_type = match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "ico" => "image/x-icon",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        _ => "application/manifest+json",
    };
    let mut headers = HeaderMap::new();
    POLICY.write(StatusCode::OK, &mut headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if content_type == "image/svg+xml" {
        headers.insert(header::CONTENT_SECURITY_POLICY, MEDIA_CSP);
    }
    Forms::new(&cache::hash(&body), headers, body.into())
}

/// The icons and the manifest.
pub async fn show(State(web): State<Web>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    let found = web.stable.0.get(request.uri.path());
    if let Some(ready) = found.and_then(|forms| forms.ready(&request.method, &request.headers)) {
        return ready.into_response();
    }
    // Compressing takes longer than other requests should wait.
    let work = tokio::task::spawn_blocking(move || {
        let forms = web.stable.0.get(request.uri.path())?;
        Some(forms.answer(&request.method, &request.headers))
    });
    match work.await {
        Ok(Some((status, headers, body))) => (status, headers, body).into_response(),
        Ok(None) => Error::NotFound.into_response(),
        Err(error) => Error::internal(error).into_response(),
    }
}

/// `/.well-known/security.txt` (RFC 9116); 404 without a contact.
pub async fn security_txt(State(web): State<Web>) -> Response {
    let url = web.app.config.origin.url(SECURITY_TXT);
    let Some(text) = web.app.site.security.text(&url, web.app.clock.now()) else {
        return Error::NotFound.into_response();
    };
    let mut headers = HeaderMap::new();
    CachePolicy::PAGE.write(StatusCode::OK, &mut headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    (headers, text).into_response()
}
