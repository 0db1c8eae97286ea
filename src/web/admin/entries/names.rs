//! How a form names other entries: `Tehran #42`, which a person reads and the number makes certain.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::app::App;
use crate::entry::Content;
use crate::error::Result;
use crate::schema::{Kind, Type};
use crate::store::office;
use crate::web::admin::person::Person;

/// Entries that a relation offers to choose from.
const OFFERED: i64 = 200;

/// The titles that a form needs.
#[derive(Default)]
pub struct Names {
    titles: HashMap<i64, String>,
    /// What each type offers, by its name.
    offered: HashMap<String, Vec<String>>,
}

impl Names {
    /// Of everything that a content points at; what is not this person's to see has its number alone.
    pub async fn of(app: &App, person: &Person, kind: &Type, contents: &[&Content]) -> Result<Names> {
        let mut ids = Vec::new();
        for content in contents {
            ids.extend(&content.authors);
            ids.extend(content.parent);
            for field in kind.fields.iter().filter(|field| field.kind == Kind::Relation) {
                ids.extend(content.fields.get(&field.name).into_iter().flat_map(numbers));
            }
        }
        let (everything, actor) = (person.user.role().has_all_entries(), person.actor.to_string());
        let titles = office::titles(&app.db, &ids, everything, &actor).await?;
        Ok(Names { titles: titles.into_iter().collect(), offered: HashMap::new() })
    }

    /// With what the fields of a type offer this person to choose from.
    pub async fn offering(mut self, app: &App, person: &Person, kind: &Type) -> Result<Names> {
        let everything = person.user.role().has_all_entries();
        let targets = kind.fields.iter().filter_map(|field| field.to.as_deref());
        for to in targets.chain(["author", &kind.name]) {
            if !self.offered.contains_key(to) && app.types.get(to).is_some() {
                let found = office::offered(&app.db, to, everything, OFFERED).await?;
                let named = found.into_iter().map(|(id, title)| name(id, &title)).collect();
                self.offered.insert(to.to_owned(), named);
            }
        }
        Ok(self)
    }

    pub fn offered(&self, kind: &str) -> Vec<String> {
        self.offered.get(kind).cloned().unwrap_or_default()
    }

    pub fn write(&self, id: i64) -> String {
        name(id, self.titles.get(&id).map_or("", String::as_str))
    }

    /// One name a line.
    pub fn write_all(&self, value: &Json) -> String {
        numbers(value).into_iter().map(|id| self.write(id)).collect::<Vec<_>>().join("\n")
    }
}

/// As a form names an entry.
pub fn name(id: i64, title: &str) -> String {
    format!("{title} #{id}").trim_start().to_owned()
}

fn numbers(value: &Json) -> Vec<i64> {
    match value {
        Json::Array(list) => list.iter().filter_map(Json::as_i64).collect(),
        one => one.as_i64().into_iter().collect(),
    }
}

/// What a line names: the number at its end, else a slug, path or title.
pub fn read(line: &str) -> Json {
    match number(line) {
        Some(id) => json!(id),
        None => json!(line.trim()),
    }
}

/// The number at the end of a name.
pub fn number(line: &str) -> Option<i64> {
    let (before, digits) = line.trim().rsplit_once('#')?;
    let apart = before.is_empty() || before.ends_with(' ');
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    (apart && plain).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_by_the_number_at_its_end() {
        assert_eq!(read("Tehran #42"), json!(42));
        assert_eq!(read(" #7 "), json!(7));
        assert_eq!(read("Channel #5 #12"), json!(12));
        assert_eq!(read("C#7"), json!("C#7"));
        assert_eq!(read("/iran/tehran"), json!("/iran/tehran"));
        assert_eq!(number("Tehran #"), None);
    }
}
