//! Landing pages as the rest of the engine sees them: lists of the entries of a type that share a
//! relation, or a relation and something else, declared in `content/landings/NAME.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::head::HeadRules;
use super::path_rule::PathRule;
use super::types::{Label, Type, Types};

/// The type of the entries that landing pages are. No file can declare it.
pub const LANDING: &str = "landing";

/// A family of landing pages: “places of a kind in a city”.
#[derive(Debug, Clone, PartialEq)]
pub struct Landing {
    /// The file's name: `places-by-kind`.
    pub name: String,
    /// The type of the entries that are listed.
    pub kind: String,
    /// The relation field to what the page stands below.
    pub hub: String,
    /// The type that this field leads to.
    pub hub_kind: String,
    pub facet: Facet,
    /// From how many entries on there is a page that may be indexed.
    pub min: u32,
    /// What the pages say, by language; there is none in another language.
    pub words: BTreeMap<String, LandingWords>,
    /// The file as the loader was given it: `landings/places-by-kind.toml`.
    pub file: String,
}

/// What the entries of a page share besides the hub.
#[derive(Debug, Clone, PartialEq)]
pub enum Facet {
    None,
    /// The value of a choice field.
    Choice {
        field: String,
        /// Name and slug of each value that has pages, by value and language.
        values: BTreeMap<String, BTreeMap<String, FacetWords>>,
    },
    /// An entry in a relation field, under its own title and slug.
    Relation {
        field: String,
        to: String,
    },
}

/// A value of a choice as a landing page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetWords {
    pub slug: String,
    /// Of several: `Cafés`.
    pub name: String,
}

/// The texts of a family of pages in one language; `{city}` stands for a title, see
/// [`Landing::tokens`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LandingWords {
    pub title: String,
    pub description: String,
    pub intro: Option<String>,
    /// The last part of the address where nothing else makes it.
    pub slug: Option<String>,
}

impl Landing {
    /// The field of the second relation or choice.
    pub fn facet_field(&self) -> Option<&str> {
        match &self.facet {
            Facet::None => None,
            Facet::Choice { field, .. } | Facet::Relation { field, .. } => Some(field),
        }
    }

    /// What stands in the texts for something: the fields, `count` and `names`.
    pub fn tokens(&self) -> Vec<&str> {
        let fields = [Some(self.hub.as_str()), self.facet_field()];
        fields.into_iter().flatten().chain(["count", "names"]).collect()
    }

    /// The shelf of a page: `places-by-kind/cafe`.
    pub fn shelf(&self, facet: &str) -> String {
        format!("{}/{facet}", self.name)
    }
}

/// Puts texts into a template: `{city}` becomes the first of these whose name is `city`.
pub fn fill_in(template: &str, with: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = with.iter().find(|(known, _)| *known == name)?;
            Some((*value, after))
        });
        let Some((value, after)) = found else {
            text.push('{');
            rest = after;
            continue;
        };
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    text
}

impl Types {
    /// The families of landing pages, by name.
    pub fn landings(&self) -> impl Iterator<Item = &Landing> {
        self.landings.values()
    }

    pub fn landing(&self, name: &str) -> Option<&Landing> {
        self.landings.get(name)
    }

    /// Adds the type that landing pages are of, so that they have an address, a page and a line in the
    /// sitemap as every entry has.
    #[must_use]
    pub fn with_landing_pages(mut self) -> Types {
        let label = |one: &str, many: &str| Label { one: one.to_owned(), many: many.to_owned() };
        let path = PathRule::parse("/{parent.path}/{slug}").expect("the rule of pages is right");
        let ty = Type {
            name: LANDING.to_owned(),
            label: label("Landing page", "Landing pages"),
            labels: BTreeMap::from([("fa".to_owned(), label("صفحه‌ی فهرست", "صفحه‌های فهرست"))]),
            path,
            layout: LANDING.to_owned(),
            schema: "CollectionPage".to_owned(),
            listing: None,
            sitemap: true,
            feed: false,
            head: HeadRules::default(),
            fields: Vec::new(),
            file: "landings".to_owned(),
        };
        self.by_name.insert(LANDING.to_owned(), Arc::new(ty));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::fill_in;

    #[test]
    fn tokens_are_filled_in_and_what_is_none_stays() {
        let with = [("city", "Tehran"), ("kind", "{city}")];
        assert_eq!(fill_in("{kind} in {city}", &with), "{city} in Tehran");
        assert_eq!(fill_in("{other} {city", &with), "{other} {city");
        assert_eq!(fill_in("{{city}}", &with), "{Tehran}");
    }
}
