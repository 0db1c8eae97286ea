//! Saving what somebody typed: as a draft, or for everybody to read.

use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;

use super::conflict::{Difference, differences};
use super::content::content;
use super::described::Undescribed;
use super::fields::{Drawing, Surroundings};
use super::form::{Birth, Drawn, draw, draw_new, draw_stored, type_of};
use super::steps::{self, Next};
use super::unsaved::{WAITS, of_entry, of_new};
use super::{Names, own, typed};
use crate::actions::Change;
use crate::actions::publish::{Manner, publish, publish_saved};
use crate::actions::review;
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::app::App;
use crate::entry::{Content, Verb};
use crate::error::{Error, Problem, Problems, Result};
use crate::schema::Type;
use crate::store::entries::{self, Entry};
use crate::store::unsaved as kept;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::sent::Sent;
use crate::web::admin::shell::see;
use crate::web::admin::words::Words;
use crate::web::errors::status;

/// A new entry.
pub async fn create(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    mut sent: Sent,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let kind = type_of(app, &kind)?;
        let action = format!("/admin/types/{}", kind.name);
        let locale = sent.posted.get("locale").to_owned();
        let step = steps::take(app, &person, &kind, &action, &locale, &mut sent).await?;
        let posted = sent.posted;
        let birth = Birth::of(&posted);
        if let Some(original) = birth.translation_of {
            own(app, &person, original).await?;
        }
        match step {
            None => {}
            Some(Next::Page(page)) => return Ok(page),
            Some(Next::Form(problems)) => {
                let drawn = Drawn::stepped(problems);
                return draw_new(app, &person, &kind, &birth, &posted, drawn).await;
            }
        }
        let locale = birth.locale.clone().unwrap_or_else(|| app.site.default_locale().code.clone());
        let target = Target::New { kind: kind.name.clone(), locale, translation_of: birth.translation_of };
        match save(app, &person, &kind, target, Content::default(), &posted).await {
            Ok((id, done)) => saved(app, &person, id, done).await,
            Err(error) => {
                let drawn = Drawn::refused(status(&error), problems_of(person.t, error)?);
                draw_new(app, &person, &kind, &birth, &posted, drawn).await
            }
        }
    };
    work.await.map_err(Failure)
}

/// An entry that is there.
pub async fn update(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    mut sent: Sent,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let entry = own(app, &person, id).await?;
        let kind = type_of(app, &entry.kind)?;
        let action = format!("/admin/entries/{id}");
        let step = steps::take(app, &person, &kind, &action, &entry.locale, &mut sent).await?;
        let posted = sent.posted;
        let seen = posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
        match step {
            None => {}
            Some(Next::Page(page)) => return Ok(page),
            Some(Next::Form(problems)) => {
                let drawn = Drawn { seen: Some(seen), ..Drawn::stepped(problems) };
                return draw(app, &person, entry, &posted, drawn).await;
            }
        }
        let stored = entries::draft(&app.db, id).await?.content;
        match save(app, &person, &kind, Target::Existing { id, seen }, stored, &posted).await {
            Ok((id, done)) => saved(app, &person, id, done).await,
            Err(error) => refuse(app, &person, entry, seen, &posted, error).await,
        }
    };
    work.await.map_err(Failure)
}

/// On to what is saved, with what was done; or, where it was to be published as well and could not be, its
/// form with the reason. Never an error: whoever sent the form has their text saved, and must not be asked
/// to send it again.
async fn saved(app: &App, person: &Person, id: i64, done: Result<&'static str>) -> Result<Response> {
    let to = |done: &str| see(&format!("/admin/entries/{id}?done={done}"));
    let error = match done {
        Ok(done) => return Ok(to(done)),
        Err(error) => error,
    };
    tracing::info!(id, %error, "what was saved could not be published");
    let again = async {
        let drawn = Drawn::refused(status(&error), problems_of(person.t, error)?);
        draw_stored(app, person, own(app, person, id).await?, Drawn { done: Some(UNPUBLISHED), ..drawn })
            .await
    };
    Ok(again.await.unwrap_or_else(|_| to(UNPUBLISHED)))
}

/// What was done, where saving went well and publishing did not.
const UNPUBLISHED: &str = "unpublished_yet";

/// All of it in one change, unless something may keep it from being published; the number, and what was
/// done or why what is saved could not be published.
async fn save(
    app: &App,
    person: &Person,
    kind: &Type,
    target: Target,
    stored: Content,
    posted: &Posted,
) -> Result<(i64, Result<&'static str>)> {
    let mut problems = Problems::default();
    let known = Undescribed::of(kind, &stored);
    let content = content(app, person.t, kind, stored, posted, &mut problems);
    known.refuse_more(person.t, kind, &content, &mut problems);
    let form = match &target {
        Target::New { kind, .. } => of_new(kind),
        Target::Existing { id, .. } => of_entry(*id),
    };
    let mut change = Change::begin(app, &person.actor).await?;
    let draft = Draft { target, content, reuse: false, lenient: false, tie: None };
    // What the form alone knows to be wrong is told together with what the action finds.
    let saved = match save_draft(&mut change, draft).await {
        Err(Error::Invalid(found)) => {
            problems.0.extend(found.0);
            return Err(Error::Invalid(problems));
        }
        other => problems.or(other?)?,
    };
    let id = saved.id;
    // What was kept while it was written is saved now; not what was left before.
    if !posted.has(WAITS) {
        kept::forget(&change.tx, person.user.id, &form).await?;
    }
    match posted.get("then") {
        "publish" => {}
        "review" => {
            review::ask_saved(&mut change, id).await?;
            change.commit().await?;
            return Ok((id, Ok("asked")));
        }
        _ => {
            change.commit().await?;
            return Ok((id, Ok("saved")));
        }
    }
    if app.config.stop_publishing.is_empty() {
        publish_saved(&mut change, saved, Manner::default()).await?;
        change.commit().await?;
        return Ok((id, Ok("published")));
    }
    // The page of what was saved is looked at before anybody else sees it.
    change.permit_on(Verb::Publish, id).await?;
    let (version, content) = (saved.version, saved.content);
    change.commit().await?;
    Ok((id, publish_checked(app, person, id, version, content).await))
}

/// Publishes what is saved already, unless its page has a fault that stops it; what was done.
async fn publish_checked(
    app: &App,
    person: &Person,
    id: i64,
    version: i64,
    content: Content,
) -> Result<&'static str> {
    if !app.stopping(id, content).await?.is_empty() {
        return Ok("stopped");
    }
    let publishing =
        async |change: &mut Change<'_>| publish(change, id, version, Manner::default()).await.map(|_| ());
    person.change(app, publishing).await?;
    Ok("published")
}

/// The form again, with everything that was typed and why it was not saved.
async fn refuse(
    app: &App,
    person: &Person,
    entry: Entry,
    seen: i64,
    posted: &Posted,
    error: Error,
) -> Result<Response> {
    let status = status(&error);
    let mut drawn = Drawn { seen: Some(seen), ..Drawn::refused(status, problems_of(person.t, error)?) };
    let now = entries::find(&app.db, entry.id).await?.ok_or(Error::NotFound)?;
    if status == StatusCode::CONFLICT && now.version != seen {
        // Having seen both, whoever saves again decides.
        drawn.seen = None;
        drawn.theirs = theirs(app, person, &now, posted).await?;
    }
    draw(app, person, now, posted, drawn).await
}

/// What to tell beside the form; a failure that no other try mends is none of the form's.
fn problems_of(t: &Words, error: Error) -> Result<Vec<Problem>> {
    match error {
        Error::Invalid(problems) => Ok(problems.0),
        Error::Conflict(reason) | Error::Denied(reason) => Ok(vec![Problem::new(reason)]),
        Error::Unavailable(reason) => {
            tracing::error!(reason, "an entry was not saved");
            Ok(vec![Problem::new(t.unavailable_reason)])
        }
        other => Err(other),
    }
}

/// What somebody else has saved meanwhile, beside what was typed here.
async fn theirs(app: &App, person: &Person, entry: &Entry, posted: &Posted) -> Result<Vec<Difference>> {
    let kind = type_of(app, &entry.kind)?;
    let stored = entries::draft(&app.db, entry.id).await?.content;
    let names = Names::of(app, person, &kind, &[&stored]).await?;
    let stored = typed(app, &kind, &stored, &names);
    let sections = |typed: &Posted| {
        Drawing { app, t: person.t, kind: &kind, typed, around: &Surroundings::default(), problems: &[] }
            .sections()
    };
    Ok(differences(&sections(&stored), &sections(posted)))
}
