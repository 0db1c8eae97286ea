//! Which field of an entry would supply what its structured data lacks.

use std::collections::BTreeMap;

use crate::schema::{Field, Kind, Type, Value};
use crate::seo::rules::{Finding, Level, RULES};

/// The field of an entry that would supply a property: the one that names it, else one of the core.
pub fn field(kind: &Type, finding: &Finding) -> Option<String> {
    let way = finding.property.split('|').next().unwrap_or_default();
    let last = way.rsplit('.').next().unwrap_or_default();
    if finding.rule.name == "VideoObject" {
        let video = kind.fields.iter().find(|field| field.kind == Kind::Video)?;
        return Some(format!("{}.{last}", video.name));
    }
    if way.starts_with("author.") {
        return Some("authors: the author's own page".to_owned());
    }
    let declared = kind.fields.iter().find(|field| field.schema.as_deref() == Some(last));
    let core = match last {
        "headline" | "name" => Some("title"),
        "description" => Some("summary"),
        "image" => Some("cover"),
        "author" => Some("authors"),
        "datePublished" | "dateCreated" => Some("date"),
        "dateModified" => Some("updated"),
        _ => None,
    };
    // A cover comes first: it is the picture of the page, a gallery is what there is besides.
    core.or(declared.map(|field| field.name.as_str())).map(str::to_owned)
}

/// Videos that lack what Google requires: they are not in the graph at all. Each with the part of the
/// field that would supply it.
pub fn unsaid_videos(kind: &Type, values: &BTreeMap<String, Value>) -> Vec<(Finding, String)> {
    let said = |field: &&Field| field.kind == Kind::Video && field.schema.is_some();
    let rule = RULES.iter().find(|rule| rule.name == "VideoObject").expect("the table has it");
    let mut found = Vec::new();
    for field in kind.fields.iter().filter(said) {
        let Some(Value::Video(video)) = values.get(&field.name) else { continue };
        let missing = [
            ("name", "title", video.title.is_none()),
            ("thumbnailUrl", "thumbnail", video.picture().is_none()),
            ("uploadDate", "uploaded", video.uploaded.is_none()),
        ];
        for (property, key, _) in missing.into_iter().filter(|(.., missing)| *missing) {
            let finding = Finding { level: Level::Error, rule, property, reason: "is missing" };
            found.push((finding, format!("{}.{key}", field.name)));
        }
    }
    found
}
