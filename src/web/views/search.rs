//! The search page: a question, what it may be narrowed to, and what was found.

use askama::Template;

use crate::text::search::Piece;
use crate::web::views::{FactValue, Pagination, Room, Shell};

/// What was asked for, and what was found.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/search.html", whitespace = "minimize")]
pub struct SearchPage {
    pub shell: Shell,
    /// Where the form asks: this page.
    pub action: String,
    /// The question as it was asked.
    pub q: String,
    pub kinds: Vec<Choice>,
    pub cities: Vec<Choice>,
    /// How many were found.
    pub count: Option<String>,
    /// Why nothing is shown.
    pub trouble: Option<Trouble>,
    pub results: Vec<SearchResult>,
    pub pagination: Option<Pagination>,
}

/// An option of a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// What to tell a visitor who gets no results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    pub title: String,
    pub text: String,
}

/// A page that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchResult {
    pub href: String,
    /// What it is: `Place`.
    pub kind: String,
    pub title: Vec<Piece>,
    /// Where it stands: `iran › tehran`.
    pub trail: String,
    pub snippet: Vec<Piece>,
}
