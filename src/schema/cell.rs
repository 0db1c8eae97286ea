//! A value from one cell of a CSV file or one line of a form.

use serde_json::Value as Json;

use super::field::Field;
use super::kind::Kind;
use super::read::read_value;
use super::values::Value;
use crate::error::Problem;

/// Reads the value of a field from a cell. Lists are separated by `|`; questions are written
/// `Question :: Answer`; the structured kinds also take their canonical JSON. A blank cell is no
/// value. Coordinates from two columns are joined as `latitude,longitude` first.
///
/// # Errors
/// A problem that names the field, what is wrong and what would be right.
pub fn read_cell(field: &Field, cell: &str) -> Result<Option<Value>, Problem> {
    let raw = match field.kind {
        // Two empty coordinate columns, joined.
        Kind::Geo if cell.trim() == "," => Json::Null,
        Kind::Line
        | Kind::Text
        | Kind::Markdown
        | Kind::Number
        | Kind::Date
        | Kind::DateTime
        | Kind::Choice
        | Kind::Boolean
        | Kind::Url
        | Kind::Email
        | Kind::Phone => text(cell),
        Kind::Money | Kind::Geo | Kind::Address | Kind::Hours | Kind::Image | Kind::Video => {
            json(cell).unwrap_or_else(|| text(cell))
        }
        Kind::Gallery => json(cell).unwrap_or_else(|| list(cell)),
        Kind::Relation if field.many => list(cell),
        Kind::Relation => text(cell),
        Kind::Faq => match json(cell) {
            Some(json) => json,
            None => questions(cell).map_err(|fault| Problem::new(fault).field(&field.name))?,
        },
    };
    read_value(field, &raw)
}

fn text(cell: &str) -> Json {
    Json::String(cell.to_owned())
}

/// The canonical JSON, when the cell holds a JSON table or list.
fn json(cell: &str) -> Option<Json> {
    if !cell.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(cell).ok()
}

fn list(cell: &str) -> Json {
    cell.split('|').filter(|item| !item.trim().is_empty()).map(text).collect()
}

fn questions(cell: &str) -> Result<Json, String> {
    let pair = |item: &str| match item.split_once("::") {
        Some((question, answer)) => {
            Ok(serde_json::json!({ "question": question.trim(), "answer": answer.trim() }))
        }
        None => Err(format!("has the item {:?}; `Question :: Answer` is right", item.trim())),
    };
    cell.split('|').filter(|item| !item.trim().is_empty()).map(pair).collect()
}
