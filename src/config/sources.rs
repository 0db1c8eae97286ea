//! Where values come from, what they are called there, and which one wins.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{FromText, SETTINGS, Setting};
use crate::error::{Problem, Problems};

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    Default(&'static str),
    File { name: String, line: u32, key: String },
    Variable(String),
    Flag(String),
}

impl Source {
    pub(super) fn problem(&self, reason: impl Into<String>) -> Problem {
        let problem = Problem::new(reason);
        match self {
            Source::Default(name) => problem.field(*name),
            Source::File { name, line, key } => problem.at(name, *line).field(key),
            Source::Variable(name) => problem.field(name),
            Source::Flag(name) => problem.field(format!("--{name}")),
        }
    }
}

/// The values that were set, by setting. Sources are taken from the weakest to the strongest.
#[derive(Debug, Default)]
pub(super) struct Given(BTreeMap<&'static str, (String, Source)>);

impl Given {
    /// A value of the file, even one that a stronger source overrides, must have a known key.
    pub(super) fn take_file(&mut self, name: &str, text: &str, problems: &mut Problems) {
        let line = |at: usize| {
            let before = text.as_bytes().iter().take(at);
            before.filter(|&&byte| byte == b'\n').count() as u32 + 1
        };
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut broken = Vec::new();
        for error in errors {
            let line = line(error.span().map_or(0, |span| span.start));
            problems.push(Problem::new(error.message()).at(name, line));
            broken.push(line);
        }
        let mut keys: Vec<_> = table.get_ref().iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in keys {
            let line = line(key.span().start);
            // What stands on a line that can't be read is a guess.
            if broken.contains(&line) {
                continue;
            }
            let source = Source::File { name: name.to_owned(), line, key: key.get_ref().to_string() };
            let Some(setting) = SETTINGS.iter().find(|setting| setting.name == key.get_ref()) else {
                let meant = likely(key.get_ref()).map(|setting| setting.name.to_owned());
                problems.push(source.problem(unknown("is no setting", meant)));
                continue;
            };
            match as_text(value.get_ref()) {
                Some(text) => self.set(setting, text, source),
                None => {
                    problems.push(source.problem("must be a text, a whole number, true, false or a list"))
                }
            }
        }
    }

    pub(super) fn take_environment(
        &mut self,
        env: impl IntoIterator<Item = (String, String)>,
        problems: &mut Problems,
    ) {
        let (own, others): (Vec<_>, Vec<_>) = env
            .into_iter()
            .filter(|(name, value)| is_ours(name) && !value.is_empty())
            .partition(|(name, _)| name.starts_with("ATLAS_"));
        for (name, value) in others.into_iter().chain(own) {
            let setting = SETTINGS
                .iter()
                .find(|setting| setting.variable() == name || setting.also.contains(&name.as_str()));
            match setting {
                Some(setting) => self.set(setting, value, Source::Variable(name)),
                None => {
                    let meant = likely(name.trim_start_matches("ATLAS_")).map(Setting::variable);
                    let reason = unknown("is no setting's variable", meant);
                    problems.push(Source::Variable(name).problem(reason));
                }
            }
        }
    }

    pub(super) fn take_flags(&mut self, flags: &[(String, String)], problems: &mut Problems) {
        for (name, value) in flags {
            let source = Source::Flag(name.replace('_', "-"));
            match SETTINGS.iter().find(|setting| setting.name == name.replace('-', "_")) {
                Some(setting) => self.set(setting, value.clone(), source),
                None => {
                    let meant = likely(name).map(|setting| format!("--{}", setting.flag()));
                    problems.push(source.problem(unknown("is no setting's flag", meant)));
                }
            }
        }
    }

    fn set(&mut self, setting: &Setting, value: String, source: Source) {
        self.0.insert(setting.name, (value, source));
    }

    /// The value of a setting, read as its type; `None` after noting what is wrong with it.
    pub(super) fn read<T: FromText>(&self, name: &'static str, problems: &mut Problems) -> Option<T> {
        let (text, source) = match self.0.get(name) {
            Some((text, source)) => (text.clone(), source.clone()),
            // A wrong `listen` has been reported as such; the origin made from it would be noise.
            None => (self.default_of(name)?, Source::Default(name)),
        };
        match T::from_text(text.trim()) {
            Ok(value) => Some(value),
            Err(wanted) => {
                let found = if T::SECRET { String::new() } else { format!(", not `{text}`") };
                if !matches!(source, Source::Default(_)) {
                    problems.push(source.problem(format!("must be {wanted}{found}")));
                }
                None
            }
        }
    }

    fn text_of(&self, name: &'static str) -> Option<String> {
        match self.0.get(name) {
            Some((text, _)) => Some(text.trim().to_owned()),
            None => self.default_of(name),
        }
    }

    fn default_of(&self, name: &'static str) -> Option<String> {
        let mut default = SETTINGS.iter().find(|setting| setting.name == name)?.default.to_owned();
        for setting in SETTINGS {
            let mark = format!("{{{}}}", setting.name);
            if default.contains(&mark) {
                let text = self.text_of(setting.name)?;
                default = default.replace(&mark, &in_url(setting, &text));
            }
        }
        Some(default)
    }
}

/// The text of a setting as a part of a default, all of which are URLs.
fn in_url(setting: &Setting, text: &str) -> String {
    match setting.name {
        // A server that listens everywhere is visited by some name, and from this machine by this one.
        "listen" => match text.parse::<std::net::SocketAddr>() {
            Ok(address) if address.ip().is_unspecified() => format!("localhost:{}", address.port()),
            _ => text.to_owned(),
        },
        _ => text.replace('%', "%25").replace('?', "%3F"),
    }
}

/// Whether a variable of the environment is for us to read.
pub(super) fn is_ours(name: &str) -> bool {
    let aliased = SETTINGS.iter().any(|setting| setting.also.contains(&name));
    aliased || name.starts_with("ATLAS_") && !name.starts_with("ATLAS_TEST_")
}

/// TOML has types of its own; a list's items are joined as an environment variable would hold them.
fn as_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Array(items) => {
            let items: Option<Vec<String>> = items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Array(_) => None,
                    other => as_text(other),
                })
                .collect();
            Some(items?.join(","))
        }
        _ => None,
    }
}

/// The setting that a mistyped key, variable or flag most likely means.
fn likely(word: &str) -> Option<&'static Setting> {
    let word = word.to_lowercase().replace('-', "_");
    let name = nearest(&word, SETTINGS.iter().map(|setting| setting.name))?;
    SETTINGS.iter().find(|setting| setting.name == name)
}

fn unknown(what: &str, meant: Option<String>) -> String {
    match meant {
        Some(name) => format!("{what}; did you mean `{name}`?"),
        None => format!("{what}; docs/configuration.md lists them all"),
    }
}

/// The known name that a mistyped one most likely means, if any is close.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, name) =
        known.map(|name| (strsim::osa_distance(word, name), name)).min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + name.len() / 4).then_some(name)
}
