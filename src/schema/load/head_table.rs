//! `[head]` of a type: what its titles and descriptions are made from.

use std::collections::BTreeSet;

use super::super::field::Field;
use super::super::head::{HeadRules, Localised, is_token, read_template};
use super::names::is_locale;
use super::source::Table;

/// Every key of `head`.
pub const HEAD_KEYS: [&str; 4] = ["title", "titles", "description", "descriptions"];

/// Reads the table; `broken` are fields that were declared with a fault, told already.
pub fn read(root: &Table, fields: &[Field], broken: &BTreeSet<String>) -> HeadRules {
    let Some(table) = root.table("head") else { return HeadRules::default() };
    table.only(&HEAD_KEYS);
    let tokens = Tokens { fields, broken };
    HeadRules {
        title: tokens.localised(&table, "title", "titles"),
        description: tokens.localised(&table, "description", "descriptions"),
    }
}

struct Tokens<'a> {
    fields: &'a [Field],
    broken: &'a BTreeSet<String>,
}

impl Tokens<'_> {
    fn localised(&self, table: &Table, one: &str, many: &str) -> Localised {
        let mut rule = Localised { own: self.template(table, one), ..Localised::default() };
        let Some(by_locale) = table.table(many) else { return rule };
        for locale in by_locale.keys() {
            if !is_locale(locale) {
                by_locale.fault(locale, "is no locale; a key such as `fa` or `pt-BR` is right");
            }
            if let Some(template) = self.template(&by_locale, locale) {
                rule.by_locale.insert(locale.to_owned(), template);
            }
        }
        rule
    }

    fn template(&self, table: &Table, key: &str) -> Option<crate::text::Template> {
        let text = table.string(key)?;
        let fields = self.fields.iter().filter(|field| is_token(field.kind)).map(|field| field.name.as_str());
        match read_template(&text, fields.chain(self.broken.iter().map(String::as_str))) {
            Ok(template) => Some(template),
            Err(reason) => {
                table.fault(key, reason);
                None
            }
        }
    }
}
