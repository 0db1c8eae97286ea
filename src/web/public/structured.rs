//! An entry as the thing that its page is about, from the values that the page shows.

use serde_json::Value as Json;

use super::view::{EntryView, href};
use crate::app::App;
use crate::schema::{Field, ImageRef, Kind, LinkedData, Type, Value, linked_properties, linked_value};
use crate::seo::graph::{
    Area, Article, Author, Business, Entity, Extra, Link as Node, PageKind, Person, Picture, Service, Term,
};
use crate::seo::rules::{is_local_business, serves_food};
use crate::store::lists::Above;
use crate::web::views::Picture as ShownPicture;

/// The entry's own node of the graph, from the values that the page shows.
pub fn entity(app: &App, view: &EntryView) -> Option<Entity> {
    let types = vec![view.kind.schema_of(&view.values).to_owned()];
    let extra = extra(app, view);
    match view.kind.layout.as_str() {
        "article" => Some(Entity::Article(Article {
            types,
            authors: authors(app, view),
            sections: view.related("categories").map(|category| category.title.clone()).collect(),
            keywords: view.related("tags").map(|tag| tag.title.clone()).collect(),
            part_of: nodes(app, view, "series"),
            words: usize::try_from(view.word_count).ok().filter(|words| *words > 0),
            extra,
        })),
        "profile" => {
            let (job_title, identifier) = (text(view, "job_title"), Some(view.href.clone()));
            Some(Entity::Person(Person { types, job_title, identifier, extra }))
        }
        "place" => Some(Entity::Business(business(app, view, extra))),
        "hub" => Some(Entity::Area(Area {
            types,
            alternate_names: Vec::new(),
            geo: geo(view),
            contained_in: contained_in(app, view),
            extra,
        })),
        "service" => Some(Entity::Service(Service {
            types,
            service_type: view.related("category").next().map(|category| category.title.clone()),
            provider: nodes(app, view, "provider").into_iter().next(),
            area_served: nodes(app, view, "area_served"),
            extra,
        })),
        "taxonomy" => Some(Entity::Term(term(app, view, extra))),
        _ => None,
    }
}

/// What a type's page is to schema.org: the kind that its type or a choice names, else what its layout
/// is.
pub fn page_kind(view: &EntryView) -> PageKind {
    match view.kind.layout.as_str() {
        "profile" => PageKind::ProfilePage,
        "hub" | "taxonomy" | "landing" => PageKind::CollectionPage,
        "page" => PageKind::of_schema(view.kind.schema_of(&view.values)).unwrap_or_default(),
        _ => PageKind::WebPage,
    }
}

/// The type of schema.org and the fragment of the `@id` by which other pages know an entry of a type.
pub fn node_name(kind: &Type) -> (&str, &'static str) {
    match kind.layout.as_str() {
        "page" => (&kind.schema, "webpage"),
        "taxonomy" if is_page(&kind.schema) => ("DefinedTerm", "entity"),
        _ => (&kind.schema, "entity"),
    }
}

/// All pictures of the page outside its text, its cover first.
pub fn pictures(app: &App, view: &EntryView) -> Vec<Picture> {
    let mut shown: Vec<&ImageRef> = view.content.cover.iter().collect();
    for field in view.kind.fields.iter().filter(|field| field.schema.as_deref() == Some("image")) {
        match view.values.get(&field.name) {
            Some(Value::Image(image)) => shown.push(image),
            Some(Value::Gallery(images)) => shown.extend(images),
            _ => {}
        }
    }
    let mut pictures: Vec<Picture> = Vec::new();
    for image in shown {
        let picture = picture(app, super::pictures::picture(image, &view.pictures));
        if !pictures.iter().any(|other| other.url == picture.url) {
            pictures.push(picture);
        }
    }
    pictures
}

fn picture(app: &App, shown: ShownPicture) -> Picture {
    Picture {
        url: absolute(app, &shown.src),
        width: shown.width,
        height: shown.height,
        alt: shown.alt,
        caption: shown.caption,
        credit: shown.credit,
        creator: shown.rights.creator,
        copyright: shown.rights.copyright,
        license: shown.rights.license.map(|license| absolute(app, &license)),
        license_page: shown.rights.license_page.map(|page| absolute(app, &page)),
    }
}

/// The questions that are said as the page's `FAQPage`: all where the entry asks for it (`seo.faq`),
/// none where it forbids it, else those of fields that ask for it (`schema = "mainEntity"`).
pub fn questions(app: &App, view: &EntryView) -> Vec<Json> {
    let absolute = |path: &str| absolute(app, path);
    let with = LinkedData { locale: &view.entry.locale, absolute: &absolute, entry: &|_| None };
    let asks = |field: &&Field| {
        let of_type = field.schema.as_deref() == Some("mainEntity");
        field.kind == Kind::Faq && view.content.seo.faq.unwrap_or(of_type)
    };
    let said = |field: &Field| linked_value(field, view.values.get(&field.name)?, &with);
    let lists = view.kind.fields.iter().filter(asks).filter_map(said);
    lists.flat_map(|list| if let Json::Array(list) = list { list } else { vec![list] }).collect()
}

/// An address of this site with its origin, any other as it is.
pub fn absolute(app: &App, address: &str) -> String {
    if address.starts_with('/') { app.config.origin.url(address) } else { address.to_owned() }
}

/// The graph that a finished page carries; `None` for what carries none.
pub fn graph_of(html: &str) -> Option<Json> {
    let (_, rest) = html.split_once("<script type=\"application/ld+json\">")?;
    let (json, _) = rest.split_once("</script>")?;
    serde_json::from_str(json).ok()
}

/// A type that says what the listing of entries is, not what an entry is.
fn is_page(schema: &str) -> bool {
    PageKind::of_schema(schema).is_some()
}

/// A place that serves the public. A kind of place that is no business by itself, such as a museum,
/// is both.
fn business(app: &App, view: &EntryView, mut extra: Vec<Extra>) -> Business {
    let chosen = view.kind.schema_of(&view.values).to_owned();
    let mut types = vec![chosen.clone()];
    if !is_local_business(&chosen) && is_local_business(&view.kind.schema) {
        types.push(view.kind.schema.clone());
    }
    let telephone = match view.values.get("telephone") {
        Some(Value::Phone(phone)) => Some(phone.e164.clone()),
        _ => None,
    };
    extra.retain(|(name, _)| serves_food(&chosen) || !matches!(name.as_str(), "servesCuisine" | "hasMenu"));
    Business { types, telephone, geo: geo(view), contained_in: contained_in(app, view), extra }
}

/// A term of the set of all terms of its type; a type that is more than a term is what it says.
fn term(app: &App, view: &EntryView, extra: Vec<Extra>) -> Term {
    if !is_page(&view.kind.schema) {
        return Term { types: vec![view.kind.schema.clone()], set: None, extra };
    }
    let set = view.kind.listing.as_ref().map(|listing| {
        let path = format!("{}{}", app.site.prefix(&view.entry.locale), listing.path);
        Node {
            schema: "DefinedTermSet".to_owned(),
            name: view.kind.label_in(&view.entry.locale).many.clone(),
            url: app.config.origin.url(&path),
        }
    });
    // The trail names the set, unless the entry stands below another one.
    Term { types: Vec::new(), set: set.filter(|_| view.above.is_empty()), extra }
}

fn extra(app: &App, view: &EntryView) -> Vec<Extra> {
    properties(app, view, |kind| kind != Kind::Faq)
}

/// What fields of some kinds say of the entry.
fn properties(app: &App, view: &EntryView, takes: impl Fn(Kind) -> bool) -> Vec<Extra> {
    let absolute = |path: &str| absolute(app, path);
    let entry =
        |reference: &crate::schema::RelationRef| view.find(reference).map(|found| view.linked(app, found));
    let with = LinkedData { locale: &view.entry.locale, absolute: &absolute, entry: &entry };
    let fields = view.kind.fields.iter().filter(|field| takes(field.kind));
    linked_properties(fields, &view.values, &with).into_iter().collect()
}

fn authors(app: &App, view: &EntryView) -> Vec<Author> {
    view.related("authors")
        .map(|author| Author {
            name: author.title.clone(),
            url: Some(app.config.origin.url(&href(&author.path))),
            same_as: view.profiles_of(app, author.id),
            organization: app.types.get(&author.kind).is_some_and(|kind| kind.schema == "Organization"),
        })
        .collect()
}

/// What a relation leads to.
fn nodes(app: &App, view: &EntryView, field: &str) -> Vec<Node> {
    view.related(field)
        .map(|pointed| {
            let linked = view.linked(app, pointed);
            Node { schema: linked.schema, name: linked.name, url: linked.url }
        })
        .collect()
}

/// Where a place lies, the nearest first: its area, then what its address begins with.
fn contained_in(app: &App, view: &EntryView) -> Vec<Node> {
    let mut around = nodes(app, view, "area");
    around.truncate(1);
    for above in view.above.iter().rev() {
        let node = above_node(app, above);
        if around.iter().all(|other| other.url != node.url) {
            around.push(node);
        }
    }
    around
}

fn above_node(app: &App, above: &Above) -> Node {
    let schema = app.types.get(&above.kind).map_or("Place", |kind| node_name(kind).0).to_owned();
    Node { schema, name: above.title.clone(), url: app.config.origin.url(&href(&above.path)) }
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
