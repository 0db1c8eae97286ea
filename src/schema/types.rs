//! Content types as the rest of the engine sees them: checked, typed, unchanging.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::field::Field;
use super::head::HeadRules;
use super::landing::Landing;
use super::path_rule::PathRule;
use super::read::read_value;
use super::suggest::hint;
use super::values::Value;
use crate::error::{Problem, Problems};

/// The typed core of every entry; no field may take one of these names.
pub const CORE_NAMES: [&str; 17] = [
    "title",
    "slug",
    "path",
    "locale",
    "translation_of",
    "parent",
    "summary",
    "body",
    "cover",
    "authors",
    "date",
    "updated",
    "state",
    "visibility",
    "aliases",
    "seo",
    "type",
];

/// Every content type of the site, checked. Made by [`Types::load`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Types {
    pub(super) by_name: BTreeMap<String, Arc<Type>>,
    pub(super) landings: BTreeMap<String, Landing>,
}

impl Types {
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.by_name.get(name).map(Arc::as_ref)
    }

    /// A type for whoever keeps it.
    pub fn shared(&self, name: &str) -> Option<Arc<Type>> {
        self.by_name.get(name).cloned()
    }

    /// All types by name.
    pub fn iter(&self) -> impl Iterator<Item = &Type> {
        self.by_name.values().map(Arc::as_ref)
    }

    /// The names of those whose pages are hubs.
    pub fn hubs(&self) -> Vec<String> {
        self.iter().filter(|kind| kind.layout == "hub").map(|kind| kind.name.clone()).collect()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The type whose listing stands at this path.
    pub fn listed_at(&self, path: &str) -> Option<&Type> {
        self.iter().find(|ty| ty.listing.as_ref().is_some_and(|listing| listing.path == path))
    }

    /// The fields of other types that lead to this type, with their types.
    pub fn leading_to<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Type, &'a Field)> {
        self.iter().flat_map(move |ty| {
            ty.fields
                .iter()
                .filter(move |field| field.to.as_deref() == Some(name))
                .map(move |field| (ty, field))
        })
    }
}

/// A content type, declared in `content/types/NAME.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    pub name: String,
    pub label: Label,
    /// The label in other languages, by locale.
    pub labels: BTreeMap<String, Label>,
    pub path: PathRule,
    /// The name of a layout in [`super::LAYOUTS`].
    pub layout: String,
    /// The schema.org type of its entries; see [`Type::schema_of`].
    pub schema: String,
    pub listing: Option<Listing>,
    pub sitemap: bool,
    pub feed: bool,
    /// What titles and descriptions of its entries are made from, over the site's own.
    pub head: HeadRules,
    /// Its own fields and those of its groups, in the order of the files: own fields first.
    pub fields: Vec<Field>,
    /// The file as the loader was given it: `types/place.toml`.
    pub file: String,
}

/// What people call one entry of a type, and several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub one: String,
    pub many: String,
}

/// The page that lists the entries of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Where it stands: `/places`.
    pub path: String,
    pub per_page: u32,
    pub sort: Sort,
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    pub by: SortBy,
    pub descending: bool,
}

/// What a list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SortBy {
    Published,
    Updated,
    Title,
    /// A field marked `sort`.
    Field(String),
}

impl Type {
    /// The order of its listing. Without one, what is dated is listed by date, all else by title.
    pub fn sort(&self) -> Sort {
        let own = self.listing.as_ref().map(|listing| listing.sort.clone());
        own.unwrap_or(match self.layout.as_str() {
            "article" => Sort { by: SortBy::Published, descending: true },
            _ => Sort { by: SortBy::Title, descending: false },
        })
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The label in a locale (`fa`, `fa-IR`), or the default one.
    pub fn label_in(&self, locale: &str) -> &Label {
        in_locale(&self.labels, locale).unwrap_or(&self.label)
    }

    /// The schema.org type of an entry with these values: a choice that carries one narrows the
    /// type's own.
    pub fn schema_of<'a>(&'a self, values: &BTreeMap<String, Value>) -> &'a str {
        let chosen = self.fields.iter().find_map(|field| match values.get(&field.name) {
            Some(Value::Choice(value)) => field.choice(value)?.schema.as_deref(),
            _ => None,
        });
        chosen.unwrap_or(&self.schema)
    }

    /// Reads what is stored. Values of fields that are declared no more are no fault: they are kept
    /// until a file of `content/changes/` drops them.
    pub fn read_stored(&self, stored: &Map<String, Json>) -> (BTreeMap<String, Value>, Problems) {
        let declared = stored.iter().filter(|(name, _)| self.field(name).is_some());
        self.read(&declared.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The stored values of fields that are declared no more.
    pub fn undeclared(&self, stored: &Map<String, Json>) -> Map<String, Json> {
        let undeclared = stored.iter().filter(|(name, _)| self.field(name).is_none());
        undeclared.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Reads all fields of an entry from front matter, JSON or the API, and collects what is wrong:
    /// unknown fields, missing required ones, values that don't fit. A field with a problem is left
    /// out, so the values are only whole when there are no problems.
    pub fn read(&self, raw: &Map<String, Json>) -> (BTreeMap<String, Value>, Problems) {
        let mut values = BTreeMap::new();
        let mut problems = Problems::default();
        for name in raw.keys().filter(|name| self.field(name).is_none()) {
            let known = self.fields.iter().map(|field| field.name.as_str());
            let reason = format!("{} has no such field; {}", self.name, hint(name, known));
            problems.push(Problem::new(reason).field(name));
        }
        for field in &self.fields {
            match read_value(field, raw.get(&field.name).unwrap_or(&Json::Null)) {
                Ok(Some(value)) => {
                    values.insert(field.name.clone(), value);
                }
                Ok(None) if field.required => problems.push(missing(field)),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        (values, problems)
    }
}

fn missing(field: &Field) -> Problem {
    Problem::new(format!("is required and has no value; give it a {}", field.kind)).field(&field.name)
}

/// The entry of a locale, else that of its language (`fa` for `fa-IR`).
pub(super) fn in_locale<'a, T>(by_locale: &'a BTreeMap<String, T>, locale: &str) -> Option<&'a T> {
    by_locale.get(locale).or_else(|| by_locale.get(language(locale)))
}

/// `fa` of `fa-IR`.
pub(super) fn language(locale: &str) -> &str {
    locale.split(['-', '_']).next().unwrap_or(locale)
}
