//! What is set over `site.toml`, in every state it was saved in; the newest holds.

use serde::de::DeserializeOwned;
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::{Error, Result};

/// A saved state.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct State {
    pub version: i64,
    /// As JSON, by key.
    pub overlay: String,
    /// The keys that were changed, as JSON.
    pub changed: String,
    pub actor: String,
    pub saved_at: Time,
}

impl State {
    /// What was set.
    ///
    /// # Errors
    /// `Internal` when it is not what this engine has written.
    pub fn overlay<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.overlay).map_err(Error::internal)
    }

    /// The keys that this save changed.
    pub fn changed(&self) -> Vec<String> {
        serde_json::from_str(&self.changed).unwrap_or_default()
    }
}

/// The state that holds; none where nothing was ever set.
pub async fn newest(db: &impl Ask) -> Result<Option<State>> {
    db.optional(
        "SELECT version, overlay, changed, actor, saved_at FROM settings ORDER BY version DESC LIMIT 1",
        args![],
    )
    .await
}

/// One state, if it is still kept.
pub async fn find(db: &impl Ask, version: i64) -> Result<Option<State>> {
    db.optional(
        "SELECT version, overlay, changed, actor, saved_at FROM settings WHERE version = $1",
        args![version],
    )
    .await
}

/// The states, the newest first; at most so many.
pub async fn all(db: &impl Ask, most: i64) -> Result<Vec<State>> {
    db.all(
        "SELECT version, overlay, changed, actor, saved_at FROM settings ORDER BY version DESC LIMIT $1",
        args![most],
    )
    .await
}

pub async fn append(tx: &Tx, state: &State) -> Result<()> {
    tx.run(
        "INSERT INTO settings (version, overlay, changed, actor, saved_at) VALUES ($1, $2, $3, $4, $5)",
        args![state.version, &state.overlay, &state.changed, &state.actor, state.saved_at],
    )
    .await
    .map(|_| ())
}

/// Forgets the states up to one.
pub async fn forget_up_to(tx: &Tx, version: i64) -> Result<u64> {
    tx.run("DELETE FROM settings WHERE version <= $1", args![version]).await
}
