//! The form of one redirect or rule.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::{AT, written};
use crate::actions::Change;
use crate::actions::redirects::{self, Wish};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Shell, page, see};
use crate::web::admin::words::{AddressWords, Words};
use crate::web::errors::status;

/// What stands in the fields, and what is wrong with it.
pub struct Form {
    pub typed: Posted,
    pub problems: Vec<String>,
    pub kinds: Vec<Choice>,
    pub statuses: Vec<Choice>,
}

pub struct Choice {
    pub value: &'static str,
    pub label: &'static str,
    pub chosen: bool,
}

impl Form {
    /// With nothing typed.
    pub fn empty(t: &Words) -> Form {
        Form::of(t, Posted::default(), Vec::new())
    }

    fn of(t: &Words, typed: Posted, problems: Vec<String>) -> Form {
        let a = t.addresses;
        let choice = |name: &str, value, label| Choice { value, label, chosen: typed.get(name) == value };
        let kinds = ["exact", "prefix", "regex"].map(|kind| choice("kind", kind, a.redirect_kind(kind)));
        let statuses = [
            ("301", a.status_301),
            ("302", a.status_302),
            ("307", a.status_307),
            ("308", a.status_308),
            ("410", a.status_410),
        ];
        let statuses = statuses.map(|(value, label)| choice("status", value, label)).into();
        Form { kinds: kinds.into(), statuses, problems, typed }
    }

    /// The form again, with all that was typed and why it can't be taken.
    ///
    /// # Errors
    /// What is no fault of the form.
    pub fn refused(t: &Words, error: Error, typed: Posted) -> Result<(StatusCode, Form)> {
        let code = status(&error);
        let problems = match error {
            Error::Invalid(problems) => problems.0,
            Error::Conflict(reason) => vec![Problem::new(reason)],
            other => return Err(other),
        };
        Ok((code, Form::of(t, typed, problems.iter().map(|problem| message(t, problem)).collect())))
    }
}

fn message(t: &Words, problem: &Problem) -> String {
    let label = match problem.field.as_deref() {
        Some("from" | "pattern") => t.addresses.redirect_from,
        Some("to" | "target") => t.addresses.redirect_target,
        Some("kind") => t.addresses.redirect_kind_label,
        Some("status") => t.addresses.redirect_status,
        _ => return t.sentence(&problem.reason),
    };
    t.sentence_of(&format!("{label}:"), &problem.reason)
}

/// What the fields say.
///
/// # Errors
/// `Invalid` for a status that is none.
pub fn wish(posted: &Posted) -> Result<Wish> {
    let status = posted.get("status").parse().map_err(|_| Error::field("status", "is no status"))?;
    Ok(Wish {
        kind: posted.get("kind").to_owned(),
        from: posted.get("from").trim().to_owned(),
        to: Some(posted.get("to").trim().to_owned()).filter(|to| !to.is_empty()),
        status,
        reuse: false,
    })
}

/// One that is there, to be changed.
#[derive(Template)]
#[template(path = "admin/redirect.html", whitespace = "minimize")]
struct RedirectPage {
    shell: Shell,
    a: &'static AddressWords,
    /// Which one.
    kind: String,
    from: String,
    form: Form,
}

#[derive(Deserialize)]
pub struct Which {
    kind: String,
    from: String,
}

pub async fn edit(
    State(web): State<Web>,
    person: Person,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let found = redirects::find(&app.db, &which.kind, &which.from).await;
    let wish = found.map_err(Failure)?;
    let to = wish.to.as_deref().map(|to| written(&wish.kind, to)).unwrap_or_default();
    let fields = [
        ("kind", wish.kind.clone()),
        ("from", written(&wish.kind, &wish.from)),
        ("to", to),
        ("status", wish.status.to_string()),
    ];
    let typed = Posted(fields.map(|(name, value)| (name.to_owned(), value)).into());
    Ok(draw(app, &person, StatusCode::OK, which, Form::of(person.t, typed, Vec::new())))
}

fn draw(app: &App, person: &Person, code: StatusCode, which: Which, form: Form) -> Response {
    let (Which { kind, from }, t) = (which, person.t);
    let shell = Shell::of(app, person, t.addresses.edit_title, AT);
    page(code, &RedirectPage { shell, a: t.addresses, kind, from, form })
}

pub async fn update(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let which = Which { kind: posted.get("of_kind").to_owned(), from: posted.get("of").to_owned() };
    let work = async {
        let wish = wish(&posted)?;
        let mut change = Change::begin(app, &person.actor).await?;
        redirects::replace(&mut change, (&which.kind, &which.from), &wish).await?;
        change.commit().await
    };
    let error = match work.await {
        Ok(()) => return Ok(see(&format!("{AT}?done=changed_redirect"))),
        Err(error) => error,
    };
    let (code, form) = Form::refused(person.t, error, posted).map_err(Failure)?;
    Ok(draw(app, &person, code, which, form))
}
