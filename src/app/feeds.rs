//! Which pages have feeds, and what answers at a feed's address.

use crate::app::{Answered, App};
use crate::error::Result;
use crate::schema::Type;
use crate::seo::feed::Format;
use crate::store::entries;
use crate::store::paths::{self, Answer};
use crate::text::Path;

/// The page that a folded path is a feed of, and in which form: `/articles/feed.xml` is Atom of
/// `/articles`.
pub fn feed_of(folded: &str) -> Option<(&str, Format)> {
    let (page, file) = folded.rsplit_once('/')?;
    Some((if page.is_empty() { "/" } else { page }, Format::of_file(file)?))
}

/// The path of a page's feed.
pub fn feed_path(page: &str, format: Format) -> String {
    format!("{}/{}", page.trim_end_matches('/'), format.file())
}

impl App {
    /// The types whose entries stand in feeds.
    pub fn feed_types(&self) -> Vec<String> {
        self.types.iter().filter(|kind| kind.feed).map(|kind| kind.name.clone()).collect()
    }

    /// Whether entries of a type have feeds of what points at them: what sorts the entries of feeds,
    /// such as categories, tags and series, and who wrote them.
    pub fn has_feeds(&self, kind: &Type) -> bool {
        let sorts = matches!(kind.layout.as_str(), "taxonomy" | "profile");
        let wrote = kind.name == "author" && self.types.iter().any(|kind| kind.feed);
        sorts && (wrote || self.types.leading_to(&kind.name).any(|(from, _)| from.feed))
    }

    /// The feed of the site or of a listing at a folded path of a language.
    pub(super) fn own_feed(&self, locale: &str, rest: &str) -> Option<Answered> {
        let (page, format) = feed_of(rest)?;
        let kind = match page {
            "/" => None,
            page => Some(self.types.listed_at(page).filter(|kind| kind.feed)?.name.clone()),
        };
        Some(Answered::Feed { locale: locale.to_owned(), kind, format })
    }

    /// What answers at a path that would be the feed of an entry. It goes where the entry goes: its
    /// former addresses lead to the present one.
    pub(super) async fn entry_feed(&self, folded: &str) -> Result<Option<Answered>> {
        let Some((page, format)) = feed_of(folded) else { return Ok(None) };
        Ok(match paths::resolve(&self.db, page).await? {
            Answer::Entry { id, path } if self.entry_has_feeds(id).await? => {
                Some(Answered::EntryFeed { id, path: feed_path(&path, format), format })
            }
            Answer::Redirect { status, to, entry, .. } => {
                let to = feed_path(&to, format);
                let leads = match entry {
                    Some(id) => self.entry_has_feeds(id).await?,
                    None => {
                        let to = Path::parse(&to).map(|path| path.folded()).unwrap_or_default();
                        matches!(self.own_page(&to), Some(Answered::Feed { .. }))
                    }
                };
                let why = "feed of a page that has moved".to_owned();
                leads.then_some(Answered::Redirect { status: status as u16, to, why, entry })
            }
            Answer::Gone { entry: Some(id) } if self.entry_has_feeds(id).await? => {
                Some(Answered::Gone { entry: Some(id) })
            }
            _ => None,
        })
    }

    async fn entry_has_feeds(&self, id: i64) -> Result<bool> {
        let entry = entries::find(&self.db, id).await?;
        let kind = entry.and_then(|entry| self.types.get(&entry.kind));
        Ok(kind.is_some_and(|kind| self.has_feeds(kind)))
    }
}
