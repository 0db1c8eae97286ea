//! The files of `static/`, built into the binary or the owner's, named by their content.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};

use super::conditional::{has_tag, wants_gzip};
use super::headers::CachePolicy;
use crate::app::{Asset, Assets};
use crate::cache;
use crate::error::{Error, Result};

/// `/static/…`.
pub fn routes(assets: &Assets) -> Router {
    let files = Arc::new(Statics::of(assets));
    let show = move |request: Request| async move {
        let answer = files.respond(request.method(), request.uri().path(), request.headers());
        answer.unwrap_or_else(IntoResponse::into_response)
    };
    Router::new().route("/static/{*name}", get(show))
}

/// Files in memory, each compressed when it is first asked for so.
pub struct Statics(HashMap<String, Static>);

struct Static {
    address: String,
    hash: String,
    content_type: &'static str,
    plain: Variant,
    gzip: OnceLock<Option<Variant>>,
}

struct Variant {
    etag: HeaderValue,
    headers: HeaderMap,
    body: Bytes,
}

impl Statics {
    pub fn of(assets: &Assets) -> Statics {
        Statics(assets.iter().map(|(name, asset)| (name.clone(), Static::new(name, asset))).collect())
    }

    /// Answers a path such as `/static/<hash8>/site.css`. A page kept somewhere may still name the
    /// last version's hash, and a style sheet names a font without one: both are led to this version.
    ///
    /// # Errors
    /// `Error::NotFound` where no file has that name.
    pub fn respond(&self, method: &Method, path: &str, request: &HeaderMap) -> Result<Response> {
        let rest = path.strip_prefix("/static/").ok_or(Error::NotFound)?;
        let named = rest.split_once('/').filter(|(hash, _)| is_hash(hash)).map(|(_, name)| name);
        let name = named.filter(|name| self.0.contains_key(*name)).unwrap_or(rest);
        let file = self.0.get(name).ok_or(Error::NotFound)?;
        if file.address != path {
            return Ok(elsewhere(&file.address));
        }
        let packed = if wants_gzip(request) { file.packed() } else { None };
        let variant = packed.unwrap_or(&file.plain);
        let mut headers = variant.headers.clone();
        if has_tag(request, &variant.etag) {
            headers.remove(header::CONTENT_LENGTH);
            headers.remove(header::CONTENT_ENCODING);
            headers.remove(header::CONTENT_TYPE);
            return Ok(answer(StatusCode::NOT_MODIFIED, headers, Bytes::new()));
        }
        let body = if *method == Method::HEAD { Bytes::new() } else { variant.body.clone() };
        Ok(answer(StatusCode::OK, headers, body))
    }
}

impl Static {
    fn new(name: &str, asset: &Asset) -> Static {
        let content_type = content_type(name);
        Static {
            address: asset.address.clone(),
            hash: asset.hash.clone(),
            content_type,
            plain: Variant::new(&asset.hash, content_type, asset.body.clone(), None),
            gzip: OnceLock::new(),
        }
    }

    /// The compressed form, where it is smaller.
    fn packed(&self) -> Option<&Variant> {
        let pack = || {
            let plain = &self.plain.body;
            let packed = compresses(self.content_type).then(|| Bytes::from(cache::gzip(plain)));
            let packed = packed.filter(|packed| packed.len() < plain.len())?;
            Some(Variant::new(&self.hash, self.content_type, packed, Some("gzip")))
        };
        self.gzip.get_or_init(pack).as_ref()
    }
}

impl Variant {
    fn new(hash: &str, content_type: &'static str, body: Bytes, coding: Option<&'static str>) -> Variant {
        let suffix = coding.map(|coding| format!("-{coding}")).unwrap_or_default();
        let etag = HeaderValue::try_from(format!("\"{hash}{suffix}\"")).expect("digits and letters");
        let mut headers = HeaderMap::new();
        CachePolicy::Immutable.write(StatusCode::OK, &mut headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::ETAG, etag.clone());
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        Variant { etag, headers, body }
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn elsewhere(address: &str) -> Response {
    let mut headers = HeaderMap::new();
    CachePolicy::NoStore.write(StatusCode::FOUND, &mut headers);
    // Names of files in static/ are ours and plain; one that is not leads nowhere.
    let location = HeaderValue::try_from(address).unwrap_or_else(|_| HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, location);
    answer(StatusCode::FOUND, headers, Bytes::new())
}

fn answer(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn content_type(name: &str) -> &'static str {
    if name.ends_with("speculation.json") {
        return "application/speculationrules+json";
    }
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

fn compresses(content_type: &str) -> bool {
    !matches!(
        content_type,
        "image/png" | "image/jpeg" | "image/webp" | "image/avif" | "font/woff2" | "application/octet-stream"
    )
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
        Statics::of(&assets()).respond(&Method::GET, path, &headers).ok()
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
