//! Links that show the draft to somebody without an account.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;

use super::form::{Drawn, draw_stored};
use super::own;
use crate::actions::Change;
use crate::actions::preview_links::{self as sharing, DAYS};
use crate::app::App;
use crate::entry::{State as Stage, Verb, permit};
use crate::error::{Error, Problem, Result};
use crate::store::entries::Entry;
use crate::store::preview_links;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{People, Shell, Wall, page, see};
use crate::web::admin::words::{ReviewWords, fill};
use crate::web::errors::status;

/// What the page of an entry shows of its links.
pub struct Shared {
    pub r: &'static ReviewWords,
    pub links: Vec<Link>,
    pub may_share: bool,
    pub days: Vec<(i64, String)>,
}

pub struct Link {
    pub id: i64,
    pub said: String,
}

/// A link, shown once.
#[derive(Template)]
#[template(path = "admin/shared.html", whitespace = "minimize")]
struct SharedPage {
    shell: Shell,
    r: &'static ReviewWords,
    link: String,
    reason: String,
    back: String,
}

impl Shared {
    pub async fn of(app: &App, person: &Person, entry: &Entry) -> Result<Shared> {
        let t = person.t;
        let (wall, people) = (Wall::of(app), People::of(app, t).await?);
        let links = preview_links::of_entry(&app.db, entry.id, app.clock.now()).await?;
        let said = |link: &preview_links::PreviewLink| {
            fill(&fill(t.reviews.link_of, people.name(&link.actor)), wall.show(t, link.expires_at))
        };
        let may = permit(&person.actor, Verb::Draft, true).is_ok();
        Ok(Shared {
            r: t.reviews,
            links: links.iter().map(|link| Link { id: link.id, said: said(link) }).collect(),
            may_share: may && entry.state() != Stage::Trashed,
            days: DAYS.map(|days| (days, t.days(days))).into(),
        })
    }
}

pub async fn share(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let days = posted.number("days").unwrap_or_default();
    let work = async {
        let entry = own(app, &person, id).await?;
        let mut change = Change::begin(app, &person.actor).await?;
        let secret = sharing::share(&mut change, id, days).await?;
        change.commit().await?;
        Ok((entry, secret))
    };
    let (entry, secret) = match work.await {
        Ok(made) => made,
        Err(error) => return refuse(app, &person, id, error).await,
    };
    let t = person.t;
    let shown = SharedPage {
        shell: Shell::of(app, &person, t.reviews.link_title, &format!("/admin/types/{}", entry.kind)),
        r: t.reviews,
        link: sharing::url(app, &secret),
        reason: fill(&fill(t.reviews.link_reason, entry.title), t.days(days)),
        back: format!("/admin/entries/{id}"),
    };
    Ok(page(StatusCode::OK, &shown))
}

/// The entry again, with the reason why there is no link.
async fn refuse(app: &App, person: &Person, id: i64, error: Error) -> Result<Response, Failure> {
    let code = status(&error);
    let problems = match error {
        Error::Invalid(problems) => problems.0,
        Error::Conflict(reason) | Error::Denied(reason) => vec![Problem::new(reason)],
        other => return Err(Failure(other)),
    };
    let again = async {
        let entry = own(app, person, id).await?;
        draw_stored(app, person, entry, Drawn::refused(code, problems)).await
    };
    again.await.map_err(Failure)
}

pub async fn take_back(
    State(web): State<Web>,
    person: Person,
    Path((id, link)): Path<(i64, i64)>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        own(app, &person, id).await?;
        person.change(app, async |change| sharing::take_back(change, id, link).await).await
    };
    work.await.map_err(Failure)?;
    Ok(see(&format!("/admin/entries/{id}?done=unshared")))
}
