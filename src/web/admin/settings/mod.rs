//! The settings of the site: one page a part, each value with where it comes from, and a way back to the
//! file.

mod beside;
mod form;
mod history;
mod sample;
mod sections;
mod steps;
mod values;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::entries::{Widget, has_rare, id_of};
use super::failure::Failure;
use super::guard::Framing;
use super::person::Person;
use super::sent::Sent;
use super::shell::{Script, Shell, page, see};
use super::words::{SettingsWords, Words};
use crate::actions::Change;
use crate::actions::save_settings::save_settings;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::web::Web;
use crate::web::errors::status;
use beside::Beside;
use form::{Form, Origin, Shown, value_now};
use sections::Section;

pub use history::{list as history, take_back};
pub use sample::{contrasts, dressed, style, style_address, wrong};

/// Where they begin.
pub const AT: &str = "/admin/settings";

/// A part.
#[derive(Template)]
#[template(path = "admin/settings.html", whitespace = "minimize")]
struct SettingsPage {
    shell: Shell,
    s: &'static SettingsWords,
    script: Script,
    section: &'static str,
    label: &'static str,
    reason: &'static str,
    action: String,
    sections: Vec<(&'static str, &'static str)>,
    version: i64,
    settings: Vec<Shown>,
    problems: Vec<Linked>,
    /// What somebody else saved meanwhile: label, theirs, what is typed here.
    theirs: Vec<(String, String, String)>,
    /// Whether the form came back with what is not saved.
    is_unsaved: bool,
    beside: Beside,
}

/// A problem, and the field where it is.
struct Linked {
    id: Option<String>,
    text: String,
}

#[derive(Deserialize, Default)]
pub struct Asked {
    done: Option<String>,
    /// Compare the rules for crawlers with the pages.
    #[serde(default)]
    compare: bool,
}

/// What is drawn besides the form as it is stored.
#[derive(Default)]
struct Around {
    done: Option<String>,
    compare: bool,
    problems: Vec<Problem>,
    theirs: Vec<(String, String, String)>,
    is_unsaved: bool,
}

pub async fn first(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    show_part(&web.app, &person, Section::Site, asked).await
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Path(section): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let section = Section::of(&section).ok_or(Failure(Error::NotFound))?;
    show_part(&web.app, &person, section, asked).await
}

async fn show_part(app: &App, person: &Person, section: Section, asked: Asked) -> Result<Response, Failure> {
    let around = Around { done: asked.done, compare: asked.compare, ..Around::default() };
    let form = Form::stored(app, person.t, section);
    let drawn = draw(person, StatusCode::OK, section, &form, around).await;
    drawn.map_err(Failure)
}

pub async fn save(
    State(web): State<Web>,
    person: Person,
    Path(section): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let section = Section::of(&section).ok_or(Error::NotFound)?;
        answer(app, &person, section, sent).await
    };
    work.await.map_err(Failure)
}

async fn answer(app: &App, person: &Person, section: Section, mut sent: Sent) -> Result<Response> {
    let seen = sent.posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
    let action = format!("{AT}/{}", section.name());
    match steps::take(app, person, section, &action, &mut sent).await? {
        Some(steps::Next::Page(page)) => return Ok(page),
        Some(steps::Next::Form(problems)) => {
            let form = Form::typed(app, person.t, section, sent.posted);
            let around = Around { problems, is_unsaved: true, ..Around::default() };
            return draw(person, StatusCode::OK, section, &form, around).await;
        }
        None => {}
    }
    let form = Form::typed(app, person.t, section, sent.posted);
    let save = async {
        let mut change = Change::begin(app, &person.actor).await?;
        save_settings(&mut change, seen, form.wish()).await?;
        change.commit().await
    };
    let error = match save.await {
        Ok(()) => return Ok(see(&format!("{action}?done=saved"))),
        Err(error) => error,
    };
    let code = status(&error);
    match error {
        Error::Invalid(problems) => {
            let around = Around { problems: problems.0, is_unsaved: true, ..Around::default() };
            draw(person, code, section, &form, around).await
        }
        Error::Conflict(_) => {
            // Somebody else's save may be one that this process has not heard of yet.
            app.catch_up().await?;
            let now = app.current();
            let form = Form::typed(&now, person.t, section, form.typed);
            let around = Around { theirs: theirs(&form), is_unsaved: true, ..Around::default() };
            draw(person, code, section, &form, around).await
        }
        other => Err(other),
    }
}

/// Where what is stored now is something else than what is typed.
fn theirs(form: &Form<'_>) -> Vec<(String, String, String)> {
    let differing = form.settings.iter().filter_map(|setting| {
        let now = value_now(form.app, &setting.key);
        let (typed, _) = values::value(form.app, form.t.lang, setting, &form.typed);
        let fields = |value| values::fields(form.app, form.t.lang, setting, value);
        let said = |value| Some(values::text(value)).filter(|text| !text.is_empty());
        let or_nothing = |text: Option<String>| text.unwrap_or_else(|| form.t.settings.nothing.to_owned());
        (fields(&now) != fields(&typed))
            .then(|| (setting.label.clone(), or_nothing(said(&now)), or_nothing(said(&typed))))
    });
    differing.collect()
}

async fn draw(
    person: &Person,
    code: StatusCode,
    section: Section,
    form: &Form<'_>,
    around: Around,
) -> Result<Response> {
    let (app, t, s) = (form.app, form.t, form.t.settings);
    let settings = form.shown(&around.problems).await?;
    let mut shell = Shell::of(app, person, s.title, AT);
    shell.notice = around.done.as_deref().map(|done| if done == "back" { s.done_back } else { s.done });
    let shown = SettingsPage {
        shell,
        s,
        script: Script::of(app, t),
        section: section.name(),
        label: section.label(t),
        reason: section.reason(t),
        action: format!("{AT}/{}", section.name()),
        sections: Section::ALL.iter().map(|section| (section.name(), section.label(t))).collect(),
        version: app.set.version,
        problems: around.problems.iter().map(|problem| linked(t, &settings, problem)).collect(),
        beside: Beside::of(section, form, around.compare).await?,
        theirs: around.theirs,
        is_unsaved: around.is_unsaved,
        settings,
    };
    let mut response = page(code, &shown);
    if section == Section::Look {
        response.extensions_mut().insert(Framing::Holds);
    }
    Ok(response)
}

fn linked(t: &Words, settings: &[Shown], problem: &Problem) -> Linked {
    let own = settings.iter().find(|shown| crate::app::is_about(problem, &shown.key));
    let Some(shown) = own else { return Linked { id: None, text: t.sentence(&problem.reason) } };
    let wrong = shown.fields.iter().find(|field| !field.errors.is_empty()).or(shown.fields.first());
    Linked {
        id: wrong.map(|field| id_of(&field.name)),
        text: t.sentence_of(&format!("{}:", shown.label), &problem.reason),
    }
}
