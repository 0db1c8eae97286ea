//! The names in a front matter: parent, original, people, categories, relations.

use crate::actions::import::document::{Arrival, Sources};
use crate::actions::{Change, relate};
use crate::entry::Content;
use crate::error::{Problem, Result};
use crate::schema::Type;
use crate::source::Dialect;
use crate::store::{entries, paths};
use crate::text::Path;

pub async fn parent_of(change: &Change<'_>, arrival: &mut Arrival<'_>) -> Result<Option<i64>> {
    let Some(key) = arrival.document.front.parent.clone() else { return Ok(None) };
    let default = &change.app.site.default_locale().code;
    let found = relate::find(&change.tx, &arrival.kind.name, &arrival.locale, default, &key).await?;
    if found.is_none() {
        arrival.waits = true;
        arrival
            .notes
            .push(Problem::new(format!("there is no {} “{key}”", arrival.kind.name)).field("parent"));
    }
    Ok(found)
}

pub async fn translation(change: &Change<'_>, arrival: &mut Arrival<'_>) -> Result<Option<i64>> {
    let Some(key) = arrival.document.front.translation_of.clone() else { return Ok(None) };
    let default = change.app.site.default_locale().code.clone();
    let found = relate::find(&change.tx, &arrival.kind.name, &default, &default, &key).await?;
    if found.is_none() {
        arrival.waits = true;
        let reason = format!("there is no {} “{key}”", arrival.kind.name);
        arrival.notes.push(Problem::new(reason).field("translation_of"));
    }
    Ok(found)
}

/// The live entry to which the addresses of one that is not live are to lead.
pub async fn replacement(change: &Change<'_>, arrival: &mut Arrival<'_>) -> Result<Option<i64>> {
    let Some(key) = arrival.document.front.replaced_by.clone() else { return Ok(None) };
    let owner = match Path::parse(&key) {
        Ok(path) => paths::owner(&change.tx, &path.folded()).await?,
        Err(_) => None,
    };
    if let Some(id) = owner
        && entries::find(&change.tx, id).await?.is_some_and(|entry| entry.is_live())
    {
        return Ok(Some(id));
    }
    arrival.waits = true;
    arrival.notes.push(Problem::new(format!("no page is at {key}")).field("replaced_by"));
    Ok(None)
}

pub async fn people(
    change: &mut Change<'_>,
    sources: &mut Sources<'_>,
    arrival: &mut Arrival<'_>,
) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for name in arrival.document.front.authors.clone() {
        let create = sources.options.create_terms && arrival.document.dialect != Dialect::Atlas;
        match sources.related.find_or_create(change, "author", &arrival.locale, &name, create).await? {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => {
                arrival.waits = true;
                arrival.notes.push(Problem::new(format!("there is no author “{name}”")).field("authors"));
            }
        }
    }
    Ok(ids)
}

/// Categories and tags of a front matter go into the relation fields that lead to such types.
pub async fn terms(
    change: &mut Change<'_>,
    sources: &mut Sources<'_>,
    arrival: &mut Arrival<'_>,
    content: &mut Content,
) -> Result<()> {
    let front = &arrival.document.front;
    let lists = [("category", "categories", front.categories.clone()), ("tag", "tags", front.tags.clone())];
    for (to, key, names) in lists {
        if names.is_empty() {
            continue;
        }
        let field = arrival.kind.fields.iter().find(|field| field.to.as_deref() == Some(to)).cloned();
        let Some(field) = field else {
            let reason = format!("the type {} has no field that leads to a {to}", arrival.kind.name);
            arrival.notes.push(Problem::new(reason).field(key));
            continue;
        };
        let mut ids = Vec::new();
        for name in names {
            let create = sources.options.create_terms;
            match sources.related.find_or_create(change, to, &arrival.locale, &name, create).await? {
                Some(id) if ids.contains(&id) => {}
                Some(id) => ids.push(id),
                None => arrival.notes.push(Problem::new(format!("there is no {to} “{name}”")).field(key)),
            }
        }
        if !ids.is_empty() && !content.fields.contains_key(&field.name) {
            content.fields.insert(field.name, serde_json::json!(ids));
        }
    }
    Ok(())
}

/// Creates what relation fields name, when the import was asked to.
pub async fn create_related(
    change: &mut Change<'_>,
    sources: &mut Sources<'_>,
    arrival: &Arrival<'_>,
    content: &Content,
) -> Result<()> {
    for (to, key) in relation_keys(&arrival.kind, content) {
        sources.related.find_or_create(change, &to, &arrival.locale, &key, true).await?;
    }
    Ok(())
}

/// A relation to what the folder still has to bring makes the document wait.
pub async fn wait_for_relations(
    change: &Change<'_>,
    arrival: &mut Arrival<'_>,
    content: &Content,
) -> Result<()> {
    let default = &change.app.site.default_locale().code;
    for (to, key) in relation_keys(&arrival.kind, content) {
        if relate::find(&change.tx, &to, &arrival.locale, default, &key).await?.is_none() {
            arrival.waits = true;
        }
    }
    Ok(())
}

/// What the relation fields name, with the type each leads to.
fn relation_keys(kind: &Type, content: &Content) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for field in &kind.fields {
        let (Some(to), Some(value)) = (&field.to, content.fields.get(&field.name)) else { continue };
        let values = match value {
            serde_json::Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        keys.extend(values.iter().filter_map(|value| Some((to.clone(), value.as_str()?.to_owned()))));
    }
    keys
}
