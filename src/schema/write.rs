//! The canonical JSON of a value: what is stored, exported and answered by the API.

use serde_json::{Map, Value as Json, json};

use super::values::{Address, Hours, ImageRef, Period, RelationRef, Value, Video};

/// The canonical JSON of a value; `read_value` makes the same value of it again.
pub fn write_value(value: &Value) -> Json {
    match value {
        Value::Line(text) | Value::Text(text) | Value::Markdown(text) => json!(text),
        Value::Number(number) => write_number(*number),
        Value::Money(money) => json!({ "amount": money.amount, "currency": money.currency }),
        Value::Date(date) => json!(date.to_string()),
        Value::DateTime(time) => json!(time.rfc3339()),
        Value::Choice(choice) => json!(choice),
        Value::Boolean(value) => json!(value),
        Value::Url(address) | Value::Email(address) => json!(address),
        Value::Phone(phone) => json!(phone.shown),
        Value::Image(image) => write_image(image),
        Value::Gallery(images) => images.iter().map(write_image).collect(),
        Value::Geo(geo) => json!({ "latitude": geo.latitude, "longitude": geo.longitude }),
        Value::Address(address) => write_address(address),
        Value::Hours(hours) => write_hours(hours),
        Value::Faq(questions) => {
            questions.iter().map(|item| json!({ "question": item.question, "answer": item.answer })).collect()
        }
        Value::Relation(refs) => refs.iter().map(write_relation).collect(),
        Value::Video(video) => write_video(video),
    }
}

/// A whole number without a decimal point, so that `1250` stays `1250`.
pub(super) fn write_number(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT { json!(number as i64) } else { json!(number) }
}

fn write_relation(found: &RelationRef) -> Json {
    match found {
        RelationRef::Key(key) => json!(key),
        RelationRef::Id(id) => json!(id),
    }
}

fn write_image(image: &ImageRef) -> Json {
    object([
        ("src", Some(&image.src)),
        ("alt", Some(&image.alt).filter(|alt| !alt.is_empty())),
        ("caption", image.caption.as_ref()),
        ("credit", image.credit.as_ref()),
        ("creator", image.rights.creator.as_ref()),
        ("copyright", image.rights.copyright.as_ref()),
        ("license", image.rights.license.as_ref()),
        ("license_page", image.rights.license_page.as_ref()),
    ])
}

fn write_address(address: &Address) -> Json {
    object([
        ("street", address.street.as_ref()),
        ("locality", address.locality.as_ref()),
        ("region", address.region.as_ref()),
        ("postal_code", address.postal_code.as_ref()),
        ("country", address.country.as_ref()),
    ])
}

fn write_video(video: &Video) -> Json {
    object([
        ("url", Some(&video.url)),
        ("title", video.title.as_ref()),
        ("thumbnail", video.thumbnail.as_ref()),
        ("uploaded", video.uploaded.map(|day| day.to_string()).as_ref()),
        ("description", video.description.as_ref()),
        ("duration", video.duration.map(|duration| duration.to_string()).as_ref()),
    ])
}

fn write_hours(hours: &Hours) -> Json {
    let mut json = Map::new();
    if let Some(zone) = &hours.time_zone {
        json.insert("time_zone".to_owned(), json!(zone));
    }
    let week: Vec<Json> = hours
        .week
        .iter()
        .map(|opening| {
            let days: Vec<&str> = opening.days.iter().map(|day| day.code()).collect();
            with_period(json!({ "days": days }), opening.period)
        })
        .collect();
    if !week.is_empty() {
        json.insert("week".to_owned(), Json::Array(week));
    }
    let special: Vec<Json> = hours
        .special
        .iter()
        .map(|special| {
            let days = if special.from == special.through {
                json!({ "date": special.from.to_string() })
            } else {
                json!({ "from": special.from.to_string(), "through": special.through.to_string() })
            };
            match special.period {
                Some(period) => with_period(days, period),
                None => with(days, "closed", Json::Bool(true)),
            }
        })
        .collect();
    if !special.is_empty() {
        json.insert("special".to_owned(), Json::Array(special));
    }
    Json::Object(json)
}

fn with_period(json: Json, period: Period) -> Json {
    let opens = with(json, "opens", Json::String(period.opens.to_string()));
    with(opens, "closes", Json::String(period.closes.to_string()))
}

fn with(mut json: Json, key: &str, value: Json) -> Json {
    json[key] = value;
    json
}

/// An object of the keys that have a value.
fn object<const N: usize>(pairs: [(&str, Option<&String>); N]) -> Json {
    let some = pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?))));
    Json::Object(some.collect())
}
