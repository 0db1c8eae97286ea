//! How an entry stands in results and previews, and what is wrong with its page: beside its form, and
//! whole on a page of its own.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;

use super::fields::{id_of, name_of};
use super::form::type_of;
use super::own;
use crate::actions::moves::{Moves, moves};
use crate::app::App;
use crate::config::Environment;
use crate::entry::Content;
use crate::error::Result;
use crate::schema::Type;
use crate::seo::review::{Finding, Level, Page};
use crate::seo::width::{DESKTOP_DESCRIPTION, DESKTOP_TITLE, Line, PHONE_DESCRIPTION, PHONE_TITLE};
use crate::store::entries::{self, Entry};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::shell::{Shell, page};
use crate::web::admin::words::{Words, fill};
use crate::web::appearance::{Examined, Rung, examine};

/// Moved addresses that are shown one by one.
const SHOWN: usize = 20;

/// The page.
#[derive(Template)]
#[template(path = "admin/appearance.html", whitespace = "minimize")]
struct AppearancePage {
    shell: Shell,
    id: i64,
    look: Appearance,
    titles: Vec<Step>,
    descriptions: Vec<Step>,
    moving: Option<Moving>,
}

/// What stands beside the form as well.
pub struct Appearance {
    pub results: Vec<Preview>,
    pub card: Card,
    pub findings: Vec<Found>,
    pub summary: String,
    pub canonical: Option<String>,
    /// What crawlers are told; empty when nothing is forbidden.
    pub robots: String,
    /// Why nothing of this site is indexed, whatever entries say.
    pub closed: bool,
    /// (language, address).
    pub alternates: Vec<(String, String)>,
}

/// A result, as wide as it is shown.
pub struct Preview {
    pub label: &'static str,
    pub class: &'static str,
    pub title: String,
    pub description: String,
    pub crumbs: String,
    /// How wide title and description are, of how much room.
    pub measure: String,
}

/// A link as a social network shows it.
pub struct Card {
    /// A picture of this site; others are named by their address alone.
    pub image: Option<String>,
    pub elsewhere: Option<String>,
    pub alt: String,
    pub is_large: bool,
    pub site: String,
    pub title: String,
    pub description: String,
}

/// Something that is wrong or missing.
pub struct Found {
    pub level: &'static str,
    pub level_label: &'static str,
    pub text: &'static str,
    pub evidence: String,
    /// The field that mends it: its address and its label.
    pub field: Option<(String, String)>,
    pub stops: bool,
}

/// A place that a line of the head could be taken from.
struct Step {
    label: &'static str,
    text: String,
    is_taken: bool,
}

/// What publishing moves.
struct Moving {
    pairs: Vec<(String, String)>,
    more: Option<String>,
    said: String,
    refused: Option<String>,
}

impl Appearance {
    /// `form` is the address of the form that fields are mended in; empty when it is this page.
    fn of(app: &App, t: &Words, kind: &Type, examined: &Examined, form: &str) -> Appearance {
        let page = &examined.page;
        Appearance {
            results: vec![
                preview(
                    app,
                    t,
                    page,
                    t.finding.result_desktop,
                    "desktop",
                    (DESKTOP_TITLE, DESKTOP_DESCRIPTION),
                ),
                preview(app, t, page, t.finding.result_phone, "phone", (PHONE_TITLE, PHONE_DESCRIPTION)),
            ],
            card: card(app, page),
            summary: summary(t, &examined.findings),
            findings: examined.findings.iter().map(|found| shown(app, t, kind, found, form)).collect(),
            canonical: page.canonical.clone(),
            robots: page.robots.clone(),
            closed: app.config.environment != Environment::Production,
            alternates: page.alternates.clone(),
        }
    }
}

/// Of the draft, beside its form. A page that can't be drawn keeps nobody from writing.
pub async fn beside(app: &App, t: &Words, kind: &Type, id: i64, draft: Content) -> Option<Appearance> {
    match examine(app, id, draft).await {
        Ok(examined) => Some(Appearance::of(app, t, kind, &examined, "")),
        Err(error) => {
            tracing::error!(entry = id, %error, "the page of a draft could not be drawn");
            None
        }
    }
}

pub async fn show(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    draw(&web.app, &person, id).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, id: i64) -> Result<Response> {
    let entry = own(app, person, id).await?;
    let (kind, t) = (type_of(app, &entry.kind)?, person.t);
    let draft = entries::draft(&app.db, id).await?.content;
    let moving = moving(app, t, &entry, &draft).await?;
    let examined = examine(app, id, draft).await?;
    let title = fill(t.finding.appearance_of, t.quote(&entry.title));
    let shown = AppearancePage {
        shell: Shell::of(app, person, &title, &format!("/admin/types/{}", entry.kind)),
        id,
        look: Appearance::of(app, t, &kind, &examined, &format!("/admin/entries/{id}")),
        titles: steps(t, &examined.titles),
        descriptions: steps(t, &examined.descriptions),
        moving,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn steps(t: &Words, rungs: &[Rung]) -> Vec<Step> {
    let step = |rung: &Rung| Step {
        label: t.finding.taken_from(rung.from),
        text: rung.text.clone(),
        is_taken: rung.is_taken,
    };
    rungs.iter().map(step).collect()
}

fn preview(
    app: &App,
    t: &Words,
    page: &Page,
    label: &'static str,
    class: &'static str,
    lines: (Line, Line),
) -> Preview {
    let (title, description) = lines;
    let address = page.canonical.as_deref().unwrap_or_default();
    let host = address.split("://").nth(1).unwrap_or_default();
    let parts = host.split(['/', '?']).filter(|part| !part.is_empty());
    let decoded = parts.map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy());
    let crumbs: Vec<String> = decoded.map(|part| part.into_owned()).collect();
    let measure = [
        t.title.to_owned(),
        width(t, title, &page.title),
        t.part_description.to_owned(),
        width(t, description, &page.description),
    ];
    Preview {
        label,
        class,
        title: title.shown(if page.title.is_empty() { &app.site.name } else { &page.title }),
        description: description.shown(&page.description),
        crumbs: crumbs.join(" › "),
        measure: format!("{} {} · {} {}", measure[0], measure[1], measure[2], measure[3]),
    }
}

fn width(t: &Words, line: Line, text: &str) -> String {
    fill(&fill(t.finding.width_of, t.number(line.width(text))), t.number(line.room))
}

fn card(app: &App, page: &Page) -> Card {
    let image = page.social("og:image");
    let own = image.strip_prefix(app.config.origin.as_str()).filter(|path| path.starts_with('/'));
    Card {
        image: own.map(str::to_owned),
        elsewhere: (own.is_none() && !image.is_empty()).then(|| image.to_owned()),
        alt: page.social("og:image:alt").to_owned(),
        is_large: page.social("twitter:card") == "summary_large_image",
        site: page.social("og:site_name").to_owned(),
        title: page.social("og:title").to_owned(),
        description: page.social("og:description").to_owned(),
    }
}

fn shown(app: &App, t: &Words, kind: &Type, found: &Finding, form: &str) -> Found {
    let field = found.field.as_deref().map(|field| {
        let declared = kind.field(field).map(|field| field.label_in(t.lang));
        let label = declared.unwrap_or_else(|| core(t, field)).to_owned();
        (format!("{form}#{}", id_of(&name_of(kind, field))), label)
    });
    let (level, level_label) = match found.level() {
        Level::Error => ("error", t.finding.level_error),
        Level::Warning => ("warning", t.finding.level_warning),
        Level::Hint => ("hint", t.finding.level_hint),
    };
    Found {
        level,
        level_label,
        text: t.finding.found(found.what),
        evidence: found.evidence.clone(),
        field,
        stops: app.is_stopped_by(found),
    }
}

/// The label of what every entry has, in the form.
fn core<'a>(t: &Words, field: &'a str) -> &'a str {
    match field {
        "seo.title" => t.seo_title,
        "seo.description" => t.seo_description,
        "seo.crawlers" => t.crawlers,
        other => t.core(other),
    }
}

fn summary(t: &Words, findings: &[Finding]) -> String {
    let count = |level| findings.iter().filter(|found| found.level() == level).count();
    let (errors, warnings, hints) = (count(Level::Error), count(Level::Warning), count(Level::Hint));
    if findings.is_empty() {
        return t.finding.check_clean.to_owned();
    }
    [errors, warnings, hints]
        .into_iter()
        .fold(t.finding.check_counts.to_owned(), |said, count| fill(&said, t.number(count)))
}

/// What publishing the draft does to addresses.
async fn moving(app: &App, t: &Words, entry: &Entry, draft: &Content) -> Result<Option<Moving>> {
    if !entry.is_live() {
        return Ok(None);
    }
    let found = moves(app, entry, draft).await?;
    Ok(found.map(|Moves { mut pairs, public, refused }| {
        let all = pairs.len();
        pairs.truncate(SHOWN);
        Moving {
            more: (all > pairs.len()).then(|| fill(t.finding.moves_more, t.number(all - pairs.len()))),
            said: fill(&fill(t.finding.moves_count, t.number(all)), t.number(public)),
            pairs,
            refused: refused.map(|reason| t.sentence(&reason)),
        }
    }))
}
