//! A TOML file whose every key remembers its line, and what is wrong in it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::suggest::hint;
use super::names::TEMPLATE_MARKS;
use crate::error::Problem;

/// A parsed file. Problems gather here, since reading goes on after each.
pub struct Source<'a> {
    pub file: &'a str,
    text: &'a str,
    /// `None` when the file isn't TOML.
    table: Option<Spanned<DeTable<'a>>>,
    /// The line of each key by its dotted path, with fields by their names: `field.city.to`.
    lines: RefCell<BTreeMap<String, u32>>,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Source<'a> {
    pub fn parse(file: &'a str, text: &'a str) -> Source<'a> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let sound = errors.is_empty();
        let source = Source {
            file,
            text,
            table: sound.then_some(table),
            lines: RefCell::default(),
            problems: RefCell::default(),
        };
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let reason = format!("is not TOML: {}", error.message());
            source.problems.borrow_mut().push(Problem::new(reason).at(file, source.line_at(at)));
        }
        source
    }

    /// The top of the file; `None` when it isn't TOML.
    pub fn root(&self) -> Option<Table<'_>> {
        let table = self.table.as_ref()?;
        Some(Table { source: self, table: table.get_ref(), path: String::new(), line: 1 })
    }

    /// Notes a problem with a key by its dotted path.
    pub fn fault(&self, key: &str, reason: impl Into<String>) {
        let mut above = key;
        let lines = self.lines.borrow();
        let line = loop {
            match (lines.get(above), above.rsplit_once('.')) {
                (Some(line), _) => break *line,
                (None, Some((parent, _))) => above = parent,
                (None, None) => break 1,
            }
        };
        self.problems.borrow_mut().push(Problem::new(reason).field(key).at(self.file, line));
    }

    pub fn take_problems(&self) -> Vec<Problem> {
        self.problems.take()
    }

    fn line_at(&self, offset: usize) -> u32 {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() as u32 + 1
    }
}

/// One table of a file.
pub struct Table<'a> {
    source: &'a Source<'a>,
    table: &'a DeTable<'a>,
    /// Its dotted path; empty at the top.
    path: String,
    line: u32,
}

impl<'a> Table<'a> {
    /// Reports every key that isn't one of these, with the one that may be meant.
    pub fn only(&self, keys: &[&str]) {
        for (key, _) in self.table.iter() {
            self.note(key);
            let name: &str = key.get_ref();
            if !keys.contains(&name) {
                self.fault(name, format!("is no key here; {}", hint(name, keys.iter().copied())));
            }
        }
    }

    /// Remembers where a key stands.
    fn note(&self, key: &Spanned<Cow<'_, str>>) {
        let line = self.source.line_at(key.span().start);
        self.source.lines.borrow_mut().insert(self.at(key.get_ref()), line);
    }

    pub fn file(&self) -> &'a str {
        self.source.file
    }

    pub fn line(&self) -> u32 {
        self.line
    }

    pub fn keys(&self) -> Vec<&'a str> {
        let mut keys: Vec<_> = self.table.keys().collect();
        keys.sort_by_key(|key| key.span().start);
        keys.into_iter().map(|key| &**key.get_ref()).collect()
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// Calls the table by another name in messages: a field by its own.
    #[must_use]
    pub fn named(mut self, path: String) -> Table<'a> {
        self.source.lines.borrow_mut().insert(path.clone(), self.line);
        self.path = path;
        self
    }

    /// Reports a problem with a key of this table.
    pub fn fault(&self, key: &str, reason: impl Into<String>) {
        self.source.lines.borrow_mut().entry(self.path.clone()).or_insert(self.line);
        self.source.fault(&self.at(key), reason);
    }

    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let (name, value) = self.table.get_key_value(key)?;
        self.note(name);
        Some(value)
    }

    fn wrong(&self, key: &str, value: &DeValue, right: &str) {
        self.fault(key, format!("is {}; {right} is right", what(value)));
    }

    /// Plain text on one line, not blank and free of template marks.
    pub fn string(&self, key: &str) -> Option<String> {
        let value = self.get(key)?.get_ref();
        let Some(text) = value.as_str() else {
            self.wrong(key, value, "text in quotes");
            return None;
        };
        self.plain(key, text).then(|| text.trim().to_owned())
    }

    fn plain(&self, key: &str, text: &str) -> bool {
        let reason = if text.trim().is_empty() {
            "is empty; leave the key out or give it text".to_owned()
        } else if let Some(mark) = TEMPLATE_MARKS.into_iter().find(|mark| text.contains(mark)) {
            format!("holds {mark:?}; type files are data, without templates, conditions or expressions")
        } else if text.chars().any(char::is_control) {
            "holds a line break or control character; one line of text is right".to_owned()
        } else {
            return true;
        };
        self.fault(key, reason);
        false
    }

    pub fn bool(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?.get_ref();
        let read = value.as_bool();
        if read.is_none() {
            self.wrong(key, value, "true or false");
        }
        read
    }

    /// A number, whole or not.
    pub fn number(&self, key: &str) -> Option<f64> {
        let value = self.get(key)?.get_ref();
        let read = match value {
            DeValue::Integer(whole) => {
                i64::from_str_radix(whole.as_str(), whole.radix()).ok().map(|n| n as f64)
            }
            DeValue::Float(float) => float.as_str().parse().ok().filter(|float: &f64| float.is_finite()),
            _ => None,
        };
        if read.is_none() {
            self.wrong(key, value, "a number");
        }
        read
    }

    pub fn table(&self, key: &str) -> Option<Table<'a>> {
        let value = self.get(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(key, value.get_ref(), "a table");
            return None;
        };
        Some(self.below(table, self.at(key), value.span().start))
    }

    /// The tables of an array (`[[field]]`).
    pub fn tables(&self, key: &str) -> Vec<Table<'a>> {
        let mut tables = Vec::new();
        for (i, item) in self.array(key, "[[tables]]").into_iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => {
                    tables.push(self.below(table, format!("{}.{}", self.at(key), i + 1), item.span().start))
                }
                None => self.wrong(key, item.get_ref(), "a table"),
            }
        }
        tables
    }

    fn below(&self, table: &'a DeTable<'a>, path: String, offset: usize) -> Table<'a> {
        Table { source: self.source, table, path, line: self.source.line_at(offset) }
    }

    /// Plain texts of a list.
    pub fn strings(&self, key: &str) -> Vec<String> {
        let mut strings = Vec::new();
        for item in self.array(key, "a list of names") {
            match item.get_ref().as_str() {
                Some(text) if self.plain(key, text) => strings.push(text.trim().to_owned()),
                Some(_) => {}
                None => self.wrong(key, item.get_ref(), "text in quotes"),
            }
        }
        strings
    }

    /// Whether the list under a key holds text rather than tables.
    pub fn lists_text(&self, key: &str) -> bool {
        let list = self.table.get(key).and_then(|value| value.get_ref().as_array());
        list.is_some_and(|list| list.iter().any(|item| item.get_ref().is_str()))
    }

    fn array(&self, key: &str, right: &str) -> Vec<&'a Spanned<DeValue<'a>>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        match value.get_ref().as_array() {
            Some(array) => array.iter().collect(),
            None => {
                self.wrong(key, value.get_ref(), right);
                Vec::new()
            }
        }
    }
}

fn what(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
