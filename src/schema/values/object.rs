//! A JSON object that may hold only the keys it is known for.

use serde_json::{Map, Value as Json};

use super::super::suggest::hint;
use super::text;

/// A JSON object whose keys have been checked.
pub struct Object<'a>(&'a Map<String, Json>);

impl<'a> Object<'a> {
    /// Takes a JSON object with no other keys than these.
    pub fn with(raw: &'a Json, keys: &[&str]) -> Result<Object<'a>, String> {
        let Json::Object(map) = raw else {
            return Err(format!("is {}; a table with {} is right", kind_of(raw), keys.join(", ")));
        };
        match map.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(unknown) => {
                Err(format!("has an unknown key `{unknown}`; {}", hint(unknown, keys.iter().copied())))
            }
            None => Ok(Object(map)),
        }
    }

    /// What stands under a key; null is nothing.
    pub fn get(&self, key: &str) -> Option<&'a Json> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// The text under a key; blank text is nothing.
    pub fn line(&self, key: &str) -> Result<Option<String>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let line = scalar(value)
            .ok_or_else(|| format!("is {}; text is right", kind_of(value)))
            .and_then(|raw| text::line(&raw))
            .map_err(|fault| format!("`{key}` {fault}"))?;
        Ok(Some(line).filter(|line| !line.is_empty()))
    }

    /// The text under a key that must be there.
    pub fn required(&self, key: &str) -> Result<String, String> {
        self.line(key)?.ok_or_else(|| format!("lacks `{key}`"))
    }
}

/// Text, or a number as it is written: a postal code often comes as a number.
pub fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a JSON value is, for a message.
pub fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "empty",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "a table",
    }
}
