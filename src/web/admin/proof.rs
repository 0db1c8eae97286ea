//! Asking for the password again before who gets in, or by what, is changed (SECURITY T10).

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::{self, HeaderValue};
use tower_sessions::Session;

use super::failure::Failure;
use super::guard::without_passwords;
use super::person::Person;
use super::posted::{self, Posted};
use super::sessions::PROVED;
use super::shell::{Shell, page};
use super::sign_in;
use super::words::Words;
use crate::actions::accounts;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::errors::RequestInfo;

/// The field that the page adds to the form it asks about.
pub const FIELD: &str = "proof.password";

/// How long a password that was shown is enough, in milliseconds.
const ENOUGH: i64 = 10 * 60_000;

/// A password; what was sent goes on with it.
#[derive(Template)]
#[template(path = "admin/proof.html", whitespace = "minimize")]
struct ProofPage {
    shell: Shell,
    /// The address that the form was sent to.
    to: String,
    field: &'static str,
    fields: Vec<(String, String)>,
    problem: Option<String>,
}

/// On a request that came with the password just now.
#[derive(Debug, Clone, Copy)]
pub struct Proved;

/// What came of asking.
pub enum Proof {
    /// The form as it was sent.
    Given(Request),
    Asked(Response),
}

/// Lets a form pass whose sender has shown the password not long ago, or shows it with the form; asks for
/// it otherwise.
///
/// # Errors
/// `Invalid` for what is no form; `Unavailable` when the database is away.
pub async fn ask(app: &App, session: &Session, person: &Person, request: Request) -> Result<Proof> {
    let proved: Option<i64> = session.get(PROVED).await.map_err(sign_in::away)?;
    if proved.is_some_and(|at| app.clock.now().0 - at < ENOUGH) {
        return Ok(Proof::Given(request));
    }
    let to = request.uri().path_and_query().map_or("/admin", |target| target.as_str()).to_owned();
    let client = request.extensions().get::<RequestInfo>().map(|info| info.client);
    let client = client.ok_or_else(|| Error::internal("nobody knows who asks"))?;
    let (mut parts, body) = request.into_parts();
    if !posted::is_form(&parts.headers) {
        return Err(Error::field("form", "a form is right"));
    }
    let body = to_bytes(body, posted::MOST_BYTES).await.map_err(|_| Error::field("form", "is too large"))?;
    let fields = Posted::parse(&body).ok_or_else(|| Error::field("form", "has too many fields"));
    let mut fields = fields?;
    let Some(password) = fields.take(FIELD) else {
        return Ok(Proof::Asked(draw(app, person.t, StatusCode::FORBIDDEN, to, fields, None)));
    };
    match accounts::prove(app, &person.user, &password, "password", client).await {
        Ok(()) => {}
        Err(Error::Invalid(problems)) => {
            let reason = problems.0.first().map(|problem| problem.reason.as_str()).unwrap_or_default();
            let t = person.t;
            let said = t.sentence_of(t.password, reason);
            return Ok(Proof::Asked(draw(app, t, StatusCode::UNPROCESSABLE_ENTITY, to, fields, Some(said))));
        }
        Err(error) => return Err(error),
    }
    session.insert(PROVED, app.clock.now().0).await.map_err(sign_in::away)?;
    let body = fields.encode();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let mut request = Request::from_parts(parts, Body::from(body));
    request.extensions_mut().insert(Proved);
    Ok(Proof::Given(request))
}

/// Puts the session under a new id once what the password was asked for is done. Not when it failed: no
/// cookie comes with such an answer, and a session under another id would be lost.
pub async fn renew(session: &Session, answer: Response) -> Response {
    if answer.status().is_server_error() {
        return answer;
    }
    match session.cycle_id().await {
        Ok(()) => answer,
        Err(error) => Failure(sign_in::away(error)).into_response(),
    }
}

fn draw(
    app: &App,
    t: &'static Words,
    status: StatusCode,
    to: String,
    fields: Posted,
    problem: Option<String>,
) -> Response {
    let shell = Shell::bare(app, t, t.proof_title);
    let fields = without_passwords(fields).0;
    page(status, &ProofPage { shell, to, field: FIELD, fields, problem })
}
