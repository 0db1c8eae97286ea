//! Publishing what is there again, with other words: what a publication costs at any size.

use super::dice::Dice;
use super::words::{self, Tongue};
use crate::actions::Change;
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::app::App;
use crate::entry::Actor;
use crate::error::{Error, Result};
use crate::schema::LANDING;
use crate::store::entries::{self, Entry};

/// Entries that are looked at before a site counts as one without any that is live.
const LOOKS: u32 = 1_000;

/// Chooses live entries by chance.
pub struct Again {
    dice: Dice,
    last: i64,
}

impl Again {
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn of(app: &App, seed: u64) -> Result<Again> {
        Ok(Again { dice: Dice::new(seed), last: entries::last_id(&app.db).await? })
    }

    /// One that is live and no landing page.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn choose(&mut self, app: &App) -> Result<Entry> {
        for _ in 0..LOOKS {
            let id = self.dice.below(usize::try_from(self.last).unwrap_or(0)) as i64 + 1;
            let found = entries::find(&app.db, id).await?;
            if let Some(entry) = found.filter(|entry| entry.is_live() && entry.kind != LANDING) {
                return Ok(entry);
            }
        }
        Err(Error::NotFound)
    }

    /// Saves it with another summary and a longer body, and publishes that: one commit.
    ///
    /// # Errors
    /// As saving and publishing.
    pub async fn publish(&mut self, app: &App, actor: &Actor, entry: &Entry) -> Result<()> {
        let mut change = Change::begin(app, actor).await?;
        let mut content = entries::draft(&change.tx, entry.id).await?.content;
        content.summary = words::sentences(&mut self.dice, Tongue::English, 20);
        content.body.push_str("\n\n");
        content.body.push_str(&words::sentences(&mut self.dice, Tongue::English, 40));
        let target = Target::Existing { id: entry.id, seen: entry.version };
        let draft = Draft { target, content, reuse: false, lenient: true, tie: None };
        let saved = save_draft(&mut change, draft).await?;
        publish_saved(&mut change, saved, Manner::default()).await?;
        change.commit().await
    }
}
