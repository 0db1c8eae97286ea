//! The page of an entry: its view is read once, then the layout of its type draws it.

use hyper::StatusCode;

use super::layouts;
use super::naming;
use super::shell::{Canonical, Frame, Title};
use super::show::{Drawn, Target};
use super::structured::{entity, page_kind, pictures, questions};
use super::view::{EntryView, href};
use crate::app::App;
use crate::entry::{Content, is_indexable};
use crate::error::{Error, Result};
use crate::seo::RobotsMeta;
use crate::seo::meta::{Image, Kind as Social, Story};
use crate::text::Path;
use crate::web::views::Link;

/// Draws a live entry.
///
/// # Errors
/// `NotFound` when it is not live any more, or past the end of its list.
pub async fn draw(app: &App, id: i64, target: &Target) -> Result<Drawn> {
    let view = EntryView::load(app, id).await?;
    let tags = view.tags();
    let mut drawn = layouts::draw(app, &view, target).await?;
    drawn.tags.extend(tags);
    drawn.status = StatusCode::OK;
    Ok(drawn)
}

/// The page of an entry as it would be if a saved state of it were live.
///
/// # Errors
/// `NotFound` when there is no such entry.
pub async fn draw_as_if_live(app: &App, id: i64, content: Content) -> Result<Drawn> {
    let app = &app.uncounted();
    let view = EntryView::as_if_live(app, id, content).await?;
    let path = Path::parse_href(&view.href).map_err(Error::internal)?;
    layouts::draw(app, &view, &Target { path, query: Vec::new(), moved: false }).await
}

/// Whether words of a rendered body are set in italics: those of `prose.css` and of every browser.
fn has_italics(body: &str) -> bool {
    ["<em", "<i>", "<cite", "<dfn", "<blockquote"].iter().any(|tag| body.contains(tag))
}

/// What every entry's page says of itself; the layout adds its list.
pub fn frame<'a>(app: &'a App, view: &'a EntryView) -> Frame<'a> {
    let mut frame = Frame::new(&view.entry.locale, &view.href, &view.entry.title);
    let seo = &view.content.seo;
    frame.title_tag = Some(seo.title.clone()).filter(|title| !title.is_empty());
    let template = naming::title_template(app, &view.kind, &view.entry.locale);
    frame.title_from = Some(Title::of(template, |token| naming::value(app, view, token)));
    frame.description = naming::description(app, view);
    let indexable = is_indexable(&view.entry.indexable());
    frame.robots = RobotsMeta {
        noindex: seo.noindex || view.entry.visibility() != crate::entry::Visibility::Public,
        nofollow: seo.nofollow,
        // Saving has checked it; what can't be read any more forbids nothing else.
        ..RobotsMeta::parse(&seo.robots).unwrap_or_default()
    };
    if let Some(elsewhere) = &seo.canonical {
        frame.canonical = Canonical::Elsewhere(elsewhere.clone());
    }
    frame.translations = view
        .translations
        .iter()
        .map(|translation| (translation.locale.clone(), href(&translation.path), translation.indexable))
        .collect();
    if indexable.is_err() {
        for translation in frame.translations.iter_mut().filter(|(locale, ..)| *locale == view.entry.locale) {
            translation.2 = false;
        }
    }
    frame.trail = trail(app, view);
    frame.published = view.entry.published_at;
    frame.modified = view.entry.modified_at;
    frame.image = view.cover().map(|cover| Image {
        url: if cover.src.starts_with('/') { app.config.origin.url(&cover.src) } else { cover.src },
        width: cover.width,
        height: cover.height,
        alt: cover.alt,
    });
    frame.social = match view.kind.layout.as_str() {
        "article" => Social::Article(story(app, view)),
        "profile" => Social::Profile,
        _ => Social::Website,
    };
    frame.page_kind = page_kind(view);
    frame.entity = entity(app, view);
    frame.pictures = pictures(app, view);
    frame.questions = questions(app, view);
    frame.italics = has_italics(view.body.as_str());
    // These two say it in a line of their own, a standing page only when it last changed.
    frame.dated_by_layout = matches!(view.kind.layout.as_str(), "article" | "page");
    if view.kind.layout == "page" {
        frame.published = None;
    }
    frame
}

/// What previews say of an article.
fn story(app: &App, view: &EntryView) -> Story {
    Story {
        published: view.entry.published_at,
        modified: view.entry.modified_at,
        authors: view.related("authors").map(|author| app.config.origin.url(&href(&author.path))).collect(),
        section: view.related("categories").next().map(|category| category.title.clone()),
        tags: view.related("tags").map(|tag| tag.title.clone()).collect(),
    }
}

/// The way to an entry: what it stands below, else the listing of its type.
fn trail(app: &App, view: &EntryView) -> Vec<Link> {
    if view.above.is_empty() {
        let listing = view.kind.listing.iter();
        let path = |at: &str| format!("{}{at}", app.site.prefix(&view.entry.locale));
        return listing
            .map(|listing| {
                Link::new(path(&listing.path), view.kind.label_in(&view.entry.locale).many.clone())
            })
            .collect();
    }
    view.above.iter().map(|above| Link::new(href(&above.path), above.title.clone())).collect()
}
