//! What a search finds of a value: plain text.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

use super::field::Field;
use super::values::{ImageRef, Value};

/// The words of a value for the full-text index; empty when nobody searches for it. A choice is
/// found by its label in every language; a relation by the other entry's own title, which is not
/// known here.
pub fn search_text(field: &Field, value: &Value) -> String {
    match value {
        Value::Line(text) | Value::Text(text) => text.clone(),
        Value::Markdown(text) => plain_text(text),
        Value::Choice(choice) => match field.choice(choice) {
            Some(choice) => {
                let labels = std::iter::once(&choice.label).chain(choice.labels.values());
                labels.map(String::as_str).collect::<Vec<_>>().join(" ")
            }
            None => String::new(),
        },
        Value::Email(address) => address.clone(),
        Value::Phone(phone) => format!("{} {}", phone.shown, phone.e164),
        Value::Image(image) => image_words(image),
        Value::Gallery(images) => {
            let words: Vec<String> =
                images.iter().map(image_words).filter(|words| !words.is_empty()).collect();
            words.join(" ")
        }
        Value::Address(address) => {
            let parts = [&address.street, &address.locality, &address.region, &address.postal_code];
            parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
        }
        Value::Faq(questions) => questions
            .iter()
            .map(|item| format!("{} {}", item.question, plain_text(&item.answer)))
            .collect::<Vec<_>>()
            .join(" "),
        Value::Video(video) => video.title.clone().unwrap_or_default(),
        Value::Number(_)
        | Value::Money(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Boolean(_)
        | Value::Url(_)
        | Value::Geo(_)
        | Value::Hours(_)
        | Value::Relation(_) => String::new(),
    }
}

fn image_words(image: &ImageRef) -> String {
    let words = [Some(&image.alt), image.caption.as_ref()];
    words.into_iter().flatten().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

/// The text of a Markdown field without its marks: blocks are separated by a space, HTML is dropped.
pub(super) fn plain_text(markdown: &str) -> String {
    let mut plain = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::Rule => plain.push(' '),
            Event::End(end) if !is_inline(end) => plain.push(' '),
            _ => {}
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_inline(end: TagEnd) -> bool {
    matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}
