//! A password that is forgotten: a link to choose another goes to the mail address, if anybody has it.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;
use hyper::header::{self, HeaderValue};

use super::failure::Failure;
use super::posted::Posted;
use super::shell::{Shell, page};
use super::words::{Words, fill};
use crate::actions::accounts;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::Web;
use crate::web::errors::RequestInfo;

/// A mail address; afterwards the same words for everybody.
#[derive(Template)]
#[template(path = "admin/forgotten.html", whitespace = "minimize")]
struct ForgottenPage {
    shell: Shell,
    email: String,
    problem: Option<String>,
    is_sent: bool,
}

pub async fn show(
    State(web): State<Web>,
    Extension(t): Extension<&'static Words>,
) -> Result<Response, Failure> {
    refuse_without_mail(&web.app).map_err(Failure)?;
    Ok(draw(&web.app, t, StatusCode::OK, String::new(), None))
}

pub async fn send(
    State(web): State<Web>,
    Extension(info): Extension<RequestInfo>,
    Extension(t): Extension<&'static Words>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    refuse_without_mail(app).map_err(Failure)?;
    let email = posted.get("email").to_owned();
    match accounts::forgot(app, &email, info.client).await {
        Ok(None) => {
            let shell = Shell::bare(app, t, t.forgotten_title);
            let sent = ForgottenPage { shell, email: String::new(), problem: None, is_sent: true };
            Ok(page(StatusCode::OK, &sent))
        }
        Ok(Some(seconds)) => {
            let said = Some(fill(t.sign_in_wait, t.number(seconds)));
            let mut answer = draw(app, t, StatusCode::TOO_MANY_REQUESTS, email, said);
            if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
                answer.headers_mut().insert(header::RETRY_AFTER, value);
            }
            Ok(answer)
        }
        Err(Error::Invalid(problems)) => {
            let reason = problems.0.first().map(|problem| problem.reason.clone()).unwrap_or_default();
            let said = Some(t.sentence_of(t.email, &reason));
            Ok(draw(app, t, StatusCode::UNPROCESSABLE_ENTITY, email, said))
        }
        Err(error) => Err(Failure(error)),
    }
}

fn draw(
    app: &App,
    t: &'static Words,
    status: StatusCode,
    email: String,
    problem: Option<String>,
) -> Response {
    let shell = Shell::bare(app, t, t.forgotten_title);
    page(status, &ForgottenPage { shell, email, problem, is_sent: false })
}

/// Without a server for mail there is no such page: somebody who governs makes the link.
fn refuse_without_mail(app: &App) -> Result<()> {
    if app.config.smtp.is_some() { Ok(()) } else { Err(Error::NotFound) }
}
