//! One `landings/NAME.toml`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::field::Field;
use super::super::kind::Kind;
use super::super::landing::{Facet, FacetWords, Landing, LandingWords};
use super::super::suggest::hint;
use super::super::types::Type;
use super::names::is_locale;
use super::no_such;
use super::source::Table;
use crate::text::Slug;

/// Every key a landing file can have.
pub const LANDING_KEYS: [&str; 6] = ["type", "by", "path", "min", "words", "value"];

/// Every key of the words of a language.
pub const WORDS_KEYS: [&str; 4] = ["title", "description", "intro", "slug"];

/// Every key of a value in a language.
pub const VALUE_KEYS: [&str; 2] = ["name", "slug"];

const MIN: u32 = 3;
const MOST_MIN: f64 = 1000.0;

/// Reads a landing file against the types. Faults are noted in its source; then there is none.
pub fn read(name: &str, root: &Table, types: &BTreeMap<String, Type>) -> Option<Landing> {
    root.only(&LANDING_KEYS);
    for key in ["type", "by", "path", "words"].into_iter().filter(|key| !root.has(key)) {
        root.fault(key, "is missing; see docs/landings.md");
    }
    let kind_name = root.string("type")?;
    let Some(kind) = types.get(&kind_name) else {
        root.fault("type", no_such("type", &kind_name, types.keys()));
        return None;
    };
    let by = root.strings("by");
    if by.is_empty() || by.len() > 2 {
        root.fault("by", "names a relation, or a relation and a second field; one or two names are right");
        return None;
    }
    let fields: Vec<&Field> = by.iter().filter_map(|name| find(root, kind, name)).collect();
    let hub = *fields.first()?;
    if fields.len() < by.len() {
        return None;
    }
    if fields.len() == 2 && fields[0].name == fields[1].name {
        root.fault("by", format!("names `{}` twice; two different fields are right", hub.name));
        return None;
    }
    let Some(hub_kind) = hub.to.clone() else {
        root.fault("by", format!("begins with `{}`, a {}; a relation is right", hub.name, hub.kind));
        return None;
    };
    let second = fields.get(1).copied();
    check_path(root, hub, second);
    let facet = read_facet(root, second)?;
    let min = read_min(root);
    let words = read_words(root, hub, second);
    let landing = Landing {
        name: name.to_owned(),
        kind: kind_name,
        hub: hub.name.clone(),
        hub_kind,
        facet,
        min,
        words,
        file: root.file().to_owned(),
    };
    check_values(root, &landing);
    Some(landing)
}

fn find<'a>(root: &Table, kind: &'a Type, name: &str) -> Option<&'a Field> {
    let found = kind.field(name);
    if found.is_none() {
        let known = kind.fields.iter().map(|field| field.name.as_str());
        root.fault("by", format!("{} has no field `{name}`; {}", kind.name, hint(name, known)));
    }
    found
}

/// The address follows from `by`; the file says it so that a reader sees it.
fn check_path(root: &Table, hub: &Field, second: Option<&Field>) {
    let last = second.map_or("slug", |field| field.name.as_str());
    let right = format!("/{{{}.path}}/{{{last}}}", hub.name);
    if let Some(path) = root.string("path")
        && path != right
    {
        root.fault("path", format!("is {path:?}; with this `by`, {right:?} is right"));
    }
}

fn read_facet(root: &Table, second: Option<&Field>) -> Option<Facet> {
    let Some(field) = second else {
        if root.has("value") {
            root.fault("value", "names values, but `by` names no choice");
        }
        return Some(Facet::None);
    };
    match (field.kind, &field.to) {
        (Kind::Choice, _) => Some(Facet::Choice { field: field.name.clone(), values: values(root, field) }),
        (Kind::Relation, Some(to)) => {
            if root.has("value") {
                root.fault("value", "names values, but the second field of `by` is a relation");
            }
            Some(Facet::Relation { field: field.name.clone(), to: to.clone() })
        }
        _ => {
            let reason =
                format!("names `{}`, a {}; a choice or another relation is right", field.name, field.kind);
            root.fault("by", reason);
            None
        }
    }
}

/// `[value.cafe]`, `en = { name = "Cafés", slug = "cafes" }`.
fn values(root: &Table, field: &Field) -> BTreeMap<String, BTreeMap<String, FacetWords>> {
    let mut values = BTreeMap::new();
    let Some(table) = root.table("value") else {
        if !root.has("value") {
            root.fault("value", format!("is missing; each value of `{}` with a page has words", field.name));
        }
        return values;
    };
    for value in table.keys() {
        if field.choice(value).is_none() {
            let known = field.choices.iter().map(|choice| choice.value.as_str());
            table.fault(value, format!("is no value of `{}`; {}", field.name, hint(value, known)));
        }
        let Some(by_locale) = table.table(value) else { continue };
        let mut words = BTreeMap::new();
        for locale in locales(&by_locale) {
            let Some(inner) = by_locale.table(locale) else { continue };
            inner.only(&VALUE_KEYS);
            for key in VALUE_KEYS.into_iter().filter(|key| !inner.has(key)) {
                inner.fault(key, "is missing; a value has a `name` and a `slug`");
            }
            if let (Some(name), Some(slug)) = (inner.string("name"), read_slug(&inner)) {
                words.insert(locale.to_owned(), FacetWords { slug, name });
            }
        }
        values.insert(value.to_owned(), words);
    }
    values
}

fn locales<'a>(table: &Table<'a>) -> Vec<&'a str> {
    let keys = table.keys();
    for key in keys.iter().filter(|key| !is_locale(key)) {
        table.fault(key, "is no locale; a key such as `en` or `pt-BR` is right");
    }
    keys
}

fn read_slug(table: &Table) -> Option<String> {
    let text = table.string("slug")?;
    match Slug::parse(&text) {
        Ok(slug) => Some(slug.to_string()),
        Err(reason) => {
            table.fault("slug", reason);
            None
        }
    }
}

fn read_min(root: &Table) -> u32 {
    if !root.has("min") {
        return MIN;
    }
    match root.number("min") {
        Some(min) if (1.0..=MOST_MIN).contains(&min) && min.fract() == 0.0 => min as u32,
        Some(_) => {
            root.fault("min", "is out of range; a whole number from 1 to 1000 is right");
            MIN
        }
        None => MIN,
    }
}

/// `[words.en]`.
fn read_words(root: &Table, hub: &Field, second: Option<&Field>) -> BTreeMap<String, LandingWords> {
    let mut words = BTreeMap::new();
    let Some(by_locale) = root.table("words") else { return words };
    let named: Vec<&str> =
        [Some(hub), second].into_iter().flatten().map(|field| field.name.as_str()).collect();
    for locale in locales(&by_locale) {
        let Some(table) = by_locale.table(locale) else { continue };
        table.only(&WORDS_KEYS);
        for key in ["title", "description"].into_iter().filter(|key| !table.has(key)) {
            table.fault(key, "is missing; no two pages may say the same of themselves");
        }
        let title = template(&table, "title", &named, &named);
        let all: Vec<&str> = named.iter().copied().chain(["count", "names"]).collect();
        let description = template(&table, "description", &named, &all);
        let intro = template(&table, "intro", &[], &all);
        let slug = match (second, table.has("slug")) {
            (None, true) => read_slug(&table),
            (None, false) => {
                table.fault("slug", "is missing; without a second field it ends the address");
                None
            }
            (Some(field), true) => {
                table.fault("slug", format!("has no use: the address ends in `{{{}}}`", field.name));
                None
            }
            (Some(_), false) => None,
        };
        if let (Some(title), Some(description)) = (title, description) {
            words.insert(locale.to_owned(), LandingWords { title, description, intro, slug });
        }
    }
    if words.is_empty() && by_locale.keys().is_empty() {
        root.fault("words", "is empty; a table for each language is right, such as [words.en]");
    }
    words
}

/// A text with tokens: it names what it must, and nothing that isn't known.
fn template(table: &Table, key: &str, needed: &[&str], known: &[&str]) -> Option<String> {
    if !table.has(key) {
        return None;
    }
    let text = table.string(key)?;
    let mut used = BTreeSet::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let Some((token, after)) = after.split_once('}') else {
            table.fault(key, "has a `{` without its `}`");
            return None;
        };
        if !known.contains(&token) {
            table.fault(key, format!("names {{{token}}}; {}", hint(token, known.iter().copied())));
        }
        used.insert(token);
        rest = after;
    }
    for token in needed.iter().filter(|token| !used.contains(**token)) {
        table.fault(key, format!("must name {{{token}}}, or two pages would say the same"));
    }
    Some(text)
}

/// Every value that has a page in a language the family speaks, and no two of them one address.
fn check_values(root: &Table, landing: &Landing) {
    let Facet::Choice { values, .. } = &landing.facet else { return };
    for locale in landing.words.keys() {
        let mut slugs: BTreeMap<&str, &str> = BTreeMap::new();
        for (value, words) in values {
            let Some(words) = words.get(locale) else { continue };
            if let Some(other) = slugs.insert(&words.slug, value) {
                let reason = format!("has the slug {:?} in `{locale}`, as `{other}` has", words.slug);
                root.fault(&format!("value.{value}"), reason);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{LAYOUTS, SourceFile, Types};

    const CITY: &str = r#"
label  = { one = "City", many = "Cities" }
path   = "/{slug}"
layout = "hub"
schema = "City"
"#;

    const PLACE: &str = r#"
label  = { one = "Place", many = "Places" }
path   = "/places/{slug}"
layout = "page"
schema = "Place"
[[field]]
name = "city"
kind = "relation"
to   = "city"
[[field]]
name = "kind"
kind = "choice"
choices = ["cafe", "bakery"]
[[field]]
name = "note"
kind = "line"
"#;

    const RIGHT: &str = r#"
type = "place"
by   = ["city", "kind"]
path = "/{city.path}/{kind}"
[words.en]
title       = "{kind} in {city}"
description = "{count} {kind} in {city}: {names}"
[value.cafe]
en = { name = "Cafés", slug = "cafes" }
"#;

    fn problems(text: &str) -> Vec<String> {
        let files = [("types/city.toml", CITY), ("types/place.toml", PLACE), ("landings/by-kind.toml", text)];
        let files: Vec<SourceFile> =
            files.into_iter().map(|(name, text)| SourceFile::new(name, text)).collect();
        match Types::load(&files, LAYOUTS) {
            Ok(types) => {
                assert_eq!(types.landings().count(), 1);
                Vec::new()
            }
            Err(problems) => problems.0.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line_and_what_would_be_right() {
        assert_eq!(problems(RIGHT), [""; 0]);
        let alone = RIGHT.replace(", \"kind\"]", "]").replace("/{kind}\"", "/{slug}\"");
        let alone = alone.split("[value").next().unwrap().replace("{kind} in", "All in");
        let alone = alone.replace("{count} {kind}", "{count}") + "slug = \"all\"\n";
        assert_eq!(problems(&alone), [""; 0]);
        let told: Vec<String> = [
            ("type = \"place\"", "type = \"plaice\""),
            ("\"city\", \"kind\"", "\"town\", \"kind\""),
            ("\"city\", \"kind\"", "\"note\", \"kind\""),
            ("\"city\", \"kind\"", "\"city\", \"note\""),
            ("\"city\", \"kind\"", "\"city\", \"kind\", \"note\""),
            ("/{city.path}/{kind}", "/{kind}/{city.path}"),
            ("[words.en]", "min = 0\n[words.en]"),
            ("[words.en]", "min = 2.5\n[words.en]"),
            ("[words.en]", "most = 9\n[words.en]"),
            ("[words.en]", "[words.english]"),
            ("{kind} in {city}\"\ndesc", "{kind}\"\ndesc"),
            ("{kind} in {city}\"\ndesc", "{kind} in {city} ({count})\"\ndesc"),
            ("{names}", "{name"),
            ("description", "describe"),
            ("{names}\"", "{names}\"\nslug = \"x\""),
            ("[value.cafe]", "[value.coffee]"),
            ("slug = \"cafes\"", "slug = \"a/b\""),
            (", slug = \"cafes\"", ""),
            ("[value.cafe]", "[value.bakery]\nen = { name = \"Bakeries\", slug = \"cafes\" }\n[value.cafe]"),
        ]
        .into_iter()
        .flat_map(|(from, to)| {
            assert!(RIGHT.contains(from), "{from}");
            let found = problems(&RIGHT.replacen(from, to, 1));
            assert!(!found.is_empty(), "{to}");
            found
        })
        .collect();
        insta::assert_snapshot!(told.join("\n"));
        let reserved = [SourceFile::new("types/landing.toml", CITY)];
        assert_eq!(
            Types::load(&reserved, LAYOUTS).unwrap_err().0[0].to_string(),
            "types/landing.toml: takes the name of the type that landing pages are of; another name is right"
        );
    }
}
