//! What went wrong, as a page of the back office.

use askama::Template;
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;

use super::shell::{Shell, page};
use super::words::ENGLISH;
use crate::app::App;
use crate::error::Error;
use crate::web::errors::status;

/// An error that is drawn without knowing who asks.
pub struct Failure {
    shell: Shell,
    error: Error,
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "admin/failure.html", whitespace = "minimize")]
struct FailurePage {
    shell: Shell,
    reason: String,
}

impl Failure {
    pub fn of(app: &App, error: Error) -> Failure {
        let t = &ENGLISH;
        let title = match &error {
            Error::NotFound => t.not_found,
            Error::Denied(_) => t.denied,
            Error::Conflict(_) => t.conflict,
            Error::Invalid(_) => t.invalid,
            Error::Unavailable(_) => t.unavailable,
            Error::Internal(_) => t.internal,
        };
        Failure { shell: Shell::bare(app, title), error }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status(&self.error);
        let t = &ENGLISH;
        let reason = match &self.error {
            Error::NotFound => t.not_found_reason.to_owned(),
            // What is the machine's stays in the log.
            Error::Unavailable(_) => t.unavailable_reason.to_owned(),
            Error::Internal(_) => t.internal_reason.to_owned(),
            known => sentence(&known.to_string()),
        };
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), reason = %self.error, "a request of the back office failed");
        }
        let mut response = page(status, &FailurePage { shell: self.shell, reason });
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(hyper::header::RETRY_AFTER, hyper::header::HeaderValue::from_static("5"));
        }
        response
    }
}

/// A reason as a sentence of its own.
pub fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if reason.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
