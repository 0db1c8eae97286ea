//! Takes typed values out of a front matter by any of their names, and remembers what is wrong.

use std::collections::HashMap;

use serde_json::Map;

use super::{Member, Node, Value, into_map};
use crate::clock::Time;
use crate::error::{Problem, Problems};

pub struct Reader<'a> {
    pub file: &'a str,
    /// YAML writes text without quotes and lists as `a b c`.
    pub yaml: bool,
    pub problems: Problems,
    /// The line of each key, by the name it is written with and by ours.
    pub lines: HashMap<String, u32>,
}

/// One table; what nobody takes stays in it.
pub struct Table {
    prefix: String,
    members: Vec<Member>,
}

impl Table {
    pub fn root(members: Vec<Member>) -> Table {
        Table { prefix: String::new(), members }
    }

    pub fn under(prefix: &str, members: Vec<Member>) -> Table {
        Table { prefix: format!("{prefix}."), members }
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub fn rest(self) -> Map<String, serde_json::Value> {
        into_map(self.members)
    }
}

/// A value and the key it was written with.
pub struct Found {
    key: String,
    node: Node,
}

impl Reader<'_> {
    pub fn note_lines(&mut self, prefix: &str, members: &[Member]) {
        for member in members {
            self.lines.insert(format!("{prefix}{}", member.key), member.line);
            if let (true, Value::Map(inner)) = (prefix.is_empty(), &member.node.value) {
                self.note_lines(&format!("{}.", member.key), inner);
            }
        }
    }

    /// The first of `names` that has a value; the others stay for the report. Names are compared
    /// without case, as Hugo does. An empty value is none.
    pub fn take(&mut self, table: &mut Table, names: &[&str]) -> Option<Found> {
        for name in names {
            let Some(at) = table.members.iter().position(|member| member.key.eq_ignore_ascii_case(name))
            else {
                continue;
            };
            let member = table.members.remove(at);
            let empty = match &member.node.value {
                Value::Null => true,
                Value::Text(text) => text.trim().is_empty(),
                Value::List(list) => list.is_empty(),
                _ => false,
            };
            if !empty {
                self.lines.entry(format!("{}{}", table.prefix, names[0])).or_insert(member.line);
                return Some(Found { key: format!("{}{}", table.prefix, member.key), node: member.node });
            }
        }
        None
    }

    pub fn wrong(&mut self, line: u32, key: &str, reason: impl Into<String>) {
        self.problems.push(Problem::new(reason).at(self.file, line).field(key));
    }

    fn expected(&mut self, found: &Node, key: &str, wanted: &str) {
        let hint = match (&found.value, wanted) {
            (Value::Bool(_) | Value::Number(..) | Value::Date(_), "a text") => "; put it in quotes",
            _ => "",
        };
        self.wrong(
            found.line,
            key,
            format!("this has to be {wanted}, and it is {}{hint}", found.value.noun()),
        );
    }

    pub fn text(&mut self, table: &mut Table, names: &[&str]) -> Option<String> {
        let found = self.take(table, names)?;
        self.as_text(found.node, &found.key)
    }

    pub fn as_text(&mut self, node: Node, key: &str) -> Option<String> {
        match node.value {
            Value::Text(text) => Some(text),
            Value::Number(number, spelled) if self.yaml => {
                Some(spelled.unwrap_or_else(|| number.to_string()))
            }
            _ => {
                self.expected(&node, key, "a text");
                None
            }
        }
    }

    pub fn flag(&mut self, table: &mut Table, names: &[&str]) -> Option<bool> {
        let found = self.take(table, names)?;
        match &found.node.value {
            Value::Bool(flag) => Some(*flag),
            Value::Text(text) if ["true", "yes"].contains(&text.to_ascii_lowercase().as_str()) => Some(true),
            Value::Text(text) if ["false", "no"].contains(&text.to_ascii_lowercase().as_str()) => Some(false),
            _ => {
                self.expected(&found.node, &found.key, "`true` or `false`");
                None
            }
        }
    }

    pub fn time(&mut self, table: &mut Table, names: &[&str]) -> Option<Time> {
        let found = self.take(table, names)?;
        let (Value::Text(text) | Value::Date(text)) = &found.node.value else {
            self.expected(&found.node, &found.key, "a date");
            return None;
        };
        let time = parse_time(text);
        if time.is_none() {
            let reason = format!("`{text}` is not a date; write `2026-03-01` or `2026-03-01T09:00:00Z`");
            self.wrong(found.node.line, &found.key, reason);
        }
        time
    }

    pub fn table(&mut self, table: &mut Table, names: &[&str]) -> Option<Table> {
        let found = self.take(table, names)?;
        match found.node.value {
            Value::Map(members) => Some(Table::under(&found.key, members)),
            _ => {
                self.expected(&found.node, &found.key, "a table");
                None
            }
        }
    }

    /// A list of texts, or one text: a whole one, or in YAML, with `split`, its words.
    pub fn texts(&mut self, table: &mut Table, names: &[&str], split: bool) -> Vec<String> {
        let Some(found) = self.take(table, names) else { return Vec::new() };
        match found.node.value {
            Value::List(nodes) => {
                nodes.into_iter().filter_map(|node| self.as_text(node, &found.key)).collect()
            }
            Value::Text(text) if split && self.yaml => words(&text),
            Value::Text(text) => vec![text],
            Value::Number(..) if self.yaml => self.as_text(found.node, &found.key).into_iter().collect(),
            _ => {
                self.expected(&found.node, &found.key, "a list of texts");
                Vec::new()
            }
        }
    }

    /// People: texts, or tables with a `name`.
    pub fn names(&mut self, table: &mut Table, names: &[&str]) -> Vec<String> {
        let Some(Found { key, node }) = self.take(table, names) else { return Vec::new() };
        let nodes = match node.value {
            Value::List(nodes) => nodes,
            value => vec![Node { line: node.line, value }],
        };
        nodes.into_iter().filter_map(|node| self.name(node, &key)).collect()
    }

    fn name(&mut self, node: Node, key: &str) -> Option<String> {
        let Node { line, value } = node;
        let Value::Map(members) = value else { return self.as_text(Node { line, value }, key) };
        let mut person = Table::under(key, members);
        let before = self.problems.0.len();
        let name = self.text(&mut person, &["name", "title"]);
        if name.is_none() && self.problems.0.len() == before {
            self.wrong(line, key, "an author who is a table needs a `name`");
        }
        name
    }
}

impl Found {
    pub fn key(&self) -> &str {
        &self.key
    }

    pub fn line(&self) -> u32 {
        self.node.line
    }

    pub fn into_node(self) -> Node {
        self.node
    }
}

/// `a, b c` is two words where there are commas, and `a b c` three where there are none.
fn words(text: &str) -> Vec<String> {
    let comma = text.contains(',');
    let split = text.split(|c: char| if comma { c == ',' } else { c.is_whitespace() });
    split.map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A date in any form that front matter is written in: also with Jekyll's `+0330`, a zone without
/// its colon.
pub fn parse_time(text: &str) -> Option<Time> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if !text.is_ascii() || bytes.len() < 10 || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let length = bytes.len();
    let zone_without_colon = length > 15
        && matches!(bytes[length - 5], b'+' | b'-')
        && bytes[length - 4..].iter().all(u8::is_ascii_digit);
    if zone_without_colon {
        return Time::parse(&format!("{}:{}", &text[..length - 2], &text[length - 2..]));
    }
    Time::parse(&text.replace(" UTC", "Z"))
}
