//! Between values of the file and the fields of a form, in both directions.

use serde_json::{Map, Value as Json, json};

use super::sections::{Control, Holds, RowPart, Setting};
use crate::app::App;
use crate::web::admin::entries::row_numbers;
use crate::web::admin::posted::Posted;

/// The fields that a value has in a form.
pub fn fields(app: &App, lang: &str, setting: &Setting, value: &Json) -> Vec<(String, String)> {
    let key = &setting.key;
    let one = |text: String| vec![(key.clone(), text)];
    match &setting.control {
        Control::Line { .. } | Control::Needed | Control::Text => one(text(value)),
        Control::Choice(options) => {
            let first = options.first().map(|(value, _)| value.clone()).unwrap_or_default();
            one(if value.is_null() { first } else { text(value) })
        }
        Control::Tick if value.as_bool() == Some(true) => one("true".to_owned()),
        Control::Tick => Vec::new(),
        Control::Lines => one(words(value).join("\n")),
        Control::Types => {
            one(words(value).iter().map(|name| called(app, lang, name)).collect::<Vec<_>>().join("\n"))
        }
        Control::Picture => vec![(format!("{key}.src"), text(value))],
        Control::Parts(parts) => {
            parts.iter().map(|(part, _)| (format!("{key}.{part}"), text(&value[*part]))).collect()
        }
        Control::Rows { parts, by_language } => {
            let rows = value.as_array().map_or(&[][..], Vec::as_slice);
            let lists = if *by_language { languages(app) } else { vec![String::new()] };
            let mut fields = Vec::new();
            for code in lists {
                let name = if code.is_empty() { key.clone() } else { format!("{key}.{code}") };
                let own = rows.iter().filter(|row| code.is_empty() || locale(app, row) == code);
                for (number, row) in own.enumerate() {
                    fields.extend(
                        parts.iter().map(|part| {
                            (format!("{name}.{number}.{}", part.key), shown(part, &row[part.key]))
                        }),
                    );
                }
            }
            fields
        }
        Control::ByLanguage => {
            let texts = value.as_array().map_or(&[][..], Vec::as_slice);
            let of = |code: &String| {
                let own = texts.iter().find(|row| locale(app, row) == *code);
                (format!("{key}.{code}"), own.map(|row| text(&row["text"])).unwrap_or_default())
            };
            languages(app).iter().map(of).collect()
        }
    }
}

/// The value that the fields of a form say, and for each row of it where in the form it stands.
pub fn value(app: &App, lang: &str, setting: &Setting, typed: &Posted) -> (Json, Vec<Place>) {
    let key = &setting.key;
    let plain = |value: Json| (value, Vec::new());
    let line = |name: &str| typed.get(name).trim().to_owned();
    let or_null = |text: String| if text.is_empty() { Json::Null } else { Json::from(text) };
    match &setting.control {
        Control::Line { .. } | Control::Text | Control::Choice(_) => plain(or_null(line(key))),
        Control::Needed => plain(Json::from(line(key))),
        Control::Tick => plain(if typed.has(key) { Json::from(true) } else { Json::Null }),
        Control::Lines => plain(some(lines(typed.get(key)).map(Json::from).collect())),
        Control::Types => {
            plain(some(lines(typed.get(key)).map(|line| Json::from(named(app, lang, line))).collect()))
        }
        Control::Picture => plain(or_null(line(&format!("{key}.src")))),
        Control::Parts(parts) => {
            let filled = parts.iter().filter_map(|(part, _)| {
                let text = line(&format!("{key}.{part}"));
                (!text.is_empty()).then(|| ((*part).to_owned(), Json::from(text)))
            });
            let filled: Map<String, Json> = filled.collect();
            plain(if filled.is_empty() { Json::Null } else { Json::Object(filled) })
        }
        Control::Rows { parts, by_language } => rows(app, key, parts, *by_language, typed),
        Control::ByLanguage => {
            let (mut texts, mut places) = (Vec::new(), Vec::new());
            for code in languages(app) {
                let name = format!("{key}.{code}");
                let text = line(&name);
                if !text.is_empty() {
                    texts.push(in_language(app, json!({ "text": text }), &code));
                    places.push(Place { name, row: None });
                }
            }
            (some(texts), places)
        }
    }
}

/// Where in the form a row of a value stands: the name of its list, and its number there.
pub struct Place {
    pub name: String,
    pub row: Option<usize>,
}

fn rows(app: &App, key: &str, parts: &[RowPart], by_language: bool, typed: &Posted) -> (Json, Vec<Place>) {
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    let lists = if by_language { languages(app) } else { vec![String::new()] };
    for code in lists {
        let name = if code.is_empty() { key.to_owned() } else { format!("{key}.{code}") };
        for (at, number) in row_numbers(typed, &name).into_iter().enumerate() {
            let filled = parts.iter().filter_map(|part| {
                let said = said(part, typed.get(&format!("{name}.{number}.{}", part.key)))?;
                Some((part.key.to_owned(), said))
            });
            let mut row: Map<String, Json> = filled.collect();
            if row.is_empty() {
                continue;
            }
            // What is missing in a row is said by the rules of the file, which know of no row without it.
            for part in parts.iter().filter(|part| matches!(part.key, "label" | "href")) {
                row.entry(part.key).or_insert_with(|| Json::from(""));
            }
            rows.push(if code.is_empty() {
                Json::Object(row)
            } else {
                in_language(app, Json::Object(row), &code)
            });
            places.push(Place { name: name.clone(), row: Some(at + 1) });
        }
    }
    (some(rows), places)
}

/// Nothing rather than an empty list, which the file never says.
fn some(values: Vec<Json>) -> Json {
    if values.is_empty() { Json::Null } else { Json::Array(values) }
}

fn in_language(app: &App, mut row: Json, code: &str) -> Json {
    if code != app.site.default_locale().code {
        row["locale"] = Json::from(code);
    }
    row
}

/// The language of a row.
fn locale(app: &App, row: &Json) -> String {
    row["locale"].as_str().unwrap_or(&app.site.default_locale().code).to_owned()
}

pub fn languages(app: &App) -> Vec<String> {
    app.site.locales.iter().map(|locale| locale.code.clone()).collect()
}

fn shown(part: &RowPart, value: &Json) -> String {
    match part.holds {
        Holds::Line => text(value),
        Holds::Words => words(value).join(", "),
        Holds::Lines => words(value).join("\n"),
    }
}

fn said(part: &RowPart, typed: &str) -> Option<Json> {
    let values: Vec<&str> = match part.holds {
        Holds::Line => return Some(typed.trim()).filter(|text| !text.is_empty()).map(Json::from),
        Holds::Words => {
            typed.split([',', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty()).collect()
        }
        Holds::Lines => lines(typed).collect(),
    };
    (!values.is_empty()).then(|| json!(values))
}

/// A value in one line, as the file's is shown beside a field.
pub fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Json::Object(members) => {
            members.values().map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

fn words(value: &Json) -> Vec<String> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter().map(text).collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// What many of a type are called.
fn called(app: &App, lang: &str, name: &str) -> String {
    app.types.get(name).map_or_else(|| name.to_owned(), |kind| kind.label_in(lang).many.clone())
}

/// The type that is called so, or has this name.
fn named(app: &App, lang: &str, words: &str) -> String {
    let is_called = |many: &str| many.to_lowercase() == words.to_lowercase();
    let found =
        app.types.iter().find(|kind| is_called(&kind.label_in(lang).many) || is_called(&kind.label.many));
    found.map_or_else(|| words.to_owned(), |kind| kind.name.clone())
}
