//! A value as schema.org says it: one property of an entry's node in the JSON-LD graph. Built from
//! the same values as the page, so the markup never says what the page doesn't (SEO 3.27-3.29).

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::field::Field;
use super::search::plain_text;
use super::values::{
    Address, ClockTime, Geo, Hours, ImageRef, Money, Opening, Period, Question, RelationRef, Special, Value,
    Video,
};
use super::write::write_number;

/// What values need to know of the site.
pub struct LinkedData<'a> {
    /// The locale of the page: `fa`.
    pub locale: &'a str,
    /// Makes an absolute address of a path of this site.
    pub absolute: &'a dyn Fn(&str) -> String,
    /// The public entry that a reference leads to; `None` leaves it out.
    pub entry: &'a dyn Fn(&RelationRef) -> Option<LinkedEntry>,
}

/// Another entry as a node of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedEntry {
    /// Its schema.org type: `City`.
    pub schema: String,
    /// Its `@id`, stable and absolute.
    pub id: String,
    pub name: String,
    pub url: String,
}

/// The properties that the fields of an entry fill, in the order of the fields. Two fields with one
/// property become a list.
pub fn linked_properties<'a>(
    fields: impl IntoIterator<Item = &'a Field>,
    values: &BTreeMap<String, Value>,
    with: &LinkedData,
) -> Map<String, Json> {
    let mut properties = Map::new();
    for field in fields {
        let (Some(property), Some(value)) = (&field.schema, values.get(&field.name)) else { continue };
        let Some(said) = linked_value(field, value, with) else { continue };
        match properties.remove(property) {
            Some(before) => properties.insert(property.clone(), joined(before, said)),
            None => properties.insert(property.clone(), said),
        };
    }
    properties
}

/// What a value says; `None` when it says nothing a search engine could use: an unknown entry, a
/// video without the properties that Google requires.
pub fn linked_value(field: &Field, value: &Value, with: &LinkedData) -> Option<Json> {
    Some(match value {
        Value::Line(text) => json!(text),
        Value::Text(text) => lines(field.schema.as_deref(), text)?,
        Value::Markdown(text) => json!(plain_text(text)),
        Value::Number(number) => write_number(*number),
        Value::Money(money) => price(field.schema.as_deref(), money),
        Value::Date(date) => json!(date.to_string()),
        Value::DateTime(time) => json!(time.rfc3339()),
        Value::Choice(choice) => {
            json!(field.choice(choice).map_or(choice.as_str(), |choice| choice.label_in(with.locale)))
        }
        Value::Boolean(value) => json!(value),
        Value::Url(address) => json!(absolute(address, with)),
        Value::Email(address) => json!(address),
        Value::Phone(phone) => json!(phone.e164),
        Value::Image(found) => image(found, with),
        Value::Gallery(images) => images.iter().map(|found| image(found, with)).collect(),
        Value::Geo(geo) => point(*geo),
        Value::Address(address) => postal_address(address),
        Value::Hours(hours) => opening_hours(hours),
        Value::Faq(questions) => questions.iter().map(question).collect(),
        Value::Relation(refs) => {
            let mut nodes: Vec<Json> = refs.iter().filter_map(|found| node((with.entry)(found)?)).collect();
            match nodes.len() {
                0 => return None,
                1 => nodes.remove(0),
                _ => Json::Array(nodes),
            }
        }
        Value::Video(found) => return video(found, with),
    })
}

/// Names and profiles are written one a line, names also between commas; other text is one text.
fn lines(property: Option<&str>, text: &str) -> Option<Json> {
    let between: &[char] = match property {
        Some("alternateName") => &['\n', ',', '،'],
        Some("sameAs") => &['\n'],
        _ => return Some(json!(text)),
    };
    let parts: Vec<&str> = text.split(between).map(str::trim).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| json!(parts))
}

fn joined(before: Json, said: Json) -> Json {
    let list = |json: Json| match json {
        Json::Array(list) => list,
        one => vec![one],
    };
    let mut all = list(before);
    all.extend(list(said));
    Json::Array(all)
}

fn absolute(address: &str, with: &LinkedData) -> String {
    if address.starts_with("http://") || address.starts_with("https://") {
        address.to_owned()
    } else {
        (with.absolute)(address)
    }
}

fn node(entry: LinkedEntry) -> Option<Json> {
    Some(json!({ "@type": entry.schema, "@id": entry.id, "name": entry.name, "url": entry.url }))
}

/// An amount, as the property it fills wants it.
fn price(property: Option<&str>, money: &Money) -> Json {
    let (amount, currency) = (&money.amount, &money.currency);
    match property {
        Some("offers") => json!({ "@type": "Offer", "price": amount, "priceCurrency": currency }),
        Some("priceSpecification") => {
            json!({ "@type": "PriceSpecification", "price": amount, "priceCurrency": currency })
        }
        Some("priceRange") => json!(money.to_string()),
        _ => json!({ "@type": "MonetaryAmount", "value": amount, "currency": currency }),
    }
}

fn image(image: &ImageRef, with: &LinkedData) -> Json {
    let url = absolute(&image.src, with);
    let mut node = json!({ "@type": "ImageObject", "url": url, "contentUrl": url });
    let rights = &image.rights;
    for (property, words) in [
        ("caption", image.caption.as_ref()),
        ("description", Some(&image.alt).filter(|alt| !alt.is_empty())),
        ("creditText", image.credit.as_ref()),
        ("copyrightNotice", rights.copyright.as_ref()),
    ] {
        if let Some(words) = words {
            node[property] = json!(words);
        }
    }
    if let Some(creator) = &rights.creator {
        node["creator"] = json!({ "@type": "Person", "name": creator });
    }
    for (property, address) in [("license", &rights.license), ("acquireLicensePage", &rights.license_page)] {
        if let Some(address) = address {
            node[property] = json!(absolute(address, with));
        }
    }
    node
}

/// Five decimals, zeros included: what Google asks of a business's place. A JSON number would lose
/// the zeros, and schema.org takes text as well.
fn point(geo: Geo) -> Json {
    let degrees = |value: f64| format!("{value:.5}");
    json!({
        "@type": "GeoCoordinates",
        "latitude": degrees(geo.latitude),
        "longitude": degrees(geo.longitude),
    })
}

/// An address as schema.org says it: its known parts.
pub fn postal_address(address: &Address) -> Json {
    let mut node = json!({ "@type": "PostalAddress" });
    for (property, part) in [
        ("streetAddress", &address.street),
        ("addressLocality", &address.locality),
        ("addressRegion", &address.region),
        ("postalCode", &address.postal_code),
        ("addressCountry", &address.country),
    ] {
        if let Some(part) = part {
            node[property] = json!(part);
        }
    }
    node
}

/// One specification for each period of the week and for each special day, as Google's local
/// business page shows them.
fn opening_hours(hours: &Hours) -> Json {
    hours.week.iter().map(usual).chain(hours.special.iter().map(special)).collect()
}

fn usual(opening: &Opening) -> Json {
    let days: Vec<&str> = opening.days.iter().map(|day| day.english()).collect();
    let (opens, closes) = times(opening.period);
    json!({ "@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": opens, "closes": closes })
}

fn special(special: &Special) -> Json {
    // Closed is said as a period without length.
    let (opens, closes) = special.period.map_or_else(|| ("00:00".to_owned(), "00:00".to_owned()), times);
    json!({
        "@type": "OpeningHoursSpecification",
        "validFrom": special.from.to_string(),
        "validThrough": special.through.to_string(),
        "opens": opens,
        "closes": closes,
    })
}

/// The end of a day is 23:59 here: 24:00 is no time of schema.org.
fn times(period: Period) -> (String, String) {
    let time = |time: ClockTime| if time.minutes() == 1440 { "23:59".to_owned() } else { time.to_string() };
    (time(period.opens), time(period.closes))
}

fn question(item: &Question) -> Json {
    let answer = json!({ "@type": "Answer", "text": plain_text(&item.answer) });
    json!({ "@type": "Question", "name": item.question, "acceptedAnswer": answer })
}

/// Google requires name, picture and day of upload; a video without them stays unsaid.
fn video(video: &Video, with: &LinkedData) -> Option<Json> {
    let mut node = json!({
        "@type": "VideoObject",
        "name": video.title.as_ref()?,
        "thumbnailUrl": absolute(&video.picture()?, with),
        "uploadDate": video.uploaded?.to_string(),
    });
    match video.embed_url() {
        Some(embed) => node["embedUrl"] = json!(embed),
        None => node["contentUrl"] = json!(absolute(&video.url, with)),
    }
    if let Some(description) = &video.description {
        node["description"] = json!(description);
    }
    if let Some(duration) = video.duration {
        node["duration"] = json!(duration.iso());
    }
    Some(node)
}
