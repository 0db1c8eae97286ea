//! The review of an entry: what was said, and what can be said and decided, below its form.

use axum::extract::{Path, State};
use axum::response::Response;

use super::form::{Drawn, draw_stored};
use super::life::is_stopped;
use super::own;
use crate::actions::Change;
use crate::actions::review::{self as reviewing, Then};
use crate::app::App;
use crate::entry::{ReviewState, State as Stage, Verb, permit};
use crate::error::{Error, Problem, Result};
use crate::store::entries::{self, Entry};
use crate::store::reviews;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{People, Wall, see};
use crate::web::admin::words::{ReviewWords, fill};
use crate::web::errors::status;

/// What was said last; more is not shown.
const SHOWN: usize = 100;

/// What the page of an entry shows of its review.
pub struct Panel {
    pub r: &'static ReviewWords,
    pub state: Option<ReviewState>,
    pub state_label: &'static str,
    /// Who asked, and when.
    pub asked: Option<String>,
    pub saved_since: bool,
    pub notes: Vec<Said>,
    pub more: Option<String>,
    /// What may be done now.
    pub may_ask: bool,
    pub may_withdraw: bool,
    pub may_decide: bool,
    pub may_publish: bool,
    pub at_help: String,
    /// What was typed before it was refused.
    pub typed: Posted,
}

pub struct Said {
    pub by: String,
    pub what: &'static str,
    pub at: String,
    pub text: String,
}

impl Panel {
    pub async fn of(app: &App, person: &Person, entry: &Entry, typed: Posted) -> Result<Panel> {
        let t = person.t;
        let (wall, people) = (Wall::of(app), People::of(app, t).await?);
        let draft = entries::draft(&app.db, entry.id).await?;
        let review = reviews::find(&app.db, entry.id).await?;
        // What was approved is no more what is there.
        let outdated = |state, revision| state == ReviewState::Approved && revision != draft.id;
        let review = review.filter(|review| !outdated(review.state(), review.revision));
        let state = review.as_ref().map(reviews::Review::state);
        let mut notes = reviews::notes(&app.db, entry.id, SHOWN as i64 + 1).await?;
        let more = notes.len() > SHOWN;
        notes.truncate(SHOWN);
        let may = |verb| permit(&person.actor, verb, true).is_ok();
        let is_waiting = state == Some(ReviewState::Waiting);
        let is_away = matches!(entry.state(), Stage::Trashed | Stage::Archived);
        let is_new = !entry.is_live() || entry.live_revision != Some(draft.id);
        Ok(Panel {
            r: t.reviews,
            asked: review.as_ref().filter(|_| is_waiting).map(|review| {
                fill(&fill(t.reviews.asked_by, people.name(&review.asked_by)), wall.show(t, review.asked_at))
            }),
            saved_since: is_waiting && review.is_some_and(|review| review.revision != draft.id),
            notes: notes
                .into_iter()
                .map(|note| Said {
                    by: people.name(&note.actor),
                    what: t.reviews.note(&note.kind),
                    at: wall.show(t, note.at),
                    text: note.text,
                })
                .collect(),
            more: more.then(|| fill(t.reviews.said_more, t.number(SHOWN))),
            may_ask: may(Verb::Draft) && !is_waiting && !is_away && is_new,
            may_withdraw: may(Verb::Draft) && is_waiting,
            may_decide: may(Verb::Review) && is_waiting,
            may_publish: may(Verb::Publish),
            at_help: fill(t.reviews.approve_at_help, &wall.name),
            state_label: state.map_or("", |state| t.reviews.state(state)),
            state,
            typed,
        })
    }
}

pub async fn ask(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, id, posted, async |change, posted| {
        reviewing::ask(change, id, posted.get("comment")).await?;
        Ok("asked")
    })
    .await
}

pub async fn withdraw(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, id, posted, async |change, _| {
        reviewing::withdraw(change, id).await?;
        Ok("withdrawn")
    })
    .await
}

pub async fn comment(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, id, posted, async |change, posted| {
        reviewing::comment(change, id, posted.get("comment")).await?;
        Ok("commented")
    })
    .await
}

pub async fn approve(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let wall = Wall::of(&web.app);
    let is_to_appear = matches!(posted.get("then"), "publish" | "schedule");
    if is_to_appear && is_stopped(&web.app, &person, id).await? {
        return Ok(see(&format!("/admin/entries/{id}?done=stopped")));
    }
    act(&web.app, &person, id, posted, async |change, posted| {
        let seen = posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
        let (then, done) = match posted.get("then") {
            "publish" => (Then::Publish, "approved_published"),
            "schedule" => {
                let typed = posted.get("approve_at");
                let at =
                    wall.read(typed).ok_or_else(|| Error::field("publish_at", "choose a day and a time"))?;
                (Then::PublishAt(at), "approved_scheduled")
            }
            _ => (Then::Wait, "approved"),
        };
        reviewing::approve(change, id, seen, posted.get("comment"), then).await?;
        Ok(done)
    })
    .await
}

pub async fn give_back(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    act(&web.app, &person, id, posted, async |change, posted| {
        reviewing::give_back(change, id, posted.get("comment")).await?;
        Ok("returned")
    })
    .await
}

/// Does something in a review and shows the entry again; where it can't be done, with the reason and with
/// what was typed.
async fn act(
    app: &App,
    person: &Person,
    id: i64,
    posted: Posted,
    work: impl AsyncFnOnce(&mut Change<'_>, &Posted) -> Result<&'static str>,
) -> Result<Response, Failure> {
    let acted = async {
        own(app, person, id).await?;
        let mut change = Change::begin(app, &person.actor).await?;
        let done = work(&mut change, &posted).await?;
        change.commit().await?;
        Ok(done)
    };
    let error = match acted.await {
        Ok(done) => return Ok(see(&format!("/admin/entries/{id}?done={done}"))),
        Err(error @ (Error::Conflict(_) | Error::Invalid(_) | Error::Denied(_))) => error,
        Err(error) => return Err(Failure(error)),
    };
    let status = status(&error);
    let problems = match error {
        Error::Invalid(problems) => problems.0,
        other => vec![Problem::new(other.to_string())],
    };
    let again = async {
        let entry = own(app, person, id).await?;
        let drawn = Drawn { reviewing: posted, ..Drawn::refused(status, problems) };
        draw_stored(app, person, entry, drawn).await
    };
    again.await.map_err(Failure)
}
