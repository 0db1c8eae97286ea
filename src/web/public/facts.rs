//! What is wrong with a page that only the database knows: where its links lead, what others say, who
//! links here, what its pictures are.

use std::collections::BTreeSet;

use super::naming::{Rung, TakenFrom};
use super::structured_check::{field, unsaid_videos};
use super::view::EntryView;
use crate::app::{Answered, App};
use crate::error::Result;
use crate::schema::{ImageRef, Kind, Value};
use crate::seo::meta::description_key;
use crate::seo::review::{Finding, Page, What};
use crate::seo::rules;
use crate::store::{entries, links, media, namesakes, page_checks};
use crate::text::Path;
use crate::text::markdown::{self, AddressKind};

/// Fewer words than these say little: of what is there to be read, and of what is there to be found.
const FEW_TO_READ: i64 = 120;
const FEW_TO_FIND: usize = 20;
/// Pixels that wide previews want (Google Search Central, "Google Discover").
const WIDE: u32 = 1_200;
/// Bytes of a picture of which no smaller width was made.
const HEAVY: i64 = 1 << 20;

/// All of it.
pub async fn gather(app: &App, view: &EntryView, page: &Page, descriptions: &[Rung]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    words(app, view, page, descriptions, &mut found).await?;
    pictures(app, view, page, &mut found).await?;
    leads(app, view, &mut found).await?;
    structured(view, page, &mut found);
    if !links::leads_here(&app.db, view.entry.id).await? {
        found.push(match &view.kind.listing {
            Some(listing) => Finding::new(What::OnlyListed, None, &listing.path),
            None => Finding::new(What::Orphan, None, &view.path),
        });
    }
    Ok(found)
}

/// Titles and texts that others have too, and texts that are hardly there.
async fn words(
    app: &App,
    view: &EntryView,
    page: &Page,
    descriptions: &[Rung],
    found: &mut Vec<Finding>,
) -> Result<()> {
    let (id, locale) = (view.entry.id, &view.entry.locale);
    let title = Some("seo.title");
    match page_checks::same_title(&app.db, id, page_checks::title_key(locale, &page.title)).await? {
        Some(path) => {
            found.push(Finding::new(What::TitleDuplicate, title, format!("{}: {path}", page.title)))
        }
        None if !view.tie.is_empty() => {
            found.push(Finding::new(
                What::TitleDuplicate,
                title,
                format!("{} → {}", view.entry.title, page.title),
            ));
        }
        None => {}
    }
    let taken = descriptions.iter().find(|rung| rung.is_taken).map(|rung| rung.from);
    if taken == Some(TakenFrom::Nothing) {
        found.push(Finding::new(What::DescriptionMissing, Some("seo.description"), &page.description));
    }
    let same = match description_key(locale, view.words()) {
        Some(key) => namesakes::say_the_same(&app.db, id, key).await?,
        None => false,
    };
    if same {
        let (what, field) = match taken {
            Some(TakenFrom::Beginning) => (What::TextDuplicate, "body"),
            Some(TakenFrom::Summary) => (What::DescriptionDuplicate, "summary"),
            _ => (What::DescriptionDuplicate, "seo.description"),
        };
        found.push(Finding::new(what, Some(field), view.words()));
    }
    let is_read = matches!(view.kind.layout.as_str(), "article" | "page");
    let said = view.content.summary.split_whitespace().count();
    let is_thin = if is_read {
        view.word_count < FEW_TO_READ
    } else {
        usize::try_from(view.word_count).unwrap_or(0) + said < FEW_TO_FIND
    };
    if is_thin {
        found.push(Finding::new(What::TextThin, Some("body"), view.word_count.to_string()));
    }
    Ok(())
}

/// Each picture that an editor gave, with its field.
fn given(view: &EntryView) -> Vec<(String, String, String)> {
    let one = |field: &str, image: &ImageRef| (field.to_owned(), image.src.clone(), image.alt.clone());
    let mut given: Vec<_> = view.content.cover.iter().map(|cover| one("cover", cover)).collect();
    for (name, value) in &view.values {
        match value {
            Value::Image(image) => given.push(one(name, image)),
            Value::Gallery(images) => given.extend(images.iter().map(|image| one(name, image))),
            _ => {}
        }
    }
    given
}

async fn pictures(app: &App, view: &EntryView, page: &Page, found: &mut Vec<Finding>) -> Result<()> {
    let mut given = given(view);
    for src in view.body.pictures() {
        let drawn = page.pictures.iter().find(|picture| picture.src == src);
        let alt = drawn.and_then(|picture| picture.alt.clone()).unwrap_or_default();
        given.push(("body".to_owned(), src.to_owned(), alt));
    }
    let mut seen = BTreeSet::new();
    for (field, src, alt) in given {
        let field = Some(field.as_str());
        if alt.trim().is_empty() {
            found.push(Finding::new(What::AltMissing, field, &src));
        }
        let Some(hash) = media::hash_of(&src).filter(|_| seen.insert(src.clone())) else { continue };
        match media::find(&app.db, hash).await? {
            None => found.push(Finding::new(What::PictureMissing, field, &src)),
            Some(file) => {
                let has_widths = view.pictures.get(&src).is_some_and(|known| !known.widths.is_empty());
                if file.bytes > HEAVY && !has_widths {
                    let evidence = format!("{src}: {:.1} MiB", file.bytes as f64 / f64::from(1 << 20));
                    found.push(Finding::new(What::PictureHeavy, field, evidence));
                }
            }
        }
    }
    if let Some(cover) = &view.content.cover
        && let Some(known) = view.pictures.get(&cover.src)
        && known.size.0 < WIDE
    {
        let evidence = format!("{}: {} × {}", cover.src, known.size.0, known.size.1);
        found.push(Finding::new(What::PictureSmall, Some("cover"), evidence));
    }
    for picture in page.pictures.iter().filter(|picture| !picture.is_sized) {
        found.push(Finding::new(What::PictureUnsized, None, &picture.src));
    }
    if page.social("og:image").is_empty() {
        found.push(Finding::new(What::CardPicture, Some("cover"), ""));
    }
    Ok(())
}

/// Where the links of its texts lead.
async fn leads(app: &App, view: &EntryView, found: &mut Vec<Finding>) -> Result<()> {
    let mut texts = vec![("body", view.content.body.as_str())];
    for field in view.kind.fields.iter().filter(|field| field.kind == Kind::Markdown) {
        let text = view.content.fields.get(&field.name).and_then(|text| text.as_str());
        texts.extend(text.map(|text| (field.name.as_str(), text)));
    }
    for (field, text) in texts {
        let mut urls = BTreeSet::new();
        let links = markdown::addresses(text).into_iter().filter(|link| link.kind == AddressKind::Link);
        urls.extend(links.map(|link| link.url));
        for url in urls {
            if let Some((what, evidence)) = lead(app, &url).await? {
                found.push(Finding::new(what, Some(field), evidence));
            }
        }
    }
    Ok(())
}

/// What is wrong with where one link leads. Of other sites nothing is asked.
async fn lead(app: &App, url: &str) -> Result<Option<(What, String)>> {
    if let Some(number) = url.strip_prefix("entry:") {
        let id = number.split('#').next().and_then(|id| id.parse().ok());
        let entry = match id {
            Some(id) => entries::find(&app.db, id).await?,
            None => None,
        };
        return Ok(match entry {
            None => Some((What::LinkMissing, url.to_owned())),
            Some(entry) if entry.is_live() => None,
            Some(entry) => {
                let gone =
                    matches!(entry.state(), crate::entry::State::Trashed | crate::entry::State::Archived);
                let what = if gone { What::LinkGone } else { What::LinkUnpublished };
                // Not its title: whoever reads this may not be the one who may know of it.
                Some((what, url.to_owned()))
            }
        });
    }
    let origin = app.config.origin.to_string();
    let local = url.strip_prefix(&origin).unwrap_or(url);
    let own = local.starts_with('/') && !local.starts_with("//") && !local.starts_with("/media/");
    let path = local.split(['?', '#']).next().unwrap_or_default();
    let Some(path) = Path::parse_href(path).ok().filter(|_| own) else { return Ok(None) };
    Ok(match app.answer(&path).await? {
        Answered::NotFound => Some((What::LinkMissing, url.to_owned())),
        Answered::Gone { .. } => Some((What::LinkGone, url.to_owned())),
        Answered::Redirect { to, .. } => Some((What::LinkRedirected, format!("{url} → {to}"))),
        _ => None,
    })
}

/// What the graph that the page prints lacks.
fn structured(view: &EntryView, page: &Page, found: &mut Vec<Finding>) {
    let missing = page.graph.as_ref().map(|graph| rules::check(graph, false)).unwrap_or_default();
    let in_graph = missing.into_iter().map(|missing| (field(&view.kind, &missing), missing));
    let videos =
        unsaid_videos(&view.kind, &view.values).into_iter().map(|(missing, field)| (Some(field), missing));
    for (field, missing) in in_graph.chain(videos) {
        let what = match missing.level {
            rules::Level::Error => What::StructuredRequired,
            rules::Level::Hint => What::StructuredRecommended,
        };
        let field = field.and_then(|field| in_form(&field));
        let evidence = format!("{}: {} {}", missing.rule.name, missing.property, missing.reason);
        found.push(Finding { what, field, evidence });
    }
}

/// The field of a form that an import's field is.
fn in_form(field: &str) -> Option<String> {
    let name = field.split([':', '.']).next().unwrap_or_default();
    match name {
        "date" => Some("published_at".to_owned()),
        "updated" => None,
        other => Some(other.to_owned()),
    }
}
