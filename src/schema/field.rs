//! One declared value of a type.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::types::in_locale;

/// One declared value of a type.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The key in front matter, API and database: `price_range`.
    pub name: String,
    pub kind: Kind,
    /// What people read; made from the name when the file gives none.
    pub label: String,
    /// The label in other languages, by locale.
    pub labels: BTreeMap<String, String>,
    /// A sentence for editors below the form control.
    pub help: Option<String>,
    /// The same in other languages, by locale.
    pub helps: BTreeMap<String, String>,
    pub required: bool,
    /// A relation to several entries.
    pub many: bool,
    /// Written to the index (or relation) table so that lists can be narrowed by it.
    pub filter: bool,
    /// Written to the index table so that lists can be ordered by it.
    pub sort: bool,
    /// The schema.org property it fills: `telephone`. Without it the field is not in JSON-LD.
    pub schema: Option<String>,
    /// The type a relation leads to; set for every relation.
    pub to: Option<String>,
    /// What a choice offers, in this order; empty for the other kinds.
    pub choices: Vec<Choice>,
    /// Bounds, both inclusive; see [`Kind::bounded`] for what they bound.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// The one currency (ISO 4217) of a money field; without it every value names its own.
    pub currency: Option<String>,
    /// The file that declares it: the type's own or a group's.
    pub file: String,
    /// The line of its name in that file, from 1.
    pub line: u32,
}

impl Field {
    /// The label in a locale (`fa`, `fa-IR`), or the default one.
    pub fn label_in(&self, locale: &str) -> &str {
        in_locale(&self.labels, locale).map_or(self.label.as_str(), String::as_str)
    }

    /// The sentence for editors in a locale, or the default one.
    pub fn help_in(&self, locale: &str) -> Option<&str> {
        in_locale(&self.helps, locale).or(self.help.as_ref()).map(String::as_str)
    }

    /// The choice with this value.
    pub fn choice(&self, value: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.value == value)
    }

    /// A field of a kind with everything else at its default; the label is made from the name.
    pub fn new(name: &str, kind: Kind) -> Field {
        Field {
            name: name.to_owned(),
            kind,
            label: label_from(name),
            labels: BTreeMap::new(),
            help: None,
            helps: BTreeMap::new(),
            required: false,
            many: false,
            filter: false,
            sort: false,
            schema: None,
            to: None,
            choices: Vec::new(),
            min: None,
            max: None,
            currency: None,
            file: String::new(),
            line: 0,
        }
    }
}

/// One of the values a choice offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is stored: `beauty-salon`.
    pub value: String,
    pub label: String,
    /// The label in other languages, by locale.
    pub labels: BTreeMap<String, String>,
    /// The schema.org type that an entry with this choice is: `BeautySalon`.
    pub schema: Option<String>,
}

impl Choice {
    /// The label in a locale, or the default one.
    pub fn label_in(&self, locale: &str) -> &str {
        in_locale(&self.labels, locale).map_or(self.label.as_str(), String::as_str)
    }
}

/// `price_range` → `Price range`.
pub(super) fn label_from(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
