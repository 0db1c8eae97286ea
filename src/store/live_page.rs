//! A live entry with all that its page begins with, in one query.

use sqlx::FromRow;

use super::entries::{Entry, Rendered};
use super::{Ask, db::args};
use crate::entry::Content;
use crate::error::{Error, Result};

/// A live entry with what its page is made from.
#[derive(Debug, Clone, FromRow)]
pub struct LivePage {
    #[sqlx(flatten)]
    pub entry: Entry,
    content: String,
    html: Option<String>,
    outline: Option<String>,
    excerpt: Option<String>,
    words: Option<i64>,
    minutes: Option<i64>,
    pub path: String,
}

impl LivePage {
    pub fn content(&self) -> Result<Content> {
        serde_json::from_str(&self.content).map_err(Error::internal)
    }

    /// The body as readers get it; its plain text is left out.
    pub fn take_rendered(&mut self) -> Option<Rendered> {
        Some(Rendered {
            html: self.html.take()?,
            outline: self.outline.take().unwrap_or_default(),
            plain: String::new(),
            excerpt: self.excerpt.take().unwrap_or_default(),
            words: self.words.unwrap_or_default(),
            minutes: self.minutes.unwrap_or_default(),
        })
    }
}

/// Reads it; none where nothing is live, or has no address.
pub async fn find(db: &impl Ask, id: i64) -> Result<Option<LivePage>> {
    db.optional(
        "SELECT e.*, r.content, b.html, b.outline, b.excerpt, b.words, b.minutes, p.path
         FROM entries e
         JOIN revisions r ON r.id = e.live_revision
         JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         LEFT JOIN rendered b ON b.entry_id = e.id
         WHERE e.id = $1",
        args![id],
    )
    .await
}
