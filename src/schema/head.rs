//! The lines that titles and descriptions are made from, and the tokens they may hold.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::suggest::hint;
use super::types::in_locale;
use crate::text::Template;

/// Tokens that every template knows.
pub const TOKENS: [&str; 10] =
    ["title", "type", "types", "parent", "parents", "page", "summary", "excerpt", "year", "site"];

/// Templates of a type or of the site, each with its own for other languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeadRules {
    pub title: Localised,
    pub description: Localised,
}

/// A template and its versions in other languages, by locale.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Localised {
    pub own: Option<Template>,
    pub by_locale: BTreeMap<String, Template>,
}

impl Localised {
    pub fn in_locale(&self, locale: &str) -> Option<&Template> {
        in_locale(&self.by_locale, locale).or(self.own.as_ref())
    }
}

/// Reads a template whose tokens are those of every template and these.
///
/// # Errors
/// What is wrong, with the tokens there are.
pub fn read_template<'a>(
    text: &str,
    fields: impl Iterator<Item = &'a str> + Clone,
) -> Result<Template, String> {
    let template = Template::parse(text)?;
    let known = || TOKENS.into_iter().chain(fields.clone());
    let unknown = template.tokens().find(|token| !known().any(|other| other == *token)).map(str::to_owned);
    match unknown {
        None => Ok(template),
        Some(unknown) => {
            Err(format!("holds `{{{unknown}}}`, which is no token here; {}", hint(&unknown, known())))
        }
    }
}

/// Whether a field can stand in a template: what has one short text.
pub fn is_token(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Line | Kind::Number | Kind::Money | Kind::Date | Kind::DateTime | Kind::Choice | Kind::Relation
    )
}
