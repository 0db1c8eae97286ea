//! One `types/NAME.toml`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::layouts::Layout;
use super::super::path_rule::PathRule;
use super::super::suggest::hint;
use super::super::types::{Label, Listing, Sort, SortBy, Type};
use super::names::{is_locale, is_schema_type};
use super::source::Table;
use super::{Draft, Group, Known, field_table, head_table, no_such};

/// Every key a type can have.
pub const TYPE_KEYS: [&str; 11] =
    ["label", "labels", "path", "layout", "schema", "listing", "sitemap", "feed", "head", "include", "field"];

/// Every key of `label` and of each of `labels`.
pub const LABEL_KEYS: [&str; 2] = ["one", "many"];

/// Every key of `listing`.
pub const LISTING_KEYS: [&str; 3] = ["path", "per_page", "sort"];

/// What a listing page shows unless told otherwise.
const PER_PAGE: u32 = 24;
const MOST_PER_PAGE: f64 = 200.0;

/// Reads a type file with the groups it includes. Faults are noted in its source.
pub fn read<'a>(name: &'a str, root: &Table, groups: &BTreeMap<&str, Group>, known: &Known) -> Draft<'a> {
    root.only(&TYPE_KEYS);
    let (mut fields, mut broken) = (Vec::new(), BTreeSet::new());
    field_table::read_all(root, &mut fields, &mut broken);
    include(root, groups, known, &mut fields, &mut broken);
    // A broken part is replaced by an empty one, so that the rest is still checked; its fault keeps
    // the type from ever being used.
    let ty = Type {
        name: name.to_owned(),
        label: needed(root, "label", "`{ one = \"Place\", many = \"Places\" }`", |key| {
            read_label(root.table(key)?)
        })
        .unwrap_or_else(|| Label { one: String::new(), many: String::new() }),
        labels: read_labels(root),
        path: needed(root, "path", "a rule such as `/places/{slug}`", |key| read_path(root, key))
            .unwrap_or_else(PathRule::only_slug),
        layout: needed(root, "layout", "the name of a layout", |key| read_layout(root, key, known.layouts))
            .unwrap_or_default(),
        schema: needed(root, "schema", "a type of schema.org such as `Place`", |key| read_schema(root, key))
            .unwrap_or_default(),
        listing: root.table("listing").and_then(|table| read_listing(&table)),
        sitemap: root.bool("sitemap").unwrap_or(true),
        feed: root.bool("feed").unwrap_or(false),
        head: head_table::read(root, &fields, &broken),
        fields,
        file: root.file().to_owned(),
    };
    Draft { name, ty, broken }
}

fn needed<T>(root: &Table, key: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    if !root.has(key) {
        root.fault(key, format!("is missing; {what} is right"));
        return None;
    }
    read(key)
}

/// Adds the fields of the included groups after the type's own.
fn include(
    root: &Table,
    groups: &BTreeMap<&str, Group>,
    known: &Known,
    fields: &mut Vec<super::Field>,
    broken: &mut BTreeSet<String>,
) {
    let mut included: Vec<String> = Vec::new();
    for name in root.strings("include") {
        if included.contains(&name) {
            root.fault("include", format!("names the group `{name}` twice"));
            continue;
        }
        let Some(group) = groups.get(name.as_str()) else {
            root.fault("include", no_such("group", &name, known.groups.iter()));
            continue;
        };
        for field in &group.fields {
            match fields.iter().find(|own| own.name == field.name) {
                Some(own) => {
                    let (file, line) = (&own.file, own.line);
                    let reason = format!(
                        "brings the field `{}` of group `{name}`, which {file}:{line} declares already",
                        field.name
                    );
                    root.fault("include", reason);
                }
                None => fields.push(field.clone()),
            }
        }
        broken.extend(group.broken.iter().cloned());
        included.push(name);
    }
}

fn read_label(table: Table) -> Option<Label> {
    table.only(&LABEL_KEYS);
    for key in LABEL_KEYS.into_iter().filter(|key| !table.has(key)) {
        table.fault(key, "is missing; a label has `one` and `many`");
    }
    let (one, many) = (table.string("one"), table.string("many"));
    Some(Label { one: one?, many: many? })
}

/// `labels.fa = { one = "…", many = "…" }`.
fn read_labels(root: &Table) -> BTreeMap<String, Label> {
    let mut labels = BTreeMap::new();
    let Some(by_locale) = root.table("labels") else { return labels };
    for locale in by_locale.keys() {
        if !is_locale(locale) {
            by_locale.fault(locale, "is no locale; a key such as `fa` or `pt-BR` is right");
        }
        if let Some(label) = by_locale.table(locale).and_then(read_label) {
            labels.insert(locale.to_owned(), label);
        }
    }
    labels
}

fn read_path(root: &Table, key: &str) -> Option<PathRule> {
    match PathRule::parse(&root.string(key)?) {
        Ok(rule) => Some(rule),
        Err(faults) => {
            faults.into_iter().for_each(|fault| root.fault(key, fault));
            None
        }
    }
}

fn read_layout(root: &Table, key: &str, layouts: &[Layout]) -> Option<String> {
    let name = root.string(key)?;
    if layouts.iter().any(|layout| layout.name == name) {
        return Some(name);
    }
    root.fault(key, no_such("layout", &name, layouts.iter().map(|layout| layout.name)));
    None
}

fn read_schema(root: &Table, key: &str) -> Option<String> {
    let name = root.string(key)?;
    if is_schema_type(&name) {
        return Some(name);
    }
    root.fault(key, format!("is {name:?}; a type of schema.org such as `LocalBusiness` is right"));
    None
}

fn read_listing(table: &Table) -> Option<Listing> {
    table.only(&LISTING_KEYS);
    if !table.has("path") {
        table.fault("path", "is missing; a listing stands somewhere, such as \"/places\"");
    }
    let path = table.string("path").and_then(|path| listing_path(table, path));
    let per_page = table.number("per_page").map_or(Some(PER_PAGE), |count| {
        let fits = (1.0..=MOST_PER_PAGE).contains(&count) && count.fract() == 0.0;
        if !fits {
            table.fault("per_page", format!("is {count}; a whole number from 1 to {MOST_PER_PAGE} is right"));
        }
        fits.then_some(count as u32)
    });
    let sort = table.string("sort").unwrap_or_else(|| "-published".to_owned());
    Some(Listing { path: path?, per_page: per_page?, sort: read_sort(&sort) })
}

fn listing_path(table: &Table, path: String) -> Option<String> {
    let segments = path.strip_prefix('/').unwrap_or_default().split('/');
    let fits = |segment: &str| {
        !matches!(segment, "" | "." | "..")
            && segment.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    if segments.clone().all(fits) {
        return Some(path);
    }
    table.fault(
        "path",
        format!("is {path:?}; a fixed path such as `/places`, without a slash at its end, is right"),
    );
    None
}

/// `-published`: a minus sign turns the order round.
fn read_sort(text: &str) -> Sort {
    let (descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
    let by = match name {
        "published" => SortBy::Published,
        "updated" => SortBy::Updated,
        "title" => SortBy::Title,
        field => SortBy::Field(field.to_owned()),
    };
    Sort { by, descending }
}

/// What a listing of these fields can be sorted by, for a message.
pub fn sort_hint<'a>(name: &str, fields: impl Iterator<Item = &'a str>) -> String {
    hint(name, ["published", "updated", "title"].into_iter().chain(fields))
}
