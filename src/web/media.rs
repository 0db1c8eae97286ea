//! Media files at `/media/<hash16>/<name>`: named by their content, never changed, never run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::Method;
use hyper::header::{self, HeaderMap, HeaderValue};
use percent_encoding::percent_decode_str;

use super::file::{FileAnswer, Stored};
use super::headers::{self, CachePolicy};
use crate::config::Origin;
use crate::error::{Error, Result};

/// The types we send, by the last extension of the name; anything else is bytes to be saved.
/// `true`: may be shown in the browser.
const TYPES: [(&str, &str, bool); 24] = [
    ("jpg", "image/jpeg", true),
    ("jpeg", "image/jpeg", true),
    ("png", "image/png", true),
    ("gif", "image/gif", true),
    ("webp", "image/webp", true),
    ("avif", "image/avif", true),
    ("ico", "image/x-icon", true),
    ("bmp", "image/bmp", true),
    ("mp4", "video/mp4", true),
    ("webm", "video/webm", true),
    ("mp3", "audio/mpeg", true),
    ("m4a", "audio/mp4", true),
    ("ogg", "audio/ogg", true),
    ("wav", "audio/wav", true),
    ("svg", "image/svg+xml", false),
    ("pdf", "application/pdf", false),
    ("txt", "text/plain; charset=utf-8", false),
    ("csv", "text/csv; charset=utf-8", false),
    ("json", "application/json", false),
    ("zip", "application/zip", false),
    ("gz", "application/gzip", false),
    ("epub", "application/epub+zip", false),
    ("woff2", "font/woff2", false),
    ("vtt", "text/vtt; charset=utf-8", false),
];

/// The files of a folder that holds them as `<hash16>/<name>`.
#[derive(Debug, Clone)]
pub struct Media {
    folder: Arc<PathBuf>,
    origin: Option<Origin>,
}

impl Media {
    pub fn new(folder: impl Into<PathBuf>) -> Media {
        Media { folder: Arc::new(folder.into()), origin: None }
    }

    /// Each file names its one URL under this origin, as pages do in their heads (Google Search
    /// Central, "How to specify a canonical URL": `rel="canonical"` HTTP headers).
    #[must_use]
    pub fn of_site(self, origin: Origin) -> Media {
        Media { origin: Some(origin), ..self }
    }

    /// Answers a request for `/media/…`, given with its path as it stands on the wire.
    ///
    /// # Errors
    /// `Error::NotFound` for every name that is not of our form, and where there is no such file.
    pub async fn respond(&self, method: &Method, path: &str, request: &HeaderMap) -> Result<Response> {
        let rest = path.strip_prefix("/media/").ok_or(Error::NotFound)?;
        let (hash, raw) = rest.split_once('/').ok_or(Error::NotFound)?;
        let name = percent_decode_str(raw).decode_utf8().map_err(|_| Error::NotFound)?;
        if !is_hash(hash) || !is_name(&name) {
            return Err(Error::NotFound);
        }
        let file = self.locate(hash, &name).await?;
        let (content_type, shown) = kind(&name);
        let answer = FileAnswer {
            path: &file,
            content_type,
            stored: Stored::Plain,
            hash: Some(hash),
            policy: CachePolicy::Immutable,
        };
        let mut response = answer.respond(method, request).await?;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, headers::MEDIA_CSP);
        headers::open_to_other_sites(headers);
        let own = crate::text::Path::parse(&format!("/media/{hash}/{name}")).ok();
        let canonical = self
            .origin
            .as_ref()
            .zip(own)
            .map(|(origin, own)| format!("<{}>; rel=\"canonical\"", origin.url(&own.href())));
        if let Some(link) = canonical.and_then(|link| HeaderValue::try_from(link).ok()) {
            headers.insert(header::LINK, link);
        }
        if !shown {
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
        }
        Ok(response)
    }

    /// The file beneath the folder. A link that leads elsewhere is none of ours, whoever put it there.
    async fn locate(&self, hash: &str, name: &str) -> Result<PathBuf> {
        let gone = |_| Error::NotFound;
        let folder = tokio::fs::canonicalize(&*self.folder).await.map_err(gone)?;
        let path = folder.join(hash).join(name);
        let real = tokio::fs::canonicalize(&path).await.map_err(gone)?;
        if real == path { Ok(path) } else { Err(Error::NotFound) }
    }
}

/// `/media/…` over a folder.
pub fn routes(media: Media) -> Router {
    async fn show(State(media): State<Media>, request: Request) -> Response {
        let (request, _) = request.into_parts();
        let answer = media.respond(&request.method, request.uri.path(), &request.headers).await;
        answer.unwrap_or_else(IntoResponse::into_response)
    }
    Router::new().route("/media/{hash}/{name}", get(show)).with_state(media)
}

fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Letters and digits of any script, `-`, `_` and `.`, not first a dot, at most 200 bytes.
fn is_name(text: &str) -> bool {
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    !text.is_empty() && text.len() <= 200 && !text.starts_with('.') && text.chars().all(allowed)
}

/// Content type, and whether a browser may show it.
fn kind(name: &str) -> (&'static str, bool) {
    let extension = Path::new(name).extension().and_then(|text| text.to_str()).unwrap_or("");
    TYPES
        .iter()
        .find(|(known, ..)| known.eq_ignore_ascii_case(extension))
        .map_or(("application/octet-stream", false), |(_, content_type, shown)| (content_type, *shown))
}

#[cfg(test)]
mod tests;
