//! YAML 1.2 between `---` lines, as Jekyll and Hugo write it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::{Error, Spanned};

use super::{Fault, Member, Node, Value};

/// Far more than any front matter holds, and little enough that anchors which multiply
/// (`*a` in a list in an anchor in a list…) end at once.
const MOST_EVENTS: usize = 100_000;
/// Lists in lists: far more than any front matter holds, and little enough for any thread's stack.
const DEEPEST: usize = 24;

pub fn read(text: &str, first_line: u32) -> Result<Vec<Member>, Fault> {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(blank) {
        return Ok(Vec::new());
    }
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: serde_saphyr::NonFiniteFloatPolicy::AsString,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_events: MOST_EVENTS,
            max_depth: DEEPEST,
            max_nodes: MOST_EVENTS,
            max_recorded_anchor_events: MOST_EVENTS,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MOST_EVENTS },
    };
    let root: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| fault(&error, first_line))?;
    let node = Shape { text, first_line }.node(root);
    match node.value {
        Value::Map(members) => Ok(members),
        other => Err(Fault::new(
            node.line,
            format!("the front matter has to be `key: value` lines, and this is {}", other.noun()),
        )),
    }
}

fn fault(error: &Error, first_line: u32) -> Fault {
    let line = error.location().map_or(first_line, |at| file_line(at.line(), first_line));
    if let Error::DuplicateMappingKey { key: Some(key), .. } = error.without_snippet() {
        return Fault::twice(line, key.clone());
    }
    let cause = match error.without_snippet() {
        Error::AliasError { error, .. } => error.without_snippet(),
        other => other,
    };
    if matches!(
        cause,
        Error::Budget { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
    ) {
        let reason = "the front matter is larger, deeper or more often repeated than any page needs";
        return Fault::new(line, reason);
    }
    let options = serde_saphyr::render_options! { snippets: serde_saphyr::SnippetMode::Off };
    let whole = error.without_snippet().render_with_options(options);
    let reason = whole.lines().next().unwrap_or_default();
    // The location is told by the problem's own line, counted in the whole file.
    let reason = reason.split(" at line ").next().unwrap_or(reason);
    let reason =
        reason.split_once(": ").filter(|(at, _)| at.starts_with("line ")).map_or(reason, |(_, rest)| rest);
    // By far the most frequent: a title with a colon.
    let hint = if reason.contains("mapping values are not allowed") {
        "; put a text with `: ` in quotes"
    } else {
        ""
    };
    Fault::new(line, format!("the front matter is not YAML: {reason}{hint}"))
}

/// Lines of the text count from 1; 0 is unknown.
fn file_line(line: u64, first_line: u32) -> u32 {
    first_line.saturating_add(u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX))
}

/// A node as the parser hands it over.
enum Raw {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Key>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Number(number.into()))
    }

    // Wider than any number here is meant to be: a telephone or an ISBN without quotes.
    fn visit_i128<E>(self, number: i128) -> Result<Raw, E> {
        Ok(Raw::Text(number.to_string()))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Raw, E> {
        Ok(Raw::Text(number.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Raw, E> {
        Number::from_f64(number).map(Raw::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Raw, E> {
        Err(E::custom("binary values can't be stored"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(member) = members.next_entry()? {
            map.push(member);
        }
        Ok(Raw::Map(map))
    }
}

/// A key: any scalar, as it is written.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Text(text) => Ok(Key(text)),
            Raw::Number(number) => Ok(Key(number.to_string())),
            Raw::Bool(flag) => Ok(Key(flag.to_string())),
            Raw::Null => Ok(Key("null".to_owned())),
            Raw::List(_) | Raw::Map(_) => Err(D::Error::custom("a key has to be a text")),
        }
    }
}

struct Shape<'a> {
    text: &'a str,
    first_line: u32,
}

impl Shape<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Node {
        let line = file_line(raw.referenced.line(), self.first_line);
        let value = match raw.value {
            Raw::Null => Value::Null,
            Raw::Bool(flag) => Value::Bool(flag),
            Raw::Number(number) => Value::Number(number, self.spelling(raw.defined)),
            Raw::Text(text) => Value::Text(text),
            Raw::List(list) => Value::List(list.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(map) => {
                Value::Map(map.into_iter().map(|(key, value)| self.member(key, value)).collect())
            }
        };
        Node { line, value }
    }

    fn member(&self, key: Spanned<Key>, value: Spanned<Raw>) -> Member {
        let node = self.node(value);
        let line = match key.referenced.line() {
            0 => node.line,
            line => file_line(line, self.first_line),
        };
        Member { key: key.value.0, line, node }
    }

    fn spelling(&self, at: serde_saphyr::Location) -> Option<String> {
        let start = usize::try_from(at.span().byte_offset()?).ok()?;
        let length = usize::try_from(at.span().byte_len()?).ok()?;
        Some(self.text.get(start..start.checked_add(length)?)?.trim().to_owned())
    }
}
