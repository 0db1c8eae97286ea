//! One's own account: the password, and where one is signed in.

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
use super::shell::{Shell, Wall, page, see};
use super::sign_in;
use super::words::ENGLISH;
use crate::actions::accounts;
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
    email: String,
    role: &'static str,
    problems: Vec<String>,
    sessions: Vec<SessionRow>,
}

struct SessionRow {
    digest: String,
    browser: String,
    since: String,
    seen: String,
    this: bool,
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
    draw(&web.app, &person, StatusCode::OK, done.as_deref(), Vec::new())
        .await
        .map_err(|error| Failure::of(&web.app, error))
}

async fn draw(
    app: &App,
    person: &Person,
    status: StatusCode,
    done: Option<&str>,
    problems: Vec<Problem>,
) -> Result<Response> {
    let wall = Wall::of(app);
    let found = sessions::of_user(&app.db, person.user.id, app.clock.now()).await?;
    let rows = found.into_iter().map(|session| SessionRow {
        this: session.digest == person.session,
        browser: browser(&session.agent),
        since: wall.show(session.created_at),
        seen: wall.show(session.seen_at),
        digest: session.digest,
    });
    let said = problems.iter().map(|problem| {
        let label = match problem.field.as_deref() {
            Some("current") => ENGLISH.current_password,
            _ => ENGLISH.new_password,
        };
        sentence(&format!("{label} {}", problem.reason))
    });
    let page_of = AccountPage {
        shell: Shell::of(app, person, ENGLISH.account, "/admin/account").noticing(done),
        email: person.user.email.clone(),
        role: person.user.role().as_str(),
        problems: said.collect(),
        sessions: rows.collect(),
    };
    Ok(page(status, &page_of))
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
            let begun = sign_in::begin(&session, &person.user, &headers).await;
            begun.map_err(|error| Failure::of(&web.app, error))?;
            Ok(see("/admin/account?done=password"))
        }
        Err(Error::Invalid(problems)) => {
            let drawn = draw(&web.app, &person, StatusCode::UNPROCESSABLE_ENTITY, None, problems.0).await;
            drawn.map_err(|error| Failure::of(&web.app, error))
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
