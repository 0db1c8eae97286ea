//! Saving what the site is to be called, to look like and to tell others: set over `site.toml`, read by its
//! rules, in force on every node without a restart.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::actions::Change;
use crate::app::Overlay;
use crate::entry::Verb;
use crate::error::{Error, Result};
use crate::store::settings::{self, State};

/// States that are kept, so that they can be taken back.
pub const KEPT: i64 = 200;

/// What is wanted, by key: a value, or the file's own.
pub type Wish = BTreeMap<String, Option<Json>>;

/// Saves what is wanted of these keys, as seen in a state, and leaves all others as they are; the number of
/// the state that holds then. What the file says anyhow is not stored.
///
/// # Errors
/// `Denied`; `Conflict` when somebody else has changed one of these keys since; `Invalid` with every problem
/// at its field.
pub async fn save_settings(change: &mut Change<'_>, seen: i64, wish: Wish) -> Result<i64> {
    change.permit(Verb::Configure)?;
    let (version, before) = present(change).await?;
    if seen != version && is_lost(change, seen, &before, &wish).await? {
        return Err(Error::Conflict("somebody else has changed these settings since".to_owned()));
    }
    let mut after = before.clone();
    for (key, value) in wish {
        match value.filter(|value| *value != change.app.site_file().value(&key)) {
            Some(value) => _ = after.0.insert(key, value),
            None => _ = after.0.remove(&key),
        }
    }
    write(change, version, &before, after).await
}

/// Takes back everything that was saved after a state.
///
/// # Errors
/// `Denied`; `NotFound` when it is not kept any more; `Conflict` when something was saved since the list was
/// drawn; `Invalid` when it fits the file no more.
pub async fn take_back(change: &mut Change<'_>, seen: i64, to: i64) -> Result<i64> {
    change.permit(Verb::Configure)?;
    let (version, before) = present(change).await?;
    if seen != version {
        return Err(Error::Conflict("somebody else has changed the settings since".to_owned()));
    }
    // Before the first state there was the file alone.
    let after = match to {
        0 => Overlay::default(),
        to => settings::find(&change.tx, to).await?.ok_or(Error::NotFound)?.overlay()?,
    };
    write(change, version, &before, after).await
}

/// What is set now, and the number of its state.
async fn present(change: &Change<'_>) -> Result<(i64, Overlay)> {
    Ok(match settings::newest(&change.tx).await? {
        Some(state) => (state.version, state.overlay()?),
        None => (0, Overlay::default()),
    })
}

/// Whether one of these keys is another one now than in the state that was seen.
async fn is_lost(change: &Change<'_>, seen: i64, now: &Overlay, wish: &Wish) -> Result<bool> {
    let then: Overlay = match seen {
        0 => Overlay::default(),
        seen => match settings::find(&change.tx, seen).await? {
            Some(state) => state.overlay()?,
            None => return Ok(true),
        },
    };
    Ok(wish.keys().any(|key| then.0.get(key) != now.0.get(key)))
}

async fn write(change: &mut Change<'_>, version: i64, before: &Overlay, after: Overlay) -> Result<i64> {
    let keys = before.0.keys().chain(after.0.keys().filter(|key| !before.0.contains_key(*key)));
    let changed: Vec<&String> = keys.filter(|key| before.0.get(*key) != after.0.get(*key)).collect();
    if changed.is_empty() {
        return Ok(version);
    }
    check(change, &changed, &after)?;
    let state = State {
        version: version + 1,
        overlay: serde_json::to_string(&after).map_err(Error::internal)?,
        changed: json!(changed).to_string(),
        actor: change.actor.to_string(),
        saved_at: change.now,
    };
    settings::append(&change.tx, &state).await?;
    settings::forget_up_to(&change.tx, state.version - KEPT).await?;
    let file = change.app.site_file();
    let said = |overlay: &Overlay, key: &str| file.value_with(overlay, key);
    let told = changed
        .iter()
        .map(|key| ((*key).clone(), json!({ "old": said(before, key), "new": said(&after, key) })));
    change.audit("save_settings", None, &json!({ "changed": Json::Object(told.collect::<Map<_, _>>()) }));
    change.touch("site");
    Ok(state.version)
}

/// Everything goes together. What fitted no more before and is not touched stops nobody: it is passed over
/// as at a start.
fn check(change: &Change<'_>, changed: &[&String], after: &Overlay) -> Result<()> {
    let unfit: Vec<&String> = change.app.set.unfit.iter().map(|(key, _)| key).collect();
    let mut tried = after.clone();
    tried.0.retain(|key, _| changed.contains(&key) || !unfit.contains(&key));
    change.app.as_if(tried).map(|_| ())
}
