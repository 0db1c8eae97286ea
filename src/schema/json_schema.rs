//! JSON Schema (2020-12) of what the API takes: the canonical form of every kind.

use serde_json::{Map, Value as Json, json};

use super::field::Field;
use super::kind::Kind;
use super::types::Type;
use super::values::{IMAGE_KEYS, VIDEO_KEYS};
use super::write::write_number;

/// The schema of all fields of a type.
pub fn type_schema(ty: &Type) -> Json {
    let properties: Map<String, Json> =
        ty.fields.iter().map(|field| (field.name.clone(), field_schema(field))).collect();
    let required: Vec<&str> =
        ty.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": ty.label.one,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The schema of one field.
pub fn field_schema(field: &Field) -> Json {
    let mut schema = match field.kind {
        Kind::Line => bounded(json!({ "type": "string", "pattern": "^[^\\n\\r]*$" }), field, "Length"),
        Kind::Text => bounded(json!({ "type": "string" }), field, "Length"),
        Kind::Markdown => {
            bounded(json!({ "type": "string", "contentMediaType": "text/markdown" }), field, "Length")
        }
        Kind::Number => numeric(field),
        Kind::Money => money(field),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Choice => {
            let values: Vec<&str> = field.choices.iter().map(|choice| choice.value.as_str()).collect();
            json!({ "enum": values })
        }
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Url => json!({ "type": "string", "format": "iri-reference", "pattern": "^(https?://|/)" }),
        Kind::Email => json!({ "type": "string", "format": "idn-email" }),
        Kind::Phone => json!({ "type": "string", "pattern": "^(\\+|00|۰۰|٠٠)" }),
        Kind::Image => image(),
        Kind::Gallery => bounded(json!({ "type": "array", "items": image() }), field, "Items"),
        Kind::Geo => geo(),
        Kind::Address => address(),
        Kind::Hours => hours(),
        Kind::Faq => bounded(json!({ "type": "array", "items": question() }), field, "Items"),
        Kind::Relation => relation(field),
        Kind::Video => video(),
    };
    schema["title"] = json!(field.label);
    if let Some(help) = &field.help {
        schema["description"] = json!(help);
    }
    schema
}

/// Adds `minLength` and `maxLength`, or `minItems` and `maxItems`.
fn bounded(mut schema: Json, field: &Field, what: &str) -> Json {
    for (bound, limit) in [("min", field.min), ("max", field.max)] {
        if let Some(limit) = limit {
            schema[format!("{bound}{what}")] = write_number(limit);
        }
    }
    schema
}

fn numeric(field: &Field) -> Json {
    let mut schema = json!({ "type": "number" });
    for (bound, limit) in [("minimum", field.min), ("maximum", field.max)] {
        if let Some(limit) = limit {
            schema[bound] = write_number(limit);
        }
    }
    schema
}

fn money(field: &Field) -> Json {
    let currency = match &field.currency {
        Some(own) => json!({ "const": own }),
        None => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
    };
    let amount = json!({ "type": "string", "pattern": "^[0-9]{1,15}(\\.[0-9]{1,4})?$" });
    closed(json!({ "amount": amount, "currency": currency }), &["amount", "currency"])
}

fn image() -> Json {
    let text = json!({ "type": "string" });
    let mut keys: Json = IMAGE_KEYS.iter().map(|key| ((*key).to_owned(), text.clone())).collect();
    keys["src"] = json!({ "type": "string", "minLength": 1 });
    closed(keys, &["src"])
}

fn geo() -> Json {
    let latitude = json!({ "type": "number", "minimum": -90, "maximum": 90 });
    let longitude = json!({ "type": "number", "minimum": -180, "maximum": 180 });
    closed(json!({ "latitude": latitude, "longitude": longitude }), &["latitude", "longitude"])
}

fn address() -> Json {
    let text = json!({ "type": "string" });
    let country = json!({ "type": "string", "pattern": "^[A-Z]{2}$" });
    let mut schema = closed(
        json!({ "street": text, "locality": text, "region": text, "postal_code": text, "country": country }),
        &[],
    );
    schema["minProperties"] = json!(1);
    schema
}

fn hours() -> Json {
    let time = json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$" });
    let date = json!({ "type": "string", "format": "date" });
    let days = json!({
        "type": "array",
        "items": { "enum": ["mo", "tu", "we", "th", "fr", "sa", "su"] },
        "minItems": 1,
    });
    let opening =
        closed(json!({ "days": days, "opens": time, "closes": time }), &["days", "opens", "closes"]);
    let mut special = closed(
        json!({
            "date": date, "from": date, "through": date,
            "closed": { "type": "boolean" }, "opens": time, "closes": time,
        }),
        &[],
    );
    special["oneOf"] = json!([{ "required": ["date"] }, { "required": ["from", "through"] }]);
    closed(
        json!({
            "time_zone": { "type": "string" },
            "week": { "type": "array", "items": opening },
            "special": { "type": "array", "items": special },
        }),
        &[],
    )
}

fn question() -> Json {
    let text = json!({ "type": "string", "minLength": 1 });
    closed(json!({ "question": text, "answer": text }), &["question", "answer"])
}

/// A list of references: numbers of entries, or slugs, paths and titles.
fn relation(field: &Field) -> Json {
    let item =
        json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "string", "minLength": 1 }] });
    let mut schema = bounded(json!({ "type": "array", "items": item, "uniqueItems": true }), field, "Items");
    if !field.many {
        schema["maxItems"] = json!(1);
    }
    schema
}

fn video() -> Json {
    let text = json!({ "type": "string" });
    let mut keys: Json = VIDEO_KEYS.iter().map(|key| ((*key).to_owned(), text.clone())).collect();
    keys["url"] = json!({ "type": "string", "minLength": 1 });
    keys["uploaded"] = json!({ "type": "string", "format": "date" });
    keys["duration"] = json!({ "type": "string", "pattern": "^([0-9]+:)?[0-9]{1,3}:[0-5][0-9]$" });
    closed(keys, &["url"])
}

/// An object that takes these properties and no others.
fn closed(properties: Json, required: &[&str]) -> Json {
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
