//! What the site answers at a path: the registry first, then the engine's own pages, then rules.

use serde::Serialize;

use crate::app::App;
use crate::error::Result;
use crate::seo::feed::Format;
use crate::store::paths::{self, Answer};
use crate::text::Path;

/// Where the search page stands in each language.
pub const SEARCH: &str = "/search";

/// What a visitor gets at a normalised path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answered {
    Home {
        locale: String,
    },
    Listing {
        locale: String,
        #[serde(rename = "type")]
        kind: String,
    },
    /// The feed of the site, or of the listing of a type.
    Feed {
        locale: String,
        #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        format: Format,
    },
    /// The feed of what points at an entry, at its canonical path.
    EntryFeed {
        id: i64,
        path: String,
        format: Format,
    },
    Search {
        locale: String,
    },
    /// A live entry at its canonical path. When `path` is spelled otherwise, one 301 leads there.
    Entry {
        id: i64,
        path: String,
    },
    /// One redirect to where the answer is. `to` is a path (decoded) or another site's URL.
    Redirect {
        status: u16,
        to: String,
        why: String,
        /// The entry that it leads to, when it is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        entry: Option<i64>,
    },
    Gone {
        entry: Option<i64>,
    },
    NotFound,
}

impl App {
    /// Finds what answers at a path; never a redirect to another redirect, nor to nothing.
    pub async fn answer(&self, path: &Path) -> Result<Answered> {
        let folded = path.folded();
        if let Some(own) = self.own_page(&folded) {
            return Ok(own);
        }
        match paths::resolve(&self.db, &folded).await? {
            Answer::Entry { id, path } => Ok(Answered::Entry { id, path }),
            Answer::Redirect { status, to, entry, why } => {
                Ok(Answered::Redirect { status: status as u16, to, why: why.to_owned(), entry })
            }
            Answer::Gone { entry } => Ok(Answered::Gone { entry }),
            // A draft's path too: until it is published, nothing changes for the public.
            Answer::Unknown { .. } => match self.entry_feed(&folded).await? {
                Some(found) => Ok(found),
                None => self.by_rule(path).await,
            },
        }
    }

    /// A page that the engine makes: a home page, a listing, a feed of either, the search page.
    pub fn own_page(&self, folded: &str) -> Option<Answered> {
        let (locale, rest) = self.site.split_locale(folded);
        let locale = locale.code.clone();
        match rest {
            "/" => Some(Answered::Home { locale }),
            SEARCH => Some(Answered::Search { locale }),
            rest => match self.types.listed_at(rest) {
                Some(kind) => Some(Answered::Listing { locale, kind: kind.name.clone() }),
                None => self.own_feed(&locale, rest),
            },
        }
    }

    /// The folded path on the site that the first matching rule leads to: what a 404 waits for when
    /// nothing is there yet.
    pub fn awaited(&self, path: &Path) -> Option<String> {
        let target = self.rules().iter().find_map(|rule| rule.apply(path))??;
        let target = target.starts_with('/').then(|| Path::parse(&target).ok())??;
        Some(target.folded())
    }

    /// The first rule that matches, followed to its end. A rule that leads nowhere is no redirect.
    async fn by_rule(&self, path: &Path) -> Result<Answered> {
        let rules = self.rules();
        let Some((rule, target)) = rules.iter().find_map(|rule| Some((rule, rule.apply(path)?))) else {
            return Ok(Answered::NotFound);
        };
        let Some(target) = target else { return Ok(Answered::Gone { entry: None }) };
        let redirect = |to, entry| Answered::Redirect { status: rule.status, to, why: "rule".into(), entry };
        if !target.starts_with('/') {
            return Ok(redirect(target, None));
        }
        let Ok(to) = Path::parse(&target) else { return Ok(Answered::NotFound) };
        if self.own_page(&to.folded()).is_some() || to.as_str().starts_with("/media/") {
            return Ok(redirect(to.to_string(), None));
        }
        Ok(match paths::resolve(&self.db, &to.folded()).await? {
            Answer::Entry { id, path } => redirect(path, Some(id)),
            Answer::Redirect { to, entry, .. } => redirect(to, entry),
            Answer::Gone { entry } => Answered::Gone { entry },
            Answer::Unknown { .. } => match self.entry_feed(&to.folded()).await? {
                Some(Answered::EntryFeed { id, path, .. }) => redirect(path, Some(id)),
                Some(Answered::Redirect { to, entry, .. }) => redirect(to, entry),
                Some(gone @ Answered::Gone { .. }) => gone,
                _ => Answered::NotFound,
            },
        })
    }
}
