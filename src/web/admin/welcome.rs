//! Coming in by a link: the first owner, somebody invited, somebody whose password is lost.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::HeaderMap;
use tower_sessions::Session;

use super::failure::Failure;
use super::posted::Posted;
use super::second_step;
use super::shell::{Shell, page};
use super::words::{Words, asked_for, fill};
use crate::actions::accounts::{self, Arrival};
use crate::app::App;
use crate::error::{Error, Problems, Result};
use crate::store::users::User;
use crate::web::Web;

/// A name and a password; the first owner's mail address besides.
#[derive(Template)]
#[template(path = "admin/welcome.html", whitespace = "minimize")]
struct WelcomePage {
    shell: Shell,
    reason: String,
    action: String,
    /// Whose it is, where that is known already.
    known: Option<String>,
    arrival: Arrival,
    problems: Vec<String>,
}

/// A link that opens nothing.
#[derive(Template)]
#[template(path = "admin/failure.html", whitespace = "minimize")]
struct UsedPage {
    shell: Shell,
    reason: String,
}

pub async fn show(
    State(web): State<Web>,
    Extension(t): Extension<&'static Words>,
    Path(secret): Path<String>,
) -> Result<Response, Failure> {
    match accounts::behind(&web.app, &secret).await {
        Ok(known) => {
            let name = known.as_ref().map(|user| user.name.clone()).unwrap_or_default();
            let arrival = Arrival { name, ..Arrival::default() };
            let t = spoken(t, known.as_ref());
            Ok(draw(&web.app, t, StatusCode::OK, &secret, known, arrival, Problems::default()))
        }
        Err(Error::NotFound) => Ok(used(&web.app, t)),
        Err(error) => Err(Failure(error)),
    }
}

pub async fn arrive(
    State(web): State<Web>,
    Extension(t): Extension<&'static Words>,
    Path(secret): Path<String>,
    session: Session,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let of = |name| posted.get(name).to_owned();
    let arrival = Arrival {
        email: of("email"),
        name: of("name"),
        password: of("password"),
        language: asked_for(&headers),
    };
    let known = match accounts::behind(app, &secret).await {
        Ok(known) => known,
        Err(Error::NotFound) => return Ok(used(app, t)),
        Err(error) => return Err(Failure(error)),
    };
    let t = spoken(t, known.as_ref());
    match accounts::arrive(app, &secret, arrival.clone()).await {
        Ok(user) => second_step::arrive(app, t, &session, &user, &headers).await.map_err(Failure),
        Err(Error::NotFound) => Ok(used(app, t)),
        Err(Error::Invalid(problems)) => {
            Ok(draw(app, t, StatusCode::UNPROCESSABLE_ENTITY, &secret, known, arrival, problems))
        }
        Err(error) => Err(Failure(error)),
    }
}

/// The words of whoever the link is for, where they have a language already.
fn spoken(asked: &'static Words, known: Option<&User>) -> &'static Words {
    known.and_then(User::language).map_or(asked, Words::of)
}

fn draw(
    app: &App,
    t: &'static Words,
    status: StatusCode,
    secret: &str,
    known: Option<User>,
    arrival: Arrival,
    problems: Problems,
) -> Response {
    let (title, reason) = match &known {
        Some(user) => (t.welcome_user, fill(t.welcome_user_reason, &user.email)),
        None => (t.welcome_owner, t.welcome_owner_reason.to_owned()),
    };
    let said = problems.0.iter().map(|problem| {
        let label = match problem.field.as_deref() {
            Some("email") => t.email,
            Some("password") => t.password,
            _ => t.name,
        };
        t.sentence_of(label, &problem.reason)
    });
    page(
        status,
        &WelcomePage {
            shell: Shell::bare(app, t, title),
            reason,
            // The secret is what was asked for, and it was found: hexadecimal digits.
            action: format!("/admin/welcome/{secret}"),
            known: known.map(|user| user.email),
            // A password is never sent back.
            arrival: Arrival { password: String::new(), ..arrival },
            problems: said.collect(),
        },
    )
}

fn used(app: &App, t: &'static Words) -> Response {
    let shell = Shell::bare(app, t, t.link_used);
    let reason = t.link_used_reason.to_owned();
    page(StatusCode::NOT_FOUND, &UsedPage { shell, reason })
}
