//! A value from front matter, JSON or the API.

use serde_json::Value as Json;
use time::Date;
use time::macros::format_description;

use super::field::Field;
use super::kind::Kind;
use super::suggest::hint;
use super::values::object::{Object, kind_of, scalar};
use super::values::text::ascii_digits;
use super::values::{
    Address, Geo, Hours, ImageRef, Money, Phone, Question, RelationRef, Value, Video, email, text,
    web_address,
};
use crate::clock::Time;
use crate::error::Problem;

/// Reads the value of a field: its canonical JSON, or one of the short forms of
/// `docs/content-types.md`. Null, blank text and empty lists are no value.
///
/// # Errors
/// A problem that names the field, what is wrong and what would be right.
pub fn read_value(field: &Field, raw: &Json) -> Result<Option<Value>, Problem> {
    if is_nothing(raw) {
        return Ok(None);
    }
    let checked = read(field, raw).and_then(|value| match value {
        Some(value) => within_bounds(field, &value).map(|()| Some(value)),
        None => Ok(None),
    });
    checked.map_err(|fault| Problem::new(fault).field(&field.name))
}

fn read(field: &Field, raw: &Json) -> Result<Option<Value>, String> {
    let value = match field.kind {
        Kind::Line => Value::Line(text::line(&words(raw)?)?),
        Kind::Text if field.schema.as_deref() == Some("sameAs") => Value::Text(profiles(&words(raw)?)?),
        Kind::Text => Value::Text(text::lines(&words(raw)?)?),
        Kind::Markdown => Value::Markdown(text::markdown(&words(raw)?)?),
        Kind::Number => Value::Number(number(raw)?),
        Kind::Money => Value::Money(Money::read(raw, field.currency.as_deref())?),
        Kind::Date => Value::Date(date_of(&words(raw)?)?),
        Kind::DateTime => Value::DateTime(instant(&words(raw)?)?),
        Kind::Choice => Value::Choice(choice(field, &words(raw)?)?),
        Kind::Boolean => Value::Boolean(boolean(raw)?),
        Kind::Url => Value::Url(web_address(&words(raw)?)?),
        Kind::Email => Value::Email(email(&words(raw)?)?),
        Kind::Phone => Value::Phone(Phone::parse(&words(raw)?)?),
        Kind::Image => Value::Image(ImageRef::read(raw)?),
        Kind::Gallery => Value::Gallery(each(raw, ImageRef::read)?),
        Kind::Geo => Value::Geo(Geo::read(raw)?),
        Kind::Address => Value::Address(Address::read(raw)?),
        Kind::Hours => Value::Hours(Hours::read(raw)?),
        Kind::Faq => Value::Faq(each(raw, question)?),
        Kind::Relation => return relation(field, raw),
        Kind::Video => Value::Video(Video::read(raw)?),
    };
    Ok(Some(value))
}

/// Whether nothing was written: the key is there, the value isn't.
fn is_nothing(raw: &Json) -> bool {
    match raw {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Text; a number stands for its digits, since front matter often leaves the quotes out.
fn words(raw: &Json) -> Result<String, String> {
    scalar(raw).ok_or_else(|| format!("is {}; text is right", kind_of(raw)))
}

/// Addresses of the web, one a line.
fn profiles(raw: &str) -> Result<String, String> {
    let lines = text::lines(raw)?;
    let addresses: Result<Vec<String>, String> =
        lines.lines().filter(|line| !line.trim().is_empty()).map(web_address).collect();
    Ok(addresses?.join("\n"))
}

fn number(raw: &Json) -> Result<f64, String> {
    let written = words(raw).map_err(|_| format!("is {}; a number is right", kind_of(raw)))?;
    let number: Option<f64> = ascii_digits(&written).trim().parse().ok();
    match number.filter(|number| number.is_finite()) {
        Some(number) => Ok(number + 0.0),
        None => Err(format!("is {written:?}; a number such as `1250` or `12.5` is right")),
    }
}

/// A day, also when a time follows it: YAML and TOML dates often come with one.
pub(super) fn date_of(written: &str) -> Result<Date, String> {
    let ascii = ascii_digits(written.trim());
    let only_day = match ascii.get(10..) {
        Some(time) if time.starts_with(['T', 't', ' ']) && instant(&ascii).is_ok() => &ascii[..10],
        _ => &ascii,
    };
    let date = Date::parse(only_day, format_description!("[year]-[month]-[day]")).ok();
    date.filter(|date| (1..=9999).contains(&date.year()))
        .ok_or_else(|| format!("is {written:?}; a day such as `2026-03-01` is right"))
}

/// The years 1 to 9999 in UTC, which every format of dates can write, in milliseconds.
const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_402_300_799_999;

fn instant(written: &str) -> Result<Time, String> {
    let ascii = Some(ascii_digits(written)).filter(|text| text.is_ascii());
    let time = ascii.and_then(|text| Time::parse(&text)).filter(|time| (FIRST..=LAST).contains(&time.0));
    let time =
        time.ok_or_else(|| format!("is {written:?}; an instant such as `2026-03-01T09:00:00Z` is right"))?;
    Ok(Time(time.0.div_euclid(1000) * 1000))
}

fn choice(field: &Field, written: &str) -> Result<String, String> {
    let value = written.trim();
    if let Some(choice) = field.choice(value) {
        return Ok(choice.value.clone());
    }
    let known = field.choices.iter().map(|choice| choice.value.as_str());
    Err(format!("is {value:?}, which is no choice; {}", hint(value, known)))
}

fn boolean(raw: &Json) -> Result<bool, String> {
    if let Json::Bool(value) = raw {
        return Ok(*value);
    }
    let written = words(raw).map_err(|_| format!("is {}; true or false is right", kind_of(raw)))?;
    match written.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!("is {written:?}; true or false is right")),
    }
}

fn question(raw: &Json) -> Result<Question, String> {
    let object = Object::with(raw, &["question", "answer"])?;
    let answer = object.get("answer").and_then(Json::as_str).unwrap_or_default();
    let answer = text::markdown(answer)?;
    if answer.is_empty() {
        return Err("lacks `answer`".to_owned());
    }
    Ok(Question { question: object.required("question")?, answer })
}

fn relation(field: &Field, raw: &Json) -> Result<Option<Value>, String> {
    let mut refs: Vec<RelationRef> = Vec::new();
    for item in items(raw) {
        if let Some(found) = RelationRef::read(item)?.filter(|found| !refs.contains(found)) {
            refs.push(found);
        }
    }
    if refs.len() > 1 && !field.many {
        return Err(format!("leads to {} entries; one is right", refs.len()));
    }
    Ok((!refs.is_empty()).then_some(Value::Relation(refs)))
}

/// A list, or one item that stands for a list of itself.
fn items(raw: &Json) -> &[Json] {
    match raw {
        Json::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

fn each<T>(raw: &Json, read: fn(&Json) -> Result<T, String>) -> Result<Vec<T>, String> {
    let numbered = |(i, item)| read(item).map_err(|fault| format!("item {} {fault}", i + 1));
    items(raw).iter().enumerate().map(numbered).collect()
}

/// Holds the value against the field's `min` and `max`; [`Kind::bounded`] says what they bound.
fn within_bounds(field: &Field, value: &Value) -> Result<(), String> {
    let (size, of) = match value {
        Value::Number(number) => (*number, ""),
        Value::Money(money) => (money.as_f64(), ""),
        Value::Line(text) | Value::Text(text) | Value::Markdown(text) => {
            (text.chars().count() as f64, " characters")
        }
        Value::Gallery(items) => (items.len() as f64, " items"),
        Value::Faq(items) => (items.len() as f64, " items"),
        Value::Relation(items) => (items.len() as f64, " items"),
        Value::Date(_)
        | Value::DateTime(_)
        | Value::Choice(_)
        | Value::Boolean(_)
        | Value::Url(_)
        | Value::Email(_)
        | Value::Phone(_)
        | Value::Image(_)
        | Value::Geo(_)
        | Value::Address(_)
        | Value::Hours(_)
        | Value::Video(_) => return Ok(()),
    };
    let is = if of.is_empty() { "is" } else { "has" };
    match (field.min.filter(|min| size < *min), field.max.filter(|max| size > *max)) {
        (Some(min), _) => Err(format!("{is} {size}{of}; at least {min} is right")),
        (_, Some(max)) => Err(format!("{is} {size}{of}; at most {max} is right")),
        _ => Ok(()),
    }
}
