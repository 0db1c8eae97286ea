//! Small files from memory, never from the database: `/robots.txt` (SEO 3.46) and the key of IndexNow.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};

use crate::cache;
use crate::error::{Error, Result};
use crate::web::Web;
use crate::web::conditional::not_modified;
use crate::web::headers::CachePolicy;

/// `/robots.txt`: what crawlers may read.
pub async fn robots(State(web): State<Web>, method: Method, headers: HeaderMap) -> Response {
    let text = web.app.robots().text();
    text.and_then(|text| file(text, &method, &headers)).unwrap_or_else(IntoResponse::into_response)
}

/// `/{key}.txt`: the key that shows who may speak for the site (indexnow.org).
pub async fn index_now_key(State(web): State<Web>, method: Method, headers: HeaderMap) -> Response {
    let key = web.app.site.indexnow.key().ok_or(Error::NotFound);
    key.and_then(|key| file(key.to_owned(), &method, &headers)).unwrap_or_else(IntoResponse::into_response)
}

fn file(text: String, method: &Method, request: &HeaderMap) -> Result<Response> {
    let etag =
        HeaderValue::try_from(format!("\"{}\"", cache::hash(text.as_bytes()))).map_err(Error::internal)?;
    let known = not_modified(request, &etag, None);
    let length = text.len();
    let body = if known || method == Method::HEAD { Body::empty() } else { Body::from(text) };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    CachePolicy::PAGE.write(StatusCode::OK, headers);
    headers.insert(header::ETAG, etag);
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}
