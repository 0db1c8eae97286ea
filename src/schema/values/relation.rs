//! A reference to another entry.

use serde_json::Value as Json;

use super::object::kind_of;
use super::text;

/// A reference to another entry: as someone wrote it, or resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationRef {
    /// A slug, a path or a title, as written.
    Key(String),
    /// The entry's number in the registry.
    Id(i64),
}

impl RelationRef {
    /// A key as written; `None` when it is blank.
    pub fn key(raw: &str) -> Result<Option<RelationRef>, String> {
        let key = text::line(raw)?;
        Ok(Some(key).filter(|key| !key.is_empty()).map(RelationRef::Key))
    }

    pub fn read(raw: &Json) -> Result<Option<RelationRef>, String> {
        match raw {
            Json::Null => Ok(None),
            Json::String(key) => RelationRef::key(key),
            Json::Number(number) => match number.as_i64().filter(|id| *id > 0) {
                Some(id) => Ok(Some(RelationRef::Id(id))),
                None => Err(format!("has the number {number}; an entry's number counts from 1")),
            },
            other => Err(format!("is {}; a slug, a path, a title or a number is right", kind_of(other))),
        }
    }

    /// The resolved number.
    pub fn id(&self) -> Option<i64> {
        match self {
            RelationRef::Id(id) => Some(*id),
            RelationRef::Key(_) => None,
        }
    }
}
