//! The first page: what needs me.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;

use super::entries::Row;
use super::failure::Failure;
use super::person::Person;
use super::reviews;
use super::shell::{People, Shell, Wall, page};
use super::words::{ReviewWords, fill};
use crate::app::App;
use crate::entry::{State as Stage, Verb, permit};
use crate::error::Result;
use crate::store::{jobs, not_found, office, page_checks};
use crate::web::Web;

/// Entries of a board, and lines of what was done.
const SHOWN: i64 = 10;

/// What waits for whoever is signed in.
#[derive(Template)]
#[template(path = "admin/dashboard.html", whitespace = "minimize")]
struct DashboardPage {
    shell: Shell,
    /// What is to be decided, or what one has asked for.
    reviews: Vec<reviews::Row>,
    reviews_title: &'static str,
    r: &'static ReviewWords,
    boards: Vec<Board>,
    changes: Vec<Change>,
    /// Pages with faults; none for who has no entries.
    faulty: Option<Vec<Faulty>>,
    /// Jobs that wait for a person.
    failed: i64,
    failed_label: String,
    /// Addresses that lead nowhere, in words.
    missed: Option<String>,
}

/// Entries that wait for something.
struct Board {
    title: &'static str,
    none: &'static str,
    rows: Vec<Row>,
}

/// A page with faults.
struct Faulty {
    href: String,
    title: String,
    counts: String,
}

/// What was done.
struct Change {
    by: String,
    what: String,
    title: Option<String>,
    href: String,
    at: String,
}

pub async fn show(State(web): State<Web>, person: Person) -> Result<Response, Failure> {
    draw(&web.app, &person).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person) -> Result<Response> {
    let t = person.t;
    let people = People::of(app, t).await?;
    let boards = boards(app, person, &people).await?;
    let oversees = permit(&person.actor, Verb::Oversee, false).is_ok();
    let changes = if oversees { changes(app, &people).await? } else { Vec::new() };
    let counts = if oversees { jobs::counts(&app.db).await? } else { Vec::new() };
    let failed = counts.iter().find(|(state, _)| state == "dead").map_or(0, |(_, count)| *count);
    let redirects = permit(&person.actor, Verb::Redirect, false).is_ok();
    let missed = if redirects { not_found::waiting(&app.db).await? } else { 0 };
    let reads = permit(&person.actor, Verb::Read, true).is_ok();
    let asked = if reads { reviews::rows(app, person, None, SHOWN).await? } else { Vec::new() };
    let shown = DashboardPage {
        shell: Shell::of(app, person, t.dashboard, "/admin"),
        reviews: asked.into_iter().map(|review| reviews::Row::of(app, &people, review)).collect(),
        reviews_title: if reviews::decides(person) { t.reviews.board } else { t.reviews.board_own },
        r: t.reviews,
        boards,
        faulty: faulty(app, person).await?,
        changes,
        failed,
        failed_label: fill(t.failed_jobs, t.number(failed)),
        missed: (missed > 0).then(|| fill(t.addresses.not_found_board, t.number(missed))),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// Drafts and what is scheduled: everybody's, or one's own.
async fn boards(app: &App, person: &Person, people: &People) -> Result<Vec<Board>> {
    let t = person.t;
    if permit(&person.actor, Verb::Read, true).is_err() {
        return Ok(Vec::new());
    }
    let own = Some(person.actor.to_string()).filter(|_| !person.user.role().has_all_entries());
    let mut boards = Vec::new();
    for (state, title, none) in
        [(Stage::Draft, t.drafts, t.drafts_none), (Stage::Scheduled, t.scheduled, t.scheduled_none)]
    {
        let found = office::in_state(&app.db, state, own.as_deref(), SHOWN).await?;
        let rows = found.into_iter().map(|listed| Row::of(app, people, listed)).collect();
        boards.push(Board { title, none, rows });
    }
    Ok(boards)
}

/// Live entries on whose pages the check found something wrong: everybody's, or one's own.
async fn faulty(app: &App, person: &Person) -> Result<Option<Vec<Faulty>>> {
    if permit(&person.actor, Verb::Read, true).is_err() {
        return Ok(None);
    }
    let own = Some(person.actor.to_string()).filter(|_| !person.user.role().has_all_entries());
    let t = person.t;
    let found = page_checks::faulty(&app.db, own.as_deref(), SHOWN).await?;
    let line = |found: page_checks::Faulty| Faulty {
        href: format!("/admin/entries/{}#appearance", found.id),
        title: found.title,
        counts: fill(&fill(t.finding.mend_counts, t.number(found.errors)), t.number(found.warnings)),
    };
    Ok(Some(found.into_iter().map(line).collect()))
}

async fn changes(app: &App, people: &People) -> Result<Vec<Change>> {
    let (wall, t) = (Wall::of(app), people.t);
    let done = office::done(&app.db, None, SHOWN).await?;
    let line = |done: office::Done| Change {
        by: people.name(&done.actor),
        what: t.did(&done.action),
        href: format!("/admin/entries/{}", done.entry_id.unwrap_or_default()),
        title: done.title,
        at: wall.show(t, done.at),
    };
    Ok(done.into_iter().map(line).collect())
}
