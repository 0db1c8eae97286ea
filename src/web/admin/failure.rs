//! What went wrong, as a page of the back office.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;

use super::shell::{Shell, page};
use super::words::Words;
use crate::app::App;
use crate::error::{Error, Problem, Problems};
use crate::web::errors::status;

/// An error that is answered without knowing who asks.
pub struct Failure(pub Error);

/// An answer that still lacks its page, which only the door can draw since it knows whose language to speak.
#[derive(Debug, Clone)]
struct Undrawn(Arc<Error>);

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "admin/failure.html", whitespace = "minimize")]
struct FailurePage {
    shell: Shell,
    reason: String,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(&self.0);
        response.extensions_mut().insert(Undrawn(Arc::new(self.0)));
        response
    }
}

/// Completes an answer made of an error: logs it when it is ours, and draws its page.
pub fn finish(mut response: Response, app: &App, t: &'static Words) -> Response {
    let Some(Undrawn(error)) = response.extensions_mut().remove::<Undrawn>() else { return response };
    let status = response.status();
    if status.is_server_error() {
        tracing::error!(status = status.as_u16(), reason = %error, "a request of the back office failed");
    }
    let (title, reason) = match &*error {
        Error::NotFound => (t.not_found, t.not_found_reason.to_owned()),
        Error::Denied(reason) => (t.denied, t.sentence(reason)),
        Error::Conflict(reason) => (t.conflict, t.sentence(reason)),
        Error::Invalid(problems) => (t.invalid, said(t, problems)),
        // What is the machine's stays in the log.
        Error::Unavailable(_) => (t.unavailable, t.unavailable_reason.to_owned()),
        Error::Internal(_) => (t.internal, t.internal_reason.to_owned()),
    };
    let mut drawn = page(status, &FailurePage { shell: Shell::bare(app, t, title), reason });
    if status == StatusCode::SERVICE_UNAVAILABLE {
        drawn.headers_mut().insert(hyper::header::RETRY_AFTER, hyper::header::HeaderValue::from_static("5"));
    }
    drawn
}

/// What is wrong with a request that no form shows again.
fn said(t: &Words, problems: &Problems) -> String {
    let line = |problem: &Problem| match &problem.field {
        Some(field) => t.sentence_of(&format!("`{field}`:"), &problem.reason),
        None => t.sentence(&problem.reason),
    };
    problems.0.iter().map(line).collect::<Vec<_>>().join(" ")
}
