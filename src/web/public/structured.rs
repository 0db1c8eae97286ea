//! An entry as the thing that its page is about, from the values that the page shows.

use super::view::{EntryView, href};
use crate::app::App;
use crate::schema::{LinkedData, Value, linked_properties};
use crate::seo::graph::{
    Area, Article, Author, Business, Entity, Extra, Link as Node, Person, Service, Term,
};

/// The entry's own node of the graph, from the values that the page shows.
pub fn entity(app: &App, view: &EntryView) -> Option<Entity> {
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
