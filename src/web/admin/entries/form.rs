//! The page of an entry: its form, and what can be done with it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::appearance::{Appearance, beside};
use super::conflict::Difference;
use super::fields::{Drawing, Section, Surroundings, Widget, has_rare, id_of, name_of};
use super::review::Panel;
use super::share::Shared;
use super::unsaved::{WAITS, left, of_entry, of_new};
use super::{Names, own, typed};
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Content, State as Stage, Verb, permit};
use crate::error::{Error, Problem, Result};
use crate::schema::{LANDING, Type};
use crate::store::entries::{self, Entry, Revision};
use crate::store::{paths, tree};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Script, Shell, Wall, page};
use crate::web::admin::words::{Words, fill};

/// Entries below another that are counted one by one.
const COUNTED: i64 = 1_000;

/// The form of an entry, new or there already.
#[derive(Template)]
#[template(path = "admin/entry.html", whitespace = "minimize")]
struct EntryPage {
    shell: Shell,
    script: Script,
    /// The language of the entry.
    locale: String,
    action: String,
    /// What else the form sends.
    hidden: Vec<(&'static str, String)>,
    sections: Vec<Section>,
    problems: Vec<Linked>,
    /// Where two people have written at once.
    theirs: Vec<Difference>,
    entry: Option<Standing>,
    review: Option<Panel>,
    shared: Option<Shared>,
    /// How the draft stands in results, and what is wrong with its page.
    appearance: Option<Appearance>,
    may_publish: bool,
    /// Somebody else decides: whoever writes may ask them.
    asks: bool,
    left: Option<Offered>,
    /// The form shows what was left, which is still to be saved.
    is_unsaved: bool,
}

impl EntryPage {
    /// Whether an older text waits to be decided about.
    fn is_left_waiting(&self) -> bool {
        self.hidden.iter().any(|(name, _)| *name == WAITS)
    }
}

/// A text of this person's that was not saved.
struct Offered {
    at: String,
    /// The page with it in the form.
    href: String,
}

/// A problem that leads to its field.
struct Linked {
    id: Option<String>,
    text: String,
}

/// How an entry stands.
struct Standing {
    id: i64,
    version: i64,
    state: Stage,
    is_changed: bool,
    /// The address, and whether readers find something there.
    address: Option<String>,
    is_live: bool,
    /// What publishing will move.
    moving: Option<String>,
    publish_at: String,
    unpublish_at: String,
    zone: String,
    translations: Vec<Translation>,
}

struct Translation {
    href: String,
    label: String,
}

impl Standing {
    fn is_away(&self) -> bool {
        matches!(self.state, Stage::Trashed | Stage::Archived)
    }
}

/// What is drawn of a form besides what stands in it.
pub struct Drawn<'a> {
    pub status: StatusCode,
    pub done: Option<&'a str>,
    pub problems: Vec<Problem>,
    pub theirs: Vec<Difference>,
    /// The version that somebody has seen, while it is not that of what is drawn.
    pub seen: Option<i64>,
    /// What was typed below the form, about the review.
    pub reviewing: Posted,
    /// When this person left a newer text of it unsaved.
    pub left: Option<Time>,
    pub is_unsaved: bool,
}

impl Drawn<'_> {
    /// A form that needs a change.
    pub fn refused(status: StatusCode, problems: Vec<Problem>) -> Drawn<'static> {
        Drawn {
            status,
            done: None,
            problems,
            theirs: Vec::new(),
            seen: None,
            left: None,
            is_unsaved: false,
            reviewing: Posted::default(),
        }
    }

    /// A form with what was left unsaved in it.
    pub fn unsaved() -> Drawn<'static> {
        Drawn { is_unsaved: true, ..Drawn::refused(StatusCode::OK, Vec::new()) }
    }

    /// A form after a step that saved nothing.
    pub fn stepped(problems: Vec<Problem>) -> Drawn<'static> {
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        Drawn { is_unsaved: true, ..Drawn::refused(status, problems) }
    }
}

/// What a new entry is to be.
#[derive(Deserialize, Default)]
pub struct Birth {
    pub locale: Option<String>,
    pub translation_of: Option<i64>,
    /// With what was left unsaved.
    pub left: Option<String>,
}

impl Birth {
    /// What a posted form is to be.
    pub fn of(posted: &Posted) -> Birth {
        Birth {
            locale: Some(posted.get("locale").to_owned()).filter(|locale| !locale.is_empty()),
            translation_of: posted.number("translation_of"),
            left: None,
        }
    }
}

#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
    left: Option<String>,
}

pub async fn new(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    Query(birth): Query<Birth>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let kind = type_of(app, &kind)?;
        let posted = typed(app, &kind, &Content::default(), &Names::default());
        let left = left(app, &person, &of_new(&kind.name), &posted).await?;
        if let (Some(left), true) = (&left, birth.left.is_some()) {
            let birth = Birth::of(&left.posted);
            return draw_new(app, &person, &kind, &birth, &left.posted, Drawn::unsaved()).await;
        }
        let drawn = Drawn { left: left.map(|left| left.at), ..Drawn::refused(StatusCode::OK, Vec::new()) };
        draw_new(app, &person, &kind, &birth, &posted, drawn).await
    };
    work.await.map_err(Failure)
}

/// The form of a new entry with what is typed already.
pub async fn draw_new(
    app: &App,
    person: &Person,
    kind: &Type,
    birth: &Birth,
    posted: &Posted,
    drawn: Drawn<'_>,
) -> Result<Response> {
    let t = person.t;
    let around = Surroundings::of(app, person, kind, posted).await?;
    let drawing = Drawing { app, t, kind, typed: posted, around: &around, problems: &drawn.problems };
    let list = format!("/admin/types/{}", kind.name);
    let locale = birth.locale.as_deref().and_then(|code| app.site.locale(code));
    let locale = locale.unwrap_or_else(|| app.site.default_locale());
    let mut title = fill(t.new_of, &kind.label_in(t.lang).one);
    if app.site.locales.len() > 1 {
        title = format!("{title} ({})", locale.label);
    }
    let mut hidden = vec![("locale", locale.code.clone())];
    hidden.extend(birth.translation_of.map(|id| ("translation_of", id.to_string())));
    hidden.extend(waiting(&drawn, posted));
    let shown = EntryPage {
        shell: Shell::of(app, person, &title, &list),
        script: Script::of(app, t),
        locale: locale.code.clone(),
        action: list.clone(),
        hidden,
        sections: drawing.sections(),
        problems: linked(t, kind, &drawn.problems),
        theirs: Vec::new(),
        entry: None,
        review: None,
        shared: None,
        appearance: None,
        may_publish: permit(&person.actor, Verb::Publish, true).is_ok(),
        asks: permit(&person.actor, Verb::Review, true).is_err(),
        left: offer(app, t, drawn.left, &format!("/admin/types/{}/new", kind.name)),
        is_unsaved: drawn.is_unsaved || drawn.status != StatusCode::OK,
    };
    Ok(page(drawn.status, &shown))
}

pub async fn edit(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    Query(asked): Query<Done>,
) -> Result<Response, Failure> {
    let app = &web.app;
    let work = async {
        let entry = own(app, &person, id).await?;
        let posted = stored(app, &person, &entry).await?;
        let left = left(app, &person, &of_entry(id), &posted).await?;
        if let (Some(left), true) = (&left, asked.left.is_some()) {
            let drawn = Drawn { seen: left.posted.number("version"), ..Drawn::unsaved() };
            return draw(app, &person, entry, &left.posted, drawn).await;
        }
        let left = left.map(|left| left.at);
        let drawn = Drawn { done: asked.done.as_deref(), left, ..Drawn::refused(StatusCode::OK, Vec::new()) };
        draw(app, &person, entry, &posted, drawn).await
    };
    work.await.map_err(Failure)
}

/// The form of an entry with what is stored.
pub async fn draw_stored(app: &App, person: &Person, entry: Entry, drawn: Drawn<'_>) -> Result<Response> {
    let posted = stored(app, person, &entry).await?;
    draw(app, person, entry, &posted, drawn).await
}

/// What is stored of an entry, as its form has it.
async fn stored(app: &App, person: &Person, entry: &Entry) -> Result<Posted> {
    let kind = type_of(app, &entry.kind)?;
    let content = entries::draft(&app.db, entry.id).await?.content;
    let names = Names::of(app, person, &kind, &[&content]).await?;
    Ok(typed(app, &kind, &content, &names))
}

/// A mark that goes with the form while a text waits that nobody has decided about: saving what is typed
/// here leaves that text where it is.
fn waiting(drawn: &Drawn<'_>, posted: &Posted) -> Option<(&'static str, String)> {
    (drawn.left.is_some() || posted.has(WAITS)).then(|| (WAITS, "1".to_owned()))
}

/// An offer of what was left unsaved.
fn offer(app: &App, t: &Words, at: Option<Time>, page: &str) -> Option<Offered> {
    at.map(|at| Offered {
        at: fill(t.writing.left, Wall::of(app).show(t, at)),
        href: format!("{page}?left=1"),
    })
}

/// The form of an entry with what is typed.
pub async fn draw(
    app: &App,
    person: &Person,
    entry: Entry,
    posted: &Posted,
    drawn: Drawn<'_>,
) -> Result<Response> {
    let (kind, t) = (type_of(app, &entry.kind)?, person.t);
    let around = Surroundings::of(app, person, &kind, posted).await?;
    let drawing = Drawing { app, t, kind: &kind, typed: posted, around: &around, problems: &drawn.problems };
    let (sections, problems) = (drawing.sections(), linked(t, &kind, &drawn.problems));
    let list = format!("/admin/types/{}", kind.name);
    let draft = entries::draft(&app.db, entry.id).await?;
    let standing = standing(app, t, &kind, &entry, &draft).await?;
    let appearance = beside(app, t, &kind, entry.id, draft.content).await;
    let version = drawn.seen.unwrap_or(entry.version);
    let shared = Shared::of(app, person, &entry).await?;
    let hidden = std::iter::once(("version", version.to_string())).chain(waiting(&drawn, posted)).collect();
    let review = Panel::of(app, person, &entry, drawn.reviewing).await?;
    let title = if entry.title.is_empty() { &kind.label_in(t.lang).one } else { &entry.title };
    let shown = EntryPage {
        shell: Shell::of(app, person, title, &list).noticing(drawn.done),
        script: Script::of(app, t),
        locale: entry.locale.clone(),
        action: format!("/admin/entries/{}", entry.id),
        hidden,
        sections,
        problems,
        theirs: drawn.theirs,
        asks: permit(&person.actor, Verb::Review, true).is_err(),
        review: Some(review),
        shared: Some(shared),
        appearance,
        may_publish: permit(&person.actor, Verb::Publish, true).is_ok(),
        left: offer(app, t, drawn.left, &of_entry(entry.id)),
        is_unsaved: drawn.is_unsaved || (drawn.status != StatusCode::OK && drawn.done.is_none()),
        entry: Some(Standing { version, ..standing }),
    };
    Ok(page(drawn.status, &shown))
}

async fn standing(app: &App, t: &Words, kind: &Type, entry: &Entry, draft: &Revision) -> Result<Standing> {
    let wall = Wall::of(app);
    let path = paths::canonical(&app.db, entry.id).await?;
    let at = |time: Option<Time>| time.map(|time| wall.input(time)).unwrap_or_default();
    let is_live = entry.is_live();
    let is_changed = is_live && entry.live_revision != Some(draft.id);
    let moving = match &path {
        Some(path) if is_changed && draft.content.slug != entry.slug => {
            let below = tree::count_below(&app.db, entry.id, COUNTED + 1).await?;
            Some(moving(t, path.as_str(), &draft.content.slug, below))
        }
        _ => None,
    };
    Ok(Standing {
        id: entry.id,
        version: entry.version,
        state: entry.state(),
        is_changed,
        address: path.map(|path| path.to_string()),
        is_live,
        moving,
        publish_at: at(entry.publish_at),
        unpublish_at: at(entry.unpublish_at),
        zone: wall.name,
        translations: translations(app, t, kind, entry).await?,
    })
}

/// What a new slug will do to addresses, once it is published.
fn moving(t: &Words, path: &str, slug: &str, below: i64) -> String {
    let kept = path.rsplit_once('/').map_or("", |(kept, _)| kept);
    let said = fill(&fill(t.moving, path), format!("{kept}/{slug}"));
    match below {
        0 => said,
        below if below > COUNTED => format!("{said} {}", t.moving_many_below),
        below => format!("{said} {}", fill(t.moving_below, t.number(below))),
    }
}

/// The entry in the site's other languages, or where it is translated.
async fn translations(app: &App, t: &Words, kind: &Type, entry: &Entry) -> Result<Vec<Translation>> {
    let mut found = Vec::new();
    for locale in app.site.locales.iter().filter(|locale| locale.code != entry.locale) {
        let there = entries::translation_in(&app.db, entry.id, &locale.code).await?;
        found.push(match there {
            Some(id) => Translation { href: format!("/admin/entries/{id}"), label: locale.label.clone() },
            None => Translation {
                href: format!(
                    "/admin/types/{}/new?locale={}&translation_of={}",
                    kind.name, locale.code, entry.id
                ),
                label: fill(t.translate, &locale.label),
            },
        });
    }
    Ok(found)
}

fn linked(t: &Words, kind: &Type, problems: &[Problem]) -> Vec<Linked> {
    let labels: HashMap<String, String> =
        kind.fields.iter().map(|field| (field.name.clone(), field.label_in(t.lang).to_owned())).collect();
    problems
        .iter()
        .map(|problem| match &problem.field {
            Some(field) => {
                let label = labels.get(field).cloned().unwrap_or_else(|| t.core(field).to_owned());
                let id = id_of(&name_of(kind, field));
                Linked { id: Some(id), text: t.sentence_of(&format!("{label}:"), &problem.reason) }
            }
            None => Linked { id: None, text: t.sentence(&problem.reason) },
        })
        .collect()
}

/// The declared type of a name; landing pages follow from files, and nobody writes one.
///
/// # Errors
/// `NotFound`.
pub fn type_of(app: &App, name: &str) -> Result<Type> {
    app.types.get(name).filter(|kind| kind.name != LANDING).cloned().ok_or(Error::NotFound)
}
