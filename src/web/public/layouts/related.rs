//! What is like an entry, below its page.

use crate::app::App;
use crate::error::Result;
use crate::store::related::{self, By};
use crate::web::public::card::{cards, is_dated, tags};
use crate::web::public::view::EntryView;
use crate::web::views::{Card, Section, Words};

/// Cards below a page.
const MOST: usize = 3;

/// Entries that are like another one, and what makes the page that shows them stale.
#[derive(Default)]
pub struct Related {
    pub cards: Vec<Card>,
    pub stale_with: Vec<String>,
}

impl Related {
    /// As a section of its page, where there are any.
    pub fn section(self, view: &EntryView) -> Option<Section> {
        let title = Words::of(&view.entry.locale).search.similar.to_owned();
        (!self.cards.is_empty()).then_some(Section {
            kind: view.kind.name.clone(),
            title,
            cards: self.cards,
            ..Section::default()
        })
    }
}

/// Entries of the same type and language that are like the one of a page. It is drawn anew when one of
/// them changes, and when something begins to point at what this one points at.
pub async fn related(app: &App, view: &EntryView, by: By) -> Result<Related> {
    let found = related::related(&app.db, &view.entry, by, MOST).await?;
    let mut stale_with: Vec<String> = tags(&found).collect();
    stale_with.extend(view.pointed.iter().map(|pointed| format!("to:{}", pointed.stored_id)));
    let cards = cards(app, &found, &view.entry.locale, is_dated(&view.kind)).await?;
    Ok(Related { cards, stale_with })
}
