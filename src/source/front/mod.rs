//! Front matter of three dialects as one tree that knows its lines.

pub(super) mod json;
pub(super) mod reader;
pub(super) mod toml;
pub(super) mod yaml;

use serde_json::{Map, Number};

/// A value and the line of the file it stands on.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub line: u32,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// A number; YAML also tells how it was written, so that an unquoted `1.10` can be a title.
    Number(Number, Option<String>),
    Text(String),
    /// A date that TOML marks as one, as it was written.
    Date(String),
    List(Vec<Node>),
    Map(Vec<Member>),
}

#[derive(Debug, Clone)]
pub(super) struct Member {
    pub key: String,
    pub line: u32,
    pub node: Node,
}

/// What a front matter can't be read for: the line, the key if one is to blame, and the reason.
#[derive(Debug)]
pub(super) struct Fault {
    pub line: u32,
    pub key: Option<String>,
    pub reason: String,
}

impl Fault {
    pub fn new(line: u32, reason: impl Into<String>) -> Fault {
        Fault { line, key: None, reason: reason.into() }
    }

    /// The same, of a key that holds it; the innermost stays.
    pub fn of(mut self, key: &str) -> Fault {
        self.key.get_or_insert_with(|| key.to_owned());
        self
    }

    pub fn twice(line: u32, key: impl Into<String>) -> Fault {
        Fault { line, key: Some(key.into()), reason: "the key stands here a second time".to_owned() }
    }
}

impl Value {
    /// The value with its article, for messages.
    pub fn noun(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(..) => "a number",
            Value::Text(_) => "a text",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Map(_) => "a table",
        }
    }

    pub fn into_json(self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Value::Null => Json::Null,
            Value::Bool(flag) => Json::Bool(flag),
            Value::Number(number, _) => Json::Number(number),
            Value::Text(text) | Value::Date(text) => Json::String(text),
            Value::List(nodes) => nodes.into_iter().map(|node| node.value.into_json()).collect(),
            Value::Map(members) => Json::Object(into_map(members)),
        }
    }
}

pub(super) fn into_map(members: Vec<Member>) -> Map<String, serde_json::Value> {
    members.into_iter().map(|member| (member.key, member.node.value.into_json())).collect()
}

/// Finds the line of a byte.
pub(super) struct Lines {
    starts: Vec<usize>,
    first: u32,
}

impl Lines {
    /// `first` is the number of the text's first line in its file.
    pub fn of(text: &str, first: u32) -> Lines {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines { starts: std::iter::once(0).chain(breaks).collect(), first }
    }

    pub fn at(&self, byte: usize) -> u32 {
        let before = self.starts.partition_point(|start| *start <= byte) - 1;
        self.first.saturating_add(u32::try_from(before).unwrap_or(u32::MAX))
    }
}
