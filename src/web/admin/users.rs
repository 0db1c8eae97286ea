//! Who may work on the site: inviting, roles, keeping people out.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;

use super::account::Done;
use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::shell::{Shell, page, see};
use super::words::{Words, fill};
use crate::account::Secret;
use crate::actions::accounts::{self, Invitation};
use crate::actions::{Change, second_factor};
use crate::app::App;
use crate::entry::Role;
use crate::error::{Error, Problem, Result};
use crate::store::second_factors;
use crate::store::users::{self, User};
use crate::web::Web;
use crate::web::errors::status;

/// Everybody, and a form that lets one more in.
#[derive(Template)]
#[template(path = "admin/users.html", whitespace = "minimize")]
struct UsersPage {
    shell: Shell,
    rows: Vec<Row>,
    problems: Vec<String>,
    /// What was typed for somebody new.
    email: String,
    name: String,
    roles: Vec<RoleOption>,
    /// A link that is shown this once, and for whom.
    link: Option<(String, String)>,
    /// To whom a link is on its way.
    sent: Option<String>,
    has_mail: bool,
}

struct Row {
    id: i64,
    name: String,
    email: String,
    role: &'static str,
    is_disabled: bool,
    is_me: bool,
    has_second_factor: bool,
    roles: Vec<RoleOption>,
}

#[derive(Clone)]
struct RoleOption {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

/// What the page says besides who is there.
#[derive(Default)]
struct Said {
    problems: Vec<Problem>,
    typed: Posted,
    link: Option<(User, Secret)>,
    sent: Option<String>,
    done: Option<String>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Failure> {
    let said = Said { done, ..Said::default() };
    draw(&web.app, &person, StatusCode::OK, said).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, status: StatusCode, said: Said) -> Result<Response> {
    let t = person.t;
    let all = users::all(&app.db).await?;
    let sure = second_factors::users(&app.db).await?;
    let chosen = said.typed.get("role").parse().unwrap_or(Role::Editor);
    let shown = UsersPage {
        shell: Shell::of(app, person, t.users, "/admin/users").noticing(said.done.as_deref()),
        rows: all
            .into_iter()
            .map(|user| Row {
                id: user.id,
                role: t.role(user.role()),
                is_disabled: user.is_disabled(),
                is_me: user.id == person.user.id,
                has_second_factor: sure.contains(&user.id),
                roles: roles(t, user.role()),
                name: user.name,
                email: user.email,
            })
            .collect(),
        problems: said.problems.iter().map(|problem| message(t, problem)).collect(),
        email: said.typed.get("email").to_owned(),
        name: said.typed.get("name").to_owned(),
        roles: roles(t, chosen),
        sent: said.sent.map(|email| fill(t.link_sent, email)),
        has_mail: app.config.smtp.is_some(),
        link: said.link.map(|(user, secret)| (user.email, accounts::link_url(app, &secret))),
    };
    Ok(page(status, &shown))
}

fn roles(t: &Words, chosen: Role) -> Vec<RoleOption> {
    let option =
        |role: Role| RoleOption { value: role.as_str(), label: t.role(role), chosen: role == chosen };
    Role::ALL.map(option).to_vec()
}

fn message(t: &Words, problem: &Problem) -> String {
    let label = match problem.field.as_deref() {
        Some("email") => t.email,
        Some("name") => t.name,
        Some("role") => t.role,
        _ => return t.sentence(&problem.reason),
    };
    t.sentence_of(label, &problem.reason)
}

pub async fn invite(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let role = posted.get("role").parse().map_err(|reason: String| Error::field("role", reason))?;
        let of = |name| posted.get(name).to_owned();
        let invitation = Invitation { email: of("email"), name: of("name"), role };
        let mut change = Change::begin(app, &person.actor).await?;
        let made = if app.config.smtp.is_some() {
            Given::Sent(accounts::invite_by_mail(&mut change, &invitation).await?.email)
        } else {
            let (user, secret) = accounts::invite(&mut change, &invitation).await?;
            Given::Shown(user, secret)
        };
        change.commit().await?;
        Ok(made)
    };
    show_link(app, &person, work.await, posted.clone()).await
}

/// Another link for somebody who is there: a lost password.
pub async fn link(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let mut change = Change::begin(app, &person.actor).await?;
        let made = if app.config.smtp.is_some() {
            Given::Sent(accounts::link_by_mail(&mut change, id).await?.email)
        } else {
            let secret = accounts::link_for(&mut change, id).await?;
            Given::Shown(users::find(&change.tx, id).await?.ok_or(Error::NotFound)?, secret)
        };
        change.commit().await?;
        Ok(made)
    };
    show_link(app, &person, work.await, Posted::default()).await
}

/// A link, which goes to its owner by mail or is shown to whoever made it.
enum Given {
    Sent(String),
    Shown(User, Secret),
}

/// Shows a link, once: it is stored nowhere, so there is no page to go on to.
async fn show_link(
    app: &App,
    person: &Person,
    made: Result<Given>,
    typed: Posted,
) -> Result<Response, Failure> {
    let (code, said) = match made {
        Ok(Given::Shown(user, secret)) => {
            (StatusCode::OK, Said { link: Some((user, secret)), ..Said::default() })
        }
        Ok(Given::Sent(email)) => (StatusCode::OK, Said { sent: Some(email), ..Said::default() }),
        Err(error) => match refused(error, typed) {
            Ok(refused) => refused,
            Err(error) => return Err(Failure(error)),
        },
    };
    draw(app, person, code, said).await.map_err(Failure)
}

fn refused(error: Error, typed: Posted) -> Result<(StatusCode, Said)> {
    let code = status(&error);
    let problems = match error {
        Error::Invalid(problems) => problems.0,
        Error::Conflict(reason) | Error::Denied(reason) => vec![Problem::new(reason)],
        other => return Err(other),
    };
    Ok((code, Said { problems, typed, ..Said::default() }))
}

pub async fn set_role(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, "role", async |change| {
        let role = posted.get("role").parse().map_err(|reason: String| Error::field("role", reason))?;
        accounts::set_role(change, id, role).await
    })
    .await
}

pub async fn disable(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    act(&web.app, &person, "disabled", async |change| accounts::set_disabled(change, id, true).await).await
}

pub async fn enable(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    act(&web.app, &person, "enabled", async |change| accounts::set_disabled(change, id, false).await).await
}

/// Takes the second factor of somebody whose phone is lost away.
pub async fn remove_second_factor(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    act(&web.app, &person, "factor_removed", async |change| second_factor::remove_of(change, id).await).await
}

async fn act(
    app: &App,
    person: &Person,
    done: &str,
    work: impl AsyncFnOnce(&mut Change<'_>) -> Result<()>,
) -> Result<Response, Failure> {
    let error = match person.change(app, work).await {
        Ok(()) => return Ok(see(&fill("/admin/users?done={}", done))),
        Err(error) => error,
    };
    let (code, said) = refused(error, Posted::default()).map_err(Failure)?;
    draw(app, person, code, said).await.map_err(Failure)
}
