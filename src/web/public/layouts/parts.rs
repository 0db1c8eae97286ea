//! Values of an entry as the parts of its page.

use crate::schema::{ShowWith, Shown, Value, show_value};
use crate::store::media;
use crate::text::{SafeHtml, markdown};
use crate::web::public::pictures::{in_text, picture};
use crate::web::public::view::{EntryView, href};
use crate::web::views::{Fact, FactValue, Hours, Link, Picture, Video, When, Words};

pub fn links(view: &EntryView, field: &str) -> Vec<Link> {
    view.related(field).map(|pointed| Link::new(href(&pointed.path), pointed.title.clone())).collect()
}

pub fn line(view: &EntryView, field: &str) -> Option<String> {
    match view.values.get(field) {
        Some(Value::Line(text)) => Some(text.clone()),
        _ => None,
    }
}

pub fn shown(view: &EntryView, name: &str) -> Option<Shown> {
    let field = view.kind.field(name)?;
    let value = view.values.get(name)?;
    let with = ShowWith {
        locale: &view.entry.locale,
        markdown: &|text| field_markdown(view, text),
        entry: &|reference| {
            let found = view.find(reference)?;
            Some(crate::schema::Link { href: href(&found.path), text: found.title.clone(), ltr: false })
        },
    };
    Some(show_value(field, value, &with))
}

/// Everything known that the layout has no place of its own for.
pub fn facts(view: &EntryView, known: &[&str]) -> Vec<Fact> {
    let fields = view.kind.fields.iter().filter(|field| !known.contains(&field.name.as_str()));
    fields
        .filter_map(|field| {
            let value = fact(view, shown(view, &field.name)?)?;
            Some(Fact::new(field.label_in(&view.entry.locale), value))
        })
        .collect()
}

fn fact(view: &EntryView, shown: Shown) -> Option<FactValue> {
    let rel = |href: &str| if href.starts_with("http") { "external noopener" } else { "" };
    Some(match shown {
        Shown::Nothing => return None,
        Shown::Line(text) => FactValue::Text(text),
        Shown::Lines(lines) => FactValue::Lines(lines),
        Shown::Html(html) => FactValue::Html(html),
        Shown::Time { machine, text } => FactValue::Time { machine, text },
        Shown::Point { text, .. } => FactValue::Text(text),
        Shown::Link(link) => {
            FactValue::Link { rel: rel(&link.href).into(), href: link.href, text: link.text }
        }
        Shown::Links(links) => {
            FactValue::Links(links.into_iter().map(|link| Link::new(link.href, link.text)).collect())
        }
        Shown::Images(images) => {
            FactValue::Images(images.iter().map(|image| picture(image, &view.pictures)).collect())
        }
        Shown::Hours(hours) => FactValue::Hours(hours_of(&hours, Words::of(&view.entry.locale).comma)),
        Shown::Questions(questions) => {
            FactValue::Questions(questions.into_iter().map(|item| (item.question, item.answer)).collect())
        }
        Shown::Video { video, text, .. } => FactValue::Video(Video {
            rel: rel(&video.url).into(),
            href: video.url,
            title: text,
            duration: video.duration.map(|duration| duration.to_string()),
            uploaded: video.uploaded.map(|day| When {
                datetime: day.to_string(),
                label: crate::schema::show_date(day, &view.entry.locale),
            }),
            description: video.description,
        }),
    })
}

pub fn link(shown: Option<Shown>) -> Option<Link> {
    match shown {
        Some(Shown::Link(link)) => Some(Link::new(link.href, link.text)),
        _ => None,
    }
}

/// The hours of a place; `comma` is that of the reader's language.
pub fn hours_of(hours: &crate::schema::ShownHours, comma: &str) -> Hours {
    let rows = hours.week.iter().chain(&hours.special);
    Hours {
        rows: rows.map(|row| (row.days.clone(), row.times.join(comma))).collect(),
        time_zone: hours.time_zone.clone(),
    }
}

pub fn gallery(view: &EntryView) -> Vec<Picture> {
    match view.values.get("gallery") {
        Some(Value::Gallery(images)) => images.iter().map(|image| picture(image, &view.pictures)).collect(),
        _ => Vec::new(),
    }
}

pub fn faq(view: &EntryView) -> Vec<(String, SafeHtml)> {
    match shown(view, "faq") {
        Some(Shown::Questions(questions)) => {
            questions.into_iter().map(|item| (item.question, item.answer)).collect()
        }
        _ => Vec::new(),
    }
}

/// Renders the Markdown of a field.
fn field_markdown(view: &EntryView, text: &str) -> SafeHtml {
    let rtl = crate::text::Dir::of(&view.entry.locale) == crate::text::Dir::Rtl;
    let sizes = media::sizes(&view.pictures);
    let options = markdown::Options { author: markdown::Author::Staff, rtl, images: &sizes };
    in_text(&markdown::render(text, &options).html, &view.pictures, false)
}
