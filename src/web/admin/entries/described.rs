//! A picture says what it shows, for those who don't see it: none is added without. Those that came in
//! without, by an import, are let be, so that nobody who mends a word has to describe them all first.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::entry::Content;
use crate::error::{Problem, Problems};
use crate::schema::{FormControl, Type, form_control};
use crate::web::admin::words::Words;

/// The pictures of a content that say nothing, by field and address.
pub struct Undescribed(HashSet<(String, String)>);

impl Undescribed {
    pub fn of(kind: &Type, content: &Content) -> Undescribed {
        let mut found = HashSet::new();
        let mut look = |field: &str, picture: &Json| {
            let text = |key: &str| picture.get(key).and_then(Json::as_str).unwrap_or_default().trim();
            if !text("src").is_empty() && text("alt").is_empty() {
                found.insert((field.to_owned(), text("src").to_owned()));
            }
        };
        if let Some(cover) = content.cover.as_ref().and_then(|cover| serde_json::to_value(cover).ok()) {
            look("cover", &cover);
        }
        for field in &kind.fields {
            let Some(value) = content.fields.get(&field.name) else { continue };
            match form_control(field, "en") {
                FormControl::Image => look(&field.name, value),
                FormControl::Gallery => {
                    value.as_array().into_iter().flatten().for_each(|picture| look(&field.name, picture));
                }
                _ => {}
            }
        }
        Undescribed(found)
    }

    /// Tells of those that a content has besides.
    pub fn refuse_more(&self, t: &Words, kind: &Type, content: &Content, problems: &mut Problems) {
        let mut more: Vec<_> = Undescribed::of(kind, content).0.difference(&self.0).cloned().collect();
        more.sort_unstable();
        more.dedup_by(|one, other| one.0 == other.0);
        for (field, _) in more {
            problems.push(Problem::new(t.writing.alt_needed).field(field));
        }
    }
}
