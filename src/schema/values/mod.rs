//! What fields hold, one payload a file.

mod address;
mod geo;
mod hours;
mod hours_overlap;
mod hours_text;
mod image;
mod money;
pub(super) mod object;
mod phone;
mod relation;
pub(super) mod text;
mod video;
mod web;

use time::Date;

pub use address::Address;
pub use geo::Geo;
pub use hours::{ClockTime, Day, Hours, Opening, Period, Special};
pub use image::{IMAGE_KEYS, ImageRef, ImageRights};
pub use money::Money;
pub use phone::Phone;
pub use relation::RelationRef;
pub use video::{Duration, Provider, VIDEO_KEYS, Video};
pub use web::{email, web_address};

use super::kind::Kind;
use crate::clock::Time;

/// The value of a field, checked: what a type holds of a kind. Made by `read_value`, `read_cell`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Line(String),
    Text(String),
    /// Markdown as written; sanitised when it is rendered.
    Markdown(String),
    /// Finite; whole numbers are exact up to 2^53.
    Number(f64),
    Money(Money),
    Date(Date),
    /// Whole seconds.
    DateTime(Time),
    /// The value of one of the field's choices.
    Choice(String),
    Boolean(bool),
    /// An `http` or `https` address as the URL standard writes it, or a path of this site.
    Url(String),
    Email(String),
    Phone(Phone),
    Image(ImageRef),
    Gallery(Vec<ImageRef>),
    Geo(Geo),
    Address(Address),
    Hours(Hours),
    Faq(Vec<Question>),
    /// In the editor's order, none twice; one at most unless the field is `many`.
    Relation(Vec<RelationRef>),
    Video(Video),
}

/// A question with its answer in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub question: String,
    pub answer: String,
}

impl Value {
    pub fn kind(&self) -> Kind {
        match self {
            Value::Line(_) => Kind::Line,
            Value::Text(_) => Kind::Text,
            Value::Markdown(_) => Kind::Markdown,
            Value::Number(_) => Kind::Number,
            Value::Money(_) => Kind::Money,
            Value::Date(_) => Kind::Date,
            Value::DateTime(_) => Kind::DateTime,
            Value::Choice(_) => Kind::Choice,
            Value::Boolean(_) => Kind::Boolean,
            Value::Url(_) => Kind::Url,
            Value::Email(_) => Kind::Email,
            Value::Phone(_) => Kind::Phone,
            Value::Image(_) => Kind::Image,
            Value::Gallery(_) => Kind::Gallery,
            Value::Geo(_) => Kind::Geo,
            Value::Address(_) => Kind::Address,
            Value::Hours(_) => Kind::Hours,
            Value::Faq(_) => Kind::Faq,
            Value::Relation(_) => Kind::Relation,
            Value::Video(_) => Kind::Video,
        }
    }
}
