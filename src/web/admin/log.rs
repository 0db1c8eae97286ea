//! Who did what, the latest first: narrowed, turned page by page, written out, and whether it is whole.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;
use url::form_urlencoded;

use super::failure::Failure;
use super::person::Person;
use super::shell::{People, Shell, Wall, page, see};
use super::words::{Words, fill};
use crate::actions::audit::{self as chain, Verdict};
use crate::app::App;
use crate::error::{Error, Problem, Problems, Result};
use crate::store::audit::{self, Wanted};
use crate::web::Web;

/// Lines of one page.
const PAGE: i64 = 100;

/// The audit log.
#[derive(Template)]
#[template(path = "admin/log.html", whitespace = "minimize")]
struct LogPage {
    shell: Shell,
    asked: Asked,
    people: Vec<Choice>,
    actions: Vec<Choice>,
    problems: Vec<String>,
    rows: Vec<Row>,
    is_narrowed: bool,
    newest: String,
    next: Option<String>,
    /// What is asked for, as a query.
    keys: String,
    chain: Chain,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Row {
    at: String,
    by: String,
    what: String,
    href: String,
    title: Option<String>,
    detail: String,
}

/// How it stands with the chain.
struct Chain {
    said: String,
    is_broken: bool,
    head: Option<String>,
}

/// What is asked for, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub person: String,
    pub what: String,
    pub entry: String,
    pub from: String,
    pub to: String,
    before: Option<i64>,
    done: Option<String>,
}

impl Asked {
    /// What it asks of the log.
    ///
    /// # Errors
    /// Every field that can't be read.
    pub fn wanted(&self, wall: &Wall) -> Result<Wanted, Problems> {
        let mut problems = Problems::default();
        let mut wrong = |field: &str, reason: &str| problems.push(Problem::new(reason).field(field));
        let entry = match self.entry.trim().trim_start_matches('#') {
            "" => None,
            number => number.parse().map(Some).unwrap_or_else(|_| {
                wrong("entry", "is a number, such as 42");
                None
            }),
        };
        let mut day = |field: &str, text: &str| match text.trim() {
            "" => None,
            text => wall.day(text).or_else(|| {
                wrong(field, "is a day, such as 2026-03-01");
                None
            }),
        };
        let from = day("from", &self.from).map(|(begin, _)| begin);
        let to = day("to", &self.to).map(|(_, end)| end);
        let (actor, action) = (self.person.clone(), self.what.clone());
        if problems.is_empty() { Ok(Wanted { actor, action, entry, from, to }) } else { Err(problems) }
    }

    /// As a query, without the page.
    fn keys(&self) -> String {
        let all = [
            ("person", &self.person),
            ("what", &self.what),
            ("entry", &self.entry),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = all.into_iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, asked).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, asked: Asked) -> Result<Response> {
    let t = person.t;
    let (people, wall) = (People::of(app, t).await?, Wall::of(app));
    let (wanted, problems) = match asked.wanted(&wall) {
        Ok(wanted) => (wanted, Problems::default()),
        Err(problems) => (Wanted::default(), problems),
    };
    let mut found = if problems.is_empty() {
        audit::find(&app.db, &wanted, asked.before.unwrap_or(i64::MAX), PAGE + 1).await?
    } else {
        Vec::new()
    };
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let keys = asked.keys();
    let next = found.last().filter(|_| more).map(|last| format!("/admin/log?{keys}&before={}", last.id));
    let rows = found.into_iter().map(|line| Row {
        at: wall.show(t, line.at),
        by: people.name(&line.actor),
        what: t.did(&line.action),
        href: format!("/admin/entries/{}", line.entry_id.unwrap_or_default()),
        title: line.title,
        detail: Some(line.detail).filter(|detail| detail != "{}").unwrap_or_default(),
    });
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = LogPage {
        shell: Shell::of(app, person, t.log, "/admin/log").noticing(asked.done.as_deref()),
        people: choices(t, people.all(), &asked.person),
        actions: choices(t, deeds(t), &asked.what),
        problems: problems.0.iter().map(|problem| message(t, problem)).collect(),
        rows: rows.collect(),
        is_narrowed: !keys.is_empty(),
        newest: if asked.before.is_some() { format!("/admin/log?{keys}") } else { String::new() },
        next,
        chain: Chain::of(app, t, &wall).await?,
        keys,
        asked,
    };
    Ok(page(status, &shown))
}

/// Every action with its words.
fn deeds(t: &Words) -> Vec<(String, String)> {
    let known = t.deeds.known.iter();
    known.map(|(action, words)| ((*action).to_owned(), (*words).to_owned())).collect()
}

/// Options of a form, everything first; what was asked for stays, even if nobody knows it.
fn choices(t: &Words, known: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    let is_known = chosen.is_empty() || known.iter().any(|(value, _)| value == chosen);
    let stranger = Some((chosen.to_owned(), chosen.to_owned())).filter(|_| !is_known);
    let all = [(String::new(), t.log_all.to_owned())].into_iter().chain(known).chain(stranger);
    all.map(|(value, label)| Choice { chosen: value == chosen, value, label }).collect()
}

fn message(t: &Words, problem: &Problem) -> String {
    let label = match problem.field.as_deref() {
        Some("entry") => t.log_entry,
        Some("from") => t.log_from,
        _ => t.log_to,
    };
    t.sentence_of(label, &problem.reason)
}

impl Chain {
    async fn of(app: &App, t: &Words, wall: &Wall) -> Result<Chain> {
        let head = chain::head(app).await?.map(|head| head.to_string());
        let (said, is_broken) = match chain::last_check(app).await? {
            None => (t.chain_unchecked.to_owned(), false),
            Some(Verdict { at, lines, fault: None, .. }) => {
                (fill(&fill(t.chain_whole, wall.show(t, at)), t.number(lines)), false)
            }
            Some(Verdict { at, fault: Some(fault), .. }) => {
                (fill(&fill(t.chain_broken, wall.show(t, at)), fault), true)
            }
        };
        Ok(Chain { said, is_broken, head })
    }
}

/// Has the chain followed: by a job, for it is as long as the site is old.
pub async fn check(State(web): State<Web>, _: Person) -> Result<Response, Failure> {
    match chain::ask(&web.app).await {
        Ok(()) => Ok(see("/admin/log?done=checked")),
        Err(error) => Err(Failure(error)),
    }
}

/// Reads what is asked for, where there is no form to show again.
///
/// # Errors
/// `Invalid` with every field that can't be read.
pub fn wanted(app: &App, asked: &Asked) -> Result<Wanted> {
    asked.wanted(&Wall::of(app)).map_err(Error::Invalid)
}
