//! From a posted form to a content. Only the names that the form has are read (SECURITY T25).

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::map_link;
use super::names::{self, read};
use super::typed::FIELD;
use crate::app::App;
use crate::entry::{Content, Seo};
use crate::error::{Problem, Problems};
use crate::schema::{Field, FormControl, IMAGE_KEYS, ImageRef, Type, VIDEO_KEYS, form_control};
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::Wall;
use crate::web::admin::words::Words;

/// The parts of a postal address, as `schema` reads them.
pub const ADDRESS_KEYS: [&str; 5] = ["street", "locality", "region", "postal_code", "country"];

/// A content as somebody typed it, over what is stored: what the form does not show stays as it is.
pub fn content(
    app: &App,
    t: &Words,
    kind: &Type,
    stored: Content,
    posted: &Posted,
    problems: &mut Problems,
) -> Content {
    let text = |name: &str| posted.get(name).to_owned();
    let mut content = Content {
        title: text("title"),
        slug: posted.get("slug").trim().to_owned(),
        summary: posted.get("summary").trim().to_owned(),
        body: text("body"),
        seo: seo(posted),
        ..stored
    };
    match posted.get("visibility").parse() {
        Ok(visibility) => content.visibility = visibility,
        Err(reason) => problems.push(Problem::new(reason).field("visibility")),
    }
    // Not every type's form asks for these.
    if posted.has("parent") {
        content.parent = linked("parent", posted, problems).into_iter().next();
    }
    if posted.has("authors") {
        content.authors = linked("authors", posted, problems);
    }
    date(app, &mut content, posted, problems);
    content.cover = match parts(posted, "cover", &IMAGE_KEYS) {
        Json::Null => None,
        raw => ImageRef::read(&raw).map_err(|reason| problems.push(Problem::new(reason).field("cover"))).ok(),
    };
    for field in &kind.fields {
        let typed = posted.get(&format!("{FIELD}{}", field.name));
        if matches!(form_control(field, t.lang), FormControl::Geo) && map_link::is_shortened(typed) {
            problems.push(Problem::new(t.writing.geo_shortened).field(&field.name));
            content.fields.remove(&field.name);
            continue;
        }
        match value(field, posted) {
            Json::Null => drop(content.fields.remove(&field.name)),
            value => drop(content.fields.insert(field.name.clone(), value)),
        }
    }
    content
}

fn seo(posted: &Posted) -> Seo {
    let text = |name: &str| posted.get(name).trim().to_owned();
    Seo {
        title: text("seo.title"),
        description: text("seo.description"),
        canonical: Some(text("seo.canonical")).filter(|url| !url.is_empty()),
        noindex: posted.has("seo.noindex"),
        nofollow: posted.has("seo.nofollow"),
        robots: text("seo.robots"),
        faq: match posted.get("seo.faq") {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
    }
}

/// The entries that the lines of a field name by their numbers.
fn linked(field: &str, posted: &Posted, problems: &mut Problems) -> Vec<i64> {
    let mut found = Vec::new();
    for line in lines(posted.get(field)) {
        match names::number(line) {
            Some(id) => found.push(id),
            None => {
                let reason = format!("“{line}” names no entry by its number; choose one of the list");
                problems.push(Problem::new(reason).field(field));
            }
        }
    }
    found
}

/// The date that readers see. An input knows no seconds, so one that was not touched stays as stored.
fn date(app: &App, content: &mut Content, posted: &Posted, problems: &mut Problems) {
    let (wall, typed) = (Wall::of(app), posted.get("published_at").trim());
    let shown = content.published_at.map(|at| wall.input(at)).unwrap_or_default();
    if typed == shown {
        return;
    }
    content.published_at = wall.read(typed);
    if !typed.is_empty() && content.published_at.is_none() {
        problems.push(Problem::new(format!("`{typed}` is no day with a time")).field("published_at"));
    }
}

/// The value of a field as JSON, to be read like that of an import.
pub fn value(field: &Field, posted: &Posted) -> Json {
    let name = format!("{FIELD}{}", field.name);
    match form_control(field, "en") {
        FormControl::Input { .. }
        | FormControl::TextArea { .. }
        | FormControl::Markdown { .. }
        | FormControl::Select { .. }
        | FormControl::Checkbox
        | FormControl::Hours => text(posted.get(&name)),
        FormControl::Geo => {
            let typed = posted.get(&name);
            map_link::pair(typed).map_or_else(|| text(typed), Json::String)
        }
        FormControl::Money { currency: Some(currency) } => match posted.get(&name).trim() {
            "" => Json::Null,
            amount => json!({ "amount": amount, "currency": currency }),
        },
        FormControl::Money { currency: None } => parts(posted, &name, &["amount", "currency"]),
        FormControl::Image => parts(posted, &name, &IMAGE_KEYS),
        FormControl::Address => parts(posted, &name, &ADDRESS_KEYS),
        FormControl::Video => parts(posted, &name, &VIDEO_KEYS),
        FormControl::Gallery => rows(posted, &name, &IMAGE_KEYS),
        FormControl::Faq => rows(posted, &name, &["question", "answer"]),
        FormControl::Relation { many: true, .. } => lines(posted.get(&name)).map(read).collect(),
        FormControl::Relation { many: false, .. } => match posted.get(&name).trim() {
            "" => Json::Null,
            one => read(one),
        },
    }
}

fn text(typed: &str) -> Json {
    if typed.trim().is_empty() { Json::Null } else { json!(typed) }
}

/// A table of the parts that are filled in; null without any.
fn parts(posted: &Posted, name: &str, keys: &[&str]) -> Json {
    let filled = keys.iter().filter_map(|key| {
        let typed = posted.get(&format!("{name}.{key}")).trim();
        (!typed.is_empty()).then(|| ((*key).to_owned(), json!(typed)))
    });
    let map: Map<String, Json> = filled.collect();
    if map.is_empty() { Json::Null } else { Json::Object(map) }
}

/// A list of the rows that are filled in.
fn rows(posted: &Posted, name: &str, keys: &[&str]) -> Json {
    let row = |at| parts(posted, &format!("{name}.{at}"), keys);
    let filled: Vec<Json> =
        row_numbers(posted, name).into_iter().map(row).filter(|row| !row.is_null()).collect();
    if filled.is_empty() { Json::Null } else { Json::Array(filled) }
}

/// The numbers of the rows that a list in a form has.
pub fn row_numbers(posted: &Posted, name: &str) -> BTreeSet<u32> {
    let number = |known: &str| {
        let rest = known.strip_prefix(name)?.strip_prefix('.')?;
        rest.split_once('.')?.0.parse().ok()
    };
    posted.0.iter().filter_map(|(known, _)| number(known)).collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
