//! One's own second factor: setting it up, its recovery codes, turning it off.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::HeaderMap;
use tower_sessions::Session;

use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::qr::{self, Picture};
use super::shell::{Shell, page, see};
use super::sign_in;
use crate::account::{Seed, in_groups};
use crate::actions::{Change, second_factor};
use crate::app::App;
use crate::error::{Error, Problems, Result};
use crate::web::Web;
use crate::web::errors::RequestInfo;

/// The seed as a picture and as text, and a code that shows that the app has it.
#[derive(Template)]
#[template(path = "admin/second_factor.html", whitespace = "minimize")]
struct SetUpPage {
    shell: Shell,
    picture: Picture,
    secret: String,
    problems: Vec<String>,
}

/// Recovery codes, this once.
#[derive(Template)]
#[template(path = "admin/recovery_codes.html", whitespace = "minimize")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
}

/// Makes a seed and shows it, this once: whoever comes back begins with another one.
pub async fn begin(State(web): State<Web>, person: Person) -> Result<Response, Failure> {
    let app = &web.app;
    let begun = async {
        let change = Change::begin(app, &person.actor).await?;
        let seed = second_factor::begin(&change, person.user.id).await?;
        change.commit().await?;
        draw(app, &person, &seed, StatusCode::OK, Problems::default())
    };
    begun.await.map_err(Failure)
}

/// Turns it on by its first code, and shows the recovery codes.
pub async fn confirm(
    State(web): State<Web>,
    person: Person,
    Extension(info): Extension<RequestInfo>,
    session: Session,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let keep = Some(person.session.as_str());
    let confirmed = second_factor::confirm(app, &person.user, posted.get("code"), keep, info.client).await;
    let drawn = async {
        match confirmed {
            Ok(codes) => {
                sign_in::begin(app, &session, &person.user, &headers).await?;
                Ok(show_codes(app, &person, codes))
            }
            Err(Error::Invalid(problems)) => {
                let seed = second_factor::begun(app, person.user.id).await?;
                draw(app, &person, &seed, StatusCode::UNPROCESSABLE_ENTITY, problems)
            }
            Err(error) => Err(error),
        }
    };
    drawn.await.map_err(Failure)
}

fn draw(app: &App, person: &Person, seed: &Seed, status: StatusCode, problems: Problems) -> Result<Response> {
    let t = person.t;
    let said = problems.0.iter().map(|problem| t.sentence_of(t.code, &problem.reason));
    let shown = SetUpPage {
        shell: Shell::of(app, person, t.factor_title, "/admin/account"),
        picture: qr::picture(&seed.uri(&app.site.name, &person.user.email))?,
        secret: in_groups(&seed.text(), " "),
        problems: said.collect(),
    };
    Ok(page(status, &shown))
}

pub async fn renew_codes(State(web): State<Web>, person: Person) -> Result<Response, Failure> {
    let app = &web.app;
    let renewed = async {
        let change = Change::begin(app, &person.actor).await?;
        let codes = second_factor::renew_recovery_codes(&change, person.user.id).await?;
        change.commit().await?;
        Ok(show_codes(app, &person, codes))
    };
    renewed.await.map_err(Failure)
}

/// They are kept as hashes, so there is no page to go on to.
fn show_codes(app: &App, person: &Person, codes: Vec<String>) -> Response {
    let shell = Shell::of(app, person, person.t.recovery_title, "/admin/account");
    page(StatusCode::OK, &CodesPage { shell, codes })
}

pub async fn turn_off(
    State(web): State<Web>,
    person: Person,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let app = &web.app;
    let off = async {
        person.change(app, async |change| second_factor::turn_off(change, &person.user).await).await?;
        sign_in::begin(app, &session, &person.user, &headers).await
    };
    off.await.map_err(Failure)?;
    Ok(see("/admin/account?done=factor_off"))
}
