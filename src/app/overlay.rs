//! What is set in the back office over `site.toml`: values by key, laid over those of the file, so that
//! the one set of rules reads both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use toml::{Table, Value};

use super::embedded;
use super::site::Site;
use crate::config::Config;
use crate::error::{Error, Problem, Problems, Result};

/// Values by key: `look.light.ink`, `locale.fa.tagline`. `null` stands for none, where the file has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Overlay(pub BTreeMap<String, Json>);

/// The keys that may be set, as they stand in the file. Languages have `locale.CODE.name`, `.tagline` and
/// `.description` besides.
pub const KEYS: &[&str] = &[
    "name",
    "tagline",
    "description",
    "time_zone",
    "menu",
    "footer",
    "look.home",
    "look.text",
    "look.headings",
    "look.light.paper",
    "look.light.ink",
    "look.light.accent",
    "look.dark.paper",
    "look.dark.ink",
    "look.dark.accent",
    "look.logo",
    "look.logo_alone",
    "look.footer",
    "look.social",
    "icons.picture",
    "icons.short_name",
    "icons.theme_light",
    "icons.theme_dark",
    "icons.background",
    "icons.display",
    "profiles",
    "organization.schema",
    "organization.name",
    "organization.legal_name",
    "organization.description",
    "organization.email",
    "organization.telephone",
    "organization.address",
    "organization.founding_date",
    "organization.vat_id",
    "organization.contact",
    "robots.ai_training",
    "robots.ai_search",
    "robots.ai_user",
    "robots.group",
    "verification.google",
    "verification.bing",
    "verification.yandex",
    "verification.pinterest",
    "verification.facebook",
    "news.types",
    "news.name",
    "analytics.kind",
    "analytics.host",
    "analytics.site",
];

/// What a language may have of its own.
const OF_A_LANGUAGE: [&str; 3] = ["name", "tagline", "description"];

/// Keys whose values are rows, each a table of its own in the file.
const ROWS: [&str; 7] =
    ["menu", "footer", "look.face", "look.footer", "look.social", "organization.contact", "robots.group"];

/// Whether a key may be set over the file.
pub fn may_be_set(key: &str) -> bool {
    KEYS.contains(&key) || of_a_language(key).is_some_and(|(_, part)| OF_A_LANGUAGE.contains(&part))
}

/// `locale.fa.tagline` is Persian and `tagline`.
fn of_a_language(key: &str) -> Option<(&str, &str)> {
    key.strip_prefix("locale.")?.split_once('.')
}

/// `site.toml` as it was when the process started.
#[derive(Debug, Clone)]
pub struct SiteFile {
    pub name: String,
    text: String,
    table: Table,
}

impl SiteFile {
    /// Reads the owner's file, or the built-in one.
    ///
    /// # Errors
    /// `Invalid` when it is no TOML, with the line.
    pub fn read(config: &Config) -> Result<SiteFile> {
        let (name, text) = embedded::site_file(config)?;
        SiteFile::of(name, text)
    }

    /// From its name for messages and its text.
    ///
    /// # Errors
    /// As [`SiteFile::read`].
    pub fn of(name: String, text: String) -> Result<SiteFile> {
        let table = match text.parse::<Table>() {
            Ok(table) => table,
            // The one that reads the site says where it stands.
            Err(_) => match Site::parse(&name, &text) {
                Err(error) => return Err(error),
                Ok(_) => Table::new(),
            },
        };
        Ok(SiteFile { name, text, table })
    }

    /// The site as the file alone has it.
    ///
    /// # Errors
    /// Every problem of the file, with its line.
    pub fn site(&self) -> Result<Site> {
        Site::parse(&self.name, &self.text)
    }

    /// What the file says under a key; `null` where it says nothing.
    pub fn value(&self, key: &str) -> Json {
        find(&self.table, key).map_or(Json::Null, to_json)
    }

    /// What holds under a key: what is set, else what the file says.
    pub fn value_with(&self, overlay: &Overlay, key: &str) -> Json {
        overlay.0.get(key).cloned().unwrap_or_else(|| self.value(key))
    }

    /// The site with what is set laid over the file.
    ///
    /// # Errors
    /// Every problem, with its field; that of a row has the row's number from 0 in it: `menu.2.href`.
    pub fn site_with(&self, overlay: &Overlay) -> Result<Site> {
        if overlay.0.is_empty() {
            return self.site();
        }
        let mut table = self.table.clone();
        let mut problems = Problems::default();
        for (key, value) in &overlay.0 {
            if let Err(reason) = put(&mut table, key, value) {
                problems.push(Problem::new(reason).field(key));
            }
        }
        problems.or(())?;
        let text = toml::to_string(&table).map_err(Error::internal)?;
        Site::parse(&self.name, &text).map_err(|error| match error {
            Error::Invalid(found) => {
                Error::Invalid(Problems(found.0.into_iter().map(|problem| placed(problem, &text)).collect()))
            }
            other => other,
        })
    }
}

/// A problem of the two laid together: its line is nobody's, its row is.
pub(super) fn placed(mut problem: Problem, text: &str) -> Problem {
    let line = problem.line.take();
    problem.file = None;
    let Some((field, line)) = problem.field.as_ref().zip(line) else { return problem };
    let rows = ROWS.iter().find_map(|rows| Some((*rows, field.strip_prefix(rows)?.strip_prefix('.')?)));
    if let Some((rows, part)) = rows {
        let header = format!("[[{rows}]]");
        let above = text.lines().take(line as usize).filter(|line| *line == header).count();
        problem.field = above.checked_sub(1).map(|row| format!("{rows}.{row}.{part}")).or(problem.field);
    }
    problem
}

fn find<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    if let Some((code, part)) = of_a_language(key) {
        let languages = table.get("locale")?.as_array()?;
        let is_this = |language: &&Value| language.get("code").and_then(Value::as_str) == Some(code);
        return languages.iter().find(is_this)?.get(part);
    }
    let (mut table, mut key) = (table, key);
    while let Some((first, rest)) = key.split_once('.') {
        table = table.get(first)?.as_table()?;
        key = rest;
    }
    table.get(key)
}

/// Puts a value in its place, or takes what is there out.
fn put(table: &mut Table, key: &str, value: &Json) -> Result<(), String> {
    if !may_be_set(key) {
        return Err("can't be set in the back office".to_owned());
    }
    let (mut table, mut key) = (table, key);
    if let Some((code, part)) = of_a_language(key) {
        let languages = table.get_mut("locale").and_then(Value::as_array_mut);
        let mut own = languages.into_iter().flatten().filter_map(Value::as_table_mut);
        let is_this = |language: &&mut Table| language.get("code").and_then(Value::as_str) == Some(code);
        table = own.find(is_this).ok_or_else(|| format!("the site has no language `{code}`"))?;
        key = part;
    }
    let value = to_toml(value);
    while let Some((first, rest)) = key.split_once('.') {
        if value.is_none() && !table.contains_key(first) {
            return Ok(());
        }
        let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
        table = inner.as_table_mut().ok_or_else(|| format!("`{first}` is no table in the file"))?;
        key = rest;
    }
    match value {
        Some(value) => table.insert(key.to_owned(), value),
        None => table.remove(key),
    };
    Ok(())
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::from(text.as_str()),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Boolean(yes) => Json::from(*yes),
        Value::Datetime(at) => Json::from(at.to_string()),
        Value::Array(values) => Json::Array(values.iter().map(to_json).collect()),
        Value::Table(table) => {
            Json::Object(table.iter().map(|(key, value)| (key.clone(), to_json(value))).collect())
        }
    }
}

/// TOML has no `null`: what is none is left out.
fn to_toml(value: &Json) -> Option<Value> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(yes) => Value::Boolean(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => Value::Float(number.as_f64()?),
        },
        Json::String(text) => Value::String(text.clone()),
        Json::Array(values) => Value::Array(values.iter().filter_map(to_toml).collect()),
        Json::Object(members) => {
            let members = members.iter().filter_map(|(key, value)| Some((key.clone(), to_toml(value)?)));
            Value::Table(members.collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = "name = \"A\"\ntagline = \"One\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n\
                        [[locale]]\ncode = \"fa\"\nlabel = \"فارسی\"\n[[menu]]\nlabel = \"M\"\nhref = \"/m\"\n\
                        [look.light]\nink = \"#111111\"\n";

    fn file() -> SiteFile {
        SiteFile::of("site.toml".into(), FILE.into()).unwrap()
    }

    fn overlay(value: Json) -> Overlay {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_is_set_stands_over_the_file_and_the_rest_stays() {
        let set = overlay(json!({
            "name": "B", "tagline": null, "locale.fa.name": "ب", "look.light.accent": "#802020",
            "menu": [{"label": "X", "href": "/x"}, {"label": "Y", "href": "/fa/y", "locale": "fa"}],
        }));
        let site = file().site_with(&set).unwrap();
        assert_eq!((site.name.as_str(), site.tagline.as_str()), ("B", ""));
        assert_eq!(site.locale("fa").unwrap().name.as_deref(), Some("ب"));
        assert_eq!(site.menu.len(), 2);
        let light = &site.look.light;
        let text = |value: &Option<toml::Spanned<String>>| value.as_ref().map(|own| own.get_ref().clone());
        assert_eq!((text(&light.ink), text(&light.accent)), (Some("#111111".into()), Some("#802020".into())));
        assert_eq!(file().value("look.light.ink"), json!("#111111"));
        assert_eq!(file().value("look.light.paper"), Json::Null);
        assert_eq!(file().value("locale.fa.label"), json!("فارسی"));
        assert_eq!(file().value_with(&set, "tagline"), Json::Null);
    }

    #[test]
    fn a_problem_names_its_field_and_its_row() {
        for (set, field, reason) in [
            (json!({"name": " "}), "name", "the site needs a name"),
            (
                json!({"menu": [{"label": "X", "href": "/x"}, {"label": "Y", "href": "y"}]}),
                "menu.1.href",
                "the link “Y” leads to `y`; a path such as `/places`, a URL, mailto: or tel: is right",
            ),
            (json!({"look.light.ink": "red"}), "look.light.ink", "`red` is no colour such as `#b01030`"),
            (json!({"locale.de.name": "C"}), "locale.de.name", "the site has no language `de`"),
            (json!({"redirect_hosts": ["x"]}), "redirect_hosts", "can't be set in the back office"),
            (
                json!({"look.social": [{"label": "A", "href": "https://a"}, {"label": "B", "href": "b"}]}),
                "look.social.1.href",
                "`b` is no address that begins with https://",
            ),
        ] {
            let Err(Error::Invalid(problems)) = file().site_with(&overlay(set)) else {
                panic!("{field} is wrong")
            };
            assert_eq!(problems.0, [Problem::new(reason).field(field)]);
        }
    }

    #[test]
    fn every_key_that_may_be_set_is_one_that_the_file_may_have() {
        for key in KEYS {
            // A number fits none of them, so the key is known where the message speaks of its type.
            let error = file().site_with(&overlay(json!({ *key: 1.5 }))).expect_err(key).to_string();
            assert!(!error.contains("unknown field"), "{key}: {error}");
        }
    }
}
