//! What leads on from a hub, a list or a place: counts, landing pages, neighbours, and the form that
//! narrows a listing.

use crate::web::views::Link;

/// What a page says of the lists around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// How much of what is there: `40 places`.
    pub counts: Vec<String>,
    pub groups: Vec<LinkGroup>,
}

/// Links under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkGroup {
    pub title: String,
    pub links: Vec<CountedLink>,
}

/// A link with how much is behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountedLink {
    pub link: Link,
    pub count: Option<String>,
}

/// A GET form that narrows a listing: filters are never links (SEO 3.37).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterForm {
    pub action: String,
    pub fields: Vec<FilterField>,
    /// Something is chosen.
    pub narrowed: bool,
}

/// A control of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterField {
    pub name: String,
    pub label: String,
    pub value: String,
    /// (value, text); without any, the visitor types.
    pub options: Vec<(String, String)>,
}
