//! The page of an entry: its view is read once, then the layout of its type draws it.

use hyper::StatusCode;

use super::layouts;
use super::shell::{Canonical, Frame};
use super::show::{Drawn, Target};
use super::view::{EntryView, href};
use crate::app::App;
use crate::entry::is_indexable;
use crate::error::Result;
use crate::schema::{LinkedData, Value, linked_properties};
use crate::seo::graph::{
    Area, Article, Author, Business, Entity, Extra, Link as Node, PageKind, Person, Service, Term,
};
use crate::seo::meta::{Image, Kind as Social};
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

/// What every entry's page says of itself; the layout adds its list.
pub fn frame<'a>(app: &'a App, view: &'a EntryView) -> Frame<'a> {
    let mut frame = Frame::new(&view.entry.locale, &view.href, &view.entry.title);
    let seo = &view.content.seo;
    frame.title_tag = Some(seo.title.clone()).filter(|title| !title.is_empty());
    frame.description = view.description();
    let indexable = is_indexable(&view.entry.indexable());
    frame.robots.noindex = seo.noindex || view.entry.visibility() != crate::entry::Visibility::Public;
    frame.robots.nofollow = seo.nofollow;
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
        url: app.config.origin.url(&cover.src),
        width: cover.width,
        height: cover.height,
        alt: cover.alt,
    });
    frame.social = match view.kind.layout.as_str() {
        "article" => Social::Article { published: view.entry.published_at, modified: view.entry.modified_at },
        "profile" => Social::Profile,
        _ => Social::Website,
    };
    frame.page_kind = match view.kind.layout.as_str() {
        "profile" => PageKind::ProfilePage,
        "hub" | "taxonomy" => PageKind::CollectionPage,
        _ => PageKind::WebPage,
    };
    frame.entity = entity(app, view);
    frame
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

/// The entry's own node of the graph, from the values that the page shows.
fn entity(app: &App, view: &EntryView) -> Option<Entity> {
    let types = vec![view.kind.schema_of(&view.values).to_owned()];
    let mut extra = extra(app, view);
    let node = |field: &str| -> Vec<Node> {
        view.related(field)
            .map(|pointed| {
                let linked = view.linked(app, pointed);
                Node { schema: linked.schema, name: linked.name, url: linked.url }
            })
            .collect()
    };
    let contained_in: Vec<Node> = view
        .above
        .iter()
        .rev()
        .take(1)
        .filter_map(|above| {
            let pointed = view.pointed.iter().find(|pointed| pointed.id == above.id)?;
            let linked = view.linked(app, pointed);
            Some(Node { schema: linked.schema, name: linked.name, url: linked.url })
        })
        .collect();
    match view.kind.layout.as_str() {
        "article" => Some(Entity::Article(Article {
            types,
            authors: authors(app, view),
            section: view.related("categories").next().map(|category| category.title.clone()),
            keywords: view.related("tags").map(|tag| tag.title.clone()).collect(),
            words: usize::try_from(view.word_count).ok().filter(|words| *words > 0),
            extra,
        })),
        "profile" => {
            let job_title = text(view, "job_title");
            extra.retain(|(name, _)| name != "jobTitle");
            Some(Entity::Person(Person { types, job_title, same_as: Vec::new(), extra }))
        }
        "place" => {
            let telephone = match view.values.get("telephone") {
                Some(Value::Phone(phone)) => Some(phone.e164.clone()),
                _ => None,
            };
            extra.retain(|(name, _)| !matches!(name.as_str(), "telephone" | "geo" | "containedInPlace"));
            Some(Entity::Business(Business { types, telephone, geo: geo(view), contained_in, extra }))
        }
        "hub" => {
            extra.retain(|(name, _)| !matches!(name.as_str(), "geo" | "containedInPlace"));
            Some(Entity::Area(Area {
                types,
                alternate_names: Vec::new(),
                geo: geo(view),
                contained_in,
                extra,
            }))
        }
        "service" => Some(Entity::Service(Service {
            types,
            service_type: None,
            provider: node("provider").into_iter().next(),
            area_served: Vec::new(),
            extra: extra.into_iter().filter(|(name, _)| name != "provider").collect(),
        })),
        "taxonomy" => Some(Entity::Term(Term { types: Vec::new(), set: None, extra })),
        _ => None,
    }
}

fn extra(app: &App, view: &EntryView) -> Vec<Extra> {
    let absolute = |path: &str| {
        if path.starts_with('/') { app.config.origin.url(path) } else { path.to_owned() }
    };
    let entry =
        |reference: &crate::schema::RelationRef| view.find(reference).map(|found| view.linked(app, found));
    let with = LinkedData { locale: &view.entry.locale, absolute: &absolute, entry: &entry };
    linked_properties(&view.kind, &view.values, &with).into_iter().collect()
}

fn authors(app: &App, view: &EntryView) -> Vec<Author> {
    view.related("authors")
        .map(|author| Author {
            name: author.title.clone(),
            url: Some(app.config.origin.url(&href(&author.path))),
            organization: false,
        })
        .collect()
}

fn text(view: &EntryView, field: &str) -> Option<String> {
    match view.values.get(field) {
        Some(Value::Line(text)) => Some(text.clone()),
        _ => None,
    }
}

fn geo(view: &EntryView) -> Option<(f64, f64)> {
    match view.values.get("geo") {
        Some(Value::Geo(geo)) => Some((geo.latitude, geo.longitude)),
        _ => None,
    }
}
