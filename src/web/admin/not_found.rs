//! Addresses that lead nowhere, and what is to become of each.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;
use url::form_urlencoded;

use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::shell::{Shell, Wall, page, see};
use super::words::{AddressWords, Words, fill};
use crate::actions::not_found::{Settlement, settle};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::not_found::{self as stored, Missed, Wanted};
use crate::store::search::{self, Meant};
use crate::text::{Path as SitePath, search::guess};
use crate::web::Web;
use crate::web::errors::status;

/// Where the list stands.
const AT: &str = "/admin/not-found";

/// Addresses of one page; for each, the search is asked what was meant.
const PAGE: usize = 20;

/// The list.
#[derive(Template)]
#[template(path = "admin/not_found.html", whitespace = "minimize")]
struct NotFoundPage {
    shell: Shell,
    a: &'static AddressWords,
    words: String,
    ignored: bool,
    rows: Vec<Row>,
    is_later: bool,
    next: Option<String>,
    /// Visits that could not be told apart, in words.
    untold: Option<String>,
}

/// An address with the best match.
struct Row {
    id: i64,
    path: String,
    visits: String,
    first: String,
    last: String,
    referrer: Option<Referrer>,
    /// What stands in the field: what was typed, else the address of the best match.
    to: String,
    meant: Option<String>,
    problems: Vec<String>,
}

/// Where the last visitor came from: a page of this site can be opened, to mend its link.
struct Referrer {
    label: String,
    href: Option<String>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    show: String,
    /// Visits and number of the last one of the page before.
    after: Option<String>,
    done: Option<String>,
}

/// A form that was refused, to be drawn again.
struct Refused {
    id: i64,
    to: String,
    problems: Vec<String>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let drawn = draw(&web.app, &person, asked, None, StatusCode::OK).await;
    drawn.map_err(Failure)
}

async fn draw(
    app: &App,
    person: &Person,
    asked: Asked,
    refused: Option<Refused>,
    code: StatusCode,
) -> Result<Response> {
    let t = person.t;
    let ignored = asked.show == "ignored";
    let after = asked.after.as_deref().and_then(|after| {
        let (visits, id) = after.split_once('-')?;
        Some((visits.parse().ok()?, id.parse().ok()?))
    });
    let wanted = Wanted { ignored, words: &asked.q, after, limit: PAGE as i64 + 1 };
    let mut found = stored::list(&app.db, wanted).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &asked.q).append_pair("show", &asked.show);
        format!("{AT}?{}", query.append_pair("after", &format!("{}-{}", last.visits, last.id)).finish())
    });
    // What was refused is shown wherever it stands by now.
    if let Some(refused) = &refused
        && !found.iter().any(|missed| missed.id == refused.id)
    {
        found.splice(0..0, stored::find(&app.db, refused.id).await?);
    }
    let wall = Wall::of(app);
    let mut rows = Vec::with_capacity(found.len());
    for missed in found {
        let refused = refused.as_ref().filter(|refused| refused.id == missed.id);
        rows.push(Row::of(app, t, &wall, missed, refused).await?);
    }
    let untold = app.tally.untold();
    let shown = NotFoundPage {
        shell: Shell::of(app, person, t.addresses.not_found, AT).noticing(asked.done.as_deref()),
        a: t.addresses,
        words: asked.q,
        ignored,
        rows,
        is_later: after.is_some(),
        next,
        untold: (untold > 0).then(|| fill(t.addresses.not_found_untold, t.number(untold))),
    };
    Ok(page(code, &shown))
}

impl Row {
    async fn of(app: &App, t: &Words, wall: &Wall, missed: Missed, refused: Option<&Refused>) -> Result<Row> {
        let meant = meant(app, &missed.path).await?;
        let proposed = meant.as_ref().map_or_else(String::new, |meant| meant.path.clone());
        Ok(Row {
            id: missed.id,
            visits: t.number(missed.visits),
            first: fill(t.addresses.first, wall.show(t, missed.first_at)),
            last: fill(t.addresses.last, wall.show(t, missed.last_at)),
            referrer: missed.referrer.map(Referrer::of),
            to: refused.map_or(proposed, |refused| refused.to.clone()),
            meant: meant.map(|meant| fill(t.addresses.lead_to_proposed, meant.title)),
            problems: refused.map(|refused| refused.problems.clone()).unwrap_or_default(),
            path: missed.path,
        })
    }
}

impl Referrer {
    fn of(kept: String) -> Referrer {
        let href = SitePath::parse(&kept).ok().filter(|_| kept.starts_with('/')).map(|path| path.href());
        Referrer { label: kept, href }
    }
}

/// The page that the site's own 404 would name first.
async fn meant(app: &App, path: &str) -> Result<Option<Meant>> {
    let (locale, rest) = app.site.split_locale(path);
    let Some(guess) = guess(rest) else { return Ok(None) };
    Ok(search::meant(&app.db, &guess, &locale.code, 1).await?.into_iter().next())
}

pub async fn decide(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let to = posted.get("to").trim().to_owned();
    let work = async {
        let (settlement, done) = match posted.get("then") {
            "gone" => (Settlement::Gone, "gone"),
            "ignore" => (Settlement::Ignore, "ignored"),
            "watch" => (Settlement::Watch, "watched"),
            _ if to.is_empty() => return Err(Error::field("to", "say where, or choose another button")),
            _ => (Settlement::LeadTo(to.clone()), "led"),
        };
        person.change(app, async |change| settle(change, id, &settlement).await).await?;
        Ok(done)
    };
    let error = match work.await {
        Ok(done) => return Ok(see(&format!("{AT}?done={done}"))),
        Err(error) => error,
    };
    let (code, t) = (status(&error), person.t);
    let problems = match error {
        Error::Invalid(problems) => problems.0.iter().map(|problem| t.sentence(&problem.reason)).collect(),
        Error::Conflict(reason) => vec![t.sentence(&reason)],
        other => return Err(Failure(other)),
    };
    let refused = Refused { id, to, problems };
    let asked = Asked { q: String::new(), show: String::new(), after: None, done: None };
    let drawn = draw(app, &person, asked, Some(refused), code).await;
    drawn.map_err(Failure)
}
