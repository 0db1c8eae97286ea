//! What stands around every page of the back office.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::{self, HeaderValue};
use serde_json::json;

use super::keys::Keys;
use super::person::Person;
use super::words::Words;
use crate::account::Language;
use crate::app::{App, OFFICE_SHEET};
use crate::clock::{Time, WallTime, Zone};
use crate::entry::{Verb, permit};
use crate::error::{Error, Result};
use crate::schema::{LANDING, show_date};
use crate::store::users;

/// The frame of a page.
pub struct Shell {
    pub title: String,
    pub site_name: String,
    pub css: String,
    /// Who is signed in.
    pub who: Option<String>,
    pub menu: Vec<Link>,
    /// What was just done.
    pub notice: Option<&'static str>,
    /// What the keyboard reaches, for who is signed in.
    pub keys: Option<Keys>,
    pub t: &'static Words,
}

/// An entry of the menu.
pub struct Link {
    pub href: String,
    pub label: String,
    pub current: bool,
}

/// The modules of a form, by what they are called in `static/admin/form.js`.
const MODULES: [(&str, &str); 8] = [
    ("codemirror", "admin/vendor/codemirror/codemirror.js"),
    ("editor", "admin/editor.js"),
    ("hours", "admin/hours.js"),
    ("keep", "admin/keep.js"),
    ("pictures", "admin/pictures.js"),
    ("relations", "admin/relations.js"),
    ("rows", "admin/rows.js"),
    ("settings", "admin/settings.js"),
];

/// The script of a form: it fetches what the form has use for.
pub struct Script {
    pub src: String,
    /// The addresses of its modules and its words, as JSON.
    pub modules: String,
    pub words: String,
}

impl Script {
    pub fn of(app: &App, t: &Words) -> Script {
        let address = |name: &str| app.assets.address(name).unwrap_or_default().to_owned();
        let modules: HashMap<&str, String> =
            MODULES.into_iter().map(|(module, file)| (module, address(file))).collect();
        Script {
            src: address("admin/form.js"),
            modules: json!(modules).to_string(),
            words: t.writing.of_scripts(t).to_string(),
        }
    }
}

impl Shell {
    /// For who is not signed in, or before anybody knows.
    pub fn bare(app: &App, t: &'static Words, title: &str) -> Shell {
        Shell {
            title: title.to_owned(),
            site_name: app.site.name.clone(),
            css: app.assets.address(OFFICE_SHEET).unwrap_or_default().to_owned(),
            who: None,
            menu: Vec::new(),
            notice: None,
            keys: None,
            t,
        }
    }

    /// For somebody, at an address whose link in the menu is the current one.
    pub fn of(app: &App, person: &Person, title: &str, at: &str) -> Shell {
        let may = |verb| permit(&person.actor, verb, true).is_ok();
        let links = menu(app, person.t).into_iter().filter(|(verb, ..)| may(*verb));
        let menu: Vec<Link> =
            links.map(|(_, href, label)| Link { current: href == at, href, label }).collect();
        let keys = Keys::of(app, person.t, &menu, may(Verb::Draft), may(Verb::Read));
        Shell {
            who: Some(person.user.name.clone()),
            menu,
            keys: Some(keys),
            ..Shell::bare(app, person.t, title)
        }
    }

    /// With what was just done, by the query key `done`.
    #[must_use]
    pub fn noticing(mut self, done: Option<&str>) -> Shell {
        self.notice = done.and_then(|done| self.t.done(done));
        self
    }
}

/// Every link, and what one must be allowed to do to see it.
fn menu(app: &App, t: &Words) -> Vec<(Verb, String, String)> {
    let link = |verb, href: &str, label: &str| (verb, href.to_owned(), label.to_owned());
    let types = app.types.iter().filter(|kind| kind.name != LANDING);
    let mut menu = vec![link(Verb::Enter, "/admin", t.dashboard)];
    menu.extend(
        types.map(|kind| {
            link(Verb::Read, &format!("/admin/types/{}", kind.name), &kind.label_in(t.lang).many)
        }),
    );
    if !super::tree::bearing(app).is_empty() {
        menu.push(link(Verb::Redirect, "/admin/tree", t.finding.tree));
    }
    menu.extend([
        link(Verb::Draft, "/admin/pictures", t.writing.pictures),
        link(Verb::Read, "/admin/trash", t.trash_page),
        link(Verb::Read, "/admin/reviews", t.reviews.title),
        link(Verb::Redirect, "/admin/redirects", t.addresses.redirects),
        link(Verb::Redirect, "/admin/not-found", t.addresses.not_found),
        link(Verb::Oversee, "/admin/jobs", t.jobs),
        link(Verb::Oversee, "/admin/cache", t.machine.cache),
        link(Verb::Oversee, "/admin/log", t.log),
        link(Verb::Configure, "/admin/settings", t.settings.title),
        link(Verb::Govern, "/admin/users", t.users),
        link(Verb::Enter, "/admin/account", t.account),
    ]);
    menu
}

/// Whom the actors of revisions and of the audit log are.
pub struct People {
    names: HashMap<String, String>,
    pub t: &'static Words,
}

impl People {
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn of(app: &App, t: &'static Words) -> Result<People> {
        let all = users::all(&app.db).await?;
        let names = all.into_iter().map(|user| (user.actor().to_string(), user.name)).collect();
        Ok(People { names, t })
    }

    /// Everybody by name, the engine and the command line last: how an actor is stored, and the name.
    pub fn all(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> =
            self.names.iter().map(|(actor, name)| (actor.clone(), name.clone())).collect();
        all.sort_unstable_by(|one, other| one.1.cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
        all.extend(["operator", "engine"].map(|actor| (actor.to_owned(), self.name(actor))));
        all
    }

    pub fn name(&self, actor: &str) -> String {
        match actor {
            "engine" => self.t.the_engine.to_owned(),
            "operator" => self.t.the_operator.to_owned(),
            user => self.names.get(user).cloned().unwrap_or_else(|| self.t.somebody.to_owned()),
        }
    }
}

/// The answer that shows a page.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    let Ok(body) = template.render() else {
        return Error::internal("a page of the back office could not be drawn").into_response();
    };
    let mut response = Response::new(axum::body::Body::from(body));
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// One way on: 303, so that loading the next page again sends nothing again.
pub fn see(address: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(address) else { return Error::NotFound.into_response() };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Times as a clock on the wall of the site shows them.
pub struct Wall {
    zone: Zone,
    pub name: String,
}

impl Wall {
    pub fn of(app: &App) -> Wall {
        let name = app.site.time_zone.as_ref().map_or("UTC", |zone| zone.get_ref());
        let zone = Zone::named(name).or_else(|| Zone::named("UTC")).expect("the database has UTC");
        Wall { zone, name: name.to_owned() }
    }

    /// `2026-11-22 15:30`; in other languages as they write a day and a time: `۱ آذر ۱۴۰۵، ۱۵:۳۰`.
    pub fn show(&self, t: &Words, at: Time) -> String {
        match t.language() {
            Language::English => self.written(at, ' '),
            Language::Persian => {
                self.zone.wall_time(at).map_or_else(String::new, |WallTime { date, minute }| {
                    let clock = t.number(format!("{:02}:{:02}", minute / 60, minute % 60));
                    format!("{}{}{clock}", show_date(date, t.lang), t.comma)
                })
            }
        }
    }

    /// `2026-11-22T15:30`, as an input has it.
    pub fn input(&self, at: Time) -> String {
        self.written(at, 'T')
    }

    fn written(&self, at: Time, between: char) -> String {
        self.zone.wall_time(at).map_or_else(String::new, |WallTime { date, minute }| {
            format!("{date}{between}{:02}:{:02}", minute / 60, minute % 60)
        })
    }

    /// When a day begins, and when the next one does.
    pub fn day(&self, text: &str) -> Option<(Time, Time)> {
        let at = Time::parse(text).filter(|at| Time::of_date(at.date()) == *at)?;
        let begin = |date| self.zone.instant(date, 0);
        Some((begin(at.date())?, begin(at.date().next_day()?)?))
    }

    /// The instant that an input names.
    pub fn read(&self, text: &str) -> Option<Time> {
        let (date, time) = text.trim().split_once(['T', ' '])?;
        let date = Time::parse(date)?.date();
        let mut parts = time.split(':').map(|part| part.parse::<u16>().ok());
        let (hour, minute) = (parts.next()??, parts.next()??);
        (hour < 24 && minute < 60).then(|| self.zone.instant(date, hour * 60 + minute))?
    }
}
