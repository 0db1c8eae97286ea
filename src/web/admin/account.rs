//! One's own account: name and mail address, the password, the second factor, and where one is signed in.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::{HeaderMap, StatusCode};
use serde::Deserialize;
use tower_sessions::Session;

use super::failure::{Failure, sentence};
use super::person::Person;
use super::posted::Posted;
use super::sessions::is_halfway;
use super::shell::{Shell, Wall, page, see};
use super::sign_in;
use super::words::{ENGLISH, fill};
use crate::actions::accounts;
use crate::actions::second_factor::Standing;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::store::sessions;
use crate::web::Web;
use crate::web::errors::RequestInfo;

/// One's account.
#[derive(Template)]
#[template(path = "admin/account.html", whitespace = "minimize")]
struct AccountPage {
    shell: Shell,
    role: &'static str,
    /// As they are, or as they were typed.
    name: String,
    email: String,
    problems: Vec<String>,
    factor: Standing,
    factor_since: String,
    codes_left: String,
    sessions: Vec<SessionRow>,
}

struct SessionRow {
    digest: String,
    browser: String,
    since: String,
    seen: String,
    this: bool,
    /// The password was right, the code is still to come.
    is_halfway: bool,
}

/// What was just done.
#[derive(Deserialize)]
pub struct Done {
    pub done: Option<String>,
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Failure> {
    let said = Said { done, ..Said::default() };
    draw(&web.app, &person, said).await.map_err(|error| Failure::of(&web.app, error))
}

/// What the page says besides how it stands.
#[derive(Default)]
struct Said {
    done: Option<String>,
    problems: Vec<Problem>,
    /// What was typed and can't be taken.
    typed: Option<Posted>,
}

async fn draw(app: &App, person: &Person, said: Said) -> Result<Response> {
    let wall = Wall::of(app);
    let factor = Standing::of(app, &person.user).await?;
    let typed = |name: &str, own: &str| {
        said.typed.as_ref().map_or_else(|| own.to_owned(), |typed| typed.get(name).to_owned())
    };
    let (name, email) = (typed("name", &person.user.name), typed("email", &person.user.email));
    let found = sessions::of_user(&app.db, person.user.id, app.clock.now()).await?;
    let rows = found.into_iter().map(|session| SessionRow {
        this: session.digest == person.session,
        is_halfway: is_halfway(&session),
        browser: browser(&session.agent),
        since: wall.show(session.created_at),
        seen: wall.show(session.seen_at),
        digest: session.digest,
    });
    let is_right = said.problems.is_empty();
    let page_of = AccountPage {
        shell: Shell::of(app, person, ENGLISH.account, "/admin/account").noticing(said.done.as_deref()),
        role: person.user.role().as_str(),
        name,
        email,
        problems: said.problems.iter().map(message).collect(),
        factor_since: factor.since.map(|at| fill(ENGLISH.factor_since, wall.show(at))).unwrap_or_default(),
        codes_left: fill(ENGLISH.recovery_left, factor.recovery_codes),
        factor,
        sessions: rows.collect(),
    };
    Ok(page(if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page_of))
}

fn message(problem: &Problem) -> String {
    let label = match problem.field.as_deref() {
        Some("name") => ENGLISH.name,
        Some("email") => ENGLISH.email,
        Some("current") => ENGLISH.current_password,
        _ => ENGLISH.new_password,
    };
    sentence(&format!("{label} {}", problem.reason))
}

/// Changes one's name and mail address.
pub async fn change_own(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let (email, name) = (posted.get("email"), posted.get("name"));
    let changed = person
        .change(&web.app, async |change| accounts::set_own(change, &person.user, email, name).await)
        .await;
    match changed {
        Ok(()) => Ok(see("/admin/account?done=account")),
        Err(Error::Invalid(problems)) => {
            let said = Said { problems: problems.0, typed: Some(posted), done: None };
            draw(&web.app, &person, said).await.map_err(|error| Failure::of(&web.app, error))
        }
        Err(error) => Err(Failure::of(&web.app, error)),
    }
}

pub async fn change_password(
    State(web): State<Web>,
    person: Person,
    Extension(info): Extension<RequestInfo>,
    session: Session,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let (current, new) = (posted.get("current"), posted.get("password"));
    let keep = Some(person.session.as_str());
    match accounts::change_password(&web.app, &person.user, current, new, keep, info.client).await {
        Ok(()) => {
            let begun = sign_in::begin(&web.app, &session, &person.user, &headers).await;
            begun.map_err(|error| Failure::of(&web.app, error))?;
            Ok(see("/admin/account?done=password"))
        }
        Err(Error::Invalid(problems)) => {
            let said = Said { problems: problems.0, ..Said::default() };
            draw(&web.app, &person, said).await.map_err(|error| Failure::of(&web.app, error))
        }
        Err(error) => Err(Failure::of(&web.app, error)),
    }
}

pub async fn end_session(
    State(web): State<Web>,
    person: Person,
    posted: Posted,
) -> Result<Response, Failure> {
    let ended = async {
        let tx = web.app.db.begin().await?;
        if !sessions::end_of_user(&tx, person.user.id, posted.get("session")).await? {
            return Err(Error::NotFound);
        }
        tx.commit().await
    };
    ended.await.map_err(|error| Failure::of(&web.app, error))?;
    Ok(see("/admin/account?done=session"))
}

/// The browser and its system in a few words, as far as its long name tells.
fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    let name = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => ENGLISH.session_unknown.to_owned(),
    }
}
