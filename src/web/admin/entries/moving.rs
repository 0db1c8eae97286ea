//! Moving an entry: another slug, another place in the tree. Every address that changes is shown before
//! anything does.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::fields::{FieldView, Widget, has_rare};
use super::form::type_of;
use super::{Names, names, own};
use crate::actions::above;
use crate::actions::move_entry::{Destination, move_entry, placed};
use crate::actions::moves::{Moves, moves};
use crate::app::App;
use crate::entry::{Content, State as Stage};
use crate::error::{Error, Problem, Result};
use crate::schema::{PrefixSource, Type};
use crate::store::entries::{self, Entry};
use crate::store::paths;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Shell, page, see};
use crate::web::admin::words::{Words, fill};
use crate::web::errors::status;

/// Addresses that are shown one by one.
const SHOWN: usize = 100;

/// The form, and what it would do.
#[derive(Template)]
#[template(path = "admin/move.html", whitespace = "minimize")]
struct MovePage {
    shell: Shell,
    id: i64,
    /// Where its controls send what they ask for.
    action: String,
    version: i64,
    path: Option<String>,
    fields: Vec<FieldView>,
    slug: String,
    above: String,
    problems: Vec<String>,
    moving: Option<Moving>,
    /// Somebody asked, and nothing would change.
    stays: bool,
}

struct Moving {
    said: String,
    pairs: Vec<(String, String)>,
    more: Option<String>,
}

#[derive(Deserialize, Default)]
pub struct Asked {
    slug: Option<String>,
    above: Option<String>,
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, id, asked, None).await.map_err(Failure)
}

/// With what went wrong when somebody tried.
async fn draw(
    app: &App,
    person: &Person,
    id: i64,
    asked: Asked,
    refused: Option<(StatusCode, Vec<Problem>)>,
) -> Result<Response> {
    let entry = own(app, person, id).await?;
    let (kind, t) = (type_of(app, &entry.kind)?, person.t);
    let draft = entries::draft(&app.db, id).await?;
    let names = Names::of(app, person, &kind, &[&draft.content]).await?.offering(app, person, &kind).await?;
    let is_asked = asked.slug.is_some() || asked.above.is_some();
    let slug = asked.slug.unwrap_or_else(|| draft.content.slug.clone());
    let stands = above(&kind, &draft.content).map(|id| names.write(id)).unwrap_or_default();
    let typed = asked.above.unwrap_or(stands);
    let (mut status, mut problems) = refused.unwrap_or((StatusCode::OK, Vec::new()));
    let mut found = None;
    if is_asked && problems.is_empty() {
        match work_out(app, t, &kind, &entry, &draft.content, &slug, &typed).await {
            Ok(moves) => found = moves,
            Err(Error::Invalid(wrong)) => {
                status = StatusCode::UNPROCESSABLE_ENTITY;
                problems = wrong.0;
            }
            Err(error) => return Err(error),
        }
        if entry.state() == Stage::Published && entry.live_revision != Some(draft.id) {
            problems.push(Problem::new(t.finding.move_unpublished));
        }
    }
    if let Some(reason) = found.as_mut().and_then(|moves: &mut Moves| moves.refused.take()) {
        problems.push(Problem::new(reason));
    }
    let list = format!("/admin/types/{}", kind.name);
    let shown = MovePage {
        shell: Shell::of(app, person, &fill(t.finding.move_title, t.quote(&entry.title)), &list),
        id,
        action: format!("/admin/entries/{id}/move"),
        version: entry.version,
        path: paths::canonical(&app.db, id).await?.map(|path| path.to_string()),
        fields: fields(t, &kind, &names, &slug, &typed, &problems),
        slug,
        above: typed,
        stays: is_asked && found.is_none() && problems.is_empty(),
        problems: problems.iter().map(|problem| t.sentence(&problem.reason)).collect(),
        moving: found.map(|moves| moving(t, moves)),
    };
    Ok(page(status, &shown))
}

fn moving(t: &Words, moves: Moves) -> Moving {
    let Moves { mut pairs, public, .. } = moves;
    let all = pairs.len();
    pairs.truncate(SHOWN);
    Moving {
        said: fill(&fill(t.finding.moves_count, t.number(all)), t.number(public)),
        more: (all > pairs.len()).then(|| fill(t.finding.moves_more, t.number(all - pairs.len()))),
        pairs,
    }
}

/// What would move.
async fn work_out(
    app: &App,
    t: &Words,
    kind: &Type,
    entry: &Entry,
    content: &Content,
    slug: &str,
    above: &str,
) -> Result<Option<Moves>> {
    let content = placed(kind, content.clone(), &destination(t, kind, slug, above)?)?;
    moves(app, entry, &content).await
}

fn destination(t: &Words, kind: &Type, slug: &str, above: &str) -> Result<Destination> {
    let slug = slug.trim();
    if slug.is_empty() {
        return Err(Error::field("slug", t.finding.move_slug));
    }
    let above = above.trim();
    let place = match (kind.path.prefix_source(), above) {
        (PrefixSource::None, _) => None,
        (_, "") => Some(None),
        (_, named) => {
            let id = names::number(named)
                .ok_or_else(|| Error::field("above", fill(t.finding.filter_number, named)))?;
            Some(Some(id))
        }
    };
    Ok(Destination { slug: Some(slug.to_owned()), above: place, ..Destination::default() })
}

/// The controls: the slug, and what it stands below where its type's rule says so.
fn fields(
    t: &Words,
    kind: &Type,
    names: &Names,
    slug: &str,
    above: &str,
    problems: &[Problem],
) -> Vec<FieldView> {
    let errors = |name: &str| {
        let own = problems.iter().filter(|problem| problem.field.as_deref() == Some(name));
        own.map(|problem| t.sentence(&problem.reason)).collect()
    };
    let mut fields = vec![FieldView {
        name: "slug".to_owned(),
        label: t.slug.to_owned(),
        help: Some(t.finding.move_slug_help.to_owned()),
        required: true,
        errors: errors("slug"),
        widget: Widget::Input {
            kind: "text",
            value: slug.to_owned(),
            attributes: vec![("autocomplete", "off".to_owned()), ("dir", "auto".to_owned())],
        },
    }];
    let (to, label) = match kind.path.prefix_source() {
        PrefixSource::None => return fields,
        PrefixSource::Parent => (kind.name.clone(), t.parent.to_owned()),
        PrefixSource::Field(field) => {
            let Some(field) = kind.field(field) else { return fields };
            (field.to.clone().unwrap_or_default(), field.label_in(t.lang).to_owned())
        }
    };
    fields.push(FieldView {
        name: "above".to_owned(),
        label,
        help: Some(t.finding.move_above_help.to_owned()),
        required: false,
        errors: errors("above"),
        widget: Widget::Relation {
            value: above.to_owned(),
            many: false,
            options: names.offered(&to),
            to,
            create: false,
            missing: Vec::new(),
        },
    });
    fields
}

/// Moves it, when all of it was seen.
pub async fn go(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let entry = own(app, &person, id).await?;
        let kind = type_of(app, &entry.kind)?;
        let seen = posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
        let to = destination(person.t, &kind, posted.get("slug"), posted.get("above"))?;
        person.change(app, async |change| move_entry(change, id, seen, to).await.map(|_| ())).await
    };
    let error = match work.await {
        Ok(()) => return Ok(see(&format!("/admin/entries/{id}?done=moved"))),
        Err(error @ (Error::Conflict(_) | Error::Invalid(_) | Error::Denied(_))) => error,
        Err(error) => return Err(Failure(error)),
    };
    let status = status(&error);
    let problems = match error {
        Error::Invalid(problems) => problems.0,
        other => vec![Problem::new(other.to_string())],
    };
    let asked =
        Asked { slug: Some(posted.get("slug").to_owned()), above: Some(posted.get("above").to_owned()) };
    let drawn = draw(app, &person, id, asked, Some((status, problems))).await;
    drawn.map_err(Failure)
}
