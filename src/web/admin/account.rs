//! One's own account: name and mail address, the password, the second factor, and where one is signed in.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::{HeaderMap, StatusCode};
use serde::Deserialize;
use tower_sessions::Session;

use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::sessions::is_halfway;
use super::shell::{Shell, Wall, page, see};
use super::sign_in;
use super::words::{Words, fill};
use crate::account::Language;
use crate::actions::second_factor::Standing;
use crate::actions::{Change, accounts};
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
    languages: Vec<LanguageOption>,
    /// As they are, or as they were typed.
    name: String,
    email: String,
    problems: Vec<String>,
    factor: Standing,
    factor_since: String,
    codes_left: String,
    sessions: Vec<SessionRow>,
}

/// A language to choose, in its own words.
struct LanguageOption {
    code: &'static str,
    name: &'static str,
    chosen: bool,
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
    draw(&web.app, &person, said).await.map_err(Failure)
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
    let (wall, t) = (Wall::of(app), person.t);
    let factor = Standing::of(app, &person.user).await?;
    let typed = |name: &str, own: &str| {
        said.typed.as_ref().map_or_else(|| own.to_owned(), |typed| typed.get(name).to_owned())
    };
    let (name, email) = (typed("name", &person.user.name), typed("email", &person.user.email));
    let found = sessions::of_user(&app.db, person.user.id, app.clock.now()).await?;
    let rows = found.into_iter().map(|session| SessionRow {
        this: session.digest == person.session,
        is_halfway: is_halfway(&session),
        browser: browser(&session.agent).unwrap_or_else(|| t.session_unknown.to_owned()),
        since: wall.show(t, session.created_at),
        seen: wall.show(t, session.seen_at),
        digest: session.digest,
    });
    let is_right = said.problems.is_empty();
    let page_of = AccountPage {
        shell: Shell::of(app, person, t.account, "/admin/account").noticing(said.done.as_deref()),
        role: t.role(person.user.role()),
        languages: Language::ALL.map(|language| LanguageOption::of(language, t)).into(),
        name,
        email,
        problems: said.problems.iter().map(|problem| message(t, problem)).collect(),
        factor_since: factor.since.map(|at| fill(t.factor_since, wall.show(t, at))).unwrap_or_default(),
        codes_left: fill(t.recovery_left, t.number(factor.recovery_codes)),
        factor,
        sessions: rows.collect(),
    };
    Ok(page(if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page_of))
}

impl LanguageOption {
    fn of(language: Language, spoken: &Words) -> LanguageOption {
        let words = Words::of(language);
        LanguageOption { code: words.lang, name: words.own_name, chosen: words.lang == spoken.lang }
    }
}

fn message(t: &Words, problem: &Problem) -> String {
    let label = match problem.field.as_deref() {
        Some("name") => t.name,
        Some("email") => t.email,
        Some("current") => t.current_password,
        _ => t.new_password,
    };
    t.sentence_of(label, &problem.reason)
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
            draw(&web.app, &person, said).await.map_err(Failure)
        }
        Err(error) => Err(Failure(error)),
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
            begun.map_err(Failure)?;
            Ok(see("/admin/account?done=password"))
        }
        Err(Error::Invalid(problems)) => {
            let said = Said { problems: problems.0, ..Said::default() };
            draw(&web.app, &person, said).await.map_err(Failure)
        }
        Err(error) => Err(Failure(error)),
    }
}

/// Chooses the language that the back office speaks to whoever asks for it.
pub async fn set_language(
    State(web): State<Web>,
    person: Person,
    posted: Posted,
) -> Result<Response, Failure> {
    let work = async {
        let language = posted.get("language").parse();
        let language = language.map_err(|reason: String| Error::field("language", reason))?;
        let chosen =
            async |change: &mut Change<'_>| accounts::set_language(change, &person.user, language).await;
        person.change(&web.app, chosen).await
    };
    work.await.map_err(Failure)?;
    Ok(see("/admin/account?done=language"))
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
    ended.await.map_err(Failure)?;
    Ok(see("/admin/account?done=session"))
}

/// The browser and its system in a few words, as far as its long name tells.
fn browser(agent: &str) -> Option<String> {
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
        (Some(name), Some(system)) => Some(format!("{name}, {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}
