//! Relations: from what a person writes (a path, a slug, a title) to the entry.

use std::collections::{BTreeMap, HashMap};

use crate::actions::Change;
use crate::error::{Problem, Problems, Result};
use crate::schema::{RelationRef, Type, Value};
use crate::store::{Ask, entries, paths};
use crate::text::{Path, Script, Slug, fold};

/// A relation to something that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub field: String,
    /// The type it should have.
    pub to: String,
    /// As it was written.
    pub key: String,
    pub required: bool,
}

impl Missing {
    pub fn problem(&self) -> Problem {
        Problem::new(format!("there is no {} “{}”", self.to, self.key)).field(&self.field)
    }
}

/// Turns every relation into ids; takes those out that lead to nothing, and returns them.
pub async fn resolve(
    change: &Change<'_>,
    kind: &Type,
    locale: &str,
    values: &mut BTreeMap<String, Value>,
    problems: &mut Problems,
) -> Result<Vec<Missing>> {
    let mut missing = Vec::new();
    let kinds = kinds(change, values).await?;
    for field in &kind.fields {
        let (Some(to), Some(Value::Relation(refs))) = (&field.to, values.get_mut(&field.name)) else {
            continue;
        };
        let mut found = Vec::with_capacity(refs.len());
        for reference in refs.drain(..) {
            match &reference {
                RelationRef::Id(id) => match kinds.get(id) {
                    Some(kind) if kind == to => found.push(reference),
                    _ => problems.push(Problem::new(format!("entry {id} is no {to}")).field(&field.name)),
                },
                RelationRef::Key(key) => match find(&change.tx, to, locale, default(change), key).await? {
                    Some(id) => found.push(RelationRef::Id(id)),
                    None => missing.push(Missing {
                        field: field.name.clone(),
                        to: to.clone(),
                        key: key.clone(),
                        required: field.required,
                    }),
                },
            }
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|reference| seen.insert(format!("{reference:?}")));
        if found.is_empty() {
            values.remove(&field.name);
        } else {
            *refs = found;
        }
    }
    Ok(missing)
}

/// The types of everything that is related by id.
async fn kinds(change: &Change<'_>, values: &BTreeMap<String, Value>) -> Result<HashMap<i64, String>> {
    let mut ids = Vec::new();
    for value in values.values() {
        if let Value::Relation(refs) = value {
            ids.extend(refs.iter().filter_map(|reference| match reference {
                RelationRef::Id(id) => Some(*id),
                RelationRef::Key(_) => None,
            }));
        }
    }
    change.kinds(&ids).await
}

fn default<'a>(change: &'a Change<'_>) -> &'a str {
    &change.app.site.default_locale().code
}

/// The entry of a type that a person means by a path, a slug, a title, or another import's key: in
/// this language, else in the default one.
pub async fn find(db: &impl Ask, to: &str, locale: &str, default: &str, key: &str) -> Result<Option<i64>> {
    let key = key.trim();
    if key.starts_with('/') {
        let Ok(path) = Path::parse(key) else { return Ok(None) };
        let Some(id) = paths::owner(db, &path.folded()).await? else { return Ok(None) };
        return Ok(entries::find(db, id).await?.filter(|entry| entry.kind == to).map(|entry| entry.id));
    }
    let slug = slug_of(key);
    for locale in [locale, default] {
        if let Some(id) = entries::find_by_name(db, to, locale, key, &slug).await? {
            return Ok(Some(id));
        }
        if locale == default {
            break;
        }
    }
    Ok(None)
}

/// The slug that this name would have.
pub fn slug_of(key: &str) -> String {
    match Slug::from_title(key, Script::Keep) {
        Some(slug) => slug.to_string(),
        None => fold(key),
    }
}
