//! A JSON object at the start of the file, as Hugo writes it.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{Fault, Lines, Member, Node, Value};

/// The members of the object and the byte after its closing brace.
pub fn read(text: &str, first_line: u32) -> Result<(Vec<Member>, usize), Fault> {
    let lines = Lines::of(text, first_line);
    let read = Cell::new(0);
    let twice = Cell::new(None);
    let place = Place { lines: &lines, read: &read, twice: &twice };
    let counted = Counted { text: text.as_bytes(), read: &read };
    let mut json = serde_json::Deserializer::from_reader(counted);
    let node = place.deserialize(&mut json).map_err(|error| {
        if let Some((line, key)) = twice.take() {
            return Fault::twice(line, key);
        }
        let line = u32::try_from(error.line().max(1) - 1).unwrap_or(u32::MAX).saturating_add(first_line);
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or(&reason);
        Fault::new(line, format!("the front matter is not JSON: {reason}"))
    })?;
    match node.value {
        Value::Map(members) => Ok((members, read.get())),
        other => {
            Err(Fault::new(node.line, format!("the front matter has to be an object, not {}", other.noun())))
        }
    }
}

/// Counts the bytes the parser has taken, which is how a visitor knows its line: the parser takes
/// one at a time and looks at most one ahead.
struct Counted<'a> {
    text: &'a [u8],
    read: &'a Cell<usize>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.text.read(into)?;
        self.read.set(self.read.get() + count);
        Ok(count)
    }
}

#[derive(Clone, Copy)]
struct Place<'a> {
    lines: &'a Lines,
    read: &'a Cell<usize>,
    twice: &'a Cell<Option<(u32, String)>>,
}

impl Place<'_> {
    fn line(self) -> u32 {
        self.lines.at(self.read.get().saturating_sub(1))
    }

    fn node(self, value: Value) -> Node {
        Node { line: self.line(), value }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(self.node(Value::Null))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(self.node(Value::Bool(flag)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(self.node(Value::Number(number.into(), None)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(self.node(Value::Number(number.into(), None)))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Node, E> {
        let number = serde_json::Number::from_f64(number).ok_or_else(|| E::custom("not a finite number"))?;
        Ok(self.node(Value::Number(number, None)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(self.node(Value::Text(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let line = self.line();
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Node { line, value: Value::List(list) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let start = self.line();
        let mut map = Vec::new();
        let mut seen = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            let line = self.line();
            if !seen.insert(key.clone()) {
                self.twice.set(Some((line, key)));
                return Err(A::Error::custom("a key stands twice"));
            }
            let node = members.next_value_seed(self)?;
            map.push(Member { key, line, node });
        }
        Ok(Node { line: start, value: Value::Map(map) })
    }
}
