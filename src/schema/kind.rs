//! The closed set of what a field can hold.

use std::fmt;

/// What a field holds. Types are data, kinds are code: a new kind is a new variant here, and the
/// compiler names every surface that has to learn it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Line,
    Text,
    Markdown,
    Number,
    Money,
    Date,
    DateTime,
    Choice,
    Boolean,
    Url,
    Email,
    Phone,
    Image,
    Gallery,
    Geo,
    Address,
    Hours,
    Faq,
    Relation,
    Video,
}

impl Kind {
    pub const ALL: [Kind; 20] = [
        Kind::Line,
        Kind::Text,
        Kind::Markdown,
        Kind::Number,
        Kind::Money,
        Kind::Date,
        Kind::DateTime,
        Kind::Choice,
        Kind::Boolean,
        Kind::Url,
        Kind::Email,
        Kind::Phone,
        Kind::Image,
        Kind::Gallery,
        Kind::Geo,
        Kind::Address,
        Kind::Hours,
        Kind::Faq,
        Kind::Relation,
        Kind::Video,
    ];

    /// The word in a type file.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Line => "line",
            Kind::Text => "text",
            Kind::Markdown => "markdown",
            Kind::Number => "number",
            Kind::Money => "money",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::Choice => "choice",
            Kind::Boolean => "boolean",
            Kind::Url => "url",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Image => "image",
            Kind::Gallery => "gallery",
            Kind::Geo => "geo",
            Kind::Address => "address",
            Kind::Hours => "hours",
            Kind::Faq => "faq",
            Kind::Relation => "relation",
            Kind::Video => "video",
        }
    }

    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether lists can be narrowed by it. Relations are filtered through their own table, the
    /// others through the index table.
    pub fn can_filter(self) -> bool {
        match self {
            Kind::Relation => true,
            other => other.can_sort(),
        }
    }

    /// Whether lists can be ordered by it: it has one short value that compares.
    pub fn can_sort(self) -> bool {
        match self {
            Kind::Line
            | Kind::Number
            | Kind::Money
            | Kind::Date
            | Kind::DateTime
            | Kind::Choice
            | Kind::Boolean => true,
            Kind::Text
            | Kind::Markdown
            | Kind::Url
            | Kind::Email
            | Kind::Phone
            | Kind::Image
            | Kind::Gallery
            | Kind::Geo
            | Kind::Address
            | Kind::Hours
            | Kind::Faq
            | Kind::Relation
            | Kind::Video => false,
        }
    }

    /// What `min` and `max` bound; `None`: the kind takes no bounds.
    pub fn bounded(self) -> Option<&'static str> {
        match self {
            Kind::Number | Kind::Money => Some("the value"),
            Kind::Line | Kind::Text | Kind::Markdown => Some("the number of characters"),
            Kind::Gallery | Kind::Faq | Kind::Relation => Some("the number of items"),
            Kind::Date
            | Kind::DateTime
            | Kind::Choice
            | Kind::Boolean
            | Kind::Url
            | Kind::Email
            | Kind::Phone
            | Kind::Image
            | Kind::Geo
            | Kind::Address
            | Kind::Hours
            | Kind::Video => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
