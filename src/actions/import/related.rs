//! What an import creates on the way: an author, a category, a region that a row names.

use std::collections::HashMap;

use crate::actions::Change;
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::relate;
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::entry::Content;
use crate::error::Result;

/// Finds entries by name, remembers them, and creates them when asked.
#[derive(Default)]
pub struct Related {
    known: HashMap<(String, String, String), i64>,
    pub created: u64,
}

impl Related {
    /// The entry of a type that a name means; a new, published one when it is not there and may be
    /// created.
    ///
    /// # Errors
    /// `Invalid` when such an entry needs more than a title.
    pub async fn find_or_create(
        &mut self,
        change: &mut Change<'_>,
        kind: &str,
        locale: &str,
        name: &str,
        create: bool,
    ) -> Result<Option<i64>> {
        let key = (kind.to_owned(), locale.to_owned(), name.to_owned());
        if let Some(id) = self.known.get(&key) {
            return Ok(Some(*id));
        }
        let default = change.app.site.default_locale().code.clone();
        change.write_origins().await?;
        let found = relate::find(&change.tx, kind, locale, &default, name).await?;
        let id = match found {
            Some(id) => id,
            None if create && !name.starts_with('/') => self.create(change, kind, locale, name).await?,
            None => return Ok(None),
        };
        self.known.insert(key, id);
        Ok(Some(id))
    }

    async fn create(&mut self, change: &mut Change<'_>, kind: &str, locale: &str, name: &str) -> Result<i64> {
        let draft = Draft {
            target: Target::New { kind: kind.to_owned(), locale: locale.to_owned(), translation_of: None },
            content: Content { title: name.trim().to_owned(), ..Content::default() },
            reuse: false,
            lenient: false,
            tie: None,
        };
        let saved = save_draft(change, draft).await?;
        let id = saved.id;
        publish_saved(change, saved, Manner::default()).await?;
        self.created += 1;
        Ok(id)
    }

    /// Forgets what an undone item may have created; `created` is the number before it.
    pub fn forget(&mut self, created: u64) {
        self.known.clear();
        self.created = created;
    }
}
