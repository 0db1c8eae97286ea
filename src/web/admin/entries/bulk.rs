//! The same for many entries: those that were ticked, or all of a list. A run is a page with an address,
//! which says what became of each.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::Value as Json;

use super::content::value;
use super::fields::{Drawing, FieldView, Surroundings, Widget, has_rare};
use super::form::type_of;
use super::narrowing::Narrowing;

use super::id_list;
use crate::actions::Change;
use crate::actions::bulk::{self as running, Deed, Which};
use crate::app::App;
use crate::entry::{Verb, permit};
use crate::error::{Error, Problem, Result};
use crate::schema::{Field, Kind, Type, read_value};
use crate::store::bulk::{self, Run};
use crate::store::office_lists::Order;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Shell, page, see};
use crate::web::admin::words::{Words, fill};

/// Lines of a report on one page.
const REPORTED: i64 = 200;

/// What can be done with what is ticked: value and label.
pub struct Choices {
    pub deeds: Vec<(String, String)>,
}

/// What this person may do with many entries of a type at once.
pub fn choices(kind: &Type, person: &Person) -> Choices {
    let t = person.t;
    let may = |verb| permit(&person.actor, verb, true).is_ok();
    let plain = [
        (Verb::Publish, "publish", t.finding.bulk_publish),
        (Verb::Unpublish, "unpublish", t.finding.bulk_unpublish),
        (Verb::Trash, "trash", t.finding.bulk_trash),
        (Verb::Restore, "restore", t.finding.bulk_restore),
    ];
    let allowed = plain.into_iter().filter(|(verb, ..)| may(*verb));
    let mut deeds: Vec<(String, String)> =
        allowed.map(|(_, value, label)| (value.to_owned(), label.to_owned())).collect();
    for field in settable(kind) {
        deeds.push((format!("set.{}", field.name), fill(t.finding.bulk_set, field.label_in(t.lang))));
    }
    for field in kind.fields.iter().filter(|field| field.kind == Kind::Relation && field.many) {
        deeds.push((format!("add.{}", field.name), fill(t.finding.bulk_add, field.label_in(t.lang))));
    }
    Choices { deeds }
}

/// Fields that have one plain control.
fn settable(kind: &Type) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|field| {
        matches!(field.kind, Kind::Choice | Kind::Boolean | Kind::Line | Kind::Number | Kind::Date)
            || (field.kind == Kind::Relation && !field.many)
    })
}

/// Asks once more before it is done to a whole list, and for the value of a field.
#[derive(Template)]
#[template(path = "admin/bulk_confirm.html", whitespace = "minimize")]
struct ConfirmPage {
    shell: Shell,
    action: String,
    back: String,
    hidden: Vec<(String, String)>,
    counted: String,
    field: Option<FieldView>,
    problems: Vec<String>,
}

/// What was chosen: the value of `do`, read.
enum Chosen<'a> {
    Deed(Deed),
    Field { field: &'a Field, adds: bool },
}

fn chosen<'a>(kind: &'a Type, person: &Person, value: &str) -> Result<Chosen<'a>> {
    let unknown = || Error::field("do", "choose what is to be done");
    if !choices(kind, person).deeds.iter().any(|(known, _)| known == value) {
        return Err(unknown());
    }
    Ok(match value {
        "publish" => Chosen::Deed(Deed::Publish),
        "unpublish" => Chosen::Deed(Deed::Unpublish),
        "trash" => Chosen::Deed(Deed::Trash),
        "restore" => Chosen::Deed(Deed::Restore),
        other => {
            let (verb, name) = other.split_once('.').ok_or_else(unknown)?;
            Chosen::Field { field: kind.field(name).ok_or_else(unknown)?, adds: verb == "add" }
        }
    })
}

pub async fn start(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    posted: Posted,
) -> Result<Response, Failure> {
    begin(&web.app, &person, &kind, &posted).await.map_err(Failure)
}

async fn begin(app: &App, person: &Person, kind: &str, posted: &Posted) -> Result<Response> {
    let kind = type_of(app, kind)?;
    let which = match posted.has("all") {
        true => all_of(app, person, &kind, posted.get("query")).await?,
        false => Which::Ticked(id_list(posted, "entry")),
    };
    if which == Which::Ticked(Vec::new()) {
        return Err(Error::field("entry", "tick at least one entry, or all that match"));
    }
    let is_sure = posted.has("sure");
    let deed = match chosen(&kind, person, posted.get("do"))? {
        Chosen::Deed(deed) => deed,
        Chosen::Field { field, adds } if is_sure => match filled(person.t, field, adds, posted) {
            Ok(deed) => deed,
            Err(problem) => {
                let asking = Asking { kind: &kind, which: &which, field: Some(field) };
                return confirm(app, person, asking, posted, vec![problem]).await;
            }
        },
        Chosen::Field { field, .. } => {
            let asking = Asking { kind: &kind, which: &which, field: Some(field) };
            return confirm(app, person, asking, posted, Vec::new()).await;
        }
    };
    if matches!(which, Which::All(..)) && !is_sure {
        let asking = Asking { kind: &kind, which: &which, field: None };
        return confirm(app, person, asking, posted, Vec::new()).await;
    }
    let at_once = matches!(which, Which::Ticked(_));
    let change = Change::begin(app, &person.actor).await?;
    let run = running::begin(&change, &kind.name, &deed, which).await?;
    change.commit().await?;
    // What fits on a page is done before the report is shown; a job does a whole list.
    while at_once && !running::step(app, run).await? {}
    Ok(see(&format!("/admin/bulk/{run}")))
}

/// All of a list, which has to be the one that was seen: nothing of what narrows it is left out.
async fn all_of(app: &App, person: &Person, kind: &Type, query: &str) -> Result<Which> {
    let t = person.t;
    let narrowing = Narrowing::read(t, kind, query);
    if let Some((field, reason)) = narrowing.wrong.first() {
        return Err(Error::field(field, reason.clone()));
    }
    if narrowing.has_odd_state() {
        return Err(Error::field("state", "is none that there is"));
    }
    if matches!(narrowing.order(), Order::Number(_)) {
        return Err(Error::field("sort", t.finding.bulk_ordered));
    }
    let matching = narrowing.matching(kind);
    let count = running::count(app, &person.actor, &matching).await?;
    Ok(Which::All(matching, count))
}

/// The value that was typed for a field.
fn filled(t: &Words, field: &Field, adds: bool, posted: &Posted) -> Result<Deed, Problem> {
    let raw = value(field, posted);
    // Several at once are added one after the other by adding again.
    let raw = match raw {
        Json::Array(mut list) if adds && list.len() == 1 => list.remove(0),
        Json::Array(_) | Json::Null if adds => {
            return Err(Problem::new(t.finding.bulk_one).field(&field.name));
        }
        other => other,
    };
    if adds || field.kind == Kind::Relation {
        if !raw.is_null() && raw.as_i64().is_none() {
            let reason = fill(t.finding.filter_number, raw.as_str().unwrap_or_default());
            return Err(Problem::new(reason).field(&field.name));
        }
    } else {
        read_value(field, &raw)?;
    }
    let field = field.name.clone();
    Ok(if adds { Deed::Add { field, value: raw } } else { Deed::Set { field, value: raw } })
}

/// What is asked about.
struct Asking<'a> {
    kind: &'a Type,
    which: &'a Which,
    field: Option<&'a Field>,
}

async fn confirm(
    app: &App,
    person: &Person,
    asking: Asking<'_>,
    posted: &Posted,
    problems: Vec<Problem>,
) -> Result<Response> {
    let (Asking { kind, which, field }, t) = (asking, person.t);
    let count = match which {
        Which::All(_, count) => *count,
        Which::Ticked(ticked) => ticked.len() as i64,
    };
    let around = Surroundings::of(app, person, kind, posted).await?;
    let drawing = Drawing { app, t, kind, typed: posted, around: &around, problems: &problems };
    let list = format!("/admin/types/{}", kind.name);
    let kept = |(name, _): &&(String, String)| matches!(name.as_str(), "do" | "all" | "query" | "entry");
    let label = choices(kind, person).deeds.into_iter().find(|(value, _)| value == posted.get("do"));
    let shown = ConfirmPage {
        shell: Shell::of(app, person, &label.map(|(_, label)| label).unwrap_or_default(), &list),
        action: format!("{list}/bulk"),
        back: format!("{list}?{}", posted.get("query")),
        hidden: posted.0.iter().filter(kept).cloned().collect(),
        counted: fill(t.finding.bulk_count, t.number(count)),
        field: field.map(|field| drawing.own(field)),
        problems: problems.iter().map(|problem| t.sentence(&problem.reason)).collect(),
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &shown))
}

/// How far a run is, and what became of each entry.
#[derive(Template)]
#[template(path = "admin/bulk.html", whitespace = "minimize")]
struct RunPage {
    shell: Shell,
    id: i64,
    list: String,
    progress: String,
    total: i64,
    worked: i64,
    is_ended: bool,
    /// It can be taken back as a whole.
    undo: bool,
    lines: Vec<Line>,
    next: Option<String>,
}

struct Line {
    href: String,
    title: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
pub struct After {
    done: Option<i64>,
    entry: Option<i64>,
}

pub async fn run(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    report(&web.app, &person, id, &after).await.map_err(Failure)
}

/// A run of this person's own.
async fn own_run(app: &App, person: &Person, id: i64) -> Result<Run> {
    bulk::find(&app.db, id).await?.filter(|run| run.user_id == person.user.id).ok_or(Error::NotFound)
}

async fn report(app: &App, person: &Person, id: i64, after: &After) -> Result<Response> {
    let run = own_run(app, person, id).await?;
    let (kind, t) = (type_of(app, &run.kind)?, person.t);
    let deed: Deed = serde_json::from_str(&run.deed).map_err(Error::internal)?;
    let (done, failed) = bulk::progress(&app.db, id).await?;
    let from = after.done.zip(after.entry);
    let mut became = bulk::report(&app.db, id, from, REPORTED + 1).await?;
    let more = became.len() as i64 > REPORTED;
    became.truncate(REPORTED as usize);
    let next = became
        .last()
        .filter(|_| more)
        .map(|last| format!("/admin/bulk/{id}?done={}&entry={}", last.done, last.entry_id));
    let list = format!("/admin/types/{}", kind.name);
    let line = |became: bulk::Became| Line {
        href: format!("/admin/entries/{}", became.entry_id),
        title: became.title,
        reason: became.reason.map(|reason| t.sentence(&reason)),
    };
    let shown = RunPage {
        shell: Shell::of(app, person, &said(t, &kind, &deed), &list),
        id,
        list,
        progress: [done, run.total, failed]
            .into_iter()
            .fold(t.finding.bulk_progress.to_owned(), |said, count| fill(&said, t.number(count))),
        total: run.total,
        worked: done + failed,
        is_ended: run.ended_at.is_some(),
        undo: deed == Deed::Trash && done > 0 && run.ended_at.is_some(),
        lines: became.into_iter().map(line).collect(),
        next,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn said(t: &Words, kind: &Type, deed: &Deed) -> String {
    let label = |field: &str| kind.field(field).map_or(field, |field| field.label_in(t.lang)).to_owned();
    match deed {
        Deed::Publish => t.finding.bulk_publish.to_owned(),
        Deed::Unpublish => t.finding.bulk_unpublish.to_owned(),
        Deed::Trash => t.finding.bulk_trash.to_owned(),
        Deed::Restore => t.finding.bulk_restore.to_owned(),
        Deed::Set { field, .. } => fill(t.finding.bulk_set, label(field)),
        Deed::Add { field, .. } => fill(t.finding.bulk_add, label(field)),
    }
}

/// Takes everything out of the trash that a run has put there.
pub async fn undo(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let run = own_run(app, &person, id).await?;
        let deed: Deed = serde_json::from_str(&run.deed).map_err(Error::internal)?;
        if deed != Deed::Trash {
            return Err(Error::Conflict("only what was moved to the trash is taken back".into()));
        }
        let change = Change::begin(app, &person.actor).await?;
        let back = running::take_back(&change, &run).await?;
        change.commit().await?;
        if run.total <= REPORTED {
            while !running::step(app, back).await? {}
        }
        Ok(see(&format!("/admin/bulk/{back}")))
    };
    work.await.map_err(Failure)
}
