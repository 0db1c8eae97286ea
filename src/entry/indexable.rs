//! The one answer to "may this be indexed?" (DESIGN 1.2).
//!
//! Its SQL twin is `store::entries::INDEXABLE`; a test walks every combination through both.

use serde::Serialize;

use crate::entry::{State, Visibility};

/// What the decision needs to know of an entry.
#[derive(Debug, Clone, Copy)]
pub struct Indexable<'a> {
    pub state: State,
    pub visibility: Visibility,
    pub noindex: bool,
    /// An editor's canonical elsewhere.
    pub canonical: Option<&'a str>,
}

/// Why an entry may not be indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NotPublished,
    NotPublic,
    Noindex,
    CanonicalElsewhere,
}

impl Reason {
    pub fn explain(self) -> &'static str {
        match self {
            Reason::NotPublished => "it is not published",
            Reason::NotPublic => "its visibility is not public",
            Reason::Noindex => "an editor set noindex",
            Reason::CanonicalElsewhere => "an editor gave another page as the canonical one",
        }
    }
}

/// Robots tag, sitemap, feeds, hreflang, canonical and search all ask this.
///
/// # Errors
/// The first reason against it.
pub fn is_indexable(entry: &Indexable<'_>) -> Result<(), Reason> {
    if entry.state != State::Published {
        return Err(Reason::NotPublished);
    }
    if entry.visibility != Visibility::Public {
        return Err(Reason::NotPublic);
    }
    if entry.noindex {
        return Err(Reason::Noindex);
    }
    if entry.canonical.is_some() {
        return Err(Reason::CanonicalElsewhere);
    }
    Ok(())
}
