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
use crate::web::admin::words::{ENGLISH, fill};
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
    fn of(app: &App, kind: &Type, examined: &Examined, form: &str) -> Appearance {
        let page = &examined.page;
        Appearance {
            results: vec![
                preview(
                    app,
                    page,
                    ENGLISH.finding.result_desktop,
                    "desktop",
                    (DESKTOP_TITLE, DESKTOP_DESCRIPTION),
                ),
                preview(app, page, ENGLISH.finding.result_phone, "phone", (PHONE_TITLE, PHONE_DESCRIPTION)),
            ],
            card: card(app, page),
            summary: summary(&examined.findings),
            findings: examined.findings.iter().map(|found| shown(app, kind, found, form)).collect(),
            canonical: page.canonical.clone(),
            robots: page.robots.clone(),
            closed: app.config.environment != Environment::Production,
            alternates: page.alternates.clone(),
        }
    }
}

/// Of the draft, beside its form. A page that can't be drawn keeps nobody from writing.
pub async fn beside(app: &App, kind: &Type, id: i64, draft: Content) -> Option<Appearance> {
    match examine(app, id, draft).await {
        Ok(examined) => Some(Appearance::of(app, kind, &examined, "")),
        Err(error) => {
            tracing::error!(entry = id, %error, "the page of a draft could not be drawn");
            None
        }
    }
}

pub async fn show(State(web): State<Web>, person: Person, Path(id): Path<i64>) -> Result<Response, Failure> {
    draw(&web.app, &person, id).await.map_err(|error| Failure::of(&web.app, error))
}

async fn draw(app: &App, person: &Person, id: i64) -> Result<Response> {
    let entry = own(app, person, id).await?;
    let kind = type_of(app, &entry.kind)?;
    let draft = entries::draft(&app.db, id).await?.content;
    let moving = moving(app, &entry, &draft).await?;
    let examined = examine(app, id, draft).await?;
    let title = fill(ENGLISH.finding.appearance_of, format!("“{}”", entry.title));
    let shown = AppearancePage {
        shell: Shell::of(app, person, &title, &format!("/admin/types/{}", entry.kind)),
        id,
        look: Appearance::of(app, &kind, &examined, &format!("/admin/entries/{id}")),
        titles: steps(&examined.titles),
        descriptions: steps(&examined.descriptions),
        moving,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn steps(rungs: &[Rung]) -> Vec<Step> {
    let step = |rung: &Rung| Step {
        label: ENGLISH.finding.taken_from(rung.from),
        text: rung.text.clone(),
        is_taken: rung.is_taken,
    };
    rungs.iter().map(step).collect()
}

fn preview(app: &App, page: &Page, label: &'static str, class: &'static str, lines: (Line, Line)) -> Preview {
    let (title, description) = lines;
    let address = page.canonical.as_deref().unwrap_or_default();
    let host = address.split("://").nth(1).unwrap_or_default();
    let parts = host.split(['/', '?']).filter(|part| !part.is_empty());
    let decoded = parts.map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy());
    let crumbs: Vec<String> = decoded.map(|part| part.into_owned()).collect();
    let measure = [
        ENGLISH.title.to_owned(),
        width(title, &page.title),
        ENGLISH.part_description.to_owned(),
        width(description, &page.description),
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

fn width(line: Line, text: &str) -> String {
    fill(&fill(ENGLISH.finding.width_of, line.width(text)), line.room)
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

fn shown(app: &App, kind: &Type, found: &Finding, form: &str) -> Found {
    let field = found.field.as_deref().map(|field| {
        let declared = kind.field(field).map(|field| field.label_in("en"));
        let label = declared.unwrap_or_else(|| core(field)).to_owned();
        (format!("{form}#{}", id_of(&name_of(kind, field))), label)
    });
    let (level, level_label) = match found.level() {
        Level::Error => ("error", ENGLISH.finding.level_error),
        Level::Warning => ("warning", ENGLISH.finding.level_warning),
        Level::Hint => ("hint", ENGLISH.finding.level_hint),
    };
    Found {
        level,
        level_label,
        text: ENGLISH.finding.found(found.what),
        evidence: found.evidence.clone(),
        field,
        stops: app.is_stopped_by(found),
    }
}

/// The label of what every entry has, in the form.
fn core(field: &str) -> &str {
    match field {
        "seo.title" => ENGLISH.seo_title,
        "seo.description" => ENGLISH.seo_description,
        "seo.crawlers" => ENGLISH.crawlers,
        other => ENGLISH.core(other),
    }
}

fn summary(findings: &[Finding]) -> String {
    let count = |level| findings.iter().filter(|found| found.level() == level).count();
    let (errors, warnings, hints) = (count(Level::Error), count(Level::Warning), count(Level::Hint));
    if findings.is_empty() {
        return ENGLISH.finding.check_clean.to_owned();
    }
    fill(&fill(&fill(ENGLISH.finding.check_counts, errors), warnings), hints)
}

/// What publishing the draft does to addresses.
async fn moving(app: &App, entry: &Entry, draft: &Content) -> Result<Option<Moving>> {
    if !entry.is_live() {
        return Ok(None);
    }
    let found = moves(app, entry, draft).await?;
    Ok(found.map(|Moves { mut pairs, public, refused }| {
        let all = pairs.len();
        pairs.truncate(SHOWN);
        Moving {
            more: (all > pairs.len()).then(|| fill(ENGLISH.finding.moves_more, all - pairs.len())),
            said: fill(&fill(ENGLISH.finding.moves_count, all), public),
            pairs,
            refused,
        }
    }))
}
