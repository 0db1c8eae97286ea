//! The value of a field in the typed index table, which alone lists are filtered and sorted by
//! (SECURITY T24: never through JSON).

use super::values::Value;

/// What the index table holds of a field marked `filter` or `sort`.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexValue {
    Number(f64),
    Text(String),
}

/// The index value; `None` for kinds that no list is filtered or sorted by. Relations have a table
/// of their own.
pub fn index_value(value: &Value) -> Option<IndexValue> {
    match value {
        Value::Line(text) => Some(IndexValue::Text(fold(text))),
        Value::Choice(choice) => Some(IndexValue::Text(choice.clone())),
        Value::Number(number) => Some(IndexValue::Number(*number)),
        Value::Money(money) => Some(IndexValue::Number(money.as_f64())),
        // Years have four digits, so text sorts as days do.
        Value::Date(date) => Some(IndexValue::Text(date.to_string())),
        Value::DateTime(time) => Some(IndexValue::Number(time.0 as f64)),
        Value::Boolean(value) => Some(IndexValue::Number(f64::from(u8::from(*value)))),
        Value::Text(_)
        | Value::Markdown(_)
        | Value::Url(_)
        | Value::Email(_)
        | Value::Phone(_)
        | Value::Image(_)
        | Value::Gallery(_)
        | Value::Geo(_)
        | Value::Address(_)
        | Value::Hours(_)
        | Value::Faq(_)
        | Value::Relation(_)
        | Value::Video(_) => None,
    }
}

/// The form in which lines are compared: without case. What a visitor filters by is folded too.
pub fn fold(text: &str) -> String {
    caseless::default_case_fold_str(text)
}
