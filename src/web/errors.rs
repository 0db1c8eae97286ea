//! From the site's errors to HTTP, in this one place.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode, Uri};

use super::address::Address;
use super::headers::CachePolicy;
use crate::error::Error;

/// What is known of a request before anything handles it; handlers find it in the extensions.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Also in `X-Request-Id` and in the log.
    pub id: String,
    pub method: Method,
    pub uri: Uri,
    /// Who asks, as far as the configured proxies can be believed.
    pub client: IpAddr,
    pub address: Address,
}

impl RequestInfo {
    /// Whether the answer says how long it took: to whom the site's inside is no secret. That is who asks
    /// the node itself; visitors come under the site's own name.
    pub fn sees_timing(&self) -> bool {
        self.address == Address::Direct
    }
}

/// Draws the site's own error page; `None` where it has none.
pub type DrawError = Arc<dyn Fn(StatusCode, &RequestInfo) -> Option<String> + Send + Sync>;

/// The status of an error.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Denied(_) => StatusCode::FORBIDDEN,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// An answer that still lacks its page, which only the server can draw since it knows the request.
#[derive(Debug, Clone)]
struct Bare(Arc<str>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(&self);
        response.extensions_mut().insert(Bare(Arc::from(self.to_string())));
        response
    }
}

/// Completes an answer made of an error: logs it when it is ours, and draws its page.
pub(super) fn finish(response: Response, info: &RequestInfo, draw: Option<&DrawError>) -> Response {
    let Some(Bare(reason)) = response.extensions().get::<Bare>().cloned() else {
        return with_body(response, info, draw);
    };
    let status = response.status();
    if status.is_server_error() {
        tracing::error!(id = info.id, status = status.as_u16(), reason = &*reason, "request failed");
    }
    page(status, info, draw)
}

/// A wrong method is refused by the router, without a word; people get a page all the same.
fn with_body(response: Response, info: &RequestInfo, draw: Option<&DrawError>) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut drawn = page(StatusCode::METHOD_NOT_ALLOWED, info, draw);
    if let Some(allow) = allow {
        drawn.headers_mut().insert(header::ALLOW, allow);
    }
    drawn
}

/// The page of a failure, never kept by anyone.
pub(super) fn page(status: StatusCode, info: &RequestInfo, draw: Option<&DrawError>) -> Response {
    let html = draw.and_then(|draw| draw(status, info)).unwrap_or_else(|| plain(status, &info.id));
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    write_headers(status, response.headers_mut());
    response
}

fn write_headers(status: StatusCode, headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    CachePolicy::NoStore.write(status, headers);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    // What is left of the request is not read.
    if matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}

/// A page that needs no template, no database and no style.
fn plain(status: StatusCode, id: &str) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    let text = match status.as_u16() {
        400 => "This request could not be understood.",
        404 => "There is no page at this address.",
        405 => "This address can be read, but nothing can be sent to it.",
        408 => "The request took too long to arrive.",
        413 => "The request is larger than this site accepts.",
        414 => "The address is longer than this site accepts.",
        503 => "The site is briefly unavailable. Please try again in a moment.",
        500..600 => "Something went wrong on our side.",
        _ => "This request could not be answered.",
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n<p>Request {id}</p>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problems;

    #[test]
    fn every_error_has_one_status() {
        let cases = [
            (Error::NotFound, 404),
            (Error::Conflict(String::new()), 409),
            (Error::Invalid(Problems::default()), 422),
            (Error::Denied(String::new()), 403),
            (Error::Unavailable(String::new()), 503),
            (Error::Internal(String::new()), 500),
        ];
        for (error, expected) in cases {
            assert_eq!(status(&error), expected, "{error:?}");
            assert_eq!(error.into_response().status(), expected);
        }
    }

    #[test]
    fn the_fallback_page_shows_the_request_and_nothing_else() {
        assert_eq!(
            plain(StatusCode::INTERNAL_SERVER_ERROR, "id-1"),
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <title>Internal Server Error</title>\n<h1>Internal Server Error</h1>\n\
             <p>Something went wrong on our side.</p>\n<p>Request id-1</p>\n</html>\n"
        );
    }
}
