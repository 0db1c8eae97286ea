//! One node of the graph, which never holds an empty value.

use serde_json::{Map, Value, json};

/// A property that isn't the program's own: its name and its value. `@`-words are the graph's.
pub type Extra = (String, Value);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node(Map<String, Value>);

impl Node {
    /// A node that others refer to.
    pub fn new(schema: &str, id: &str) -> Node {
        let mut node = Node::inner(schema);
        node.0.insert("@id".into(), id.into());
        node
    }

    /// A node that stands inside another and has no name of its own.
    pub fn inner(schema: &str) -> Node {
        Node(Map::from_iter([("@type".to_owned(), schema.into())]))
    }

    /// Says that the node is of several types, or of one; none leaves what `new` said.
    pub fn types(&mut self, types: &[String]) {
        match types {
            [] => {}
            [one] => self.set("@type", &**one),
            several => self.set("@type", several),
        }
    }

    /// Says a property, unless there is nothing to say: null, an empty text, list or object, or what
    /// holds only these.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        if let Some(value) = something(value.into()) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Adds properties that were handed in. What the node says already stands; a name that comes
    /// twice makes a list.
    pub fn extend(&mut self, extra: &[Extra]) {
        let own: Vec<String> = self.0.keys().cloned().collect();
        for (name, value) in extra {
            if name.is_empty() || name.starts_with('@') || own.contains(name) {
                continue;
            }
            let Some(value) = something(value.clone()) else { continue };
            match self.0.get_mut(name) {
                None => self.set(name, value),
                Some(Value::Array(values)) => values.extend(many(value)),
                Some(first) => {
                    let both = std::iter::once(first.take()).chain(many(value)).collect();
                    *first = Value::Array(both);
                }
            }
        }
    }

    pub fn reference(&self) -> Value {
        json!({ "@id": self.0["@id"] })
    }

    pub fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

pub(super) fn reference(id: &str) -> Value {
    json!({ "@id": id })
}

/// `GeoCoordinates` in degrees (WGS 84), or nothing for a place that isn't on Earth.
pub fn geo(latitude: f64, longitude: f64) -> Value {
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Value::Null;
    }
    // As text, for a JSON number would lose the zeros of the five decimals that Google asks for.
    let degrees = |value: f64| format!("{value:.5}");
    json!({ "@type": "GeoCoordinates", "latitude": degrees(latitude), "longitude": degrees(longitude) })
}

fn many(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        one => vec![one],
    }
}

/// The value without what is empty in it, if anything is left. A typed object with nothing but its
/// type says nothing.
fn something(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.trim().is_empty()).then_some(Value::String(text)),
        Value::Array(values) => {
            let values: Vec<Value> = values.into_iter().filter_map(something).collect();
            (!values.is_empty()).then_some(Value::Array(values))
        }
        Value::Object(map) => {
            let kept: Map<String, Value> =
                map.into_iter().filter_map(|(name, value)| Some((name, something(value)?))).collect();
            kept.keys().any(|name| name != "@type").then_some(Value::Object(kept))
        }
        other => Some(other),
    }
}
