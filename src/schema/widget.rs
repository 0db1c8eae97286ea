//! The form control that edits a field: what the admin draws.

use super::field::Field;
use super::kind::Kind;
use super::write::write_number;

/// A form control and what it has to know.
#[derive(Debug, Clone, PartialEq)]
pub enum FormControl {
    /// `<input>` with its type and further attributes.
    Input {
        input: InputType,
        attributes: Vec<(&'static str, String)>,
    },
    /// `<textarea>`.
    TextArea {
        attributes: Vec<(&'static str, String)>,
    },
    /// A textarea with the Markdown tools.
    Markdown {
        attributes: Vec<(&'static str, String)>,
    },
    /// `<select>` over value and label.
    Select {
        options: Vec<(String, String)>,
        required: bool,
    },
    Checkbox,
    /// An amount beside a currency; a fixed currency isn't asked for.
    Money {
        currency: Option<String>,
    },
    /// Picks one picture from the media library.
    Image,
    /// Picks several, in order.
    Gallery,
    /// Latitude and longitude.
    Geo,
    /// The five parts of a postal address.
    Address,
    /// A table of the week and a list of special days.
    Hours,
    /// Pairs of question and answer.
    Faq,
    /// Finds entries of a type by their title.
    Relation {
        to: String,
        many: bool,
    },
    /// The address of a video with its title, picture and day.
    Video,
}

/// The type of an `<input>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputType {
    Text,
    Number,
    Date,
    DateTime,
    Url,
    Email,
    Tel,
}

impl InputType {
    /// The value of the `type` attribute.
    pub fn name(self) -> &'static str {
        match self {
            InputType::Text => "text",
            InputType::Number => "number",
            InputType::Date => "date",
            InputType::DateTime => "datetime-local",
            InputType::Url => "url",
            InputType::Email => "email",
            InputType::Tel => "tel",
        }
    }
}

/// The control of a field, with labels in the locale of the editor.
pub fn form_control(field: &Field, locale: &str) -> FormControl {
    match field.kind {
        Kind::Line => input(InputType::Text, lengths(field)),
        Kind::Text => FormControl::TextArea { attributes: lengths(field) },
        Kind::Markdown => FormControl::Markdown { attributes: lengths(field) },
        Kind::Number => {
            let mut attributes = bounds(field, "min", "max");
            attributes.push(("step", "any".to_owned()));
            input(InputType::Number, attributes)
        }
        Kind::Money => FormControl::Money { currency: field.currency.clone() },
        Kind::Date => input(InputType::Date, Vec::new()),
        Kind::DateTime => input(InputType::DateTime, vec![("step", "1".to_owned())]),
        Kind::Choice => {
            let option = |choice: &super::Choice| (choice.value.clone(), choice.label_in(locale).to_owned());
            FormControl::Select {
                options: field.choices.iter().map(option).collect(),
                required: field.required,
            }
        }
        Kind::Boolean => FormControl::Checkbox,
        // A path of this site is allowed too, which `type=url` would refuse.
        Kind::Url => input(InputType::Text, vec![("inputmode", "url".to_owned()), ("dir", "ltr".to_owned())]),
        Kind::Email => input(InputType::Email, vec![("autocomplete", "off".to_owned())]),
        Kind::Phone => input(InputType::Tel, vec![("dir", "ltr".to_owned())]),
        Kind::Image => FormControl::Image,
        Kind::Gallery => FormControl::Gallery,
        Kind::Geo => FormControl::Geo,
        Kind::Address => FormControl::Address,
        Kind::Hours => FormControl::Hours,
        Kind::Faq => FormControl::Faq,
        Kind::Relation => {
            FormControl::Relation { to: field.to.clone().unwrap_or_default(), many: field.many }
        }
        Kind::Video => FormControl::Video,
    }
}

fn input(input: InputType, attributes: Vec<(&'static str, String)>) -> FormControl {
    FormControl::Input { input, attributes }
}

fn lengths(field: &Field) -> Vec<(&'static str, String)> {
    bounds(field, "minlength", "maxlength")
}

fn bounds(field: &Field, min: &'static str, max: &'static str) -> Vec<(&'static str, String)> {
    let pairs = [(min, field.min), (max, field.max)];
    pairs.into_iter().filter_map(|(name, limit)| Some((name, write_number(limit?).to_string()))).collect()
}
