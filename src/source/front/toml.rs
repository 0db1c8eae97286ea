//! TOML 1.1 between `+++` lines, as Zola and Hugo write it and as export does.

use std::ops::Range;

use serde_json::Number;
use toml_edit::{Array, Document, InlineTable, Item, Table};

use super::{Fault, Lines, Member, Node, Value};

pub fn read(text: &str, first_line: u32) -> Result<Vec<Member>, Fault> {
    let reader = Reader { lines: Lines::of(text, first_line) };
    let document = Document::parse(text).map_err(|error| reader.fault(text, &error))?;
    reader.table(document.as_table(), first_line)
}

struct Reader {
    lines: Lines,
}

impl Reader {
    fn fault(&self, text: &str, error: &toml_edit::TomlError) -> Fault {
        let span = error.span().unwrap_or(0..0);
        let line = self.lines.at(span.start);
        if error.message().contains("duplicate key") {
            return Fault::twice(line, text.get(span).unwrap_or_default().trim());
        }
        let reason = error.message().lines().collect::<Vec<_>>().join("; ");
        Fault::new(line, format!("the front matter is not TOML: {reason}"))
    }

    fn line(&self, span: Option<Range<usize>>, otherwise: u32) -> u32 {
        span.map_or(otherwise, |span| self.lines.at(span.start))
    }

    fn table(&self, table: &Table, line: u32) -> Result<Vec<Member>, Fault> {
        let mut members = Vec::with_capacity(table.len());
        for (name, item) in table.iter() {
            let span = table.key(name).and_then(toml_edit::Key::span);
            let line = self.line(span.or_else(|| item.span()), line);
            members.push(Member {
                key: name.to_owned(),
                line,
                node: self.item(item, line).map_err(|fault| fault.of(name))?,
            });
        }
        Ok(members)
    }

    fn inline(&self, table: &InlineTable, line: u32) -> Result<Vec<Member>, Fault> {
        let mut members = Vec::with_capacity(table.len());
        for (name, value) in table.iter() {
            let line = self.line(table.key(name).and_then(toml_edit::Key::span), line);
            members.push(Member {
                key: name.to_owned(),
                line,
                node: self.value(value, line).map_err(|fault| fault.of(name))?,
            });
        }
        Ok(members)
    }

    fn item(&self, item: &Item, line: u32) -> Result<Node, Fault> {
        let value = match item {
            Item::None => Value::Null,
            Item::Value(value) => return self.value(value, line),
            Item::Table(table) => Value::Map(self.table(table, line)?),
            Item::ArrayOfTables(tables) => {
                let mut list = Vec::with_capacity(tables.len());
                for table in tables.iter() {
                    let line = self.line(table.span(), line);
                    list.push(Node { line, value: Value::Map(self.table(table, line)?) });
                }
                Value::List(list)
            }
        };
        Ok(Node { line, value })
    }

    fn value(&self, value: &toml_edit::Value, line: u32) -> Result<Node, Fault> {
        let line = self.line(value.span(), line);
        let value = match value {
            toml_edit::Value::String(text) => Value::Text(text.value().clone()),
            toml_edit::Value::Integer(number) => Value::Number((*number.value()).into(), None),
            toml_edit::Value::Float(number) => match Number::from_f64(*number.value()) {
                Some(number) => Value::Number(number, None),
                None => return Err(Fault::new(line, "`nan` and `inf` can't be stored")),
            },
            toml_edit::Value::Boolean(flag) => Value::Bool(*flag.value()),
            toml_edit::Value::Datetime(at) => Value::Date(at.value().to_string()),
            toml_edit::Value::Array(array) => Value::List(self.list(array, line)?),
            toml_edit::Value::InlineTable(table) => Value::Map(self.inline(table, line)?),
        };
        Ok(Node { line, value })
    }

    fn list(&self, array: &Array, line: u32) -> Result<Vec<Node>, Fault> {
        array.iter().map(|value| self.value(value, line)).collect()
    }
}
