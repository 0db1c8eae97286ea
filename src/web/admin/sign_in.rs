//! Signing in and out.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded;

use super::HOME;
use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::second_step;
use super::sessions::{AGENT, PROVED, USER};
use super::shell::{Shell, page, see};
use super::words::{Words, fill};
use crate::actions::accounts::{self, SignIn};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::users::User;
use crate::web::Web;
use crate::web::errors::RequestInfo;

/// Seconds until a busy site is worth another try.
const RETRY: i64 = 5;

/// What stands before the name of a kept field.
pub const KEPT: &str = "kept.";

/// A mail address and a password.
#[derive(Template)]
#[template(path = "admin/sign_in.html", whitespace = "minimize")]
struct SignInPage {
    shell: Shell,
    email: String,
    next: String,
    problem: Option<String>,
    /// A forgotten password can be replaced by mail.
    has_mail: bool,
    /// What is typed already, by its name in this form.
    kept: Vec<(String, String)>,
}

/// After signing in again: one button sends what was typed before.
#[derive(Template)]
#[template(path = "admin/go_on.html", whitespace = "minimize")]
struct GoOnPage {
    shell: Shell,
    to: String,
    fields: Vec<(String, String)>,
}

#[derive(Deserialize)]
pub struct Asked {
    pub next: Option<String>,
}

/// Where one signs in to go on to an address.
pub fn address(next: &str) -> String {
    format!("/admin/sign-in?{}", next_key(next))
}

/// The query that says where to go on.
pub fn next_key(next: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()
}

pub async fn show(
    State(web): State<Web>,
    Extension(t): Extension<&'static Words>,
    session: Session,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let next = own_address(asked.next.as_deref().unwrap_or_default());
    let person = Person::of(&web.app, &session, t).await.map_err(Failure)?;
    if person.is_some() {
        return Ok(see(&next));
    }
    Ok(ask(&web.app, t, StatusCode::OK, &next, None))
}

/// The form; with what was typed elsewhere when its session had ended, if anything was.
pub fn ask(app: &App, t: &'static Words, status: StatusCode, next: &str, kept: Option<Posted>) -> Response {
    let shell = Shell::bare(app, t, t.sign_in);
    let problem = kept.as_ref().map(|_| t.sign_in_again.to_owned());
    let kept = kept.map(|kept| kept.0).unwrap_or_default();
    let kept = kept.into_iter().map(|(name, value)| (format!("{KEPT}{name}"), value)).collect();
    let next = own_address(next);
    let has_mail = app.config.smtp.is_some();
    page(status, &SignInPage { shell, email: String::new(), next, problem, has_mail, kept })
}

/// The form again, for a code whose password is forgotten by now; with what was typed before.
pub fn ask_again(app: &App, t: &'static Words, posted: &Posted) -> Response {
    let kept = stripped(posted.clone());
    let kept = Some(Posted(kept)).filter(|kept| !kept.0.is_empty());
    ask(app, t, StatusCode::FORBIDDEN, posted.get("next"), kept)
}

pub async fn sign_in(
    State(web): State<Web>,
    Extension(info): Extension<RequestInfo>,
    Extension(t): Extension<&'static Words>,
    session: Session,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let tried = accounts::sign_in(&web.app, posted.get("email"), posted.get("password"), info.client).await;
    let shell = Shell::bare(&web.app, t, t.sign_in);
    let (status, problem, wait) = match tried {
        Ok(SignIn::Welcome(user)) => {
            let begun = begin(&web.app, &session, &user, &headers).await;
            begun.map_err(Failure)?;
            return Ok(go_on(&web.app, user.language().map_or(t, Words::of), posted));
        }
        Ok(SignIn::Halfway(user)) => {
            let asked = second_step::begin(&web.app, t, &session, &user, &headers, &posted).await;
            return asked.map_err(Failure);
        }
        Ok(SignIn::Wrong) => (StatusCode::UNPROCESSABLE_ENTITY, t.sign_in_wrong.to_owned(), None),
        Ok(SignIn::Wait(seconds)) => {
            (StatusCode::TOO_MANY_REQUESTS, fill(t.sign_in_wait, t.number(seconds)), Some(seconds))
        }
        Err(Error::Unavailable(reason)) => {
            tracing::error!(reason, "nobody could sign in");
            (StatusCode::SERVICE_UNAVAILABLE, t.unavailable_reason.to_owned(), Some(RETRY))
        }
        Err(error) => return Err(Failure(error)),
    };
    let kept = posted.0.iter().filter(|(name, _)| name.starts_with(KEPT)).cloned().collect();
    let (email, next) = (posted.get("email").to_owned(), own_address(posted.get("next")));
    let has_mail = web.app.config.smtp.is_some();
    let mut answer = page(status, &SignInPage { shell, email, next, problem: Some(problem), has_mail, kept });
    if let Some(value) = wait.and_then(|seconds| HeaderValue::try_from(seconds.to_string()).ok()) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    Ok(answer)
}

/// Begins a session of this user under a new id: one that was planted before is worth nothing.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn begin(app: &App, session: &Session, user: &User, headers: &HeaderMap) -> Result<()> {
    renew(session, headers).await?;
    session.insert(USER, user.id).await.map_err(away)?;
    session.insert(PROVED, app.clock.now().0).await.map_err(away)
}

/// A session of nobody yet, under a new id (SECURITY T10).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn renew(session: &Session, headers: &HeaderMap) -> Result<()> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(200).collect();
    session.clear().await;
    session.cycle_id().await.map_err(away)?;
    session.insert(AGENT, agent).await.map_err(away)
}

/// What a session says when its rows can't be reached.
pub fn away(error: tower_sessions::session::Error) -> Error {
    Error::Unavailable(error.to_string())
}

/// To the page that was asked for; with something typed before, by one more click.
pub fn go_on(app: &App, t: &'static Words, posted: Posted) -> Response {
    let next = own_address(posted.get("next"));
    let fields = stripped(posted);
    if fields.is_empty() {
        return see(&next);
    }
    let shell = Shell::bare(app, t, t.go_on);
    page(StatusCode::OK, &GoOnPage { shell, to: next, fields })
}

/// What was typed before, under its own names.
fn stripped(posted: Posted) -> Vec<(String, String)> {
    let strip = |(name, value): (String, String)| Some((name.strip_prefix(KEPT)?.to_owned(), value));
    posted.0.into_iter().filter_map(strip).collect()
}

pub async fn sign_out(session: Session) -> Result<Response, Failure> {
    let ended = session.flush().await;
    ended.map_err(|error| Failure(Error::Unavailable(error.to_string())))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, "/admin/sign-in")]).into_response())
}

/// An address of the back office; whatever else came in leads home (SECURITY T16).
pub fn own_address(asked: &str) -> String {
    let inside = asked == HOME || asked.starts_with("/admin/") || asked.starts_with("/admin?");
    let plain = asked.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~?=&%+".contains(&byte));
    let small = asked.to_ascii_lowercase();
    // A dot or slash in disguise is what it looks like to whatever decodes it on the way.
    let elsewhere = ["//", "..", "%2e", "%2f", "/admin/sign-", "/admin/welcome", "/admin/forgotten"];
    let elsewhere = elsewhere.iter().any(|part| small.contains(part));
    if inside && plain && !elsewhere { asked.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_nowhere_but_in_here() {
        for right in ["/admin", "/admin/entries/7", "/admin/types/place?state=draft&q=%D8%A7"] {
            assert_eq!(own_address(right), right);
        }
        for wrong in [
            "",
            "/",
            "//evil.example",
            "/admin//evil.example",
            "/adminevil",
            "/\\evil",
            "/admin/\\evil",
            "https://evil.example/admin/",
            "/admin/../evil",
            "/admin/%2e%2E/evil",
            "/admin/%2Fevil.example",
            "/admin/x\r\nX: 1",
            "/admin/sign-out",
            "/admin/welcome/1",
        ] {
            assert_eq!(own_address(wrong), HOME, "{wrong:?}");
        }
    }
}
