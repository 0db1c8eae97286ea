//! What an editor can change of an entry, and what a revision therefore keeps.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Time;
use crate::entry::Visibility;
use crate::schema::ImageRef;

/// The content of an entry: the typed core, and the values of its type's fields.
///
/// Type, locale and translation group belong to the entry for life and are not here. Stored as
/// JSON in `revisions.content`; entries are referred to by id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub title: String,
    pub slug: String,
    /// A path that stays as it is, whatever the type's rule or a parent's move would make of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Markdown; links to entries are written `entry:42`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<ImageRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<i64>,
    #[serde(default, skip_serializing_if = "Visibility::is_public")]
    pub visibility: Visibility,
    /// The date readers see; set at the first publication when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Time>,
    /// A date of the last significant change that came with an import. Without it, the engine keeps
    /// its own (DESIGN 1.8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Time>,
    #[serde(default, skip_serializing_if = "Seo::is_empty")]
    pub seo: Seo,
    /// The values of the type's fields, in the canonical JSON of their kinds.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

impl Content {
    /// What the entry says of itself in a line: the editor's words, else how its body begins. Empty for
    /// a title alone.
    pub fn words<'a>(&'a self, excerpt: &'a str) -> &'a str {
        let said = [&self.seo.description, &self.summary, excerpt];
        said.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// What an editor overrides of what search engines are told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seo {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// An absolute URL that is the canonical one instead of ours; the entry then leaves sitemaps
    /// and feeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub noindex: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nofollow: bool,
    /// More directives for crawlers, as the robots tag has them: `nosnippet, max-image-preview:none`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub robots: String,
    /// Whether its questions and answers are said as a `FAQPage`; else their field decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faq: Option<bool>,
}

impl Seo {
    pub fn is_empty(&self) -> bool {
        *self == Seo::default()
    }
}
