//! The files of `static/`, built into the binary or the owner's, named by their content.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};

use super::forms::{Forms, Whole};
use super::headers::{CachePolicy, MEDIA_CSP, Security};
use crate::app::{Asset, Assets};
use crate::error::{Error, Result};

/// Where they stand.
pub const ROOT: &str = "/static/";

/// `/static/…`.
pub fn routes(files: Arc<Statics>) -> Router {
    let show = move |request: Request| async move {
        let (request, _) = request.into_parts();
        // Compressing takes longer than other requests should wait.
        let work = tokio::task::spawn_blocking(move || {
            files.respond(&request.method, request.uri.path(), &request.headers)
        });
        match work.await {
            Ok(Ok((status, headers, body))) => answer(status, headers, body),
            Ok(Err(error)) => error.into_response(),
            Err(error) => Error::internal(error).into_response(),
        }
    };
    Router::new().route("/static/{*name}", get(show))
}

/// Files in memory, each compressed when it is first asked for so.
#[derive(Default)]
pub struct Statics(HashMap<String, Arc<Static>>);

struct Static {
    address: String,
    forms: Forms,
}

impl Statics {
    pub fn of(assets: &Assets, security: &Security) -> Statics {
        Statics::after(None, assets, security)
    }

    /// Files that are the same as before stay as they are, with the forms that were made of them.
    pub fn after(before: Option<&Statics>, assets: &Assets, security: &Security) -> Statics {
        let file = |(name, asset): (&String, &Asset)| {
            let same = before.and_then(|before| before.0.get(name));
            let same = same.filter(|file| file.address == asset.address).cloned();
            (name.clone(), same.unwrap_or_else(|| Arc::new(Static::new(name, asset, security))))
        };
        Statics(assets.iter().map(file).collect())
    }

    /// The answer at a file's own address, if it is all there: nothing is compressed or waited for.
    pub fn ready(&self, method: &Method, path: &str, request: &HeaderMap) -> Option<Whole> {
        let (_, name) = path.strip_prefix(ROOT)?.split_once('/')?;
        let file = self.0.get(name).filter(|file| file.address == path)?;
        file.forms.ready(method, request)
    }

    /// Answers a path such as `/static/<hash8>/site.css`. A page kept somewhere may still name the
    /// last version's hash, and a style sheet names a font without one: both are led to this version.
    ///
    /// # Errors
    /// `Error::NotFound` where no file has that name.
    pub fn respond(&self, method: &Method, path: &str, request: &HeaderMap) -> Result<Whole> {
        let rest = path.strip_prefix(ROOT).ok_or(Error::NotFound)?;
        let named = rest.split_once('/').filter(|(hash, _)| is_hash(hash)).map(|(_, name)| name);
        let name = named.filter(|name| self.0.contains_key(*name)).unwrap_or(rest);
        let file = self.0.get(name).ok_or(Error::NotFound)?;
        if file.address != path {
            return Ok(elsewhere(&file.address));
        }
        Ok(file.forms.answer(method, request))
    }
}

impl Static {
    fn new(name: &str, asset: &Asset, security: &Security) -> Static {
        let mut headers = HeaderMap::new();
        CachePolicy::Immutable.write(StatusCode::OK, &mut headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
        // None of them is a document of its own, so the shortest policy says it all.
        headers.insert(header::CONTENT_SECURITY_POLICY, MEDIA_CSP);
        security.enforce(StatusCode::OK, &mut headers);
        Static { address: asset.address.clone(), forms: Forms::new(&asset.hash, headers, asset.body.clone()) }
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn elsewhere(address: &str) -> Whole {
    let mut headers = HeaderMap::new();
    CachePolicy::NoStore.write(StatusCode::FOUND, &mut headers);
    // Names of files in static/ are ours and plain; one that is not leads nowhere.
    let location = HeaderValue::try_from(address).unwrap_or_else(|_| HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, location);
    (StatusCode::FOUND, headers, Bytes::new())
}

fn answer(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "xsl" => "text/xsl; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        Assets::of([
            ("site.css".to_owned(), Bytes::from("a{color:red}".repeat(50))),
            ("vendor/x.js".to_owned(), Bytes::from_static(b"1")),
        ])
    }

    fn get(path: &str, headers: &[(&'static str, &str)]) -> Option<Response> {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let statics = Statics::of(&assets(), &Security::new(true, None));
        let waited = statics.respond(&Method::GET, path, &headers).ok();
        // Once made, it is there without waiting, and the same.
        let ready = statics.ready(&Method::GET, path, &headers);
        if let Some(waited) = waited.as_ref().filter(|(status, ..)| *status != StatusCode::FOUND) {
            assert_eq!(ready.as_ref(), Some(waited), "{path}");
        } else {
            assert_eq!(ready, None, "{path}");
        }
        waited.map(|(status, headers, body)| answer(status, headers, body))
    }

    #[test]
    fn a_file_is_immutable_at_its_hashed_address() {
        let statics = assets();
        let address = statics.address("site.css").unwrap();
        let plain = get(address, &[]).unwrap();
        assert_eq!(
            (plain.status(), plain.headers()["content-length"].to_str().unwrap()),
            (StatusCode::OK, "600")
        );
        assert_eq!(plain.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(plain.headers()["content-type"], "text/css; charset=utf-8");
        let packed = get(address, &[("accept-encoding", "gzip")]).unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        assert_ne!(packed.headers()["etag"], plain.headers()["etag"]);
        let smallest = get(address, &[("accept-encoding", "gzip, br")]).unwrap();
        assert_eq!(smallest.headers()["content-encoding"], "br");
        assert_eq!(smallest.headers()["vary"], "accept-encoding");
        let br = smallest.headers()["etag"].to_str().unwrap();
        assert_eq!(get(address, &[("if-none-match", br), ("accept-encoding", "br")]).unwrap().status(), 304);
        assert_eq!(plain.headers()["x-content-type-options"], "nosniff");
        let tag = plain.headers()["etag"].to_str().unwrap();
        assert_eq!(get(address, &[("if-none-match", tag)]).unwrap().status(), 304);
        assert_eq!(
            get(address, &[("if-none-match", tag), ("accept-encoding", "gzip")]).unwrap().status(),
            200
        );
        assert!(
            get(statics.address("vendor/x.js").unwrap(), &[("accept-encoding", "gzip")])
                .is_some_and(|small| !small.headers().contains_key("content-encoding"))
        );
    }

    #[test]
    fn a_file_is_not_ready_before_its_form_is_made() {
        let (assets, headers) =
            (assets(), HeaderMap::from_iter([(header::ACCEPT_ENCODING, "br".parse().unwrap())]));
        let statics = Statics::of(&assets, &Security::new(true, None));
        let address = assets.address("site.css").unwrap();
        assert_eq!(statics.ready(&Method::GET, address, &headers), None);
        assert!(statics.ready(&Method::GET, address, &HeaderMap::new()).is_some(), "the plain one is there");
        let (status, made, body) = statics.respond(&Method::GET, address, &headers).unwrap();
        assert_eq!(statics.ready(&Method::GET, address, &headers), Some((status, made.clone(), body)));
        let (_, head, empty) = statics.ready(&Method::HEAD, address, &headers).unwrap();
        assert_eq!((head, empty.len()), (made, 0));
    }

    #[test]
    fn an_old_or_missing_hash_leads_to_the_present_one() {
        let statics = assets();
        for (path, name) in [
            ("/static/00000000/site.css", "site.css"),
            ("/static/site.css", "site.css"),
            ("/static/vendor/x.js", "vendor/x.js"),
            ("/static/00000000/vendor/x.js", "vendor/x.js"),
        ] {
            let answer = get(path, &[]).unwrap();
            assert_eq!(answer.status(), 302, "{path}");
            assert_eq!(answer.headers()["location"].to_str().unwrap(), statics.address(name).unwrap());
            assert_eq!(answer.headers()["cache-control"], "private, no-store");
        }
    }

    #[test]
    fn nothing_else_is_served() {
        for path in [
            "/static/",
            "/static/x",
            "/static//site.css",
            "/static/../Cargo.toml",
            "/static/0/site.css",
            "/static/00000000/../site.css",
            "/static/00000000/%73ite.css",
            "/static/vendor",
            "/site.css",
        ] {
            assert!(get(path, &[]).is_none(), "{path}");
        }
    }
}
