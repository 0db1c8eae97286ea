//! A content as the fields of its form: what is stored and what somebody typed are drawn alike, so
//! nothing typed is ever lost.

use serde_json::Value as Json;

use super::Names;
use crate::app::App;
use crate::entry::Content;
use crate::schema::{Field, Kind, Type, Value, read_value};
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::Wall;

/// What stands before the name of a field of the type, so that none is taken for one of the core.
pub const FIELD: &str = "field.";

/// What a form shows of a content.
pub fn typed(app: &App, kind: &Type, content: &Content, names: &Names) -> Posted {
    let mut typed = Typed(Posted::default());
    let seo = &content.seo;
    typed.put("title", &content.title);
    typed.put("slug", &content.slug);
    typed.put("summary", &content.summary);
    typed.put("body", &content.body);
    typed.put("visibility", content.visibility.as_str());
    typed.put("parent", &content.parent.map(|id| names.write(id)).unwrap_or_default());
    typed.put("authors", &names.write_all(&Json::from(content.authors.clone())));
    let date = content.published_at.map(|at| Wall::of(app).input(at));
    typed.put("published_at", &date.unwrap_or_default());
    if let Some(cover) = &content.cover {
        typed.parts("cover", &serde_json::to_value(cover).unwrap_or_default());
    }
    typed.put("seo.title", &seo.title);
    typed.put("seo.description", &seo.description);
    typed.put("seo.canonical", seo.canonical.as_deref().unwrap_or_default());
    typed.put("seo.robots", &seo.robots);
    typed.tick("seo.noindex", seo.noindex);
    typed.tick("seo.nofollow", seo.nofollow);
    typed.put("seo.faq", seo.faq.map_or("", |faq| if faq { "true" } else { "false" }));
    for field in &kind.fields {
        if let Some(value) = content.fields.get(&field.name) {
            typed.field(field, value, names);
        }
    }
    typed.0
}

struct Typed(Posted);

impl Typed {
    fn put(&mut self, name: &str, value: &str) {
        self.0.0.push((name.to_owned(), value.to_owned()));
    }

    fn tick(&mut self, name: &str, on: bool) {
        if on {
            self.put(name, "true");
        }
    }

    /// The keys of a table, each as a field.
    fn parts(&mut self, name: &str, value: &Json) {
        let Some(map) = value.as_object() else { return };
        for (key, value) in map {
            if let Some(text) = scalar(value) {
                self.put(&format!("{name}.{key}"), &text);
            }
        }
    }

    fn rows(&mut self, name: &str, value: &Json) {
        for (at, row) in value.as_array().into_iter().flatten().enumerate() {
            self.parts(&format!("{name}.{at}"), row);
        }
    }

    /// The canonical JSON of a kind.
    fn field(&mut self, field: &Field, value: &Json, names: &Names) {
        let name = format!("{FIELD}{}", field.name);
        match field.kind {
            Kind::Line
            | Kind::Text
            | Kind::Markdown
            | Kind::Number
            | Kind::Date
            | Kind::Choice
            | Kind::Boolean
            | Kind::Url
            | Kind::Email
            | Kind::Phone => self.put(&name, &scalar(value).unwrap_or_default()),
            // An input takes no zone; what it shows is UTC.
            Kind::DateTime => {
                let text = scalar(value).unwrap_or_default();
                self.put(&name, text.trim_end_matches('Z'));
            }
            // A currency of the field's own is not asked for.
            Kind::Money if field.currency.is_some() => {
                self.put(&name, &value.get("amount").and_then(scalar).unwrap_or_default());
            }
            Kind::Money | Kind::Image | Kind::Address | Kind::Video => self.parts(&name, value),
            Kind::Gallery | Kind::Faq => self.rows(&name, value),
            Kind::Geo | Kind::Hours => {
                let text = match read_value(field, value) {
                    Ok(Some(Value::Geo(geo))) => geo.to_string().replace(',', ", "),
                    Ok(Some(Value::Hours(hours))) => hours.to_string().replace("; ", "\n"),
                    _ => scalar(value).unwrap_or_default(),
                };
                self.put(&name, &text);
            }
            Kind::Relation => self.put(&name, &names.write_all(value)),
        }
    }
}

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
