//! The second step of signing in: a code, when the password was right.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use tower_sessions::Session;

use super::failure::Failure;
use super::posted::Posted;
use super::sessions::{HALF, HALF_AT};
use super::shell::{Shell, page, see};
use super::sign_in::{self, Asked, KEPT, own_address};
use super::words::{Words, fill};
use crate::actions::second_factor::{self, Shown};
use crate::app::App;
use crate::error::Result;
use crate::store::users::User;
use crate::web::Web;
use crate::web::errors::RequestInfo;

/// Where the code is asked for.
const ADDRESS: &str = "/admin/sign-in/code";

/// How long a right password waits for its code, in milliseconds.
const WAITS: i64 = 10 * 60_000;

/// A code, or a recovery code.
#[derive(Template)]
#[template(path = "admin/sign_in_code.html", whitespace = "minimize")]
struct CodePage {
    shell: Shell,
    next: String,
    problem: Option<String>,
    /// What was typed before a session ended, by its name in this form.
    kept: Vec<(String, String)>,
}

/// Remembers whose password was right, under a new id, and asks for the code. Nobody is signed in by that.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn begin(
    app: &App,
    t: &'static Words,
    session: &Session,
    user: &User,
    headers: &HeaderMap,
    posted: &Posted,
) -> Result<Response> {
    sign_in::renew(session, headers).await?;
    session.insert(HALF, user.id).await.map_err(sign_in::away)?;
    session.insert(HALF_AT, app.clock.now().0).await.map_err(sign_in::away)?;
    let next = own_address(posted.get("next"));
    let kept = kept(posted);
    if kept.is_empty() {
        return Ok(see(&format!("{ADDRESS}?{}", sign_in::next_key(&next))));
    }
    Ok(ask(app, spoken(t, user), StatusCode::OK, next, None, kept))
}

pub async fn show(
    State(web): State<Web>,
    Extension(t): Extension<&'static Words>,
    session: Session,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let next = own_address(asked.next.as_deref().unwrap_or_default());
    let user = halfway(&web.app, &session).await.map_err(Failure)?;
    Ok(match user {
        Some(user) => ask(&web.app, spoken(t, &user), StatusCode::OK, next, None, Vec::new()),
        None => see(&sign_in::address(&next)),
    })
}

pub async fn send(
    State(web): State<Web>,
    Extension(info): Extension<RequestInfo>,
    Extension(t): Extension<&'static Words>,
    session: Session,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let Some(user) = halfway(app, &session).await.map_err(Failure)? else {
        return Ok(sign_in::ask_again(app, t, &posted));
    };
    let t = spoken(t, &user);
    let shown = second_factor::show(app, &user, posted.get("code"), info.client).await.map_err(Failure)?;
    let (status, problem, wait) = match shown {
        Shown::Right => {
            sign_in::begin(app, &session, &user, &headers).await.map_err(Failure)?;
            return Ok(sign_in::go_on(app, t, posted));
        }
        Shown::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, t.code_wrong.to_owned(), None),
        Shown::Wait(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, fill(t.sign_in_wait, t.number(seconds)), Some(seconds))
        }
    };
    let mut answer = ask(app, t, status, own_address(posted.get("next")), Some(problem), kept(&posted));
    if let Some(value) = wait.and_then(|seconds| HeaderValue::try_from(seconds.to_string()).ok()) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    Ok(answer)
}

fn ask(
    app: &App,
    t: &'static Words,
    status: StatusCode,
    next: String,
    problem: Option<String>,
    kept: Vec<(String, String)>,
) -> Response {
    page(status, &CodePage { shell: Shell::bare(app, t, t.code_title), next, problem, kept })
}

/// The words of somebody whose password was right, where they have a language; else those asked for.
fn spoken(asked: &'static Words, user: &User) -> &'static Words {
    user.language().map_or(asked, Words::of)
}

fn kept(posted: &Posted) -> Vec<(String, String)> {
    posted.0.iter().filter(|(name, _)| name.starts_with(KEPT)).cloned().collect()
}

/// Whose password was right in this session, not long ago.
async fn halfway(app: &App, session: &Session) -> Result<Option<User>> {
    let id: Option<i64> = session.get(HALF).await.map_err(sign_in::away)?;
    let at: Option<i64> = session.get(HALF_AT).await.map_err(sign_in::away)?;
    let is_recent = at.is_some_and(|at| app.clock.now().0 - at < WAITS);
    match id.filter(|_| is_recent) {
        Some(id) => second_factor::awaited(app, id).await,
        None => Ok(None),
    }
}

/// Asks for the code where somebody has a second factor; signs them in at once where not. For who has come
/// in by a link, which says no more than a password does.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn arrive(
    app: &App,
    t: &'static Words,
    session: &Session,
    user: &User,
    headers: &HeaderMap,
) -> Result<Response> {
    if crate::store::second_factors::is_on(&app.db, user.id).await? {
        return begin(app, t, session, user, headers, &Posted::default()).await;
    }
    sign_in::begin(app, session, user, headers).await?;
    Ok(see(super::HOME))
}
